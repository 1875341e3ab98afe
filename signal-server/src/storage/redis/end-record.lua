#!lua flags=allow-oom
-- RECORD NOW WORD
local name = at(':r:', ARGV[1])
if alive(name, ARGV[2]) then
  redis.call('HSET', name, 'blob', ARGV[3], 'ended', 1)
  redis.call('HDEL', name, 'claimant', 'proof')
end
return 0

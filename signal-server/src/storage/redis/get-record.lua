#!lua flags=no-writes
-- RECORD NOW
local name = at(':r:', ARGV[1])
if not alive(name, ARGV[2]) then
  return false
end
return redis.call('HMGET', name, 'owner', 'serial', 'expires', 'blob', 'ended', 'claimant', 'proof')

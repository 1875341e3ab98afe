#!lua
-- RECORD NOW CLAIMANT PROOF
local name = at(':r:', ARGV[1])
if not alive(name, ARGV[2]) then
  return false
end
local old = redis.call('HMGET', name, 'ended', 'claimant')
if not old[1] and not old[2] then
  redis.call('HSET', name, 'claimant', ARGV[3], 'proof', ARGV[4])
end
return redis.call('HMGET', name, 'owner', 'serial', 'expires', 'blob', 'ended', 'claimant', 'proof')

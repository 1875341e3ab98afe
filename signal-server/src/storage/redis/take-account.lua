#!lua
-- ACCOUNT TOKEN MILLISECONDS: 1 when nobody else is claiming for the account, and nobody else may for so long, or until the token is given back. Asked again
-- with the same token it says the same.
local name = at(':z:', ARGV[1])
local taken = redis.call('GET', name)
if taken and taken ~= ARGV[2] then
  return 0
end
redis.call('SET', name, ARGV[2], 'PX', ARGV[3])
return 1

#!lua flags=allow-oom
-- RECORD NOW: the reusable one, how many are left, and the oldest one-time prekey if there is any.
local name, list = at(':k:', ARGV[1]), at(':l:', ARGV[1])
if not alive(name, ARGV[2]) then
  return false
end
local first = redis.call('LPOP', list)
return { redis.call('HGET', name, 'reusable'), redis.call('LLEN', list), first }

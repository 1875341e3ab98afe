#!lua flags=allow-oom
-- ACCOUNT TOKEN
local name = at(':z:', ARGV[1])
if redis.call('GET', name) == ARGV[2] then
  redis.call('DEL', name)
end
return 0

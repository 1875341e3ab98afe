#!lua flags=allow-oom
-- ME MAILBOX…: whoever listened before hears that it is over.
local me = ARGV[1]
for i = 2, #ARGV do
  local name = at(':m:', ARGV[i])
  local before = redis.call('HGET', name, 'listens')
  if before ~= me and redis.call('EXISTS', name) == 1 then
    redis.call('HSET', name, 'listens', me)
    if before then
      redis.call('PUBLISH', 'kith:' .. before, 't' .. ARGV[i])
    end
  end
end
return 0

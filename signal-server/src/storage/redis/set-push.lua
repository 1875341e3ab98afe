#!lua
-- PUSH WAS MAILBOX…: empty for none.
local push, was = ARGV[1], ARGV[2]
for i = 3, #ARGV do
  local name = at(':m:', ARGV[i])
  local row = redis.call('HMGET', name, 'read', 'push')
  if row[1] and (was == '' or row[2] == was) and row[2] ~= push then
    if push == '' then
      redis.call('HDEL', name, 'push')
    else
      redis.call('HSET', name, 'push', push)
    end
  end
end
return 0

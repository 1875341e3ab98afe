#!lua flags=no-writes
-- MAILBOX…: of each where its device is to be woken, if something waits.
local pushes = {}
for i = 1, #ARGV do
  local row = redis.call('HMGET', at(':m:', ARGV[i]), 'blobs', 'push')
  pushes[i] = row[1] and tonumber(row[1]) > 0 and row[2] or ''
end
return pushes

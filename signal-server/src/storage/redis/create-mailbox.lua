#!lua
-- MAILBOX READ SEND NOW
local mailbox, read, send, now = unpack(ARGV)
local old = redis.call('HMGET', at(':m:', mailbox), 'read', 'send')
if old[1] then
  return (old[1] == read and old[2] == send) and 'same' or 'taken'
end
redis.call('HSET', at(':m:', mailbox), 'read', read, 'send', send, 'seq', 0, 'blobs', 0, 'bytes', 0, 'opened', now)
redis.call('ZADD', base .. ':open', now, mailbox)
return 'created'

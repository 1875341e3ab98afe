#!lua
-- MAILBOX AT MOST NAME KEPT: 1 stored, 0 when there was one of this name, -1 when there is no room; nothing when there is no such mailbox.
local mailbox, moment, most, name, kept = unpack(ARGV)
if redis.call('EXISTS', at(':m:', mailbox)) == 0 then
  return false
end
if redis.call('HEXISTS', at(':h:', mailbox), name) == 1 then
  return 0
end
if redis.call('HLEN', at(':h:', mailbox)) >= tonumber(most) then
  return -1
end
redis.call('HSET', at(':h:', mailbox), name, kept)
redis.call('ZADD', base .. ':held', moment, mailbox .. name)
return 1

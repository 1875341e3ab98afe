#!lua
-- MAILBOX ME EXPIRES PARCELS-MAX BUCKET-MAX NAME PARCEL: 1 stored, 0 when there was one of this name, -1 when there is no room; nothing when there is no
-- such mailbox.
local mailbox, me, expires, most, most_in_all, name, parcel = unpack(ARGV)
if redis.call('EXISTS', at(':m:', mailbox)) == 0 then
  return false
end
if redis.call('ZSCORE', at(':y:', mailbox), name) then
  redis.call('ZADD', at(':y:', mailbox), 'GT', expires, name)
  settle_parcels(mailbox)
  return 0
end
local all = tonumber(redis.call('GET', base .. ':parcels') or 0)
if redis.call('ZCARD', at(':y:', mailbox)) >= tonumber(most) or all >= tonumber(most_in_all) then
  return -1
end
redis.call('ZADD', at(':y:', mailbox), expires, name)
redis.call('HSET', at(':p:', mailbox), name, me .. parcel)
redis.call('INCR', base .. ':parcels')
settle_parcels(mailbox)
return 1

#!lua
-- RECORD OWNER SERIAL REUSABLE EXPIRES NOW KEPT, then the one-time prekeys
local record, owner, serial, reusable, expires, now, kept = unpack(ARGV, 1, 7)
local name, list = at(':k:', record), at(':l:', record)
if alive(name, now) then
  local old = redis.call('HMGET', name, 'owner', 'serial', 'reusable')
  if old[1] ~= owner then
    return 'denied'
  elseif tonumber(serial) <= tonumber(old[2]) then
    return (tonumber(serial) == tonumber(old[2]) and old[3] == reusable) and 'stored' or 'stale'
  end
else
  -- Expired and not yet swept: what is left of it must not be mixed with the new owner's.
  redis.call('DEL', list)
end
redis.call('HSET', name, 'owner', owner, 'serial', serial, 'reusable', reusable, 'expires', expires)
redis.call('ZADD', base .. ':kdue', expires, record)
for i = 8, #ARGV do
  redis.call('RPUSH', list, ARGV[i])
end
redis.call('LTRIM', list, -tonumber(kept), -1)
return 'stored'

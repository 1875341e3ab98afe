#!lua
-- RECORD OWNER SERIAL EXPIRES BLOB NOW
local record, owner, serial, expires, blob, now = unpack(ARGV)
local name = at(':r:', record)
if alive(name, now) then
  local old = redis.call('HMGET', name, 'owner', 'serial', 'blob', 'ended')
  if old[1] ~= owner then
    return 'denied'
  elseif old[4] then
    return 'ended'
  elseif tonumber(serial) <= tonumber(old[2]) then
    return (tonumber(serial) == tonumber(old[2]) and old[3] == blob) and 'stored' or 'stale'
  end
else
  redis.call('DEL', name)
end
redis.call('HSET', name, 'owner', owner, 'serial', serial, 'expires', expires, 'blob', blob)
redis.call('ZADD', base .. ':rdue', expires, record)
return 'stored'

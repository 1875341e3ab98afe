#!lua
-- KEY HANDLE ACCOUNT ISSUED LISTED FULL CLAIM EXPIRES FREE NOW
local key, handle, account, issued, listed, full, claim, expires, free, now = unpack(ARGV)
local name = at(':a:', key)
local old = redis.call('HMGET', name, 'account', 'issued', 'claim', 'free')
if old[1] and tonumber(old[4]) > tonumber(now) then
  if old[1] ~= account then
    return 'taken'
  elseif tonumber(issued) < tonumber(old[2]) then
    return 'stale'
  elseif tonumber(issued) == tonumber(old[2]) then
    return old[3] == claim and 'stored' or 'stale'
  end
end
if full == '1' then
  return 'full'
end
redis.call('HSET', name, 'handle', handle, 'account', account, 'issued', issued, 'claim', claim, 'expires', expires, 'free', free)
redis.call('ZADD', base .. ':adue', free, key)
if listed == '1' then
  redis.call('ZADD', base .. ':alist', 0, key)
else
  redis.call('ZREM', base .. ':alist', key)
end
return 'stored'

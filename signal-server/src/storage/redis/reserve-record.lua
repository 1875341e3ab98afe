#!lua
-- OWNER RECORD EXPIRES NOW MAX: room for one more record of an owner. 0 when there is none, 1 when it is new, 2 when it was there.
local name = at(':o:', ARGV[1])
redis.call('ZREMRANGEBYSCORE', name, '-inf', ARGV[4])
local known = redis.call('ZSCORE', name, ARGV[2])
if not known and redis.call('ZCARD', name) >= tonumber(ARGV[5]) then
  return 0
end
redis.call('ZADD', name, 'GT', ARGV[3], ARGV[2])
redis.call('PEXPIREAT', name, redis.call('ZRANGE', name, -1, -1, 'WITHSCORES')[2])
return known and 2 or 1

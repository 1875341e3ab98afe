#!lua flags=no-writes
-- MAILBOX NAME NOW: the parcel behind the relay that brought it, or nothing.
local expires = redis.call('ZSCORE', at(':y:', ARGV[1]), ARGV[2])
if not expires or tonumber(expires) <= tonumber(ARGV[3]) then
  return false
end
return redis.call('HGET', at(':p:', ARGV[1]), ARGV[2])

#!lua flags=no-writes
-- KEY NOW
local name = at(':a:', ARGV[1])
return alive(name, ARGV[2]) and redis.call('HGET', name, 'claim')

#!lua flags=no-writes
-- ACCOUNT: the keys of its handles, as they are counted.
return redis.call('ZRANGE', at(':o:', ARGV[1]), 0, -1)

#!lua flags=allow-oom
-- OWNER RECORD
redis.call('ZREM', at(':o:', ARGV[1]), ARGV[2])
return 0

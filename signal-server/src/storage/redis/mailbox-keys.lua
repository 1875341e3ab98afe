#!lua flags=no-writes
-- MAILBOX
return redis.call('HMGET', at(':m:', ARGV[1]), 'read', 'send')

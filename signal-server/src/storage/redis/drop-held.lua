#!lua flags=allow-oom
-- MAILBOX NAME: 1 when it was there.
return drop_held(ARGV[1], ARGV[2])

#!lua
-- BYTES: keeps so many and removes them.
redis.call('SET', base .. ':check', string.rep('x', tonumber(ARGV[1])))
redis.call('DEL', base .. ':check')
return 0

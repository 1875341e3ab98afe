#!lua
-- NAME MILLISECONDS: 1 when nobody took this turn within so many.
return redis.call('SET', base .. ':turn:' .. ARGV[1], '', 'NX', 'PX', ARGV[2]) and 1 or 0

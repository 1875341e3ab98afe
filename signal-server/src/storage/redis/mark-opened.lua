#!lua flags=allow-oom
-- NOW GRAIN MAILBOX…
for i = 3, #ARGV do
  local opened = redis.call('HGET', at(':m:', ARGV[i]), 'opened')
  if opened and tonumber(opened) <= tonumber(ARGV[1]) - tonumber(ARGV[2]) then
    redis.call('HSET', at(':m:', ARGV[i]), 'opened', ARGV[1])
    redis.call('ZADD', base .. ':open', ARGV[1], ARGV[i])
  end
end
return 0

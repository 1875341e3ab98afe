#!lua flags=no-writes
-- NOW ROWS: MOMENT, MAILBOX NAME, KEPT of those whose moment has come, the earliest first.
local answer = {}
local due = redis.call('ZRANGE', base .. ':held', '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[2], 'WITHSCORES')
for i = 1, #due, 2 do
  answer[#answer + 1] = due[i + 1]
  answer[#answer + 1] = due[i]
  answer[#answer + 1] = redis.call('HGET', at(':h:', string.sub(due[i], 1, 32)), string.sub(due[i], 33))
end
return answer

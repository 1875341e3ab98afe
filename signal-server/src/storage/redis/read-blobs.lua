#!lua flags=no-writes
-- MAILBOX AFTER LIMIT BYTES NOW: whether there may be more, then NUMBER ID BLOB for each.
local mailbox, after, limit, bytes, now = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local answer = { 0 }
local found = 0
while found < limit and bytes > 0 do
  local rows = redis.call('ZRANGE', at(':q:', mailbox), '(' .. after, '+inf', 'BYSCORE', 'LIMIT', 0, limit - found, 'WITHSCORES')
  if #rows == 0 then
    break
  end
  for i = 1, #rows, 2 do
    after = rows[i + 1]
    if bytes > 0 and tonumber(redis.call('ZSCORE', at(':x:', mailbox), rows[i])) > now then
      local kept = redis.call('HGET', at(':b:', mailbox), rows[i])
      answer[#answer + 1] = tonumber(after)
      answer[#answer + 1] = rows[i]
      answer[#answer + 1] = kept
      found = found + 1
      bytes = bytes - (#kept - ORIGIN)
    end
  end
end
if bytes <= 0 or found == limit then
  answer[1] = 1
end
return answer

#!lua flags=no-writes
-- FULLEST: mailboxes, blobs, records, then MAILBOX BLOBS BYTES for each of the fullest.
local answer = {
  redis.call('ZCARD', base .. ':open'),
  tonumber(redis.call('GET', base .. ':blobs') or 0),
  redis.call('ZCARD', base .. ':rdue'),
}
local fullest = tonumber(ARGV[1])
if fullest > 0 then
  for _, mailbox in ipairs(redis.call('ZREVRANGE', base .. ':full', 0, fullest - 1)) do
    local row = redis.call('HMGET', at(':m:', mailbox), 'blobs', 'bytes')
    answer[#answer + 1] = mailbox
    answer[#answer + 1] = tonumber(row[1])
    answer[#answer + 1] = tonumber(row[2])
  end
end
return answer

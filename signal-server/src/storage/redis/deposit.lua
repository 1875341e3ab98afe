#!lua
-- MAILBOX ME EXPIRES BLOBS-MAX BYTES-MAX, then ID BLOB for each: quota, idempotency and order of one mailbox in one step. Of each blob: its number, the
-- negative number of one that was there, or 0 when there is no room. Nothing when there is no such mailbox.
local mailbox, me, expires, blobs_max, bytes_max = unpack(ARGV, 1, 5)
local row = redis.call('HMGET', at(':m:', mailbox), 'seq', 'blobs', 'bytes', 'listens')
if not row[1] then
  return false
end
local seq, blobs, bytes = tonumber(row[1]), tonumber(row[2]), tonumber(row[3])
local before = seq
local answers = {}
for i = 6, #ARGV, 2 do
  local id, blob = ARGV[i], ARGV[i + 1]
  local old = redis.call('ZSCORE', at(':q:', mailbox), id)
  if old then
    redis.call('ZADD', at(':x:', mailbox), 'GT', expires, id)
    answers[#answers + 1] = -tonumber(old)
  elseif blobs >= tonumber(blobs_max) or bytes + #blob > tonumber(bytes_max) then
    answers[#answers + 1] = 0
  else
    seq, blobs, bytes = seq + 1, blobs + 1, bytes + #blob
    redis.call('ZADD', at(':q:', mailbox), seq, id)
    redis.call('ZADD', at(':x:', mailbox), expires, id)
    redis.call('HSET', at(':b:', mailbox), id, me .. blob)
    redis.call('INCR', base .. ':blobs')
    answers[#answers + 1] = seq
  end
end
settle(mailbox, blobs, bytes, seq)
if seq > before and row[4] and row[4] ~= me then
  redis.call('PUBLISH', 'kith:' .. row[4], 's' .. mailbox)
end
return answers

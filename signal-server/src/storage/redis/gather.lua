#!lua
-- MAILBOX ME EXPIRES BYTES-MAX ID BLOB, then the ids that it takes the place of: 'gathered', 'full' or 'unknown', and those that were let go of.
local mailbox, me, expires, bytes_max, id, blob = unpack(ARGV, 1, 6)
local row = redis.call('HMGET', at(':m:', mailbox), 'blobs', 'bytes', 'seq')
if not row[1] then
  return { 'unknown' }
end
if redis.call('ZSCORE', at(':q:', mailbox), id) then
  redis.call('ZADD', at(':x:', mailbox), 'GT', expires, id)
  return { 'gathered' }
end
local named, seen, freed, seq = {}, {}, 0, 0
for i = 7, #ARGV do
  local number = redis.call('ZSCORE', at(':q:', mailbox), ARGV[i])
  if not number then
    return { 'unknown' }
  end
  if not seen[ARGV[i]] then
    seen[ARGV[i]] = true
    named[#named + 1] = ARGV[i]
    seq = math.max(seq, tonumber(number))
    freed = freed + redis.call('HSTRLEN', at(':b:', mailbox), ARGV[i]) - ORIGIN
  end
end
if tonumber(row[2]) - freed + #blob > tonumber(bytes_max) then
  return { 'full' }
end
local gone = drop(mailbox, named)
release(mailbox, gone, me)
redis.call('ZADD', at(':q:', mailbox), seq, id)
redis.call('ZADD', at(':x:', mailbox), expires, id)
redis.call('HSET', at(':b:', mailbox), id, me .. blob)
redis.call('INCR', base .. ':blobs')
settle(mailbox, tonumber(row[1]) - #gone + 1, tonumber(row[2]) - freed + #blob, row[3])
local answer = { 'gathered' }
for _, one in ipairs(gone) do
  answer[#answer + 1] = one[1]
end
return answer

#!lua flags=allow-oom
-- MAILBOX ME: the blobs that were in it, or nothing when there is none.
local mailbox = ARGV[1]
if redis.call('EXISTS', at(':m:', mailbox)) == 0 then
  return false
end
local gone = forget(mailbox)
release(mailbox, gone, ARGV[2])
local ids = {}
for i, one in ipairs(gone) do
  ids[i] = one[1]
end
return ids

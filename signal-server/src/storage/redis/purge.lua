#!lua flags=allow-oom
-- MAILBOX ME: how many blobs were in it, then these, then its parcels; nothing when there is no such mailbox.
local mailbox = ARGV[1]
if redis.call('EXISTS', at(':m:', mailbox)) == 0 then
  return false
end
local gone, parcels = forget(mailbox)
release(mailbox, gone, ARGV[2])
release(mailbox, parcels, ARGV[2])
local ids = { #gone }
for _, one in ipairs(gone) do
  ids[#ids + 1] = one[1]
end
for _, one in ipairs(parcels) do
  ids[#ids + 1] = one[1]
end
return ids

#!lua flags=allow-oom
-- MAILBOX ME ID…: those that were there.
local mailbox = ARGV[1]
if redis.call('EXISTS', at(':m:', mailbox)) == 0 then
  return {}
end
local named = {}
for i = 3, #ARGV do
  named[i - 2] = ARGV[i]
end
local gone = drop(mailbox, named)
release(mailbox, gone, ARGV[2])
local ids = {}
for i, one in ipairs(gone) do
  ids[i] = one[1]
end
return ids

#!lua flags=allow-oom
-- MAILBOX ME NAME…: those that were there.
local mailbox = ARGV[1]
local named = {}
for i = 3, #ARGV do
  named[i - 2] = ARGV[i]
end
local gone = drop_parcels(mailbox, named)
release(mailbox, gone, ARGV[2])
local names = {}
for i, one in ipairs(gone) do
  names[i] = one[1]
end
return names

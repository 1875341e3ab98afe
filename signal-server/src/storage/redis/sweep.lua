#!lua flags=allow-oom
-- NOW IDLE-BEFORE ROWS: 1 when there may be more to forget.
local now, idle_before, rows = ARGV[1], ARGV[2], tonumber(ARGV[3])
local more = 0
local left = rows
for _, mailbox in ipairs(redis.call('ZRANGE', base .. ':due', '-inf', now, 'BYSCORE', 'LIMIT', 0, rows)) do
  if left > 0 then
    local expired = redis.call('ZRANGE', at(':x:', mailbox), '-inf', now, 'BYSCORE', 'LIMIT', 0, left)
    left = left - #drop(mailbox, expired)
  end
end
local parcels_left = rows
for _, mailbox in ipairs(redis.call('ZRANGE', base .. ':ydue', '-inf', now, 'BYSCORE', 'LIMIT', 0, rows)) do
  if parcels_left > 0 then
    local expired = redis.call('ZRANGE', at(':y:', mailbox), '-inf', now, 'BYSCORE', 'LIMIT', 0, parcels_left)
    parcels_left = parcels_left - #drop_parcels(mailbox, expired)
  end
end
local idle = redis.call('ZRANGE', base .. ':open', '-inf', '(' .. idle_before, 'BYSCORE', 'LIMIT', 0, rows)
for _, mailbox in ipairs(idle) do
  forget(mailbox)
end
local records = redis.call('ZRANGE', base .. ':rdue', '-inf', now, 'BYSCORE', 'LIMIT', 0, rows)
for _, record in ipairs(records) do
  redis.call('DEL', at(':r:', record))
  redis.call('ZREM', base .. ':rdue', record)
end
local prekeys = redis.call('ZRANGE', base .. ':kdue', '-inf', now, 'BYSCORE', 'LIMIT', 0, rows)
for _, record in ipairs(prekeys) do
  redis.call('DEL', at(':k:', record), at(':l:', record))
  redis.call('ZREM', base .. ':kdue', record)
end
local handles = redis.call('ZRANGE', base .. ':adue', '-inf', now, 'BYSCORE', 'LIMIT', 0, rows)
for _, handle in ipairs(handles) do
  redis.call('DEL', at(':a:', handle))
  redis.call('ZREM', base .. ':adue', handle)
  redis.call('ZREM', base .. ':alist', handle)
end
if left == 0 or parcels_left == 0 or #idle == rows or #records == rows or #prekeys == rows or #handles == rows then
  more = 1
end
return more

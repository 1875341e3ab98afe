-- What all scripts share. KEYS[1] is the name of a bucket, such as kith:{17}: whatever lies in it has a name that begins with this one, and so lies in
-- one hash slot. Ids are raw bytes. Of a bucket:
--   :m:MAILBOX  hash    read, send (keys), seq, blobs, bytes, opened, listens (the relay whose device has it open), push (where the device is to be woken)
--   :q:MAILBOX  zset    blob by its number          :x:MAILBOX  zset  blob by its expiry
--   :b:MAILBOX  hash    blob -> the relay that brought it (8 bytes), and its bytes
--   :p:MAILBOX  hash    parcel by its name: the relay that brought it, and its bytes      :y:MAILBOX  zset  name by its expiry
--   :ydue :parcels      mailboxes by the earliest expiry of a parcel in them, number of parcels
--   :h:MAILBOX  hash    what is held back, by its name: 1 or 0 (whether it wakes), and its bytes
--   :held       zset    MAILBOX NAME by the moment until which it is held
--   :a:KEY :adue :alist   handles, by the moment from which others may have them, and those that are listed
--   :z:ACCOUNT  string  whoever is claiming a handle for the account, for a while
--   :due :open :full    zsets of mailboxes: by the earliest expiry in them, by the day of opening, by bytes
--   :blobs      number of blobs
--   :r:RECORD :rdue, :k:RECORD :l:RECORD :kdue, :o:OWNER   records, prekeys (and one-time prekeys), records of an owner by their expiry (of an account: its handles)
local base = KEYS[1]
local ORIGIN = 8

local function at(kind, id)
  return base .. kind .. id
end

-- After blobs have come or gone: the counts of a mailbox, and its places among the others.
local function settle(mailbox, blobs, bytes, seq)
  redis.call('HSET', at(':m:', mailbox), 'blobs', blobs, 'bytes', bytes, 'seq', seq)
  local first = redis.call('ZRANGE', at(':x:', mailbox), 0, 0, 'WITHSCORES')
  if first[2] then
    redis.call('ZADD', base .. ':due', first[2], mailbox)
    redis.call('ZADD', base .. ':full', bytes, mailbox)
  else
    redis.call('ZREM', base .. ':due', mailbox)
    redis.call('ZREM', base .. ':full', mailbox)
  end
end

-- Takes one blob out of a mailbox and says who brought it and how long it was, or nothing.
local function take(mailbox, id)
  if redis.call('ZREM', at(':q:', mailbox), id) == 0 then
    return nil
  end
  redis.call('ZREM', at(':x:', mailbox), id)
  local kept = redis.call('HGET', at(':b:', mailbox), id)
  redis.call('HDEL', at(':b:', mailbox), id)
  redis.call('DECR', base .. ':blobs')
  return string.sub(kept, 1, ORIGIN), #kept - ORIGIN
end

local function drop(mailbox, ids)
  local row = redis.call('HMGET', at(':m:', mailbox), 'blobs', 'bytes', 'seq')
  local blobs, bytes = tonumber(row[1]), tonumber(row[2])
  local gone = {}
  for _, id in ipairs(ids) do
    local origin, size = take(mailbox, id)
    if origin then
      blobs, bytes = blobs - 1, bytes - size
      gone[#gone + 1] = { id, origin }
    end
  end
  if #gone > 0 then
    settle(mailbox, blobs, bytes, row[3])
  end
  return gone
end

-- Whoever brought them counts them no more.
local function release(mailbox, gone, me)
  for _, one in ipairs(gone) do
    if one[2] ~= me then
      redis.call('PUBLISH', 'kith:' .. one[2], 'r' .. mailbox .. one[1])
    end
  end
end

local function settle_parcels(mailbox)
  local first = redis.call('ZRANGE', at(':y:', mailbox), 0, 0, 'WITHSCORES')
  if first[2] then
    redis.call('ZADD', base .. ':ydue', first[2], mailbox)
  else
    redis.call('ZREM', base .. ':ydue', mailbox)
  end
end

local function drop_parcels(mailbox, names)
  local gone = {}
  for _, name in ipairs(names) do
    if redis.call('ZREM', at(':y:', mailbox), name) == 1 then
      local origin = string.sub(redis.call('HGET', at(':p:', mailbox), name), 1, ORIGIN)
      redis.call('HDEL', at(':p:', mailbox), name)
      redis.call('DECR', base .. ':parcels')
      gone[#gone + 1] = { name, origin }
    end
  end
  if #gone > 0 then
    settle_parcels(mailbox)
  end
  return gone
end

local function drop_held(mailbox, name)
  redis.call('ZREM', base .. ':held', mailbox .. name)
  return redis.call('HDEL', at(':h:', mailbox), name)
end

local function forget(mailbox)
  local gone = drop(mailbox, redis.call('ZRANGE', at(':q:', mailbox), 0, -1))
  local parcels = drop_parcels(mailbox, redis.call('ZRANGE', at(':y:', mailbox), 0, -1))
  for _, name in ipairs(redis.call('HKEYS', at(':h:', mailbox))) do
    drop_held(mailbox, name)
  end
  redis.call('DEL', at(':m:', mailbox))
  redis.call('ZREM', base .. ':open', mailbox)
  return gone, parcels
end

-- Undefined from its expiry on.
local function alive(name, now)
  local expires = redis.call('HGET', name, 'expires')
  return expires and tonumber(expires) > tonumber(now)
end

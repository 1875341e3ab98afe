#!lua flags=allow-oom
-- shift BY | cap LATEST | newest 0: moves the expiry of every blob of the bucket, or says the latest, in which nothing is false.
local how, by = ARGV[1], tonumber(ARGV[2])
local newest = false
local function move(name)
  local from = how == 'cap' and '(' .. ARGV[2] or '-inf'
  for _, id in ipairs(redis.call('ZRANGE', name, from, '+inf', 'BYSCORE')) do
    if how == 'cap' then
      redis.call('ZADD', name, by, id)
    else
      redis.call('ZINCRBY', name, by, id)
    end
  end
end
for _, mailbox in ipairs(redis.call('ZRANGE', base .. ':due', 0, -1)) do
  local name = at(':x:', mailbox)
  if how == 'newest' then
    local last = tonumber(redis.call('ZRANGE', name, -1, -1, 'WITHSCORES')[2])
    newest = math.max(newest or last, last)
  else
    move(name)
    redis.call('ZADD', base .. ':due', redis.call('ZRANGE', name, 0, 0, 'WITHSCORES')[2], mailbox)
  end
end
if how ~= 'newest' then
  for _, mailbox in ipairs(redis.call('ZRANGE', base .. ':ydue', 0, -1)) do
    move(at(':y:', mailbox))
    settle_parcels(mailbox)
  end
end
return newest

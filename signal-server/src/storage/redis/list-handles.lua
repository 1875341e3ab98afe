#!lua flags=no-writes
-- PREFIX NOW ROWS: handles in use that are listed, in the order of their keys. Those that are over are few, since they are swept.
local prefix, now, rows = ARGV[1], ARGV[2], tonumber(ARGV[3])
local answer, offset = {}, 0
while true do
  local keys = redis.call('ZRANGE', base .. ':alist', '[' .. prefix, '(' .. prefix .. '\255', 'BYLEX', 'LIMIT', offset, rows)
  for _, key in ipairs(keys) do
    local name = at(':a:', key)
    if #answer < rows and alive(name, now) then
      answer[#answer + 1] = redis.call('HGET', name, 'handle')
    end
  end
  if #keys < rows or #answer == rows then
    return answer
  end
  offset = offset + rows
end

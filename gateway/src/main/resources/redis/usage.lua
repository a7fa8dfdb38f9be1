-- What an account used in some months. KEYS: meta, three of entry.lua, then the hash of each month
-- ARGV: total seen before, whether all of them are meant (1) or the one that it is now (0), five of entry.lua, then the
--   first day of each month, counted from 1970
-- Answers {outcome, total, figures, today, {cell, figures, …}}: stale, refused, ok.
local total = redis.call('HGET', KEYS[1], 'total')
if not total or tonumber(total) < tonumber(ARGV[1]) then return {'stale', total or '0'} end
local refusal, told = pay(2, 3, total)
if refusal then return refusal end
local today, cells = math.floor(now / DAY), {}
for i = 5, #KEYS do
  local first, next_first = tonumber(ARGV[i + 3]), tonumber(ARGV[i + 4] or 'inf')
  if ARGV[2] == '1' or (first <= today and today < next_first) then
    for _, value in ipairs(redis.call('HGETALL', KEYS[i])) do cells[#cells + 1] = value end
  end
end
return {'ok', total, told, today, cells}

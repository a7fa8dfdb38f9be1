-- Adds what a key did to its window, and tells what of it is unusual (docs/security.md, Unusual use).
-- KEYS: the key's watch, the addresses it was used from
-- ARGV: now, length of a window, length of a span (all ms), jump, least requests, least errors, least new addresses,
--       least micro-dollars, ms to block it (0: never); then what it did: requests, errors, micro-dollars, addresses…
-- The watch is a hash: `first` use; the window `w` and its requests `r`, errors `e`, addresses `a`, dollars `d`; for each
-- of eight slots the span `s0` and the most that a window of it had: `r0`, `e0` (errors of 1000 requests), `a0`, `d0`;
-- when each was last told: `tr`…; `block`ed until.
-- Answers {blocked until (ms, 0: not), what, how much, what is usual, what, …}.
local now, length, span, jump = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local least = {r = tonumber(ARGV[5]), e = tonumber(ARGV[6]), a = tonumber(ARGV[7]), d = tonumber(ARGV[8])}
local block = tonumber(ARGV[9])
local names = {'r', 'e', 'a', 'd'}

local known, all = {}, redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do known[all[i]] = tonumber(all[i + 1]) end
local function put(name, value)
  known[name] = value
  redis.call('HSET', KEYS[1], name, string.format('%.0f', value))
end
if not known.first then put('first', now) end

-- Another gateway's clock may be ahead.
local window = math.max(math.floor(now / length), known.w or 0)
local current = math.floor(window * length / span)

-- The most of a window in the spans before a window's own; nil when there is none.
local function usual(name, own)
  local most
  for slot = 0, 7 do
    local s = known['s' .. slot]
    if s and s < own and s >= own - 7 then most = math.max(most or 0, known[name .. slot] or 0) end
  end
  return most
end
local function value(name)
  if name ~= 'e' then return known[name] or 0 end
  if (known.e or 0) < least.e then return 0 end
  return math.floor(known.e * 1000 / known.r)
end
-- What may be exceeded.
local function bound(name, most)
  if name == 'e' then return math.max(500, 2 * most) end
  return math.max(least[name], jump * most)
end

if known.w and known.w < window then
  local own = math.floor(known.w * length / span)
  local slot = own % 8
  for _, name in ipairs(names) do
    local before, v = usual(name, own), value(name)
    -- What was told as unusual is not usual at once.
    if before then v = math.min(v, bound(name, before)) end
    if known['s' .. slot] == own then v = math.max(v, known[name .. slot] or 0) end
    put(name .. slot, v)
  end
  put('s' .. slot, own)
  for _, name in ipairs(names) do put(name, 0) end
end
put('w', window)
put('r', (known.r or 0) + ARGV[10])
put('e', (known.e or 0) + ARGV[11])
put('d', (known.d or 0) + ARGV[12])
for i = 13, #ARGV do
  if not redis.call('ZSCORE', KEYS[2], ARGV[i]) then put('a', (known.a or 0) + 1) end
  redis.call('ZADD', KEYS[2], now, ARGV[i])
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - 7 * span)
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -1001)
for i = 1, 2 do redis.call('PEXPIRE', KEYS[i], string.format('%.0f', 8 * span)) end

local told = {0}
if now - known.first >= span then
  for _, name in ipairs(names) do
    local most, v = usual(name, current), value(name)
    -- Once an hour is enough for what goes on.
    if most and v > bound(name, most) and now - (known['t' .. name] or 0) >= 3600000 then
      put('t' .. name, now)
      if block > 0 then put('block', now + block) end
      for _, word in ipairs({name, v, most}) do told[#told + 1] = word end
    end
  end
end
if block > 0 and (known.block or 0) > now then told[1] = known.block end
return told

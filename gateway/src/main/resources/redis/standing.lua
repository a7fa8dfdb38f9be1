-- How a holder stands. KEYS: meta, the account's `b` and `p` (see money.lua), three of entry.lua
-- ARGV: total seen before, holder, five of entry.lua
-- Answers {outcome, total, figures, charged today, charged in this month, held}: stale, refused, ok.
local total = redis.call('HGET', KEYS[1], 'total')
if not total or tonumber(total) < tonumber(ARGV[1]) then return {'stale', total or '0'} end
local refusal, told = pay(4, 3, total)
if refusal then return refusal end
lapse(KEYS[2], KEYS[3])
local known = redis.call('HMGET', KEYS[2], ARGV[2], 'p:' .. ARGV[2])
local of_day, of_month, held = standing(known[1], known[2])
return {'ok', total, told, of_day, of_month, held}

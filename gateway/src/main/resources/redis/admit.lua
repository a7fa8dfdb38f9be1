-- Reserves an agent id: one Idempotency-Key, one agent; no more agents at once and no more spawns and dollars
-- in a window than there may be, and nothing that a budget has no room for. A refusal takes nothing but the address's
-- token; a replay neither.
-- KEYS: meta, the agent's view, the key's unfinished agents, the idempotency row, three of entry.lua, the key's bucket
--       of holds, the account's `b` and `p` (see money.lua)
-- ARGV: total seen before, prefix of the account's views, agent id, state, sealed task, wrapped key, model,
--       most agents at once, hold in ms, reservation in ms, request digest (empty: no Idempotency-Key), ms in flight,
--       facts, five of entry.lua, most micro-dollars of holds and their window, this hold, key id, daily and monthly
--       budget of the account and of the key (empty: none)
-- Answers {outcome, total, figures, id, state, wrapped key}: stale, refused, busy, conflict, inflight, replay, again,
-- redrive, granted.
local total = redis.call('HGET', KEYS[1], 'total')
if not total or tonumber(total) < tonumber(ARGV[1]) then return {'stale', total or '0'} end
local refusal = enter(5, 14, total)
if refusal then return refusal end
local mine = own(5, 14)
local told = mine and figures(mine) or {}
local id, hold, key = ARGV[3], tonumber(ARGV[21]), ARGV[22]

-- A refusal when a budget has no room for so much.
local function unaffordable(micros)
  local budgets = {ARGV[23], ARGV[24], ARGV[25], ARGV[26]}
  local which, wait = lacking(KEYS[9], key, micros, budgets)
  if which and lapse(KEYS[9], KEYS[10]) then which, wait = lacking(KEYS[9], key, micros, budgets) end
  if which then return {'refused', total, which, wait, told} end
end

if ARGV[11] ~= '' then
  local row = redis.call('HMGET', KEYS[4], 'id', 'request', 'at', 'done')
  if row[1] then
    if row[2] ~= ARGV[11] then return {'conflict', total, told} end
    local view = redis.call('HMGET', ARGV[2] .. row[1], 's', 'dk')
    if row[4] then
      if view[1] then return {'replay', total, told, row[1], view[1]} end
      return {'replay', total, told, row[1], ''}
    end
    if now - tonumber(row[3]) < tonumber(ARGV[12]) and row[1] ~= id then return {'inflight', total, told} end
    if view[1] and view[2] then
      local order = cjson.decode(view[1]).order
      local micros = string.format('%.0f', order.hold)
      local member = order.key_id .. ':' .. micros .. ':' .. row[1]
      if micros ~= '0' and not redis.call('ZSCORE', KEYS[10], member) and redis.call('HEXISTS', ARGV[2] .. row[1], 'pos') == 0 then
        -- What was set aside for it has lapsed.
        local refusal = unaffordable(order.hold)
        if refusal then return refusal end
        pend(KEYS[9], KEYS[10], order.key_id, micros, row[1], now + ARGV[9])
      end
      redis.call('HSET', KEYS[4], 'at', now)
      redis.call('ZADD', KEYS[3], now + ARGV[9], row[1])
      return {'redrive', total, told, row[1], view[1], view[2]}
    end
    if row[1] ~= id then return {'again', total, told, row[1]} end
  end
end
if mine and mine.used >= mine.limit then return refused(total, 'key', mine, 1) end
local holds = hold > 0 and bucket(KEYS[8], ARGV[19], ARGV[20])
if holds and holds.used + hold > holds.limit then return refused(total, 'cost', holds, hold) end
if redis.call('ZCARD', KEYS[3]) >= tonumber(ARGV[8]) then
  -- Reservations that nothing followed leave only now.
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
  if redis.call('ZCARD', KEYS[3]) >= tonumber(ARGV[8]) then return {'busy', total, told} end
end
local refusal = hold > 0 and unaffordable(hold)
if refusal then return refusal end
if mine then
  take(mine, 1)
  told = figures(mine)
end
if hold > 0 then pend(KEYS[9], KEYS[10], key, ARGV[21], id, now + ARGV[9]) end
if holds then take(holds, hold) end
redis.call('ZADD', KEYS[3], now + ARGV[9], id)
redis.call('HSET', KEYS[2], 'x', 'S', 's', ARGV[4], 't', ARGV[5], 'dk', ARGV[6], 'm', ARGV[7], 'v', ARGV[13], 'rs', now)
redis.call('PEXPIRE', KEYS[2], ARGV[10])
if ARGV[11] ~= '' then
  redis.call('HSET', KEYS[4], 'id', id, 'request', ARGV[11], 'at', now)
  redis.call('PEXPIRE', KEYS[4], ARGV[10])
end
return {'granted', total, told, id}

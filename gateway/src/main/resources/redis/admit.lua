-- Reserves an agent id: one Idempotency-Key, one agent; no more agents at once than the key may have.
-- KEYS: meta, the agent's view, the key's unfinished agents, the idempotency row
-- ARGV: total seen before, prefix of the account's views, agent id, state, sealed task, wrapped key, model,
--       most agents at once, hold in ms, reservation in ms, request digest (empty: no Idempotency-Key), ms in flight,
--       facts
-- Answers {outcome, total, id, state, wrapped key}: stale, busy, conflict, inflight, replay, again, redrive, granted.
local total = redis.call('HGET', KEYS[1], 'total')
if not total or tonumber(total) < tonumber(ARGV[1]) then return {'stale', total or '0'} end
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local id = ARGV[3]
if ARGV[11] ~= '' then
  local row = redis.call('HMGET', KEYS[4], 'id', 'request', 'at', 'done')
  if row[1] then
    if row[2] ~= ARGV[11] then return {'conflict', total} end
    local view = redis.call('HMGET', ARGV[2] .. row[1], 's', 'dk')
    if row[4] then
      if view[1] then return {'replay', total, row[1], view[1]} end
      return {'replay', total, row[1], ''}
    end
    if now - tonumber(row[3]) < tonumber(ARGV[12]) and row[1] ~= id then return {'inflight', total} end
    if view[1] and view[2] then
      redis.call('HSET', KEYS[4], 'at', now)
      redis.call('ZADD', KEYS[3], now + ARGV[9], row[1])
      return {'redrive', total, row[1], view[1], view[2]}
    end
    if row[1] ~= id then return {'again', total, row[1]} end
  end
end
if redis.call('ZCARD', KEYS[3]) >= tonumber(ARGV[8]) then
  -- Reservations that nothing followed leave only now.
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
  if redis.call('ZCARD', KEYS[3]) >= tonumber(ARGV[8]) then return {'busy', total} end
end
redis.call('ZADD', KEYS[3], now + ARGV[9], id)
redis.call('HSET', KEYS[2], 'x', 'S', 's', ARGV[4], 't', ARGV[5], 'dk', ARGV[6], 'm', ARGV[7], 'v', ARGV[13], 'rs', now)
redis.call('PEXPIRE', KEYS[2], ARGV[10])
if ARGV[11] ~= '' then
  redis.call('HSET', KEYS[4], 'id', id, 'request', ARGV[11], 'at', now)
  redis.call('PEXPIRE', KEYS[4], ARGV[10])
end
return {'granted', total, id}

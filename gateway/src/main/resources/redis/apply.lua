-- Writes what the log says into the views. Everything is set, nothing added, except what a day was charged: that is
-- added in the same step in which a view first becomes final, so it happens once however often this runs.
-- KEYS: meta, owner, accounts; ARGV: owner's token, total present (1) or withheld (0),
--   count of agents, per agent: account, id, key id, x, state, task, result, started attempts, model, created ms,
--     readable until ms, idempotency key, idempotency request, idempotency until ms, day, charged, position, facts
--   count of data keys, per key: account, id, wrapped
--   count of watermarks, per partition: name, expected (empty: any), next
-- Answers {outcome, total, ids of agents that were final before …}: fenced, stale, ok.
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return {'fenced'} end
local at = 3
local function take()
  local value = ARGV[at]
  at = at + 1
  return value
end
local marks = at
do
  local skip = tonumber(ARGV[marks]) * 18
  marks = marks + 1 + skip
  marks = marks + 1 + tonumber(ARGV[marks]) * 3
  for i = 0, tonumber(ARGV[marks]) - 1 do
    local expected = ARGV[marks + 2 + i * 3]
    if expected ~= '' and redis.call('HGET', KEYS[1], ARGV[marks + 1 + i * 3]) ~= expected then return {'stale'} end
  end
end
local final = {'ok', '0'}
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
for _ = 1, tonumber(take()) do
  local account, id, keyid, x, state, task, result = take(), take(), take(), take(), take(), take(), take()
  local n, model, created, readable = take(), take(), take(), take()
  local ikey, irequest, iuntil, day, charged, position, facts = take(), take(), take(), take(), take(), take(), take()
  local base = 'j1:{' .. account .. '}:'
  local view = base .. 'a:' .. id
  local known = redis.call('HMGET', view, 'x', 'rs', 'at', 'ra')
  local old = known[1]
  if old == 'C' or old == 'F' or old == 'X' then
    final[#final + 1] = id
    -- A view may have been final before its command was read: then only the command's part is still missing.
    if keyid ~= '' and x ~= 'S' and x ~= 'R' and redis.call('HEXISTS', view, 'pos') == 0 then
      redis.call('HSET', view, 's', state, 'v', facts, 'm', model, 'pos', position)
    end
    if task ~= '' and redis.call('HEXISTS', view, 't') == 0 then redis.call('HSET', view, 't', task) end
  elseif keyid == '' and (redis.call('HEXISTS', view, 'rs') == 1 or redis.call('HEXISTS', view, 'pos') == 1) then
    -- The view knows its order and this row does not: the state comes with the command, which is on the log too.
    redis.call('HDEL', view, 'rs')
    if result ~= '' then redis.call('HSET', view, 'r', result) end
  else
    redis.call('HSET', view, 'x', x, 's', state, 'v', facts, 'n', n)
    if not known[3] then redis.call('HSET', view, 'at', known[2] or now) end
    if n ~= '0' and not known[4] then redis.call('HSET', view, 'ra', now) end
    if task ~= '' then redis.call('HSET', view, 't', task, 'm', model, 'pos', position) end
    if result ~= '' then redis.call('HSET', view, 'r', result) end
  end
  if keyid == '' then
    if redis.call('HEXISTS', view, 'pos') == 0 then redis.call('PEXPIREAT', view, readable) end
  elseif x ~= 'S' and x ~= 'R' then
    redis.call('HDEL', view, 'rs')
    -- Unfinished agents are listed, so their tasks lie here whole; a large one of an ended agent is read from the log.
    local place = position ~= '' and position or redis.call('HGET', view, 'pos')
    if place and redis.call('HSTRLEN', view, 't') > 16384 then redis.call('HSET', view, 't', '@' .. place) end
    if charged ~= '0' and redis.call('HSETNX', view, 'ch', charged) == 1 then
      redis.call('INCRBY', base .. 'd:' .. day, charged)
      redis.call('EXPIRE', base .. 'd:' .. day, 3456000)
    end
    -- Last, since it deletes the view of an agent past its retention.
    redis.call('PEXPIREAT', view, readable)
    redis.call('ZREM', base .. 'spawning', id)
    redis.call('ZREM', base .. 'running', id)
    redis.call('ZREM', base .. 'k:' .. keyid, id)
  elseif not (old == 'C' or old == 'F' or old == 'X') then
    redis.call('HDEL', view, 'rs')
    redis.call('PEXPIREAT', view, readable)
    redis.call('SADD', KEYS[3], account)
    redis.call('ZADD', base .. 'k:' .. keyid, '+inf', id)
    if x == 'S' then
      redis.call('ZADD', base .. 'spawning', created, id)
    else
      redis.call('ZREM', base .. 'spawning', id)
      redis.call('ZADD', base .. 'running', created, id)
    end
  end
  if ikey ~= '' then
    local row = base .. 'i:' .. ikey
    local first = redis.call('HGET', row, 'id')
    if not first or first == id then
      redis.call('HSET', row, 'id', id, 'request', irequest, 'at', created, 'done', 1)
      redis.call('PEXPIREAT', row, iuntil)
    end
  end
end
for _ = 1, tonumber(take()) do
  local account, id, wrapped = take(), take(), take()
  local view = 'j1:{' .. account .. '}:a:' .. id
  redis.call('HSETNX', view, 'dk', wrapped)
  -- A key without a command, as after a crash between the two, is forgotten.
  if redis.call('PTTL', view) < 0 then redis.call('EXPIRE', view, 86400) end
end
local total = 0
for _ = 1, tonumber(take()) do
  local name = take()
  take()
  local next = take()
  local before = redis.call('HGET', KEYS[1], name)
  redis.call('HSET', KEYS[1], name, next)
  total = total + tonumber(next) - tonumber(before or '0')
end
if ARGV[2] == '1' then
  if redis.call('HEXISTS', KEYS[1], 'total') == 1 then
    if total ~= 0 then redis.call('HINCRBY', KEYS[1], 'total', total) end
  else
    total = 0
    local all = redis.call('HGETALL', KEYS[1])
    for i = 1, #all, 2 do
      if string.sub(all[i], 1, 2) == 'w:' then total = total + tonumber(all[i + 1]) end
    end
    redis.call('HSET', KEYS[1], 'total', total)
  end
  final[2] = redis.call('HGET', KEYS[1], 'total')
else
  redis.call('HDEL', KEYS[1], 'total')
end
return final

-- Writes what the log says into the views and the balances. Everything is set, nothing added.
-- KEYS: meta, owner, accounts; ARGV: owner's token, total present (1) or withheld (0),
--   count of agents, per agent: account, id, key id, x, state, task, result, started attempts, model, created ms,
--     readable until ms, idempotency key, idempotency request, idempotency until ms, charged, position, facts, hold,
--     what its spawn and what its model calls took of buckets if Redis may have forgotten that: key, window, how much and
--     when, one per line; what it waits for; a team's agents, parted by spaces
--   count of data keys, per key: account, id, wrapped (empty: deleted), whether it replaces another wrapping (1), ms when
--     that was written
--   count of figures, per figure: hash, field, value, and of an account's own balance how far the commands of the topics
--     high, normal, low and waiting are in it, parted by spaces
--   count of watermarks, per partition: name, expected (empty: any), next
-- Answers {outcome, total, ids of agents that had ended before …}: fenced, stale, ok.
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return {'fenced'} end
local at = 3
local function next()
  local value = ARGV[at]
  at = at + 1
  return value
end
local marks = at
do
  for _, width in ipairs({22, 5, 4}) do marks = marks + 1 + tonumber(ARGV[marks]) * width end
  for i = 0, tonumber(ARGV[marks]) - 1 do
    local expected = ARGV[marks + 2 + i * 3]
    if expected ~= '' and redis.call('HGET', KEYS[1], ARGV[marks + 1 + i * 3]) ~= expected then return {'stale'} end
  end
end
-- Puts back into a bucket what was taken at that time, unless it has returned since.
local function restore(key, window, cost, at)
  local length = math.ceil(window / 60)
  local slice = math.floor(math.min(at, now) / length)
  if (slice + 1) * length + window <= now then return end
  local b = bucket(key, 0, window)
  local newest = math.max(b.newest or slice, slice)
  redis.call('HINCRBY', key, slice, cost)
  redis.call('HSET', key, 'u', b.used + cost, 'o', math.min(b.oldest or slice, slice), 'n', newest)
  redis.call('PEXPIREAT', key, (newest + 1) * length + window)
end
-- The same for all of a list but the first so many; how many it has.
local function restore_all(list, done)
  local count = 0
  for key, window, cost, at in string.gmatch(list, '([^\n]+)\n(%d+)\n(%d+)\n(%d+)') do
    count = count + 1
    if count > (done or 0) then restore(key, tonumber(window), tonumber(cost), tonumber(at)) end
  end
  return count
end
-- What a key holds of an hour's dollars and did not need comes back where it was taken.
local function release(key, back, at)
  local slice = math.floor(at / 60000)
  local taken = redis.call('HGET', key, slice)
  if not taken then return end
  back = math.min(taken, back)
  -- Less than nothing is written "-0", which is no number to Redis.
  if back <= 0 then return end
  redis.call('HINCRBY', key, slice, -back)
  redis.call('HINCRBY', key, 'u', -back)
end
-- How far each queue is in the account's balance, as it is before this script.
local known_balances = {}
local function balanced(b)
  if not known_balances[b] then
    local read = redis.call('HMGET', b, 'c:high', 'c:normal', 'c:low', 'c:waiting')
    known_balances[b] = {high = tonumber(read[1] or 0), normal = tonumber(read[2] or 0), low = tonumber(read[3] or 0),
      waiting = tonumber(read[4] or 0)}
  end
  return known_balances[b]
end
local ended = {'ok', '0'}
for _ = 1, tonumber(next()) do
  local account, id, keyid, x, state, task, result = next(), next(), next(), next(), next(), next(), next()
  local n, model, created, readable = next(), next(), next(), next()
  local ikey, irequest, iuntil, charged, position, facts = next(), next(), next(), next(), next(), next()
  local hold, tokens, calls, blocked, team = next(), next(), next(), next(), next()
  local base = 'j1:{' .. account .. '}:'
  local view = base .. 'a:' .. id
  local known = redis.call('HMGET', view, 'x', 'rs', 'at', 'ra', 'pos', 'b', 'er')
  local old, reserved = known[1], known[2]
  local final = old == 'C' or old == 'F' or old == 'X'
  local ends = x ~= 'S' and x ~= 'R'
  -- The view has never seen its command, and does so with this row: what is said once is said then, later only what
  -- changed. A row of events that are read before their command may know its order, from the reservation, but not this.
  local unseen = not known[5]
  local first = unseen and position ~= ''
  -- Texts of a deleted agent are on the log until it is compacted; they do not come back here.
  local erased = known[7]
  if erased then result = '' end
  if final then
    ended[#ended + 1] = id
    -- A view may have been final before its command was read: then only the command's part is still missing.
    if keyid ~= '' and ends and first then
      redis.call('HSET', view, 's', state, 'v', facts, 'm', model, 'pos', position)
    end
    if task ~= '' and redis.call('HEXISTS', view, 't') == 0 then redis.call('HSET', view, 't', task) end
    -- Who remembers how it ended writes that with the command; the result comes with its event.
    if result ~= '' and old == 'C' and x == 'C' then redis.call('HSETNX', view, 'r', result) end
  elseif keyid == '' and (reserved or not unseen) then
    -- The view knows its order and this row does not: the state comes with the command, which is on the log too.
    if result ~= '' then redis.call('HSET', view, 'r', result) end
  elseif x == 'S' and reserved and first and n == '0' and blocked == '' then
    -- The reservation says the same already.
    redis.call('HSET', view, 'pos', position, 'at', reserved)
  else
    redis.call('HSET', view, 'x', x, 's', state, 'v', facts, 'n', n)
    if task ~= '' then redis.call('HSET', view, 't', erased and '' or task, 'm', model, 'pos', position) end
    if result ~= '' then redis.call('HSET', view, 'r', result) end
    if not known[3] then redis.call('HSET', view, 'at', reserved or now) end
    if n ~= '0' and not known[4] then redis.call('HSET', view, 'ra', now) end
  end
  if reserved and first then redis.call('HDEL', view, 'rs') end
  if first and keyid ~= '' and hold ~= '0' then
    local queue, offset = string.match(position, '^j1msky%.spawn%.(%a+):0:(%d+)$')
    local b, p = base .. 'b', base .. 'p'
    if tonumber(offset) < balanced(b)[queue] then
      unpend(b, p, keyid, hold, id)
    else
      -- From now on its hold stays until the account's balance has it.
      pend(b, p, keyid, hold, id, QUEUES[queue] + offset)
    end
  end
  if first and not reserved and keyid ~= '' then
    restore_all(tokens)
  elseif ends and not final and tonumber(hold) > tonumber(charged) then
    release(base .. 'h:' .. keyid, hold - charged, tonumber(reserved or known[3] or created))
  end
  if calls ~= '' then
    local restored = restore_all(calls, tonumber(redis.call('HGET', view, 'pc') or 0))
    redis.call('HSET', view, 'pc', restored)
  end
  if team ~= '' and first then redis.call('HSET', view, 'tm', team) end
  if blocked ~= '' and not final then
    redis.call('HSET', view, 'b', blocked)
  elseif known[6] and blocked == '' then
    redis.call('HDEL', view, 'b')
  end
  if keyid == '' then
    if unseen and not reserved then redis.call('PEXPIREAT', view, readable) end
  elseif ends then
    -- Unfinished agents are listed, so their tasks lie here whole; a large one of an ended agent is read from the log.
    local place = position ~= '' and position or known[5]
    if place and redis.call('HSTRLEN', view, 't') > 16384 then redis.call('HSET', view, 't', '@' .. place) end
    if old == 'S' then redis.call('ZREM', base .. 'spawning', id) end
    if old == 'R' then redis.call('ZREM', base .. 'running', id) end
    if first or not final then redis.call('ZREM', base .. 'k:' .. keyid, id) end
    -- Last, since it deletes the view of an agent past its retention.
    if first then redis.call('PEXPIREAT', view, readable) end
  elseif not final then
    if first then
      redis.call('PEXPIREAT', view, readable)
      redis.call('SADD', KEYS[3], account)
      redis.call('ZADD', base .. 'k:' .. keyid, '+inf', id)
    end
    if x == 'R' and old == 'S' and not first then redis.call('ZREM', base .. 'spawning', id) end
    if first or x ~= old then
      redis.call('ZADD', base .. (x == 'S' and 'spawning' or 'running'), created, id)
    end
  end
  if ikey ~= '' and first then
    local row = base .. 'i:' .. ikey
    local holder = redis.call('HGET', row, 'id')
    if not holder or holder == id then
      redis.call('HSET', row, 'id', id, 'request', irequest, 'at', created, 'done', 1)
      redis.call('PEXPIREAT', row, iuntil)
    end
  end
end
for _ = 1, tonumber(next()) do
  local account, id, wrapped, anew, at = next(), next(), next(), next(), next()
  local view = 'j1:{' .. account .. '}:a:' .. id
  if wrapped == '' then
    -- The agent stays, without its texts; its command may be read later.
    redis.call('HDEL', view, 'dk', 'r')
    redis.call('HSET', view, 't', '', 'er', at)
    if redis.call('PTTL', view) < 0 then redis.call('EXPIRE', view, 86400) end
  elseif redis.call('HEXISTS', view, 'er') == 0 then
    -- A key without a command, as after a crash between the two, is forgotten.
    local set = anew == '1' and 'HSET' or 'HSETNX'
    if redis.call(set, view, 'dk', wrapped) == 1 and redis.call('PTTL', view) < 0 then
      redis.call('EXPIRE', view, 86400)
    end
  end
end
for _ = 1, tonumber(next()) do
  local hash, field, value, reached = next(), next(), next(), next()
  redis.call('HSET', hash, field, value)
  if reached ~= '' then
    local p = string.sub(hash, 1, -2) .. 'p'
    local high, normal, low, waiting = string.match(reached, '(%d+) (%d+) (%d+) (%d+)')
    lapse(hash, p)
    redis.call('HSET', hash, 'c:high', high, 'c:normal', normal, 'c:low', low, 'c:waiting', waiting)
    for queue, offset in pairs({high = high, normal = normal, low = low, waiting = waiting}) do
      -- Anything below the queue's number is a reservation.
      unpend_all(hash, p, QUEUES[queue], '(' .. string.format('%.0f', QUEUES[queue] + offset))
    end
  end
end
local total = 0
for _ = 1, tonumber(next()) do
  local name = next()
  next()
  local offset = next()
  local before = redis.call('HGET', KEYS[1], name)
  redis.call('HSET', KEYS[1], name, offset)
  total = total + tonumber(offset) - tonumber(before or '0')
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
  ended[2] = redis.call('HGET', KEYS[1], 'total')
else
  redis.call('HDEL', KEYS[1], 'total')
end
return ended

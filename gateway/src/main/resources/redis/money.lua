-- The money of an account, put before the scripts that ask for it: balances as billing has written them, and what is set
-- aside for agents that are not in them yet.
-- The hash `b` has for each holder (`account`, or the id of an API key) what it holds, the day of its newest charge, the
-- last day of that month, and what was charged on the day and in the month; days are counted from 1970. Beside them
-- `p:` and a holder: the sum of what is pending; `c:` and a queue: how far its commands are in the account's balance.
-- The sorted set `p` has what is pending, as `key id:micro-dollars:agent id`: a reservation by the ms at which it lapses,
-- one whose command was read by the queue's number and the command's offset.
local DAY, SOON = 86400000, 5000
local QUEUES = {high = 1e15, normal = 2e15, low = 3e15, waiting = 4e15}

-- What a holder was charged today and in this month, what it holds, and in how many ms the month is over.
local function standing(balance, pending)
  local today, held, of_day, of_month, rest = math.floor(now / DAY), tonumber(pending or 0), 0, 0, DAY
  if balance then
    local holds, day, last, charged_day, charged_month = string.match(balance, '(%d+) (%d+) (%d+) (%d+) (%d+)')
    held = held + holds
    if today <= tonumber(day) then of_day = tonumber(charged_day) end
    if today <= tonumber(last) then of_month, rest = tonumber(charged_month), (last + 1) * DAY - now end
  end
  return of_day, of_month, held, rest
end

-- Sets something aside, once.
local function pend(b, p, key, hold, id, score)
  if redis.call('ZADD', p, score, key .. ':' .. hold .. ':' .. id) == 1 then
    redis.call('HINCRBY', b, 'p:account', hold)
    redis.call('HINCRBY', b, 'p:' .. key, hold)
  end
end

-- Gives one agent's back.
local function unpend(b, p, key, hold, id)
  if redis.call('ZREM', p, key .. ':' .. hold .. ':' .. id) == 1 then
    redis.call('HINCRBY', b, 'p:account', -hold)
    redis.call('HINCRBY', b, 'p:' .. key, -hold)
  end
end

-- Gives all between two scores back. True when there was any.
local function unpend_all(b, p, from, to)
  local members = redis.call('ZRANGEBYSCORE', p, from, to)
  if #members == 0 then return false end
  local sums = {account = 0}
  for _, member in ipairs(members) do
    local key, hold = string.match(member, '^([^:]+):(%d+):')
    sums.account = sums.account + hold
    sums[key] = (sums[key] or 0) + hold
  end
  for holder, sum in pairs(sums) do redis.call('HINCRBY', b, 'p:' .. holder, -sum) end
  redis.call('ZREMRANGEBYSCORE', p, from, to)
  return true
end

-- Reservations that nothing followed.
local function lapse(b, p) return unpend_all(b, p, '-inf', now) end

-- Which of the budgets, daily and monthly of the account and of the key (empty: none), has no room for the hold, and in
-- how many ms to ask again; nothing when all have.
local function lacking(b, key, hold, budgets)
  local known = redis.call('HMGET', b, 'account', 'p:account', key, 'p:' .. key)
  for i = 1, 3, 2 do
    if budgets[i] ~= '' then
      local daily, monthly, whose = tonumber(budgets[i]), tonumber(budgets[i + 1]), i == 3 and 'key ' or ''
      local of_day, of_month, held, rest = standing(known[i], known[i + 1])
      if of_month + held + hold > monthly then
        return whose .. 'monthly', of_month + hold > monthly and rest or SOON
      end
      if of_day + held + hold > daily then
        return whose .. 'daily', of_day + hold > daily and DAY - now % DAY or SOON
      end
    end
  end
end

-- Token buckets, put before every script that takes tokens.
-- A token returns one window after the slice (a sixtieth of the window) in which it was taken has ended. So no window,
-- wherever it begins, sees more than the limit. A bucket is a hash: what was taken by number of slice, its sum `u`, the
-- oldest slice `o` and the newest `n`.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

-- Opens a bucket and forgets what has returned.
local function bucket(key, limit, window)
  local length = math.ceil(window / 60)
  local slice = math.floor(now / length)
  local known = redis.call('HMGET', key, 'u', 'o', 'n', slice)
  local b = {
    key = key, limit = tonumber(limit), window = tonumber(window), length = length,
    used = tonumber(known[1] or 0), oldest = tonumber(known[2] or nil), newest = tonumber(known[3] or nil),
    slice = slice, taken = tonumber(known[4] or 0)
  }
  local least = math.floor((now - window) / length)
  if b.oldest and b.newest < least then
    redis.call('DEL', key)
    b.used, b.oldest, b.newest, b.taken = 0, nil, nil, 0
  elseif b.oldest and b.oldest < least then
    while b.oldest < least or (b.oldest < b.newest and redis.call('HEXISTS', key, b.oldest) == 0) do
      local taken = redis.call('HGET', key, b.oldest)
      if taken then
        b.used = b.used - taken
        redis.call('HDEL', key, b.oldest)
      end
      b.oldest = b.oldest + 1
    end
    redis.call('HSET', key, 'u', b.used, 'o', b.oldest)
  end
  return b
end

-- Takes so many tokens, now.
local function take(b, cost)
  -- A clock that was set back must not make tokens return early.
  if b.newest and b.newest > b.slice then
    b.slice, b.taken = b.newest, tonumber(redis.call('HGET', b.key, b.newest) or 0)
  end
  b.used, b.taken = b.used + cost, b.taken + cost
  if b.slice == b.newest then
    redis.call('HSET', b.key, b.slice, b.taken, 'u', b.used)
    return
  end
  b.oldest, b.newest = b.oldest or b.slice, b.slice
  redis.call('HSET', b.key, b.slice, b.taken, 'u', b.used, 'o', b.oldest, 'n', b.newest)
  redis.call('PEXPIREAT', b.key, (b.newest + 1) * b.length + b.window)
end

-- In how many ms so many tokens are there to be taken; 0 for now.
local function wait(b, cost)
  if cost > b.limit then return b.window end
  local left, slice = b.used, b.oldest
  if left + cost <= b.limit then return 0 end
  while slice <= b.newest do
    left = left - (redis.call('HGET', b.key, slice) or 0)
    if left + cost <= b.limit then return (slice + 1) * b.length + b.window - now end
    slice = slice + 1
  end
  return b.window
end

-- What clients are told: the limit, tokens left, and in how many ms the next returns if none is left, else all have.
local function figures(b)
  local left = math.max(0, b.limit - b.used)
  if left == 0 then return {b.limit, 0, wait(b, 1)} end
  if not b.newest or b.used == 0 then return {b.limit, left, 0} end
  return {b.limit, left, (b.newest + 1) * b.length + b.window - now}
end

local function refused(total, by, b, cost)
  return {'refused', total, by, wait(b, cost), figures(b)}
end

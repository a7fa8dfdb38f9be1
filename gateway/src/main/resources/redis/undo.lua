-- Takes a reservation back whose command certainly never reached the log. Harmless when it did or is gone.
-- What it took of the buckets comes back with it.
-- KEYS: the agent's view, the key's unfinished agents, the idempotency row, the account's `b` and `p` (see money.lua),
--       the buckets
-- ARGV: agent id, key id, hold, then per bucket how much
if redis.call('HEXISTS', KEYS[1], 'rs') == 1 then
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  unpend(KEYS[4], KEYS[5], ARGV[2], ARGV[3], ARGV[1])
  for i = 6, #KEYS do
    local newest = redis.call('HGET', KEYS[i], 'n')
    local taken = newest and redis.call('HGET', KEYS[i], newest)
    if taken then
      local back = math.min(taken, ARGV[i - 2])
      -- Less than nothing is written "-0", which is no number to Redis.
      if back > 0 then
        redis.call('HINCRBY', KEYS[i], newest, -back)
        redis.call('HINCRBY', KEYS[i], 'u', -back)
      end
    end
  end
  if redis.call('HGET', KEYS[3], 'id') == ARGV[1] and redis.call('HEXISTS', KEYS[3], 'done') == 0 then
    redis.call('DEL', KEYS[3])
  end
end
return 1

-- Takes a reservation back whose command certainly never reached the log. Harmless when it did or is gone.
-- KEYS: the agent's view, the key's unfinished agents, the idempotency row; ARGV: agent id
if redis.call('HEXISTS', KEYS[1], 'rs') == 1 then
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  if redis.call('HGET', KEYS[3], 'id') == ARGV[1] and redis.call('HEXISTS', KEYS[3], 'done') == 0 then
    redis.call('DEL', KEYS[3])
  end
end
return 1

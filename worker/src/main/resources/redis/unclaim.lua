-- Takes a worker's own claim of an attempt back, when the attempt has not started.
-- KEYS[1] the agent's view; ARGV: attempt, worker id. Answers {'returned'} or {'kept'}.
local view = redis.call('HMGET', KEYS[1], 'cl', 'n')
if view[1] == ARGV[1] .. ':' .. ARGV[2] and tonumber(view[2] or '0') < tonumber(ARGV[1]) then
  redis.call('HDEL', KEYS[1], 'cl')
  return {'returned'}
end
return {'kept'}

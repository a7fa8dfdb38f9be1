-- Claims one attempt of an agent for a worker, so that a record delivered twice runs once.
-- KEYS[1] the agent's view; ARGV: attempt, worker id, prefix of lease keys.
-- Answers {outcome, wrapped data key}: granted, taken (by a worker that lives), ended (or superseded), unknown.
local view = redis.call('HMGET', KEYS[1], 'x', 'n', 'cl', 'dk')
if not view[1] or not view[4] then return {'unknown', ''} end
if view[1] == 'C' or view[1] == 'F' or view[1] == 'X' then return {'ended', ''} end
local attempt = tonumber(ARGV[1])
if tonumber(view[2] or '0') >= attempt then return {'ended', ''} end
if view[3] then
  local number, worker = string.match(view[3], '^(%d+):(.+)$')
  number = tonumber(number)
  if number > attempt then return {'ended', ''} end
  if number == attempt and worker ~= ARGV[2] and redis.call('EXISTS', ARGV[3] .. worker) == 1 then
    return {'taken', ''}
  end
end
redis.call('HSET', KEYS[1], 'cl', ARGV[1] .. ':' .. ARGV[2])
return {'granted', view[4]}

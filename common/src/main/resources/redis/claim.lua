-- Claims one attempt of an agent for a worker, so that a record delivered twice runs once.
-- The provider's call comes with it.
-- KEYS: the agent's view, the bucket of the provider's calls; ARGV: attempt, worker id, prefix of lease keys, limit of
-- the bucket (0: none) and its window
-- Answers {outcome, wrapped data key, calls left in the bucket, or ms until the next}: granted, spent (there is no call
-- left), taken (by a worker that lives), ended (or superseded), unknown.
local view = redis.call('HMGET', KEYS[1], 'x', 'n', 'cl', 'dk')
if not view[1] then return {'unknown', ''} end
if view[1] == 'C' or view[1] == 'F' or view[1] == 'X' then return {'ended', ''} end
local attempt = tonumber(ARGV[1])
if tonumber(view[2] or '0') >= attempt then return {'ended', ''} end
-- Its key is still to be read. That of a deleted agent never comes, but such a one has ended.
if not view[4] then return {'unknown', ''} end
if view[3] then
  local number, worker = string.match(view[3], '^(%d+):(.+)$')
  number = tonumber(number)
  if number > attempt then return {'ended', ''} end
  if number == attempt and worker ~= ARGV[2] and redis.call('EXISTS', ARGV[3] .. worker) == 1 then
    return {'taken', ''}
  end
end
local left = -1
local mine = ARGV[1] .. ':' .. ARGV[2]
-- What is claimed again has its call.
if ARGV[4] ~= '0' and view[3] ~= mine then
  local calls = bucket(KEYS[2], ARGV[4], ARGV[5])
  if calls.used >= calls.limit then return {'spent', '', string.format('%.0f', wait(calls, 1))} end
  take(calls, 1)
  left = calls.limit - calls.used
end
redis.call('HSET', KEYS[1], 'cl', mine)
return {'granted', view[4], string.format('%.0f', left)}

-- Reads one agent's view.
-- KEYS: meta, the view, the account's spawning agents; ARGV: total seen before, agent id, hold in ms
-- Answers {outcome, total, letter, facts, task, result, wrapped key, place in the queue}: stale, none, ok.
local total = redis.call('HGET', KEYS[1], 'total')
if not total or tonumber(total) < tonumber(ARGV[1]) then return {'stale', total or '0'} end
local view = redis.call('HMGET', KEYS[2], 'v', 't', 'r', 'dk', 'x', 'rs')
if not view[1] or view[1] == '' or not view[2] then return {'none', total} end
local rank = -1
if view[5] == 'S' then
  if view[6] then
    -- Reserved but not confirmed by the log: it counts while the log may still confirm it.
    local clock = redis.call('TIME')
    if clock[1] * 1000 + math.floor(clock[2] / 1000) - view[6] > tonumber(ARGV[3]) then return {'none', total} end
  end
  rank = redis.call('ZRANK', KEYS[3], ARGV[2]) or -1
end
return {'ok', total, view[5], view[1], view[2], view[3] or '', view[4] or '', rank}

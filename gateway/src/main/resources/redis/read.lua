-- Reads one agent's view.
-- KEYS: meta, the view, the account's spawning agents, three of entry.lua
-- ARGV: total seen before, agent id, hold in ms, five of entry.lua
-- Answers {outcome, total, figures, letter, facts, task, result, wrapped key, place in the queue, what blocks it, {facts of a
-- team's agents}, ms when its texts were deleted}: stale, refused, none, ok.
local total = redis.call('HGET', KEYS[1], 'total')
if not total or tonumber(total) < tonumber(ARGV[1]) then return {'stale', total or '0'} end
local refusal, told = pay(4, 4, total)
if refusal then return refusal end
local view = redis.call('HMGET', KEYS[2], 'v', 't', 'r', 'dk', 'x', 'rs', 'b', 'tm', 'er')
if not view[1] or view[1] == '' or not view[2] then return {'none', total, told} end
local rank = -1
if view[5] == 'S' then
  if view[6] then
    -- Reserved but not confirmed by the log: it counts while the log may still confirm it.
    if now - view[6] > tonumber(ARGV[3]) then return {'none', total, told} end
  end
  rank = redis.call('ZRANK', KEYS[3], ARGV[2]) or -1
end
local members = {}
if view[8] then
  local prefix = string.sub(KEYS[2], 1, -#ARGV[2] - 1)
  for id in string.gmatch(view[8], '%S+') do members[#members + 1] = redis.call('HGET', prefix .. id, 'v') or '' end
end
return {'ok', total, told, view[5], view[1], view[2], view[3] or '', view[4] or '', rank, view[7] or '', members, view[9] or ''}

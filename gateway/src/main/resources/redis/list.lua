-- Lists an account's unfinished agents, oldest first. Tasks of unfinished agents lie here whole, so a page also ends
-- before its tasks pass a number of bytes, after one row at least.
-- KEYS: meta, the account's `b` (see money.lua), three of entry.lua, then one or two sorted sets of agents
-- ARGV: total seen before, prefix of views, most agents, after score, after id, model (empty: any), most to look at,
--       most bytes of tasks, five of entry.lua
-- Answers {outcome, total, figures, charged, count, {score, id, letter, facts, task, wrapped key, …}, more}.
local total = redis.call('HGET', KEYS[1], 'total')
if not total or tonumber(total) < tonumber(ARGV[1]) then return {'stale', total or '0'} end
local refusal, told = pay(3, 9, total)
if refusal then return refusal end
local most, after, afterid, model, scan = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5], ARGV[6], tonumber(ARGV[7])
local found, count, looked = {}, 0, 0
local function fits(id)
  return model == '' or redis.call('HGET', ARGV[2] .. id, 'm') == model
end
for i = 6, #KEYS do
  if model == '' then count = count + redis.call('ZCARD', KEYS[i]) end
  local from, taken, done = 0, 0, false
  while not done and looked < scan do
    local start = model == '' and ARGV[4] or '-inf'
    local page = redis.call('ZRANGEBYSCORE', KEYS[i], start, '+inf', 'WITHSCORES', 'LIMIT', from, 200)
    from = from + 200
    done = #page < 400
    for p = 1, #page, 2 do
      looked = looked + 1
      local id, score = page[p], tonumber(page[p + 1])
      if fits(id) then
        if model ~= '' then count = count + 1 end
        if (score > after or (score == after and id > afterid)) and taken <= most then
          taken = taken + 1
          found[#found + 1] = {score, id}
        end
      end
    end
    if model == '' and taken > most then done = true end
  end
end
table.sort(found, function(a, b) if a[1] == b[1] then return a[2] < b[2] end return a[1] < b[1] end)
local agents, more, bytes = {}, 0, 0
if #found > most then more = 1 end
for i = 1, math.min(#found, most) do
  bytes = bytes + redis.call('HSTRLEN', ARGV[2] .. found[i][2], 't')
  if bytes > tonumber(ARGV[8]) and #agents > 0 then
    more = 1
    break
  end
  local view = redis.call('HMGET', ARGV[2] .. found[i][2], 'v', 't', 'dk', 'x')
  if view[1] and view[1] ~= '' and view[2] then
    agents[#agents + 1] = string.format('%.0f', found[i][1])
    agents[#agents + 1] = found[i][2]
    agents[#agents + 1] = view[4]
    agents[#agents + 1] = view[1]
    agents[#agents + 1] = view[2]
    agents[#agents + 1] = view[3] or ''
  end
end
local charged = standing(redis.call('HGET', KEYS[2], 'account'), 0)
return {'ok', total, told, charged, count, agents, more}

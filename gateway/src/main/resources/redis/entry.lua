-- What every request takes, put before the scripts of the endpoints: a token of its address, one of its API key at the
-- endpoint, and its signature, which is good once.
-- KEYS k, k+1, k+2: bucket of the address, bucket of the key, the signature's mark
-- ARGV a…a+4: limit and window of the first (limit 0: taken already), of the second (0: none is taken), and for how many
--   ms the signature is remembered (0: unsigned)

-- The address and the signature; a refusal, or nil; and the address's bucket.
local function enter(k, a, total)
  local address
  if ARGV[a] ~= '0' then
    address = bucket(KEYS[k], ARGV[a], ARGV[a + 1])
    if address.used >= address.limit then return refused(total, 'address', address, 1) end
    take(address, 1)
  end
  if ARGV[a + 4] ~= '0' and not redis.call('SET', KEYS[k + 2], 1, 'NX', 'PX', ARGV[a + 4]) then
    return {'refused', total, 'replayed', 0, {}}
  end
  return nil, address
end

-- The key's bucket, or nil when nothing is taken of it.
local function own(k, a)
  if ARGV[a + 2] == '0' then return nil end
  return bucket(KEYS[k + 1], ARGV[a + 2], ARGV[a + 3])
end

-- All at once: a refusal, or nil; and figures of the key's bucket, or of the address's when it has none.
local function pay(k, a, total)
  local refusal, address = enter(k, a, total)
  if refusal then return refusal, {} end
  local mine = own(k, a)
  if not mine then return nil, address and figures(address) or {} end
  if mine.used >= mine.limit then return refused(total, 'key', mine, 1), {} end
  take(mine, 1)
  return nil, figures(mine)
end

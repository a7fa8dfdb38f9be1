-- Becomes or stays the owner of the projection. KEYS: owner; ARGV: token, lease in ms. Answers 1 for the owner.
local owner = redis.call('GET', KEYS[1])
if not owner or owner == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1
end
return 0

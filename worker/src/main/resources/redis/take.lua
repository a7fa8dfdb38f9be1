-- Takes one call of a provider's hour.
-- KEYS[1] the bucket; ARGV: its limit and window. Answers {ms until there is one; 0: it was taken}.
local calls = bucket(KEYS[1], ARGV[1], ARGV[2])
if calls.used >= calls.limit then return {string.format('%.0f', math.max(1, wait(calls, 1)))} end
take(calls, 1)
return {'0'}

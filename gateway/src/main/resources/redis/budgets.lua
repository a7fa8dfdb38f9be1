-- Looks at buckets without taking anything. KEYS: the buckets; ARGV: limit and window of each
-- Answers the clock in ms, then figures for each.
local all = {now}
for i = 1, #KEYS do all[i + 1] = figures(bucket(KEYS[i], ARGV[2 * i - 1], ARGV[2 * i])) end
return all

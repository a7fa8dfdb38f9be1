-- For requests that need Redis for their limits alone. KEYS and ARGV: see entry.lua.
local refusal, told = pay(1, 1, '0')
return refusal or {'ok', '0', told}

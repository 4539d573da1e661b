-- One operation of one account: KEYS[1] is a hash of `next`, when its next permit is due, and `banned`, until when it is
-- banned; both in microseconds of the server's clock.
-- ARGV: the cost of the wanted permits (0 takes none), the longest wait for the first, a ban from now (0 is none, -1 lifts
-- one); all in microseconds. The answer: 0 for reserved, 1 for too late, 2 for banned; and after how many microseconds.
local cost, longest_wait, ban = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local state = redis.call('HMGET', KEYS[1], 'next', 'banned')
local next_permit = tonumber(state[1] or 0)
local banned = tonumber(state[2] or 0)

-- No reservation is so far ahead: the server's clock was set back.
if next_permit > now + 62000000 then next_permit = now end
next_permit = math.max(next_permit, now)

local answer
if ban > 0 then
  banned = math.max(banned, now + ban)
  answer = {2, banned - now}
elseif ban < 0 then
  banned = 0
  answer = {0, 0}
elseif banned > now then
  return {2, banned - now}
elseif cost == 0 then
  return {0, 0}
elseif next_permit - now > longest_wait then
  return {1, next_permit - now}
else
  answer = {0, next_permit - now}
  next_permit = next_permit + cost
end

redis.call('HSET', KEYS[1], 'next', string.format('%.0f', next_permit), 'banned', string.format('%.0f', banned))
redis.call('PEXPIRE', KEYS[1], math.ceil((math.max(next_permit, banned) - now) / 1000) + 1000)
return answer

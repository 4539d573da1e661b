-- One operation of one account: KEYS[1] is a hash of `next`, when its next turn may go, and `banned`, until when it is
-- banned; both in microseconds of the server's clock.
-- ARGV: what the wanted turns cost (0 takes none), how long the first may be away, a ban from now on (0 is none, -1 lifts
-- one); all in microseconds. The answer: 0 for reserved, 1 for too late, 2 for banned; and after how many microseconds.
local cost, longest_wait, ban = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local state = redis.call('HMGET', KEYS[1], 'next', 'banned')
local next_turn = tonumber(state[1] or 0)
local banned = tonumber(state[2] or 0)

-- No reservation reaches so far ahead: the server's clock was set back.
if next_turn > now + 62000000 then next_turn = now end
next_turn = math.max(next_turn, now)

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
elseif next_turn - now > longest_wait then
  return {1, next_turn - now}
else
  answer = {0, next_turn - now}
  next_turn = next_turn + cost
end

redis.call('HSET', KEYS[1], 'next', string.format('%.0f', next_turn), 'banned', string.format('%.0f', banned))
redis.call('PEXPIRE', KEYS[1], math.ceil((math.max(next_turn, banned) - now) / 1000) + 1000)
return answer

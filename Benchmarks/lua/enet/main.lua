-- Bare strings of 24 bytes through lua-enet, reliable and in order, both hosts in this process on the loopback interface.
-- Run by LÖVE without a window: love Benchmarks/lua/enet [SECONDS [ROUNDS]]
-- Prints a line a round: messages, seconds of processor time.
local enet = require "enet"

local function connect()
  local receiver = enet.host_create("127.0.0.1:0", 1, 1, 0, 0)
  local port = receiver:get_socket_address():match(":(%d+)$")
  local sender = enet.host_create(nil, 1, 1, 0, 0)
  local peer = sender:connect("127.0.0.1:" .. port, 1)
  local there, here = false, false
  for _ = 1, 1000 do
    local event = sender:service(1)
    if event and event.type == "connect" then there = true end
    event = receiver:service(1)
    if event and event.type == "connect" then here = true end
    if there and here then return receiver, sender, peer end
  end
  error("lua-enet does not connect")
end

local receiver, sender, peer = connect()
local text = ("x"):rep(24)
local sent, received = 0, 0

-- One turn: as many messages as may be under way, then both ends.
local function turn(window)
  while sent - received < window do
    peer:send(text, 0, "reliable")
    sent = sent + 1
  end
  sender:flush()
  local event = receiver:service(0)
  while event do
    if event.type == "receive" and #event.data == 24 then received = received + 1 end
    event = receiver:check_events()
  end
  receiver:flush()
  sender:service(0)
end

local function run(seconds, window)
  local before, start = received, os.clock()
  repeat
    for _ = 1, 16 do turn(window) end
  until os.clock() - start >= seconds
  return received - before, os.clock() - start
end

function love.run()
  local seconds, rounds = tonumber(arg[2]) or 1.5, tonumber(arg[3]) or 5
  -- At its best: a short run of each window decides.
  local window, best = 0, 0
  for _, candidate in ipairs { 64, 128, 256, 512, 1024, 2048 } do
    run(0.05, candidate)
    local count, time = run(0.2, candidate)
    if count / time > best then window, best = candidate, count / time end
  end
  for _ = 1, rounds do
    local count, time = run(seconds, window)
    print(count, time, window)
  end
  return function() return 0 end
end

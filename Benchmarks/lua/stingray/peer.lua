-- Messages of four arguments from one peer to another. Both run this file, each in a Lua state of its own.
local Network, RPC = stingray.Network, stingray.RPC
local lobby, other
local received = 0
local callbacks = {}

function callbacks:hit(sender, id, amount, height, flag)
  if sender == other and id == 17 and flag then received = received + 1 end
end

Network.set_max_transmit_rate(0)
client = Network.init_lan_client("bench")

function open(port)
  lobby = Network.create_lan_lobby(port, 2)
end

function join(port)
  lobby = Network.join_lan_lobby("127.0.0.1:" .. port)
end

-- True once there is another member.
function meet()
  Network.update(0.01, callbacks)
  for _, peer in ipairs(lobby:members()) do
    if peer ~= Network.peer_id() and Network.has_connection(peer) then other = peer end
  end
  return tostring(other ~= nil)
end

-- As many messages as fit, `most` at most; then a frame.
function send(most)
  local count = math.min(most, math.floor(Network.reliable_send_buffer_left(other) / 16))
  local hit, other = RPC.hit, other
  for i = 1, count do hit(other, 17, 100000 + i, 1.25, true) end
  Network.update(0.001, callbacks)
end

function receive()
  Network.update(0.001, callbacks)
end

function count() return received end

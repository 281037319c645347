-- Plays one of the generated workloads: as its host, or as a client with Lua. The benchmark program sets the global
-- `folder`, where the generated files are, and calls the other globals.

local GameSession, Network, RPC = stingray.GameSession, stingray.Network, stingray.RPC
local Quaternion, Vector3 = stingray.Quaternion, stingray.Vector3
local get, set = GameSession.game_object_field, GameSession.set_game_object_field

local work, lobby, session
local is_host, player
local own = {} -- ids of the objects that this peer creates
local movers, reads = {}, {}
local others = {} -- peers to send messages to
local added, synced = {}, {} -- host: when a peer was added, and when it had all objects
local senders = {} -- the messages in the order in which they are sent
local clock, now, next_move, has_moved = 0, 0, 0, true
local get_credit, rpc_credit, next_get, next_rpc = 0, 0, 1, 1
local counts = { moved = 0, sets = 0, gets = 0, sent = 0, received = 0, created = 0 }

-- Events ------------------------------------------------------------------------------------------------------------

local callbacks = {}

function callbacks:game_object_created() counts.created = counts.created + 1 end
function callbacks:game_object_destroyed() end
function callbacks:game_session_disconnect() session = nil end
function callbacks:game_object_sync_done(peer)
	synced[peer] = now
	others[#others + 1] = peer
end

local function handle_messages()
	for _, message in ipairs(work.messages) do
		callbacks[message.name] = function() counts.received = counts.received + 1 end
		if message.name ~= "input" then senders[#senders + 1] = { RPC[message.name], message } end
	end
end

-- Beginning ---------------------------------------------------------------------------------------------------------

local function create(object)
	local id = session:create_game_object(object.type, object.values)
	own[#own + 1] = id
	if object.is_moving or object.is_player then movers[#movers + 1] = id end
	for _, field in ipairs(object.fields) do reads[#reads + 1] = { id, field } end
end

local function start(name)
	work = dofile(folder .. "/" .. name .. ".lua")
	Network.init_lan_client(name)
	handle_messages()
end

function open(name, port)
	start(name)
	is_host = true
	lobby = Network.create_lan_lobby(port, work.members)
	session = Network.create_game_session()
	session:make_game_session_host()
	local has_player = false
	for _, object in ipairs(work.objects) do
		if not object.is_player or not has_player then create(object) end
		has_player = has_player or object.is_player
	end
	if work.mover_rate < 60 then Network.set_max_transmit_rate(0) end
	if work.cap then
		local share = work.cap / (work.members - 1)
		Network.enable_qos(share, share, work.cap)
	end
end

function join(name, address)
	start(name)
	lobby = Network.join_lan_lobby(address)
end

-- Lets in whoever is in the lobby.
local function admit()
	for _, peer in ipairs(lobby:members()) do
		if peer ~= Network.peer_id() and not added[peer] then
			added[peer] = now
			session:add_peer(peer)
		end
	end
end

local function enter()
	if lobby:state() ~= stingray.LanLobby.JOINED then return end
	if not session then session = Network.create_game_session() end
	if not session:in_session() or player then return end
	for _, object in ipairs(work.objects) do
		if object.is_player then player = object end
	end
	if player then create(player) end
	others = { session:game_session_host() }
end

-- A frame -----------------------------------------------------------------------------------------------------------

local function move_coop()
	for i = 1, #movers do
		local id, angle = movers[i], clock * 0.5 + i
		set(session, id, "position", Vector3(100 * math.cos(angle), 100 * math.sin(angle), i))
		set(session, id, "rotation", Quaternion.axis_angle(Vector3(0, 0, 1), angle % 6))
		set(session, id, "velocity", Vector3(-10 * math.sin(angle), 10 * math.cos(angle), 0))
	end
	counts.sets, counts.moved = counts.sets + 3 * #movers, counts.moved + #movers
end

local tick = 0
local function move_battle()
	tick = (tick + 1) % 256
	for i = 1, #movers do
		local id, angle = movers[i], clock * 0.5 + i
		set(session, id, "position", Vector3(100 * math.cos(angle), 100 * math.sin(angle), i))
		set(session, id, "yaw", angle % 6 - 3)
		set(session, id, "pitch", math.sin(angle))
		set(session, id, "velocity", Vector3(-10 * math.sin(angle), 10 * math.cos(angle), 0))
		set(session, id, "stance", (tick + i) % 4)
		set(session, id, "tick", tick)
	end
	counts.sets, counts.moved = counts.sets + 6 * #movers, counts.moved + #movers
end

local function read(count)
	for _ = 1, count do
		local place = reads[next_get]
		get(session, place[1], place[2])
		next_get = next_get % #reads + 1
	end
	counts.gets = counts.gets + count
end

local function send(count)
	for _, peer in ipairs(others) do
		for i = 1, count do
			local sender = senders[(next_rpc + i) % #senders + 1]
			sender[1](peer, unpack(sender[2].arguments))
		end
	end
	next_rpc = next_rpc + count
	counts.sent = counts.sent + count * #others
end

-- The game's part of a frame: all its calls of the API but `Network.update`.
function play(dt)
	clock = clock + dt
	if not session or #movers == 0 then return end
	if work.mover_rate == 60 then
		move_coop()
	elseif clock >= next_move then
		next_move = math.max(next_move + 1 / work.mover_rate, clock - 0.5 / work.mover_rate)
		move_battle()
		has_moved = true
	end
	-- After a stall what was missed is not made up for.
	local share = is_host and 1 or 0.02
	get_credit = get_credit + work.gets * share * math.min(dt, 0.05)
	rpc_credit = rpc_credit + work.rpcs * math.min(dt, 0.05)
	local reading, sending = math.floor(get_credit), math.floor(rpc_credit)
	get_credit, rpc_credit = get_credit - reading, rpc_credit - sending
	read(reading)
	send(sending)
end

-- The network's part. A battle's host sends when its soldiers have moved, and receives in every frame.
function network(dt, time)
	now = time
	if not is_host or work.mover_rate == 60 then return Network.update(dt, callbacks) end
	Network.update_receive(dt, callbacks)
	if has_moved then Network.update_transmit() end
	has_moved = false
end

-- Until everyone is there, also done each frame; not part of what is measured.
function gather()
	if not is_host then return enter() end
	admit()
end

-- "peers that are synchronised, sets, gets, sent, received, objects created", and on a host how often one of its
-- objects moved
function report()
	local done = 0
	for _ in pairs(synced) do done = done + 1 end
	return string.format(
		"%d %d %d %d %d %d %d", done, counts.sets, counts.gets, counts.sent, counts.received, counts.created, counts.moved)
end

-- Host: seconds from adding the last peer until it had all objects; "" while it has not.
function join_time()
	local latest
	for peer, time in pairs(added) do
		if not latest or time > added[latest] then latest = peer end
	end
	return latest and synced[latest] and tostring(synced[latest] - added[latest]) or ""
end

-- One call of the API again and again, without other peers, for profiles and for the time of a call.
local repeated = {}
function repeated.nothing(count)
	for i = 1, count do local _ = movers[i % 64 + 1] end
end
function repeated.get_number(count)
	for i = 1, count do get(session, movers[i % 64 + 1], "yaw") end
end
function repeated.get_vector(count)
	for i = 1, count do get(session, movers[i % 64 + 1], "position") end
end
function repeated.set_number(count)
	for i = 1, count do set(session, movers[i % 64 + 1], "yaw", i % 7 * 0.4) end
end
function repeated.set_vector(count)
	local values = {}
	for i = 1, 5 do values[i] = Vector3(i, i, i) end
	for i = 1, count do set(session, movers[i % 64 + 1], "position", values[i % 5 + 1]) end
end
function repeated.make_vector(count)
	for i = 1, count do Vector3(i, 2, 3) end
end
function repeated.message(count)
	local input, me = RPC.input, Network.peer_id()
	for i = 1, count do
		input(me, 17, 0.5, -0.5)
		if i % 100 == 0 then Network.update_receive(0.01, callbacks) end
	end
end
function call_repeatedly(name, count) repeated[name](count) end

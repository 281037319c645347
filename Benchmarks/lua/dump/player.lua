-- One player of the recorded match; runs in the state of a simulated peer, which calls update(dt) each frame.

local GameSession, Network, RPC, Vector3, Quaternion = stingray.GameSession, stingray.Network, stingray.RPC, stingray.Vector3, stingray.Quaternion

local ROUND = 120 -- seconds
local time, number = 0, 0
local game, avatar, is_host
local rockets, pickups, scores, points = {}, {}, {}, {}
local position, heading, health = nil, 0, 200
local next_shot, next_chat, next_step = 0, 5, 0
local random = math.random

local game_events = setmetatable({}, { __index = function() return function() end end })

function game_events:knocked_out(sender, victim)
	if victim == avatar then position, health = Vector3(random(-190, 190), random(-190, 190), 0), 200 end
end

function game_events:hit(sender, victim, damage)
	if victim ~= avatar then return end
	health = math.max(0, health - damage)
	if health == 0 then
		for _, peer in ipairs(game:other_peers()) do RPC.knocked_out(peer, avatar, avatar) end
		health = 200
	end
end

function tag(text)
	Network.write_dump_tag(text)
end

function start(index, host)
	number, is_host = index, host
	math.randomseed(index * 7919)
	position, heading = Vector3(random(-190, 190), random(-190, 190), 0), random() * 6
	game = Network.create_game_session()
	if is_host then game:make_game_session_host() end
end

function admit(peer)
	tag("player " .. peer .. " joins")
	game:add_peer(peer)
end

function dismiss(peer)
	tag("player " .. peer .. " is out")
	game:remove_peer(peer, game_events)
end

function leave()
	Network.shutdown_game_session()
	game, avatar, rockets = nil, nil, {}
end

local function enter()
	avatar = game:create_game_object("avatar", {
		owner_peer = Network.peer_id(), name = "Player " .. number, position = position, health = health,
		rotation = Quaternion(Vector3(0, 0, 1), heading),
	})
	scores[number] = game:create_game_object("score", { owner_peer = Network.peer_id(), name = "Player " .. number })
	points[number] = 0
	if is_host then
		for i = 1, 60 do
			pickups[i] = game:create_game_object("pickup", {
				kind = i % 7, position = Vector3(random(-190, 190), random(-190, 190), 0), is_there = true,
			})
		end
	end
end

-- How hectic a round is: quiet at first, wild at its end, and a pause before the next.
local function heat()
	local part = (time % ROUND) / ROUND
	return part > 0.92 and 0.1 or 0.3 + part
end

local function move(dt)
	heading = heading + (random() - 0.5) * 4 * dt
	local speed = 8 * heat()
	local x, y = Vector3.x(position) + math.cos(heading) * speed * dt, Vector3.y(position) + math.sin(heading) * speed * dt
	if math.abs(x) > 195 or math.abs(y) > 195 then heading = heading + math.pi * 0.5 end
	position = Vector3(math.max(-199, math.min(199, x)), math.max(-199, math.min(199, y)), 0)
	game:set_game_object_field(avatar, "position", position)
	game:set_game_object_field(avatar, "rotation", Quaternion(Vector3(0, 0, 1), heading))
	game:set_game_object_field(avatar, "stamina", 0.5 + 0.5 * math.sin(time / 3))
	if random() < dt * 2 then game:set_game_object_field(avatar, "animation", random(0, 31)) end
	if random() < dt / 2 then game:set_game_object_field(avatar, "crouches", random() < 0.5) end
	game:set_game_object_field(avatar, "health", health)
end

local function shoot(others)
	next_shot = time + (0.15 + random()) / heat()
	local velocity = Vector3(50 * math.cos(heading), 50 * math.sin(heading), 0)
	if random() < 0.3 then
		rockets[#rockets + 1] = {
			id = game:create_game_object("rocket", { shooter = avatar, position = position, velocity = velocity }),
			place = position, velocity = velocity, dies = time + 1.5,
		}
		return
	end
	for _, peer in ipairs(others) do RPC.shot(peer, avatar, position, velocity) end
	if random() < 0.25 and #others > 0 then
		local victim = others[random(#others)]
		local ids = game:objects_owned_by(victim)
		if ids[1] then RPC.hit(victim, ids[1], random(10, 60)) end
		points[number] = math.min(65535, points[number] + 1)
		game:set_game_object_field(scores[number], "points", points[number])
	end
end

local function fly(dt)
	for i = #rockets, 1, -1 do
		local rocket = rockets[i]
		rocket.place = rocket.place + rocket.velocity * dt
		local x, y = Vector3.x(rocket.place), Vector3.y(rocket.place)
		if time > rocket.dies or math.abs(x) > 199 or math.abs(y) > 199 then
			game:destroy_game_object(rocket.id)
			table.remove(rockets, i)
		else
			game:set_game_object_field(rocket.id, "position", rocket.place)
		end
	end
end

local function keep_rounds(others, dt)
	local before, now = math.floor((time - dt) / ROUND), math.floor(time / ROUND)
	if now > before then
		tag("round " .. now + 1 .. " begins")
		for _, peer in ipairs(others) do RPC.round_begins(peer, "The old harbour", 25) end
	end
	if random() < dt then
		local id = pickups[random(#pickups)]
		game:set_game_object_field(id, "is_there", not game:game_object_field(id, "is_there"))
	end
end

function update(dt)
	time = time + dt
	if game and game:in_session() then
		if not avatar then enter() end
		local others = game:other_peers()
		move(dt)
		fly(dt)
		if time > next_shot then shoot(others) end
		if time > next_step then
			next_step = time + 0.4
			for _, peer in ipairs(others) do RPC.footstep_on_ground(peer, avatar, random(0, 31)) end
		end
		if time > next_chat then
			next_chat = time + 8 + random() * 30
			for _, peer in ipairs(others) do RPC.chat(peer, ("well played, number %d, but wait for the next round"):format(random(8))) end
		end
		if is_host then keep_rounds(others, dt) end
	end
	Network.update(dt, game_events)
end

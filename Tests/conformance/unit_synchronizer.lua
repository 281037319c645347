-- Units that appear, move and end at all members alike.

local session = require "support/session"

local CONFIG = [[
types = {
	unit = { type = "resource_id" }
	place = { type = "vector3" min = -100 max = 100 bits = 20 }
	exact = { type = "vector3" }
	facing = { type = "quaternion" bits = 32 }
	health = { type = "int" min = 0 max = 255 }
}
objects = {
	box = { fields = [
		{ name = "unit" type = "unit" } { name = "position" type = "place" } { name = "rotation" type = "facing" }
		{ name = "health" type = "health" }
	] }
	ball = { fields = [ { name = "rotation" type = "facing" } { name = "position" type = "exact" } { name = "unit" type = "unit" } ] }
	nameless = { fields = [ { name = "position" type = "place" } { name = "rotation" type = "facing" } ] }
	flat = { fields = [ { name = "unit" type = "unit" } { name = "position" type = "facing" } { name = "rotation" type = "facing" } ] }
	marker = { fields = [ { name = "health" type = "health" } ] }
}
]]

-- Peers in one session, each with a world in the global `world` and its synchronizer in `sync`.
local function play(options)
	options = options or {}
	local no_world = options.no_world
	options.config, options.latency, options.no_world = CONFIG, options.latency or 0.02, nil
	local peers = session.play(options)
	for i = 1, #peers do
		peers[i]:run(function()
			function place(unit)
				local position = unit:local_position()
				return { position.x, position.y, position.z }
			end
			world = Application.new_world()
			sync = game:unit_synchronizer()
		end)
		if not no_world then peers[i]:run(function() sync:set_world(world) end) end
	end
	return peers
end

-- Spawns a unit in the global `unit` of a peer, and waits until all others have it in theirs.
local function spawn(peers, i, type, name, position)
	local id = peers[i]:run(function(type, name, position)
		unit = sync:spawn_unit(type, name, position)
		return sync:unit_to_game_object_id(unit)
	end, type or "box", name or "units/box", position or Vector3(1, 2, 3))
	for k = 1, #peers do
		session.wait(peers, k, function(id)
			unit = sync:game_object_id_to_unit(id)
			return unit ~= nil
		end, 10, id)
	end
	return id
end

local function where(peer) return peer:run(function() return place(unit) end) end

local function near(expected, actual, message)
	for i = 1, 3 do assert.near(expected[i], actual[i], 0.001, message) end
end

describe("GameSession.unit_synchronizer", function()
	it("is the same object each time", function()
		local peers = play { count = 1 }
		assert.same({ true, true, "UnitSynchronizer" }, peers[1]:run(function()
			local text = tostring(sync)
			return { sync == game:unit_synchronizer(), text:match("^UnitSynchronizer %d+$") ~= nil, Script.type_name(sync) }
		end))
	end)

	it("is there before this peer is in the session", function()
		local peers = simulate.peers { count = 1, config = CONFIG }
		assert.equal("UnitSynchronizer", peers[1]:run(function()
			client = Network.init_lan_client("simulated")
			game = Network.create_game_session()
			game:unit_synchronizer():set_world(Application.new_world())
			return Script.type_name(GameSession.unit_synchronizer(game))
		end))
	end)

	it("rejects sessions that were shut down", function()
		local peers = play { count = 1 }
		peers[1]:run(function() Network.shutdown_game_session() end)
		session.rejects("GameSession.unit_synchronizer: this GameSession was shut down; it cannot be used any more",
			peers[1], function() game:unit_synchronizer() end)
		session.rejects("UnitSynchronizer.set_world: the game session of this UnitSynchronizer was shut down; it cannot be used any more",
			peers[1], function() sync:set_world(world) end)
	end)
end)

describe("UnitSynchronizer.set_world", function()
	it("gives units to objects that were there before", function()
		local peers = play { no_world = true }
		peers[1]:run(function() sync:set_world(world) end)
		local id = peers[1]:run(function()
			unit = sync:spawn_unit("box", "units/box", Vector3(1, 2, 3))
			return sync:unit_to_game_object_id(unit)
		end)
		session.wait_event(peers, 2, "game_object_created")
		assert.equal(0, peers[2]:run(function() return world:num_units() end))
		near({ 1, 2, 3 }, peers[2]:run(function(id)
			sync:set_world(world)
			return place(sync:game_object_id_to_unit(id))
		end, id))
	end)

	it("fills a new world after the old one was released", function()
		local peers = play()
		local id = spawn(peers, 1)
		near({ 1, 2, 3 }, peers[2]:run(function(id)
			Application.release_world(world)
			assert(sync:game_object_id_to_unit(id) == nil)
			world = Application.new_world()
			sync:set_world(world)
			return place(world:units()[1])
		end, id))
	end)

	it("rejects worlds that were released, and what is none", function()
		local peers = play { count = 1 }
		session.rejects("UnitSynchronizer.set_world: argument 2 (world): expected World, got nil",
			peers[1], function() sync:set_world(nil) end)
		peers[1]:run(function() Application.release_world(world) end)
		session.rejects("UnitSynchronizer.set_world: this World was released; it cannot be used any more",
			peers[1], function() sync:set_world(world) end)
	end)
end)

describe("UnitSynchronizer.spawn_unit", function()
	for _, topology in ipairs(session.topologies) do
		it("makes a unit that appears and moves everywhere (" .. topology .. ")", function()
			local peers = play { count = 3, topology = topology, loss = 0.1 }
			for i = 1, 3 do
				local id = spawn(peers, i, i == 3 and "ball" or "box", "units/" .. i, Vector3(i, 0, 0))
				for k = 1, 3 do
					near({ i, 0, 0 }, where(peers[k]))
					assert.equal("units/" .. i, peers[k]:run(function(name)
						IdString64(name)
						return tostring(unit):match("%((.*)%)")
					end, "units/" .. i))
				end
				peers[i]:run(function()
					unit:set_local_position(1, Vector3(4, 5, 6))
					unit:set_local_rotation(1, Quaternion(Vector3.up(), 1))
				end)
				for k = 1, 3 do
					session.wait(peers, k, function()
						return math.abs(unit:local_position().y - 5) < 0.001
							and Quaternion.dot(unit:local_rotation(), Quaternion(Vector3.up(), 1)) > 0.9999
					end)
					assert.equal(id, peers[k]:run(function() return sync:unit_to_game_object_id(unit) end))
				end
			end
		end)
	end

	it("calls game_object_created, in which the unit is there", function()
		local peers = play()
		peers[2]:run(function()
			heard = {}
			callbacks = setmetatable({
				game_object_created = function(_, id, creator)
					heard = { place(sync:game_object_id_to_unit(id)), creator, game:game_object_is_type(id, "box") }
				end,
			}, { __index = callbacks })
		end)
		spawn(peers, 1)
		local heard = peers[2]:run(function() return heard end)
		near({ 1, 2, 3 }, heard[1])
		assert.same({ peers.ids[1], true }, { heard[2], heard[3] })
		assert.same({}, peers[1]:events("game_object_created"))
	end)

	it("places the unit at the origin unless told otherwise, and takes any name", function()
		local peers = play()
		local id = peers[1]:run(function()
			unit = sync:spawn_unit("ball", IdString64("units/ball"))
			return sync:unit_to_game_object_id(unit)
		end)
		near({ 0, 0, 0 }, session.wait(peers, 2, function(id)
			unit = sync:game_object_id_to_unit(id)
			return unit and place(unit)
		end, 10, id))
		assert.equal(peers[1]:run(function() return unit:name_hash() end), peers[2]:run(function() return unit:name_hash() end))
	end)

	it("writes fields only when the unit has moved", function()
		local peers = play { count = 1 }
		peers[1]:run(function() unit = sync:spawn_unit("box", "box", Vector3(1, 2, 3)) end)
		peers[1]:run(function()
			id = sync:unit_to_game_object_id(unit)
			game:set_game_object_field(id, "position", Vector3(9, 9, 9))
		end)
		peers:step(5)
		assert.near(9, peers[1]:run(function() return game:game_object_field(id, "position").x end), 0.001)
		peers[1]:run(function() unit:set_local_position(1, Vector3(4, 5, 6)) end)
		peers:step(1)
		assert.near(4, peers[1]:run(function() return game:game_object_field(id, "position").x end), 0.001)
	end)

	it("shows a unit that left the limits of the field at them, and warns", function()
		local peers = play()
		spawn(peers, 1)
		peers[1]:run(function() unit:set_local_position(1, Vector3(500, 0, 0)) end)
		peers:step(30)
		near({ 100, 0, 0 }, where(peers[2]))
		near({ 500, 0, 0 }, where(peers[1]))
		session.has_warned(peers[1], "UnitSynchronizer: a unit is outside the limits of its field `position`; the others see it at them")
	end)

	it("makes no unit for an object without a name in its field", function()
		local peers = play()
		local id = session.create(peers, 1, "box", {})
		assert.is_nil(peers[2]:run(function(id) return sync:game_object_id_to_unit(id) end, id))
		assert.equal(0, peers[2]:run(function() return world:num_units() end))
	end)

	it("rejects types that cannot stand for units, missing worlds, and peers outside a session", function()
		local peers = play { count = 1, no_world = true }
		session.rejects("UnitSynchronizer.spawn_unit: there is no world yet; call set_world first",
			peers[1], function() sync:spawn_unit("box", "units/box") end)
		peers[1]:run(function() sync:set_world(world) end)
		session.rejects('UnitSynchronizer.spawn_unit: argument 2: the network config has no object type "bax"; did you mean `box`?',
			peers[1], function() sync:spawn_unit("bax", "units/box") end)
		session.rejects('UnitSynchronizer.spawn_unit: object type "nameless" needs a field "unit" of kind resource_id to stand for units',
			peers[1], function() sync:spawn_unit("nameless", "units/box") end)
		session.rejects('UnitSynchronizer.spawn_unit: object type "flat" needs its field "position" to be of kind vector3 to stand for units, and it is quaternion',
			peers[1], function() sync:spawn_unit("flat", "units/box") end)
		session.rejects("UnitSynchronizer.spawn_unit: argument 4 (position): expected Vector3, got number 3",
			peers[1], function() sync:spawn_unit("box", "units/box", 3) end)
		session.rejects("UnitSynchronizer.spawn_unit: argument 3 (unit_name): expected string or IdString64, got nothing",
			peers[1], function() sync:spawn_unit("box") end)
		session.rejects('UnitSynchronizer.spawn_unit: argument 3 (unit_name): expected the name of a unit, got ""',
			peers[1], function() sync:spawn_unit("box", "") end)
		session.rejects('UnitSynchronizer.spawn_unit: argument 3 (unit_name): expected the name of a unit, got "#0"',
			peers[1], function() sync:spawn_unit("box", "#0") end)
		peers[1]:run(function() game:shutdown_game_session_host() end)
		session.rejects("UnitSynchronizer.spawn_unit: this game session is over; call shutdown_game_session and create a new one",
			peers[1], function() sync:spawn_unit("box", "units/box") end)
		assert.equal(0, peers[1]:run(function() return world:num_units() end))
		peers[1]:run(function() Application.release_world(world) end)
		session.rejects("UnitSynchronizer.spawn_unit: the world was released; call set_world with one that exists",
			peers[1], function() sync:spawn_unit("box", "units/box") end)
	end)
end)

describe("UnitSynchronizer.destroy_unit", function()
	for _, topology in ipairs(session.topologies) do
		it("ends the unit and its object everywhere (" .. topology .. ")", function()
			local peers = play { count = 3, topology = topology }
			local id = spawn(peers, 2)
			for _, i in ipairs { 1, 3 } do
				peers[i]:run(function()
					callbacks = setmetatable({
						game_object_destroyed = function(_, id) still_there = Unit.alive(sync:game_object_id_to_unit(id)) end,
					}, { __index = callbacks })
				end)
			end
			peers[2]:run(function() sync:destroy_unit(unit) end)
			assert.same({ false, false, 0 }, peers[2]:run(function(id)
				return { Unit.alive(unit), game:game_object_exists(id), world:num_units() }
			end, id))
			for _, i in ipairs { 1, 3 } do
				session.wait(peers, i, function() return not Unit.alive(unit) end)
				assert.same({ true, false, 0 }, peers[i]:run(function(id)
					return { still_there, game:game_object_exists(id), world:num_units() }
				end, id))
			end
		end)
	end

	it("is not the only way: World.destroy_unit and destroy_game_object do the same at last", function()
		local peers = play()
		local first, second = spawn(peers, 1), spawn(peers, 1)
		peers[1]:run(function(first, second)
			world:destroy_unit(sync:game_object_id_to_unit(first))
			local unit = sync:game_object_id_to_unit(second)
			game:destroy_game_object(second)
			assert(not Unit.alive(unit))
		end, first, second)
		session.wait_event(peers, 2, "game_object_destroyed", 2)
		peers:step(1)
		assert.equal(0, peers[2]:run(function() return world:num_units() end))
		assert.is_false(peers[1]:run(function(id) return game:game_object_exists(id) end, first))
	end)

	it("lets a world that is released take the objects of its units along", function()
		local peers = play()
		spawn(peers, 1)
		spawn(peers, 1)
		peers[1]:run(function() Application.release_world(world) end)
		session.wait_event(peers, 2, "game_object_destroyed", 2)
		assert.same({}, peers[1]:run(function() return game:objects_owned_by(Network.peer_id()) end))
	end)

	it("rejects units of others, dead ones, and those without an object", function()
		local peers = play()
		local id = spawn(peers, 1)
		session.rejects(("UnitSynchronizer.destroy_unit: object %d is owned by peer %s, not by this peer"):format(id, peers.ids[1]),
			peers[2], function() sync:destroy_unit(unit) end)
		session.rejects("UnitSynchronizer.destroy_unit: this UnitSynchronizer did not spawn the unit",
			peers[1], function() sync:destroy_unit(world:spawn_unit("units/box")) end)
		peers[1]:run(function() sync:destroy_unit(unit) end)
		session.rejects("UnitSynchronizer.destroy_unit: this Unit was destroyed; it cannot be used any more",
			peers[1], function() sync:destroy_unit(unit) end)
		session.rejects("UnitSynchronizer.destroy_unit: argument 2 (unit): expected Unit, got number 7",
			peers[1], function() sync:destroy_unit(7) end)
	end)
end)

describe("UnitSynchronizer.game_object_id_to_unit", function()
	it("gives the unit of an object, or nil", function()
		local peers = play()
		local id = spawn(peers, 1)
		local marker = peers[1]:run(function() return game:create_game_object("marker", {}) end)
		assert.same({ true, true, true }, peers[1]:run(function(id, marker)
			return { sync:game_object_id_to_unit(id) == unit, sync:game_object_id_to_unit(marker) == nil,
				UnitSynchronizer.game_object_id_to_unit(sync, 999) == nil }
		end, id, marker))
	end)

	it("rejects what is no id, and a missing world", function()
		local peers = play { count = 1, no_world = true }
		session.rejects("UnitSynchronizer.game_object_id_to_unit: there is no world yet; call set_world first",
			peers[1], function() sync:game_object_id_to_unit(1) end)
		session.rejects('UnitSynchronizer.game_object_id_to_unit: argument 2 (id): expected integer 0 to 4294967295, got string "one"',
			peers[1], function() sync:game_object_id_to_unit("one") end)
	end)
end)

describe("UnitSynchronizer.unit_to_game_object_id", function()
	it("gives the object of a unit, or nil", function()
		local peers = play()
		local id = spawn(peers, 1)
		for i = 1, 2 do
			assert.same({ id, true }, peers[i]:run(function()
				return { sync:unit_to_game_object_id(unit), sync:unit_to_game_object_id(world:spawn_unit("other")) == nil }
			end))
		end
	end)

	it("rejects dead units, what is none, and a missing world", function()
		local peers = play { count = 1, no_world = true }
		peers[1]:run(function() unit = world:spawn_unit("box") end)
		session.rejects("UnitSynchronizer.unit_to_game_object_id: there is no world yet; call set_world first",
			peers[1], function() sync:unit_to_game_object_id(unit) end)
		peers[1]:run(function()
			sync:set_world(world)
			world:destroy_unit(unit)
		end)
		session.rejects("UnitSynchronizer.unit_to_game_object_id: this Unit was destroyed; it cannot be used any more",
			peers[1], function() sync:unit_to_game_object_id(unit) end)
		session.rejects("UnitSynchronizer.unit_to_game_object_id: argument 2 (unit): expected Unit, got nothing",
			peers[1], function() sync:unit_to_game_object_id() end)
	end)
end)

describe("The end of a session", function()
	it("takes the units of a peer along that is removed", function()
		local peers = play { count = 3 }
		spawn(peers, 2)
		peers[1]:run(function(id) game:remove_peer(id, callbacks) end, peers.ids[2])
		session.wait(peers, 3, function() return world:num_units() == 0 end)
		assert.equal(0, peers[1]:run(function() return world:num_units() end))
	end)

	it("leaves the units until shutdown_game_session, and then this peer's own", function()
		local peers = play()
		spawn(peers, 1)
		spawn(peers, 2)
		peers[2]:run(function() game:disconnect_from_host() end)
		peers:step(10)
		assert.equal(2, peers[2]:run(function() return world:num_units() end))
		assert.same({ 1, true, true }, peers[2]:run(function()
			Network.shutdown_game_session()
			return { world:num_units(), world:units()[1] == unit, Unit.alive(unit) }
		end))
	end)
end)

describe("A replay", function()
	local files

	before_each(function() files = { os.tmpname(), os.tmpname() } end)
	after_each(function() for _, path in ipairs(files) do os.remove(path) end end)

	-- Plays a dump: the objects of the callbacks, with the places of their units then, in the global `heard`.
	local function replay(path)
		local peers = simulate.peers { count = 1, config = CONFIG }
		peers[1]:run(function(path)
			world = Application.new_world()
			game = Network.create_replay_session(path)
			sync = game:unit_synchronizer()
			sync:set_world(world)
			heard = {}
			function unit_of(id) return sync:game_object_id_to_unit(id) end
			function place(unit)
				local position = unit:local_position()
				return { position.x, position.y, position.z }
			end
			function callbacks:game_object_created(id) heard[#heard + 1] = { "created", id, unit_of(id) and place(unit_of(id)) } end
			function callbacks:game_object_destroyed(id) heard[#heard + 1] = { "destroyed", id, Unit.alive(unit_of(id)) } end
			function update(dt) Network.update(dt, callbacks) end
		end, path)
		return peers
	end

	for _, topology in ipairs(session.topologies) do
		it("has units for all objects, the recorded peer's own too (" .. topology .. ")", function()
			local live = play { topology = topology, dumps = files }
			local own, other = spawn(live, 1, "box", "units/own"), spawn(live, 2, "ball", "units/other", Vector3(4, 5, 6))
			for i, id in ipairs { own, other } do
				live[i]:run(function(id) sync:game_object_id_to_unit(id):set_local_position(1, Vector3(7, 8, 9)) end, id)
			end
			live:step(30)
			local moved = live:time()
			live[1]:run(function(id, to) game:migrate_game_object(id, to, callbacks) end, own, session.id(live[2]))
			live:step(30)
			live[2]:run(function(id) sync:game_object_id_to_unit(id):set_local_position(1, Vector3(1, 1, 1)) end, own)
			live:step(30)
			local given = live:time()
			live[2]:run(function(id) sync:destroy_unit(sync:game_object_id_to_unit(id)) end, other)
			live:step(30)
			for i = 1, 2 do
				local again = replay(files[i])
				local function at(id) return again[1]:run(function(id) return place(unit_of(id)) end, id) end
				again:step(math.floor(moved * 60))
				near({ 7, 8, 9 }, at(own))
				near({ 7, 8, 9 }, at(other))
				assert.same({ 2, true }, again[1]:run(function(own)
					return { world:num_units(), unit_of(own):name_hash() == IdString64("units/own"):to_hex() }
				end, own))
				again:step(math.floor((given - moved) * 60))
				near({ 1, 1, 1 }, at(own))
				again:step(math.ceil((live:time() - given) * 60))
				local heard = again[1]:run(function() return heard end)
				assert.same({ "destroyed", other, true }, heard[3])
				near({ 1, 2, 3 }, heard[1][3])
				near({ 4, 5, 6 }, heard[2][3])
				assert.equal(1, again[1]:run(function() return world:num_units() end))
				assert.equal(0, again[1]:run(function()
					Network.shutdown_replay_session()
					return world:num_units()
				end))
			end
		end)
	end

	it("keeps its units apart when one session follows another", function()
		local live = play { dumps = files }
		spawn(live, 1)
		for i = 1, 2 do live[i]:run(function() Network.shutdown_game_session() end) end
		live:step(10)
		session.host(live)
		session.add(live, 2)
		for i = 1, 2 do
			live[i]:run(function()
				sync = game:unit_synchronizer()
				sync:set_world(world)
			end)
		end
		local second = spawn(live, 2, "box", "units/second", Vector3(7, 8, 9))
		live:step(10)
		for i = 1, 2 do
			local again = replay(files[i])
			again:step(math.ceil(live:time() * 60))
			assert.same({ 1, true }, again[1]:run(function(id)
				return { world:num_units(), unit_of(id) == world:units()[1] }
			end, second))
			near({ 7, 8, 9 }, again[1]:run(function(id) return place(unit_of(id)) end, second))
		end
	end)
end)

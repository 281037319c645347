-- Smooth values of interpolated fields, read a moment behind their owner.

local session = require "support/session"

local FRAME = 1 / 60

local CONFIG = [[
types = {
	unit = { type = "resource_id" }
	place = { type = "vector3" min = -1000 max = 1000 bits = 24 interpolated = true interpolation_threshold = 20 }
	facing = { type = "quaternion" bits = 62 interpolated = true }
	number = { type = "float" interpolated = true }
	count = { type = "int" min = 0 max = 100000 interpolated = true }
	raw = { type = "float" }
}
objects = {
	mover = { fields = [
		{ name = "unit" type = "unit" } { name = "position" type = "place" } { name = "rotation" type = "facing" }
		{ name = "number" type = "number" } { name = "count" type = "count" } { name = "raw" type = "raw" }
	] }
}
]]

-- Peers in one session; the first owns the object `id` of all.
local function play(options)
	options.config = CONFIG
	local peers = session.play(options)
	local number = session.create(peers, 1, "mover")
	for i = 1, #peers do peers[i]:run(function(number) id = number end, number) end
	peers:step(30)
	return peers
end

-- Moves the owner's x as a function of time says. Gives what the last peer reads of it after each frame.
local function move(peers, seconds, x)
	local seen = {}
	for i = 1, math.floor(seconds / FRAME + 0.5) do
		peers.clock = (peers.clock or 0) + FRAME
		peers[1]:run(function(x)
			game:set_game_object_field(id, "position", Vector3(x, 0, 0))
			game:set_game_object_field(id, "raw", x)
		end, x(peers.clock))
		peers:step()
		seen[i] = peers[#peers]:run(function()
			return { game:game_object_field(id, "position").x, game:game_object_field(id, "raw") }
		end)
	end
	return seen
end

-- The largest change of what is passed between two frames: of the smooth value, and of the raw one.
local function roughness(seen)
	local worst = { 0, 0 }
	for i = 3, #seen do
		for k = 1, 2 do
			worst[k] = math.max(worst[k], math.abs(seen[i][k] - 2 * seen[i - 1][k] + seen[i - 2][k]))
		end
	end
	return worst[1], worst[2]
end

describe("GameSession.set_interpolation_lag_compensation", function()
	for _, lag in ipairs { 0.1, 0.3 } do
		it("says how far behind fields are read (" .. lag .. " s)", function()
			local peers = play { latency = 0.04 }
			peers[2]:run(function(lag) GameSession.set_interpolation_lag_compensation(game, lag) end, lag)
			local seen = move(peers, 4, function(t) return 10 * t end)
			-- On the way for 40 ms, which is three frames.
			assert.near(peers.clock - 0.04 - lag, seen[#seen][1] / 10, 1.2 * FRAME)
		end)
	end

	it("reads values as they come with 0", function()
		local peers = play { latency = 0.03, jitter = 0.02 }
		peers[2]:run(function() game:set_interpolation_lag_compensation(0) end)
		for _, pair in ipairs(move(peers, 1, function(t) return 10 * t end)) do assert.near(pair[2], pair[1], 0.001) end
	end)

	it("is 0.1 at first", function()
		local peers = play { latency = 0.04 }
		local seen = move(peers, 3, function(t) return 10 * t end)
		assert.near(peers.clock - 0.14, seen[#seen][1] / 10, 1.2 * FRAME)
	end)

	it("rejects what is no time, and sessions that were shut down", function()
		local peers = play { count = 1 }
		for _, bad in ipairs { -0.1, 2.5 } do
			session.rejects(("GameSession.set_interpolation_lag_compensation: argument 2 (time): expected number 0 to 2, got number %s"):format(bad),
				peers[1], function(bad) game:set_interpolation_lag_compensation(bad) end, bad)
		end
		session.rejects("GameSession.set_interpolation_lag_compensation: argument 2 (time): expected number 0 to 2, got nothing",
			peers[1], function() game:set_interpolation_lag_compensation() end)
		peers[1]:run(function() Network.shutdown_game_session() end)
		session.rejects("GameSession.set_interpolation_lag_compensation: this GameSession was shut down; it cannot be used any more",
			peers[1], function() game:set_interpolation_lag_compensation(0.1) end)
	end)
end)

describe("An interpolated field", function()
	for _, topology in ipairs(session.topologies) do
		it("moves evenly under jitter and loss (" .. topology .. ")", function()
			local peers = play { topology = topology, latency = 0.05, jitter = 0.025, loss = 0.01, seed = 3 }
			move(peers, 1, function(t) return 10 * t end)
			local smooth, raw = roughness(move(peers, 8, function(t) return 10 * t end))
			assert.truthy(smooth < raw / 3, ("%g of %g"):format(smooth, raw))
		end)
	end

	it("comes to rest at the very value of the owner", function()
		local peers = play { latency = 0.05, jitter = 0.03, loss = 0.1 }
		move(peers, 2, function(t) return 30 * math.sin(5 * t) end)
		peers[1]:run(function()
			game:set_game_object_field(id, "rotation", Quaternion(Vector3.up(), 1.234))
			game:set_game_object_field(id, "number", 0.1)
			game:set_game_object_field(id, "count", 777)
		end)
		peers:step(90)
		local values = {}
		for i = 1, 2 do
			values[i] = peers[i]:run(function()
				local values = {}
				for k, name in ipairs { "position", "rotation", "number", "count", "raw" } do
					values[k] = game:game_object_field(id, name)
				end
				return values
			end)
		end
		assert.same(values[1], values[2])
	end)

	it("jumps where the change is over the threshold", function()
		local peers = play { latency = 0.03 }
		move(peers, 1, function() return 0 end)
		for _, pair in ipairs(move(peers, 1, function() return 50 end)) do
			assert.truthy(pair[1] < 0.001 or pair[1] > 49.999, pair[1])
		end
	end)

	it("stands still while dt is 0, and catches up behind", function()
		local peers = play { latency = 0.03 }
		move(peers, 1, function(t) return 10 * t end)
		peers[2]:run(function()
			stopped = true
			function update(dt) Network.update(stopped and 0 or dt, callbacks) end
		end)
		local seen = move(peers, 0.2, function(t) return 10 * t end)
		assert.near(seen[2][1], seen[#seen][1], 0.001)
		peers[2]:run(function() stopped = false end)
		seen = move(peers, 2, function(t) return 10 * t end)
		assert.near(peers.clock - 0.13, seen[#seen][1] / 10, 1.2 * FRAME)
	end)

	it("is read as it is by its owner", function()
		local peers = play { count = 1 }
		assert.equal(5, peers[1]:run(function()
			game:set_game_object_field(id, "number", 5)
			return game:game_object_field(id, "number")
		end))
	end)

	it("moves the units of the synchronizer", function()
		local peers = play { latency = 0.05, jitter = 0.025, seed = 2 }
		for i = 1, 2 do
			peers[i]:run(function()
				world = Application.new_world()
				sync = game:unit_synchronizer()
				sync:set_world(world)
			end)
		end
		peers[1]:run(function() unit = sync:spawn_unit("mover", "units/box") end)
		session.wait(peers, 2, function()
			unit = world:units()[1]
			return unit ~= nil
		end)
		local clock, last, steps = 0, nil, {}
		for i = 1, 300 do
			clock = clock + FRAME
			peers[1]:run(function(x) unit:set_local_position(1, Vector3(x, 0, 0)) end, 10 * clock)
			peers:step()
			local x = peers[2]:run(function() return unit:local_position().x end)
			if i > 120 then steps[#steps + 1] = x - last end
			last = x
		end
		for _, step in ipairs(steps) do assert.near(10 * FRAME, step, 0.3 * 10 * FRAME) end
	end)
end)

describe("A replay", function()
	it("reads interpolated fields as they were read", function()
		local path = os.tmpname()
		local peers = play { latency = 0.04, jitter = 0.03, dumps = { "", path } }
		local number = peers[1]:run(function() return id end)
		local before = peers:time()
		local seen = move(peers, 2, function(t) return 10 * t end)
		local again = simulate.peers { count = 1, config = CONFIG }
		again[1]:run(function(path, number)
			game, id = Network.create_replay_session(path), number
			function update(dt) Network.update(dt, callbacks) end
		end, path, number)
		again:step(math.ceil(before * 60) + 10)
		for _ = 1, 100 do
			again:step()
			local x = again[1]:run(function() return game:game_object_field(id, "position").x end)
			local off = math.huge
			for _, pair in ipairs(seen) do off = math.min(off, math.abs(pair[1] - x)) end
			-- Of the 17 cm that it goes in a frame; the recording's times are rounded.
			assert.near(0, off, 0.005)
		end
		os.remove(path)
	end)
end)

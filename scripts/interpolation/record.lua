-- Records what another peer reads of a moving object on a bad network, for scripts/draw-interpolation: run by
-- `stingray-lua test`, it prints a CSV line a frame, in seconds and metres.

local FRAME = 1 / 60

local CONFIG = [[
types = {
	smooth = { type = "float" interpolated = true }
	raw = { type = "float" }
}
objects = {
	mover = { fields = [ { name = "smooth" type = "smooth" } { name = "raw" type = "raw" } ] }
}
]]

it("records", function()
	local peers = simulate.peers { count = 2, config = CONFIG, latency = 0.08, jitter = 0.04, loss = 0.05, seed = 7 }
	for i = 1, 2 do
		peers[i]:run(function(is_host)
			client = Network.init_lan_client("simulated")
			lobby = is_host and Network.create_lan_lobby(10003, 2) or Network.join_lan_lobby("10.0.0.1:10003")
			game = Network.create_game_session()
			if is_host then game:make_game_session_host() end
		end, i == 1)
	end
	local id = assert(peers:step_until(function()
		return peers[1]:run(function()
			local other = Network.connections()[1]
			if not other then return false end
			game:add_peer(other)
			return game:create_game_object("mover", {})
		end)
	end))
	assert(peers:step_until(function()
		return peers[2]:run(function(id) return game:game_object_exists(id) end, id)
	end))
	print("time,owner,raw,smooth")
	for i = 1, 600 do
		local time = i * FRAME
		local x = 4 * math.sin(2 * math.pi * time / 2) + math.sin(2 * math.pi * time / 0.9)
		peers[1]:run(function(id, x)
			game:set_game_object_field(id, "smooth", x)
			game:set_game_object_field(id, "raw", x)
		end, id, x)
		peers:step(1, FRAME)
		local raw, smooth = unpack(peers[2]:run(function(id)
			return { game:game_object_field(id, "raw"), game:game_object_field(id, "smooth") }
		end, id))
		print(("%.4f,%.5f,%.5f,%.5f"):format(time, x, raw, smooth))
	end
end)

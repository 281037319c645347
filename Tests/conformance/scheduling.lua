-- Who comes first when more waits than may be sent, and what a late join leaves to play.

local session = require "support/session"

-- A host with some objects, and a client that joins. Whom the host adds gets so many messages of so many bytes as soon as
-- it has all objects: at once, or only as the reliable send buffer allows.
local function join(options)
	local peers = session.meet { count = 3, latency = 0.03, loss = options.loss }
	session.host(peers)
	peers[1]:run(function(kbps, objects, messages, size, is_throttled)
		if kbps > 0 then Network.enable_qos(kbps / 2, kbps, kbps) end
		for i = 1, objects do game:create_game_object("marker", { number = i }) end
		local heard = callbacks
		sent, problem, waiting = 0, nil, {}
		local text = ("x"):rep(size - 2)
		local function send()
			for i = #waiting, 1, -1 do
				local burst = waiting[i]
				while burst.left > 0 do
					if is_throttled and Network.reliable_send_buffer_left(burst.peer) < size + 8 then break end
					local fine, text = pcall(RPC.bound_say, burst.peer, text)
					if not fine then
						problem = text
						burst.left = 0
						break
					end
					sent, burst.left = sent + 1, burst.left - 1
				end
				if burst.left == 0 then table.remove(waiting, i) end
			end
		end
		local handler = setmetatable({
			game_object_sync_done = function(self, peer)
				heard:game_object_sync_done(peer)
				waiting[#waiting + 1] = { peer = peer, left = messages }
				send()
			end,
		}, { __index = function(_, name) return function(_, ...) return heard[name](heard, ...) end end })
		function update(dt)
			Network.update(dt, handler)
			send()
		end
	end, options.kbps or 0, options.objects, options.messages, options.size, options.is_throttled)
	return peers
end

local function enter(peers, i)
	peers[i]:run(function() game = Network.create_game_session() end)
	peers[1]:run(function(id) game:add_peer(id) end, peers.ids[i])
end

describe("A burst from game_object_sync_done", function()
	for _, case in ipairs { { "at the usual rate" }, { "at 256 kbit/s", 256 }, { "at 256 kbit/s with loss", 256, 0.05 } } do
		it("of 500 messages arrives whole beside a late join, throttled by reliable_send_buffer_left " .. case[1], function()
			local peers = join { kbps = case[2], loss = case[3], objects = 600, messages = 500, size = 100, is_throttled = true }
			enter(peers, 2)
			peers:step(30)
			-- The second newcomer's objects and messages go out beside those of the first.
			enter(peers, 3)
			for i = 2, 3 do session.wait_event(peers, i, "bound_say", 500, 60) end
			assert.equal(1000, peers[1]:run(function() return sent end))
			assert.is_nil(peers[1]:run(function() return problem end))
			for i = 2, 3 do
				assert.equal(500, #peers[i]:events("bound_say"))
				assert.equal(600, #peers[i]:events("game_object_created"))
			end
		end)
	end

	it("that does not look at the buffer gets an error, and what was sent before arrives", function()
		local peers = join { kbps = 128, objects = 100, messages = 500, size = 1000, is_throttled = false }
		enter(peers, 2)
		session.wait(peers, 1, function() return problem end, 30)
		local problem, sent = peers[1]:run(function() return problem, sent end)
		assert.matches("the reliable send buffer is full: message `bound_say` needs %d+ bytes, %d+ are left; it was not sent$",
			problem)
		assert.equal(32, sent)
		-- Neither are the objects lost that come later, nor the connection.
		local id = peers[1]:run(function() return game:create_game_object("marker", { number = 7 }) end)
		session.wait(peers, 2, function(id) return game:game_object_exists(id) end, 20, id)
		session.wait_event(peers, 2, "bound_say", 32, 20)
		peers:step(120)
		assert.equal(32, #peers[2]:events("bound_say"))
		assert.equal(101, #peers[2]:events("game_object_created"))
		assert.equal(32768, peers[1]:run(function(id) return Network.reliable_send_buffer_left(id) end, peers.ids[2]))
	end)

	it("finds the whole buffer free: objects have a share of their own", function()
		local peers = join { kbps = 256, objects = 2000, messages = 0, size = 10 }
		enter(peers, 2)
		local least = 32768
		local id = peers.ids[2]
		for _ = 1, 60 do
			peers:step()
			least = math.min(least, peers[1]:run(function(id) return Network.reliable_send_buffer_left(id) end, id))
		end
		assert.equal(32768, least)
		assert(#peers[2]:events("game_object_created") < 2000)
	end)
end)

describe("A late join", function()
	it("leaves room for play", function()
		local peers = session.play { count = 2, latency = 0.03, bandwidth = 40000 }
		peers[1]:run(function() Network.enable_qos(128, 256, 256) end)
		local avatar = session.create(peers, 1, "avatar", { points = 0 })
		peers[1]:run(function(avatar)
			for i = 1, 2000 do game:create_game_object("marker", { number = i }) end
			frame = 0
			function update(dt)
				frame = frame + 1
				if game:game_object_exists(avatar) then game:set_game_object_field(avatar, "points", frame % 1000) end
				Network.update(dt, callbacks)
			end
		end, avatar)
		-- All others come while the first object moves.
		local oldest = 0
		while #peers[2]:events("game_object_created") < 2001 do
			peers:step()
			local now = peers[1]:run(function() return frame end)
			local seen = peers[2]:run(function(avatar) return game:game_object_field(avatar, "points") end, avatar)
			oldest = math.max(oldest, (now - seen) % 1000)
			assert(peers:time() < 60)
		end
		-- Frames of 1/60 s; update_rate is 0.05 s.
		assert(oldest < 20, oldest)
	end)
end)

describe("Priority", function()
	-- Values that a peer has of the host's objects, by which the host sees how often each was updated.
	local function ages(prepare)
		local peers = session.play { count = 2, latency = 0.01 }
		local ids = peers[1]:run(function()
			Network.enable_qos(8, 32, 32)
			local ids = {}
			for i = 1, 300 do ids[i] = game:create_game_object("marker", { number = 0 }) end
			frame = 0
			function update(dt)
				frame = frame + 1
				for _, id in ipairs(ids) do game:set_game_object_field(id, "number", frame) end
				Network.update(dt, callbacks)
			end
			return ids
		end)
		session.wait(peers, 2, function(id) return game:game_object_exists(id) end, 20, ids[300])
		peers[1]:run(prepare, ids, peers.ids[2])
		peers:step(300)
		local sums = { 0, 0, 0 }
		for _ = 1, 300 do
			peers:step()
			local now = peers[1]:run(function() return frame end)
			for i = 1, 3 do
				sums[i] = sums[i] + now - peers[2]:run(function(id) return game:game_object_field(id, "number") end, ids[i])
			end
		end
		return sums[1] / 300, sums[2] / 300, sums[3] / 300
	end

	it("of objects is the same at first, and nothing waits for ever", function()
		local a, b, c = ages(function() end)
		assert(math.max(a, b, c) < 3 * math.min(a, b, c), a .. " " .. b .. " " .. c)
		assert(math.max(a, b, c) < 120, a .. " " .. b .. " " .. c)
	end)

	it("of objects makes the lower ones come first, and the higher ones all the same", function()
		local low, middle, high = ages(function(ids, peer)
			game:set_game_object_priority(ids[1], peer, 0.1)
			game:set_game_object_priority(ids[3], peer, 3)
		end)
		assert(low < 0.4 * middle, low .. " " .. middle)
		assert(high > 1.5 * middle, high .. " " .. middle)
		assert(high < 400, high)
	end)
end)

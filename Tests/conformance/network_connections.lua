-- The functions of `Network` about this peer and its connections: ids, connections, pings, buffers and times.

local lan = require "support/lan"

-- Runs a body in a peer that is alone and has no client.
local function alone(body, ...)
	return simulate.peers({ count = 1, config = "lan" })[1]:run(body, ...)
end

describe("Network.peer_id", function()
	it("is nil before a client exists and after its shutdown", function()
		alone(function()
			assert(Network.peer_id() == nil)
			local client = Network.init_lan_client("lan")
			assert(type(Network.peer_id()) == "string")
			Network.shutdown_lan_client(client)
			assert(Network.peer_id() == nil)
		end)
	end)

	it("is unpadded lower-case hexadecimal", function()
		assert.equal("ab", alone(function()
			Network.init_lan_client("lan", 0, "00AB")
			return Network.peer_id()
		end))
	end)

	it("stays the same in the lobby and outside", function()
		local peers = lan.start { count = 1 }
		local id = lan.id(peers[1])
		lan.host(peers[1])
		peers:step(30)
		assert.equal(id, lan.id(peers[1]))
		peers[1]:run(function() Network.leave_lan_lobby(lobby) end)
		assert.equal(id, lan.id(peers[1]))
	end)

	it("rejects nothing: it ignores arguments", function()
		assert.is_nil(Network.peer_id("argument"))
	end)
end)

describe("Network.connections", function()
	it("names the other members of the lobby, and no others", function()
		local peers = lan.meet { count = 3 }
		for i = 1, 3 do
			local expected = {}
			for j = 1, 3 do
				if j ~= i then expected[lan.id(peers[j])] = true end
			end
			local found = {}
			for _, id in ipairs(peers[i]:run(function() return Network.connections() end)) do found[id] = true end
			assert.same(expected, found)
		end
	end)

	it("is a new table each time, empty without a client", function()
		local first = Network.connections()
		assert.same({}, first)
		first[1] = "abc"
		assert.same({}, Network.connections())
	end)

	it("rejects nothing: it ignores arguments", function()
		assert.same({}, Network.connections(1, 2, 3))
	end)
end)

describe("Network.has_connection", function()
	it("gives the connection's number, or nil", function()
		local peers = lan.meet { count = 3 }
		local second, third = lan.id(peers[2]), lan.id(peers[3])
		local a, b, none, own = peers[1]:run(function(second, third)
			return Network.has_connection(second), Network.has_connection(third), Network.has_connection("abc"),
				Network.has_connection(Network.peer_id())
		end, second, third)
		assert(a % 1 == 0 and a > 0 and b % 1 == 0 and b > 0)
		assert.not_equal(a, b)
		assert.is_nil(none)
		assert.is_nil(own)
		peers:step(60)
		assert.equal(a, peers[1]:run(function(id) return Network.has_connection(id) end, second))
	end)

	it("gives another number to a later connection with the same peer", function()
		local peers = lan.meet { count = 2 }
		local other = lan.id(peers[2])
		local before = peers[1]:run(function(id) return Network.has_connection(id) end, other)
		peers[2]:run(function() Network.leave_lan_lobby(lobby) end)
		lan.wait(peers, peers[1], function(id) return Network.has_connection(id) == nil end, 5, other)
		lan.join(peers[2])
		lan.settle(peers, 2)
		local after = peers[1]:run(function(id) return Network.has_connection(id) end, other)
		assert.number(after)
		assert.not_equal(before, after)
	end)

	it("takes ids in other forms", function()
		local peers = simulate.peers { count = 2, config = "lan" }
		peers[1]:run(function() client = Network.init_lan_client("lan") end)
		peers[2]:run(function() client = Network.init_lan_client("lan", 0, 255) end)
		lan.host(peers[1])
		lan.join(peers[2])
		lan.settle(peers, 2)
		peers[1]:run(function()
			assert(Network.has_connection("ff") and Network.has_connection("00FF") and Network.has_connection(255))
		end)
	end)

	it("rejects what is no peer id", function()
		assert.has_error(function() Network.has_connection() end,
			"Network.has_connection: argument 1 (peer_id): expected peer id (hexadecimal string), got nothing")
		assert.has_error(function() Network.has_connection("player one") end,
			'Network.has_connection: argument 1 (peer_id): expected peer id (hexadecimal string), got string "player one"')
		assert.has_error(function() Network.has_connection("") end,
			'Network.has_connection: argument 1 (peer_id): expected peer id (hexadecimal string), got string ""')
	end)
end)

describe("Network.is_broken", function()
	it("is false for living, unknown and own ids", function()
		local peers = lan.meet { count = 2 }
		peers[1]:run(function(other)
			assert(Network.is_broken(other) == false)
			assert(Network.is_broken("abc") == false)
			assert(Network.is_broken(Network.peer_id()) == false)
			assert(Network.is_broken("0") == false)
		end, lan.id(peers[2]))
	end)

	it("is true once a peer that a session uses was silent for the pong timeout", function()
		local peers = lan.meet { count = 2 }
		local other = lan.id(peers[2])
		peers[1]:run(function() Network.set_pong_timeout(2) end)
		lan.play(peers)
		peers[2]:kill()
		local start = peers:time()
		lan.wait(peers, peers[1], function(other) return Network.is_broken(other) end, 5, other)
		assert.near(start + 2, peers:time(), 0.6)
		-- The broken connection is still there, for the session has not let go of it.
		peers:step(1)
		peers[1]:run(function(other)
			assert(Network.has_connection(other) and Network.connections()[1] == other and Network.is_used(other))
			assert(session:broken_connection() == other)
			session:remove_peer(other, {})
		end, other)
		lan.wait(peers, peers[1], function(other) return not Network.has_connection(other) end, 1, other)
		assert.equal(false, peers[1]:run(function(other) return Network.is_broken(other) end, other))
	end)

	it("rejects what is no peer id", function()
		assert.has_error(function() Network.is_broken({}) end,
			"Network.is_broken: argument 1 (peer_id): expected peer id (hexadecimal string), got table")
		assert.has_error(function() Network.is_broken(nil) end,
			"Network.is_broken: argument 1 (peer_id): expected peer id (hexadecimal string), got nil")
	end)
end)

describe("Network.is_used", function()
	it("is true for the other members of a lobby", function()
		local peers = lan.meet { count = 3 }
		for i = 1, 3 do
			for j = 1, 3 do
				assert.equal(i ~= j, peers[i]:run(function(id) return Network.is_used(id) end, lan.id(peers[j])))
			end
		end
	end)

	it("is true while only a session uses the connection", function()
		local peers = lan.meet { count = 2 }
		local host, guest = lan.id(peers[1]), lan.id(peers[2])
		lan.play(peers)
		peers[2]:run(function() Network.leave_lan_lobby(lobby) end)
		lan.wait(peers, peers[1], function() return #lobby:members() == 1 end)
		assert.equal(true, peers[1]:run(function(id) return Network.is_used(id) end, guest))
		assert.equal(true, peers[2]:run(function(id) return Network.is_used(id) end, host))
		peers[2]:run(function() Network.shutdown_game_session() end)
		lan.wait(peers, peers[1], function(id)
			while session:wants_to_leave() do session:remove_peer(session:wants_to_leave(), {}) end
			while session:broken_connection() do session:remove_peer(session:broken_connection(), {}) end
			return not Network.is_used(id)
		end, 5, guest)
	end)

	it("is false for unknown ids", function()
		local peers = lan.meet { count = 2 }
		assert.equal(false, peers[1]:run(function() return Network.is_used("abc") end))
	end)

	it("rejects what is no peer id", function()
		assert.has_error(function() Network.is_used(true) end,
			"Network.is_used: argument 1 (peer_id): expected peer id (hexadecimal string), got boolean true")
	end)
end)

describe("Network.ping", function()
	it("is the round trip in seconds, frames included", function()
		local peers = lan.meet { count = 2, latency = 0.1 }
		peers:step(300)
		for i = 1, 2 do
			local ping = peers[i]:run(function(id) return Network.ping(id) end, lan.id(peers[3 - i]))
			assert.near(0.25, ping, 0.06)
		end
	end)

	it("follows the network smoothly", function()
		local peers = lan.meet { count = 2, latency = 0.02 }
		local other = lan.id(peers[2])
		local function ping() return peers[1]:run(function(id) return Network.ping(id) end, other) end
		peers:step(300)
		local before = ping()
		assert(before < 0.12)
		peers:faults { latency = 0.4 }
		peers:step(120)
		local between = ping()
		peers:step(1800)
		local after = ping()
		assert.near(0.85, after, 0.1)
		assert(between > before and between < after)
	end)

	it("is 0 where there is no connection", function()
		local peers = lan.meet { count = 2 }
		assert.equal(0, peers[1]:run(function() return Network.ping("abc") end))
		assert.equal(0, peers[1]:run(function() return Network.ping(Network.peer_id()) end))
		local other = lan.id(peers[2])
		peers[2]:run(function() Network.leave_lan_lobby(lobby) end)
		lan.wait(peers, peers[1], function(other) return not Network.has_connection(other) end, 3, other)
		assert.equal(0, peers[1]:run(function(other) return Network.ping(other) end, other))
	end)

	it("rejects what is no peer id", function()
		assert.has_error(function() Network.ping() end,
			"Network.ping: argument 1 (player_id): expected peer id (hexadecimal string), got nothing")
		assert.has_error(function() Network.ping(-5) end,
			"Network.ping: argument 1 (player_id): expected peer id (hexadecimal string), got number -5")
	end)
end)

describe("Network.reliable_send_buffer_left", function()
	it("is the whole buffer at first, less what is under way, and whole again", function()
		local peers = lan.meet { count = 2, latency = 0.05 }
		local other = lan.id(peers[2])
		peers:step(30)
		local function left() return peers[1]:run(function(id) return Network.reliable_send_buffer_left(id) end, other) end
		assert.equal(32768, left())
		peers[1]:run(function(id) RPC.say(id, ("x"):rep(1000)) end, other)
		local after = left()
		assert(after <= 32768 - 1000 and after > 32768 - 1100, "left: " .. after)
		peers:step(60)
		assert.equal(32768, left())
	end)

	it("is each peer's own", function()
		local peers = lan.meet { count = 3 }
		peers:step(30)
		peers[1]:run(function(second, third)
			RPC.say(second, ("x"):rep(4000))
			assert(Network.reliable_send_buffer_left(second) < 29000)
			assert(Network.reliable_send_buffer_left(third) == 32768)
		end, lan.id(peers[2]), lan.id(peers[3]))
	end)

	it("does not change with unreliable messages", function()
		local peers = lan.meet { count = 2 }
		peers:step(30)
		peers[1]:run(function(id)
			for _ = 1, 20 do RPC.glance(id, 0.5, Vector3(1, 2, 3)) end
			assert(Network.reliable_send_buffer_left(id) == 32768)
		end, lan.id(peers[2]))
	end)

	it("is 0 where there is no such peer", function()
		local peers = lan.meet { count = 2 }
		assert.equal(0, peers[1]:run(function() return Network.reliable_send_buffer_left("abc") end))
	end)

	it("rejects what is no peer id", function()
		assert.has_error(function() Network.reliable_send_buffer_left("g") end,
			'Network.reliable_send_buffer_left: argument 1 (peer_id): expected peer id (hexadecimal string), got string "g"')
	end)
end)

describe("Network.fatal_error", function()
	it("is false before, while and after a client runs", function()
		alone(function()
			assert(Network.fatal_error() == false)
			local client = Network.init_lan_client("lan")
			Network.update(0, {})
			assert(Network.fatal_error() == false)
			Network.shutdown_lan_client(client)
			assert(Network.fatal_error() == false)
		end)
	end)

	it("is true once the sockets died, until the client is shut down", function()
		local peers = lan.meet { count = 2 }
		peers[1]:lose_sockets()
		assert.equal(true, peers[1]:run(function() return Network.fatal_error() end))
		-- A game may take its time to notice, and ends what it has as usual.
		peers:step(60)
		lan.has_logged(peers[1], "a socket died: the network cannot be used any more, and Network.fatal_error gives true")
		peers[1]:run(function()
			Network.leave_lan_lobby(lobby)
			Network.shutdown_lan_client(client)
		end)
		assert.equal(false, peers[1]:run(function() return Network.fatal_error() end))
		assert.equal(false, peers[2]:run(function() return Network.fatal_error() end))
	end)

	it("is false when the network is cut off, for it may come back", function()
		local peers = lan.meet { count = 2 }
		peers[1]:cut_off()
		peers:step(120)
		assert.equal(false, peers[1]:run(function() return Network.fatal_error() end))
	end)

	it("rejects nothing: it ignores arguments", function()
		assert.equal(false, Network.fatal_error("argument"))
	end)
end)

describe("Network.log", function()
	it("takes every level, with and without a client", function()
		alone(function()
			for _, level in ipairs { Network.SILENT, Network.WARNINGS, Network.MESSAGES, Network.SPEW } do Network.log(level) end
			Network.log("0")
			Network.init_lan_client("lan")
			Network.log(Network.SILENT)
		end)
	end)

	it("tells of peers, lobbies, sessions, objects and messages, each by name", function()
		local peers = lan.meet { count = 2 }
		local host, guest = lan.id(peers[1]), lan.id(peers[2])
		lan.play(peers)
		peers[1]:run(function(guest)
			RPC.hello(guest)
			Network.shutdown_game_session()
			Network.leave_lan_lobby(lobby)
		end, guest)
		peers:step(60)
		local function told(i, text)
			for _, line in ipairs(peers[i]:log("messages")) do
				if line == text then return end
			end
			error(("peer %d does not log %q; it logs:\n%s"):format(i, text, table.concat(peers[i]:log("messages"), "\n")), 2)
		end
		told(1, "opened a LAN lobby on port 10003")
		told(2, "joining the lobby at 10.0.0.1:10003")
		told(1, "connected to peer " .. guest)
		told(1, "created a game session")
		told(1, "hosting a game session")
		told(1, "peer " .. guest .. " joins the game session")
		told(2, "joined the game session of peer " .. host)
		told(1, "sent `hello` to peer " .. guest)
		told(2, "received `hello` from peer " .. host)
		told(1, "shut down the game session")
		told(1, "left the lobby")
		assert.same({}, peers[1]:log("warnings"))
	end)

	it("rejects other levels", function()
		assert.has_error(function() Network.log() end, "Network.log: argument 1 (log_level): expected integer 0 to 3, got nothing")
		assert.has_error(function() Network.log(4) end, "Network.log: argument 1 (log_level): expected integer 0 to 3, got number 4")
		assert.has_error(function() Network.log("SPEW") end,
			'Network.log: argument 1 (log_level): expected integer 0 to 3, got string "SPEW"')
	end)
end)

describe("Network.ignore_rpc_log", function()
	local function named(peer, name)
		local count = 0
		for _, line in ipairs(peer:log("messages")) do
			if line:find("`" .. name .. "`", 1, true) then count = count + 1 end
		end
		return count
	end

	it("keeps the messages of a name out of the log, sent and received, also of the next client", function()
		local peers = lan.meet { count = 2 }
		local other = lan.id(peers[2])
		local function talk()
			peers[1]:run(function(id)
				RPC.hello(id)
				RPC.say(id, "something")
			end, other)
			peers:step(20)
		end
		talk()
		assert.equal(1, named(peers[1], "hello"))
		assert.equal(1, named(peers[2], "hello"))
		for i = 1, 2 do peers[i]:run(function() Network.ignore_rpc_log("hello") end) end
		talk()
		for i = 1, 2 do
			assert.equal(1, named(peers[i], "hello"))
			assert.equal(2, named(peers[i], "say"))
		end
		peers[1]:run(function()
			Network.shutdown_lan_client(client)
			client = Network.init_lan_client("lan")
			RPC.hello(Network.peer_id())
		end)
		peers:step(2)
		assert.equal(1, named(peers[1], "hello"))
	end)

	it("rejects names of no message, and a call before a client exists", function()
		local peer = lan.start({ count = 1 })[1]
		lan.rejects("Network.ignore_rpc_log: the network config has no message `helo`; did you mean `hello`?", peer,
			function() Network.ignore_rpc_log("helo") end)
		lan.rejects("Network.ignore_rpc_log: the network config has no message `xyz`", peer,
			function() Network.ignore_rpc_log("xyz") end)
		assert.has_error(function() Network.ignore_rpc_log({}) end,
			"Network.ignore_rpc_log: argument 1 (name): expected string, got table")
		assert.has_error(function() Network.ignore_rpc_log("hello") end,
			"Network.ignore_rpc_log: no network client is running; call Network.init_lan_client first")
	end)
end)

-- The time that a message takes to its receiver, in virtual seconds.
local function delivery_time(peers, from, to)
	local id, count, start = lan.id(peers[to]), #peers[to]:events("hello"), peers:time()
	peers[from]:run(function(id) RPC.hello(id) end, id)
	assert(peers:step_until(function() return #peers[to]:events("hello") > count end, 20))
	return peers:time() - start
end

describe("Network.set_max_transmit_rate", function()
	it("is the least time between two transmits", function()
		local peers = lan.meet { count = 2 }
		peers[1]:run(function() Network.set_max_transmit_rate(1) end)
		peers:step(61)
		delivery_time(peers, 1, 2)
		-- That was a transmit just now; the next one is a second later.
		assert.near(1, delivery_time(peers, 1, 2), 0.06)
		assert.near(1, delivery_time(peers, 1, 2), 0.06)
	end)

	it("lets every frame transmit at 0", function()
		local peers = lan.meet { count = 2 }
		peers[1]:run(function() Network.set_max_transmit_rate(0) end)
		for _ = 1, 5 do
			-- Sent in the first frame, received in the same or the next.
			assert(delivery_time(peers, 1, 2) < 2.5 / 60)
		end
	end)

	it("is 0.03 until it is set", function()
		local peers = lan.meet { count = 2 }
		peers:step(10, 0.001)
		delivery_time(peers, 1, 2)
		local id = lan.id(peers[2])
		local before = #peers[2]:events("hello")
		peers[1]:run(function(id) RPC.hello(id) end, id)
		-- Frames of a millisecond: nothing leaves before 30 of them have passed since the last transmit.
		local start = peers:time()
		while #peers[2]:events("hello") == before do peers:step(1, 0.001) end
		assert(peers:time() - start <= 0.032)
		start = peers:time()
		peers[1]:run(function(id) RPC.hello(id) end, id)
		while #peers[2]:events("hello") == before + 1 do peers:step(1, 0.001) end
		assert.near(0.03, peers:time() - start, 0.0025)
	end)

	it("rejects what is no time", function()
		assert.has_error(function() Network.set_max_transmit_rate() end,
			"Network.set_max_transmit_rate: argument 1 (time): expected number 0 to 86400, got nothing")
		assert.has_error(function() Network.set_max_transmit_rate(-0.1) end,
			"Network.set_max_transmit_rate: argument 1 (time): expected number 0 to 86400, got number -0.1")
		assert.has_error(function() Network.set_max_transmit_rate(math.huge) end,
			"Network.set_max_transmit_rate: argument 1 (time): expected number 0 to 86400, got number inf")
	end)
end)

describe("Network.set_resend_time", function()
	-- How long a message takes whose first packets are lost.
	local function recovery(resend_time)
		local peers = lan.meet { count = 2, latency = 0.01 }
		-- A ping that is answered would show the gap before it earlier.
		peers[1]:run(function(time)
			Network.set_ping_send_time(60)
			if time then Network.set_resend_time(time) end
		end, resend_time)
		peers:step(120)
		peers:faults { from = 1, to = 2, latency = 0.01, loss = 1 }
		local start = peers:time()
		peers[1]:run(function(id) RPC.hello(id) end, lan.id(peers[2]))
		peers:step(5)
		peers:faults { from = 1, to = 2, latency = 0.01, loss = 0 }
		assert(peers:step_until(function() return #peers[2]:events("hello") == 1 end, 20))
		return peers:time() - start
	end

	it("is the time after which lost data is sent again", function()
		assert.near(0.6, recovery(0.6), 0.15)
		assert.near(1.5, recovery(1.5), 0.15)
	end)

	it("is 0.2 until it is set", function()
		assert.near(0.25, recovery(), 0.1)
	end)

	it("rejects what is no time", function()
		assert.has_error(function() Network.set_resend_time("fast") end,
			'Network.set_resend_time: argument 1 (time): expected number 0 to 86400, got string "fast"')
		assert.has_error(function() Network.set_resend_time(-1) end,
			"Network.set_resend_time: argument 1 (time): expected number 0 to 86400, got number -1")
	end)
end)

describe("Network.set_ping_send_time", function()
	-- How long the ping takes to notice that the network has become slower.
	local function noticed(ping_send_time)
		local peers = lan.meet { count = 2 }
		local other = lan.id(peers[2])
		if ping_send_time then peers[1]:run(function(time) Network.set_ping_send_time(time) end, ping_send_time) end
		peers:step(240)
		local before = peers[1]:run(function(id) return Network.ping(id) end, other)
		peers:faults { latency = 0.1 }
		local samples, last, start = {}, before, peers:time()
		for _ = 1, 1200 do
			peers:step(1)
			local now = peers[1]:run(function(id) return Network.ping(id) end, other)
			if now ~= last then samples[#samples + 1] = peers:time() - start end
			last = now
			if #samples == 3 then break end
		end
		return samples[3] - samples[2]
	end

	it("is the pause between an answer and the next ping", function()
		-- The pause and a round trip.
		assert.near(0.3 + 0.25, noticed(0.3), 0.1)
		assert.near(3 + 0.25, noticed(3), 0.1)
	end)

	it("is 1 until it is set", function()
		assert.near(1 + 0.25, noticed(), 0.1)
	end)

	it("rejects what is no time", function()
		assert.has_error(function() Network.set_ping_send_time({}) end,
			"Network.set_ping_send_time: argument 1 (time): expected number 0 to 86400, got table")
	end)
end)

describe("Network.set_ping_resend_time", function()
	-- How long after the end of a break the ping is measured again. The break is longer than any pause between pings.
	local function recovered(ping_resend_time)
		local peers = lan.meet { count = 2 }
		local other = lan.id(peers[2])
		if ping_resend_time then peers[1]:run(function(time) Network.set_ping_resend_time(time) end, ping_resend_time) end
		peers:step(120)
		peers:faults { latency = 0.1, loss = 1 }
		peers:step(150)
		local before = peers[1]:run(function(id) return Network.ping(id) end, other)
		peers:faults { latency = 0.1, loss = 0 }
		local start = peers:time()
		assert(peers:step_until(function()
			return peers[1]:run(function(id) return Network.ping(id) end, other) ~= before
		end, 20))
		return peers:time() - start
	end

	it("is the pause between pings that get no answer", function()
		assert(recovered(0.1) < 0.45)
		assert(recovered(8) > 3)
	end)

	it("is 0.5 until it is set", function()
		assert(recovered() < 0.5 + 0.35)
	end)

	it("rejects what is no time", function()
		assert.has_error(function() Network.set_ping_resend_time(1e9) end,
			"Network.set_ping_resend_time: argument 1 (time): expected number 0 to 86400, got number 1000000000")
	end)
end)

describe("Network.set_pong_timeout", function()
	local function lost(timeout, limit)
		local peers = lan.meet { count = 2 }
		if timeout then peers[1]:run(function(time) Network.set_pong_timeout(time) end, timeout) end
		peers:step(60)
		peers[2]:kill()
		local start = peers:time()
		lan.wait(peers, peers[1], function() return #lobby:members() == 1 end, limit)
		return peers:time() - start
	end

	it("is the time after which a silent peer counts as lost", function()
		assert.near(3, lost(3, 10), 0.6)
		assert.near(8, lost(8, 20), 0.6)
	end)

	it("is 60 until it is set", function()
		assert.near(60, lost(nil, 90), 1.2)
	end)

	it("counts at once for connections that exist", function()
		local peers = lan.meet { count = 2 }
		peers[2]:kill()
		peers:step(300)
		assert.equal(2, #lan.members(peers[1]))
		peers[1]:run(function() Network.set_pong_timeout(4) end)
		peers:step(10)
		assert.equal(1, #lan.members(peers[1]))
	end)

	it("rejects what is no time", function()
		assert.has_error(function() Network.set_pong_timeout(nil) end,
			"Network.set_pong_timeout: argument 1 (time): expected number 0 to 86400, got nil")
		assert.has_error(function() Network.set_pong_timeout(-3) end,
			"Network.set_pong_timeout: argument 1 (time): expected number 0 to 86400, got number -3")
	end)
end)

-- Questions about connections need a client that has them.
for _, name in ipairs { "has_connection", "is_broken", "is_used", "ping", "reliable_send_buffer_left" } do
	describe("Network." .. name, function()
		it("rejects a call before a client exists", function()
			assert.has_error(function() Network[name]("abc") end,
				"Network." .. name .. ": no network client is running; call Network.init_lan_client first")
		end)
	end)
end

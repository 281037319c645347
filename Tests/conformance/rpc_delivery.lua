-- When and where messages arrive: to oneself, bound to a session, in order, unreliable, and when the buffer is full.

local session = require "support/session"

describe("RPC", function()
	it("is one stable table, with a function for each message and nil for other names", function()
		local peers = simulate.peers { count = 1, config = session.config() }
		assert.same({ "table", "nil", "nil" }, peers[1]:run(function()
			kept = RPC
			return { type(RPC), type(RPC.hello), type(RPC.nothing) }
		end))
		assert.same({ true, true, "function", "nil", "nil", "nil" }, peers[1]:run(function()
			client = Network.init_lan_client("simulated")
			hello = RPC.hello
			return { kept == RPC, RPC == stingray.RPC, type(RPC.hello), type(RPC.nothing), type(RPC.game_object_created), type(RPC.avatar) }
		end))
	end)

	it("gives functions that scripts may keep, for later clients too", function()
		local peers = session.start { count = 1 }
		peers[1]:run(function()
			hello = RPC.hello
			Network.shutdown_lan_client(client)
		end)
		session.rejects("RPC.hello: no network client is running; call Network.init_lan_client first", peers[1], function() hello("1") end)
		assert.equal(true, peers[1]:run(function()
			client = Network.init_lan_client("simulated")
			hello(Network.peer_id())
			return RPC.hello == hello
		end))
		peers:step(2)
		assert.equal(1, #peers[1]:events("hello"))
	end)

	it("calls the receiver with itself, the sender and the arguments", function()
		local peers = session.meet { count = 2 }
		peers[2]:run(function()
			function callbacks.two(...)
				local self, sender = ...
				heard = { self == callbacks, sender, select("#", ...), (select(3, ...)), (select(4, ...)) }
			end
		end)
		peers[1]:run(function(peer) RPC.two(peer, 4, 1) end, peers.ids[2])
		assert.same({ true, peers.ids[1], 4, 4, 1 }, session.wait(peers, 2, function() return heard end))
	end)

	it("returns nothing", function()
		local peers = session.meet { count = 2 }
		assert.equal(0, peers[1]:run(function(peer) return select("#", RPC.hello(peer)) end, peers.ids[2]))
	end)

	it("works in the lobby, before any session", function()
		local peers = session.meet { count = 3 }
		peers[2]:run(function(peer) RPC.say(peer, "hello there") end, peers.ids[3])
		assert.same({ { name = "say", n = 2, peers.ids[2], "hello there" } }, session.wait_event(peers, 3, "say"))
	end)

	it("can be called in the frame that shows JOINED", function()
		local peers = session.start { count = 2, latency = 0.1 }
		peers[1]:run(function() lobby = Network.create_lan_lobby(10003, 4) end)
		peers[2]:run(function()
			lobby = Network.join_lan_lobby("10.0.0.1:10003")
			function update(dt)
				Network.update(dt, callbacks)
				if lobby:state() == LanLobby.JOINED and not sent then
					sent = true
					for _, peer in ipairs(lobby:members()) do
						if peer ~= Network.peer_id() then RPC.say(peer, "me too") end
					end
				end
			end
		end)
		assert.same({ { name = "say", n = 2, peers.ids[2], "me too" } }, session.wait_event(peers, 1, "say"))
	end)

	it("to a member whose connection is still being made waits for it", function()
		local peers = session.start { count = 3, latency = 0.1 }
		peers[1]:run(function() lobby = Network.create_lan_lobby(10003, 4) end)
		session.enter(peers, 2)
		peers[2]:run(function()
			function update(dt)
				Network.update(dt, callbacks)
				local newcomer = lobby:members()[3]
				if newcomer and not sent then
					sent = true
					was_connected = Network.ping(newcomer) > 0
					for n = 1, 3 do RPC.send_small(newcomer, n) end
				end
			end
		end)
		peers[3]:run(function() lobby = Network.join_lan_lobby("10.0.0.1:10003") end)
		local events = session.wait_event(peers, 3, "send_small", 3)
		for n = 1, 3 do assert.equal(n, events[n][2]) end
		assert.equal(false, peers[2]:run(function() return was_connected end))
	end)

	it("takes peer ids in any spelling", function()
		local peers = session.meet { count = 2 }
		peers[1]:run(function(peer)
			RPC.hello("0" .. peer:upper())
			RPC.hello(tonumber(peer, 16))
		end, peers.ids[2])
		session.wait_event(peers, 2, "hello", 2)
	end)

	it("rejects wrong numbers of arguments", function()
		local peers = session.meet { count = 2 }
		session.rejects("RPC.two: expected 3 arguments (peer_id, small, percent), got 2", peers[1], function(peer) RPC.two(peer, 1) end, peers.ids[2])
		session.rejects("RPC.two: expected 3 arguments (peer_id, small, percent), got 4", peers[1], function(peer) RPC.two(peer, 1, 1, 1) end, peers.ids[2])
		session.rejects("RPC.hello: expected 1 argument (peer_id), got 0", peers[1], function() RPC.hello() end)
		peers:step(30)
		assert.same({}, peers[2]:events())
	end)

	it("rejects what is no peer id", function()
		local peers = session.meet { count = 2 }
		session.rejects('RPC.hello: argument 1 (peer_id): expected peer id (hexadecimal string), got string "everybody"', peers[1], function() RPC.hello("everybody") end)
		session.rejects("RPC.hello: argument 1 (peer_id): expected peer id (hexadecimal string), got nil", peers[1], function() RPC.hello(nil) end)
		session.rejects("RPC.hello: argument 1 (peer_id): expected peer id (hexadecimal string), got number 9.007199254741e+15",
			peers[1], function() RPC.hello(2 ^ 53) end)
	end)

	it("rejects peers that were never known, and nobody", function()
		local peers = session.meet { count = 2 }
		session.rejects("RPC.hello: peer abc123 was never known here", peers[1], function() RPC.hello("abc123") end)
		session.rejects("RPC.hello: peer 0 was never known here", peers[1], function() RPC.hello("0") end)
	end)

	it("drops with a warning what goes to a peer that has just left or broke", function()
		local peers = session.meet { count = 3 }
		for i = 1, 3 do peers[i]:run(function() Network.set_pong_timeout(2) end) end
		peers[2]:run(function() Network.leave_lan_lobby(lobby) end)
		session.wait(peers, 1, function(peer) return not Network.has_connection(peer) end, 5, peers.ids[2])
		peers[1]:run(function(peer) RPC.hello(peer) end, peers.ids[2])
		session.has_warned(peers[1], "message `hello` dropped: there is no connection to peer " .. peers.ids[2] .. " any more")
		peers[3]:kill()
		session.wait(peers, 1, function(peer) return Network.is_broken(peer) or not Network.has_connection(peer) end, 5, peers.ids[3])
		peers[1]:run(function(peer) RPC.hello(peer) end, peers.ids[3])
		assert(session.warnings(peers[1], "message `hello` dropped: the connection to peer " .. peers.ids[3] .. " is broken") == 1
			or session.warnings(peers[1], "message `hello` dropped: there is no connection to peer " .. peers.ids[3] .. " any more") == 1)
	end)
end)

describe("RPC to oneself", function()
	it("arrives in the own next update, not in this one", function()
		local peers = session.start { count = 1 }
		assert.same({ 0, 1, 1, 2, 2 }, peers[1]:run(function()
			local own = Network.peer_id()
			local counts = {}
			local handler = {}
			function handler:say(sender, text)
				heard = (heard or 0) + 1
				if text == "again" then RPC.say(own, "last") end
			end
			RPC.say(own, "again")
			counts[1] = heard or 0
			for i = 2, 5 do
				if i == 3 then Network.update_transmit() else Network.update_receive(0, handler) end
				counts[i] = heard
			end
			return counts
		end))
	end)

	it("gives the values that a remote peer would see", function()
		local peers = session.start { count = 1 }
		local id = peers.ids[1]
		peers[1]:run(function(own)
			RPC.send_percent(own, 0.3)
			RPC.send_list(own, { 1, "2" })
			RPC.send_peer(own, "00AB")
			RPC.say(own, "a\0b")
		end, id)
		peers:step()
		local events = peers[1]:events()
		assert.equal(4, #events)
		assert.near(0.3, events[1][2], 0.5 / 127)
		assert.not_equal(0.3, events[1][2])
		assert.same({ { name = "send_list", n = 2, id, { 1, 2 } }, { name = "send_peer", n = 2, id, "ab" }, { name = "say", n = 2, id, "a\0b" } },
			{ events[2], events[3], events[4] })
	end)

	it("works for session-bound messages in a session", function()
		local peers = session.play { count = 1 }
		peers[1]:run(function(own) RPC.bound(own, 5) end, peers.ids[1])
		peers:step()
		assert.same({ { name = "bound", n = 2, peers.ids[1], 5 } }, peers[1]:events())
	end)

	it("rejects more than fits the buffer, and loses nothing of the rest", function()
		local peers = session.start { count = 1, root = "reliable_send_buffer_size = 4096" }
		local sent, left = peers[1]:run(function()
			local own = Network.peer_id()
			for sent = 0, 1000 do
				local fine, text = pcall(RPC.say, own, ("x"):rep(1000))
				if not fine then return sent, text end
			end
		end)
		assert.equal(4, sent)
		assert.equal("RPC.say: the reliable send buffer is full: message `say` needs 1003 bytes, 84 are left; it was not sent", left)
		peers:step()
		assert.equal(4, #peers[1]:events("say"))
	end)
end)

describe("RPC that is session bound", function()
	for _, topology in ipairs(session.topologies) do
		it("arrives from each member at each other, with the sender's id (" .. topology .. ")", function()
			local peers = session.play { count = 3, topology = topology, latency = 0.02 }
			for i = 1, 3 do
				peers[i]:run(function(others)
					for n, peer in ipairs(others) do RPC.bound(peer, n) end
				end, peers.ids)
			end
			for i = 1, 3 do
				session.wait_event(peers, i, "bound", 3)
				local senders = {}
				for _, event in ipairs(peers[i]:events("bound")) do
					assert.equal(i, event[2])
					senders[event[1]] = true
				end
				for _, id in ipairs(peers.ids) do assert.equal(true, senders[id]) end
			end
		end)

		it("is dropped with a warning where the peer is not in the session (" .. topology .. ")", function()
			local peers = session.meet { count = 2, topology = topology }
			session.host(peers)
			peers[1]:run(function(peer) RPC.bound(peer, 1) end, peers.ids[2])
			session.has_warned(peers[1], "message `bound` dropped: peer " .. peers.ids[2] .. " is not in the game session")
			peers:step(30)
			assert.same({}, peers[2]:events())
		end)

		it("comes unreliably, too, where it says so (" .. topology .. ")", function()
			local peers = session.play { count = 3, topology = topology }
			peers[2]:run(function(peer) RPC.bound_blip(peer, 3) end, peers.ids[3])
			assert.same({ { name = "bound_blip", n = 2, peers.ids[2], 3 } }, session.wait_event(peers, 3, "bound_blip"))
		end)
	end

	it("rejects to be sent outside of a session", function()
		local peers = session.meet { count = 2 }
		session.rejects("RPC.bound: message `bound` is session bound, and this peer is in no game session", peers[1], function(peer) RPC.bound(peer, 1) end, peers.ids[2])
		peers[1]:run(function() game = Network.create_game_session() end)
		session.rejects("RPC.bound: message `bound` is session bound, and this peer is in no game session", peers[1], function(peer) RPC.bound(peer, 1) end, peers.ids[2])
		session.rejects("RPC.bound: message `bound` is session bound, and this peer is in no game session", peers[1], function() RPC.bound(Network.peer_id(), 1) end)
	end)

	it("rejects strangers", function()
		local peers = session.play { count = 1 }
		session.rejects("RPC.bound: peer abc123 was never known here", peers[1], function() RPC.bound("abc123", 1) end)
	end)

	it("does not reach a peer that has left", function()
		local peers = session.play { count = 3 }
		peers[3]:run(function() game:disconnect_from_host() end)
		peers[2]:run(function(peer) RPC.bound(peer, 1) end, peers.ids[3])
		peers:step(60)
		assert.same({}, peers[3]:events("bound"))
		session.rejects("RPC.bound: message `bound` is session bound, and this peer is in no game session", peers[3], function(peer) RPC.bound(peer, 1) end, peers.ids[1])
	end)
end)

describe("RPC that is reliable", function()
	it("arrives once and in order, whatever the network does", function()
		local peers = session.meet { count = 2, latency = 0.08, jitter = 0.06, loss = 0.3, duplication = 0.2, reordering = 0.3, seed = 4 }
		for burst = 0, 9 do
			peers[1]:run(function(peer, burst)
				for n = 1, 20 do RPC.send_wide(peer, burst * 20 + n) end
			end, peers.ids[2], burst)
			peers:step(3)
		end
		local events = session.wait_event(peers, 2, "send_wide", 200, 60)
		for n = 1, 200 do assert.equal(n, events[n][2]) end
		peers:step(120)
		assert.equal(200, #peers[2]:events("send_wide"))
	end)

	for _, topology in ipairs(session.topologies) do
		it("keeps its place among the sender's creations and destructions (" .. topology .. ")", function()
			local peers = session.play { count = 3, topology = topology, latency = 0.05, jitter = 0.05, loss = 0.25, seed = 6 }
			peers[3]:run(function()
				problems, count = {}, 0
				function callbacks:bound(sender, id)
					count = count + 1
					local wanted = count % 2 == 1
					if game:game_object_exists(id) ~= wanted then problems[#problems + 1] = count end
				end
				function callbacks:game_object_created(id) end
				function callbacks:game_object_destroyed(id) end
			end)
			for _ = 1, 30 do
				peers[2]:run(function(peer)
					local id = game:create_game_object("marker", {})
					RPC.bound(peer, id)
					game:destroy_game_object(id)
					RPC.bound(peer, id)
				end, peers.ids[3])
				peers:step()
			end
			session.wait(peers, 3, function() return count == 60 end, 30)
			assert.same({}, peers[3]:run(function() return problems end))
		end)
	end
end)

describe("RPC in client-server topology", function()
	it("keeps the order across senders: an answer does not overtake what it answers", function()
		local peers = session.play { count = 4, topology = "client-server", latency = 0.04, jitter = 0.04, loss = 0.2, seed = 8 }
		-- Peer 2 creates an object and tells peer 3, which tells peer 4: there, the object must be known by then.
		peers[3]:run(function(peer) function callbacks:bound(_, id) RPC.bound(peer, id) end end, peers.ids[4])
		peers[4]:run(function()
			late, count = 0, 0
			function callbacks:bound(_, id)
				count = count + 1
				if not game:game_object_exists(id) then late = late + 1 end
			end
		end)
		for _ = 1, 20 do
			peers[2]:run(function(peer) RPC.bound(peer, game:create_game_object("marker", {})) end, peers.ids[3])
			peers:step(2)
		end
		session.wait(peers, 4, function() return count == 20 end, 30)
		assert.equal(0, peers[4]:run(function() return late end))
	end)
end)

describe("RPC that is unreliable", function()
	it("arrives on a good line", function()
		local peers = session.meet { count = 2 }
		peers[1]:run(function(peer) RPC.blip(peer, 200) end, peers.ids[2])
		assert.same({ { name = "blip", n = 2, peers.ids[1], 200 } }, session.wait_event(peers, 2, "blip"))
	end)

	it("is not sent again where it gets lost, and never comes twice", function()
		local peers = session.meet { count = 2 }
		peers:faults { from = 1, to = 2, loss = 0.5, duplication = 0.5 }
		for n = 1, 100 do
			peers[1]:run(function(peer, n) RPC.blip(peer, n) end, peers.ids[2], n)
			peers:step(3)
		end
		peers:step(60)
		local count, seen = 0, {}
		for _, event in ipairs(peers[2]:events("blip")) do
			count = count + 1
			assert.is_nil(seen[event[2]])
			seen[event[2]] = true
		end
		assert(count > 20 and count < 80, count)
	end)

	it("takes nothing of the reliable buffer", function()
		local peers = session.meet { count = 2 }
		assert.equal(32768, peers[1]:run(function(peer)
			for n = 1, 100 do RPC.blip(peer, n) end
			return Network.reliable_send_buffer_left(peer)
		end, peers.ids[2]))
	end)

	it("rejects values out of range, too", function()
		local peers = session.meet { count = 2 }
		session.rejects("RPC.blip: argument 2 (small): expected integer 0 to 255, got number 256", peers[1], function(peer) RPC.blip(peer, 256) end, peers.ids[2])
	end)
end)

describe("RPC with the reliable send buffer full", function()
	it("is an error that says what is left; nothing else is lost, and later there is room again", function()
		local peers = session.meet { count = 2 }
		assert.equal(32768, peers[1]:run(function(peer) return Network.reliable_send_buffer_left(peer) end, peers.ids[2]))
		local sent, text, left = peers[1]:run(function(peer)
			for sent = 0, 1000 do
				local fine, text = pcall(RPC.say, peer, sent .. ("x"):rep(999))
				if not fine then return sent, text, Network.reliable_send_buffer_left(peer) end
			end
		end, peers.ids[2])
		local needed, told = text:match("^RPC%.say: the reliable send buffer is full: message `say` needs (%d+) bytes, (%d+) are left; it was not sent$")
		assert.equal(left, tonumber(told))
		assert(tonumber(needed) > left)
		assert(sent >= 30, sent)
		-- A short one still fits.
		peers[1]:run(function(peer) RPC.hello(peer) end, peers.ids[2])
		session.wait_event(peers, 2, "hello")
		local events = peers[2]:events("say")
		assert.equal(sent, #events)
		for n = 1, sent do assert.equal((n - 1) .. ("x"):rep(999), events[n][2]) end
		session.wait(peers, 1, function(peer) return Network.reliable_send_buffer_left(peer) == 32768 end, 5, peers.ids[2])
		peers[1]:run(function(peer) RPC.say(peer, "room again") end, peers.ids[2])
		session.wait_event(peers, 2, "say", sent + 1)
	end)

	for _, topology in ipairs(session.topologies) do
		it("leaves the engine its own share: objects are still created and synchronized (" .. topology .. ")", function()
			local peers = session.meet { count = 3, topology = topology }
			session.host(peers)
			peers[2]:run(function() game = Network.create_game_session() end)
			peers[1]:run(function(peer)
				game:add_peer(peer)
				for n = 1, 100 do game:create_game_object("marker", { number = n }) end
			end, peers.ids[2])
			session.settle(peers, 2, peers.ids[2])
			peers[1]:run(function(peer)
				while pcall(RPC.bound_say, peer, ("x"):rep(100)) do end
				while pcall(RPC.bound, peer, 1) do end
				for n = 101, 150 do last = game:create_game_object("marker", { number = n }) end
			end, peers.ids[2])
			session.wait(peers, 2, function(id) return game:game_object_exists(id) and game:game_object_field(id, "number") == 150 end, 20,
				peers[1]:run(function() return last end))
			assert.equal(150, #peers[2]:events("game_object_created"))
		end)
	end

	it("rejects a client's message to another client in the same way (client-server)", function()
		local peers = session.play { count = 3, topology = "client-server" }
		local text = peers[2]:run(function(peer)
			for _ = 1, 100 do
				local fine, text = pcall(RPC.bound_say, peer, ("x"):rep(1000))
				if not fine then return text end
			end
		end, peers.ids[3])
		assert.matches("^RPC%.bound_say: the reliable send buffer is full: message `bound_say` needs %d+ bytes, %d+ are left; it was not sent$", text)
		session.wait(peers, 2, function(host) return Network.reliable_send_buffer_left(host) == 32768 end, 10, peers.ids[1])
		assert(#session.wait_event(peers, 3, "bound_say", 30) >= 30)
	end)
end)

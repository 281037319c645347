-- Who is in a game session: hosting, adding, removing, leaving, and what members are told of each other.

local session = require "support/session"

local function sorted(list)
	table.sort(list)
	return list
end

-- The ids of all peers but one.
local function others(peers, i)
	local list = { unpack(peers.ids) }
	table.remove(list, i)
	return list
end

describe("GameSession.make_game_session_host", function()
	it("makes this peer the host and only member at once", function()
		local peers = session.meet { count = 1 }
		local id = peers.ids[1]
		local before, after = peers[1]:run(function()
			game = Network.create_game_session()
			local before = { game:in_session(), game:game_session_host() or "none", #game:peers() }
			game:make_game_session_host()
			return before, { game:in_session(), game:game_session_host(), unpack(game:peers()) }
		end)
		assert.same({ false, "none", 0 }, before)
		assert.same({ true, id, id }, after)
	end)

	it("works through the namespace, too", function()
		local peers = session.meet { count = 1 }
		assert.equal(true, peers[1]:run(function()
			game = Network.create_game_session()
			stingray.GameSession.make_game_session_host(game)
			return stingray.GameSession.in_session(game)
		end))
	end)

	it("rejects to be called twice, after the end, and without a session", function()
		local peers = session.meet { count = 1 }
		peers[1]:run(function()
			game = Network.create_game_session()
			game:make_game_session_host()
		end)
		session.rejects("GameSession.make_game_session_host: this peer is in a game session already; call shutdown_game_session and create a new one first",
			peers[1], function() game:make_game_session_host() end)
		peers[1]:run(function() game:shutdown_game_session_host() end)
		session.rejects("GameSession.make_game_session_host: this game session is over; call shutdown_game_session and create a new one",
			peers[1], function() game:make_game_session_host() end)
		peers[1]:run(function() Network.shutdown_game_session() end)
		session.rejects("GameSession.make_game_session_host: this GameSession was shut down; it cannot be used any more",
			peers[1], function() game:make_game_session_host() end)
		session.rejects("GameSession.make_game_session_host: argument 1 (self): expected GameSession, got nothing",
			peers[1], function() GameSession.make_game_session_host() end)
	end)
end)

describe("GameSession.add_peer", function()
	for _, topology in ipairs(session.topologies) do
		it("takes a peer in, which everybody hears of (" .. topology .. ")", function()
			local peers = session.play { count = 3, topology = topology, latency = 0.03 }
			for i = 1, 3 do
				assert.same(peers.ids, peers[i]:run(function() return game:peers() end))
				assert.equal(peers.ids[1], peers[i]:run(function() return game:game_session_host() end))
			end
			assert.same({ { name = "game_object_sync_done", n = 1, peers.ids[2] }, { name = "game_object_sync_done", n = 1, peers.ids[3] } },
				peers[1]:events())
			assert.same({}, peers[2]:events())
			assert.same({}, peers[3]:events())
		end)
	end

	it("can let a peer in again that was removed", function()
		local peers = session.play { count = 2 }
		local id = peers.ids[2]
		local thing = session.create(peers, 1, "marker", { number = 7 })
		peers[1]:run(function(id) game:remove_peer(id, callbacks) end, id)
		session.wait_event(peers, 2, "game_session_disconnect")
		peers[2]:run(function() Network.shutdown_game_session() end)
		session.add(peers, 2)
		assert.equal(7, session.wait(peers, 2, function(id)
			return game:game_object_exists(id) and game:game_object_field(id, "number")
		end, 10, thing))
	end)

	it("takes ids in any spelling", function()
		local peers = session.meet { count = 2 }
		session.host(peers)
		peers[2]:run(function() game = Network.create_game_session() end)
		local id = peers.ids[2]
		peers[1]:run(function(id) game:add_peer("00" .. id:upper()) end, id)
		session.settle(peers, 2, id)
	end)

	it("rejects strangers, members, itself, clients and what is no peer id", function()
		local peers = session.play { count = 2 }
		local host, id = peers.ids[1], peers.ids[2]
		session.rejects("GameSession.add_peer: there is no working connection to peer abc123; it has to share a lobby with this peer first",
			peers[1], function() game:add_peer("abc123") end)
		session.rejects("GameSession.add_peer: peer " .. id .. " is in the session already", peers[1], function(id) game:add_peer(id) end, id)
		session.rejects("GameSession.add_peer: peer " .. host .. " is in the session already", peers[1], function(id) game:add_peer(id) end, host)
		session.rejects("GameSession.add_peer: only the session host may do this, and that is peer " .. host,
			peers[2], function() game:add_peer("abc123") end)
		session.rejects('GameSession.add_peer: argument 2 (peer_id): expected peer id (hexadecimal string), got string "somebody"',
			peers[1], function() game:add_peer("somebody") end)
		session.rejects("GameSession.add_peer: argument 2 (peer_id): expected peer id (hexadecimal string), got nothing",
			peers[1], function() game:add_peer() end)
		session.rejects('GameSession.add_peer: argument 1 (self): expected GameSession, got string "abc123"',
			peers[1], function() GameSession.add_peer("abc123") end)
	end)

	it("rejects to be called before this peer hosts", function()
		local peers = session.meet { count = 2 }
		peers[1]:run(function() game = Network.create_game_session() end)
		session.rejects("GameSession.add_peer: only the session host may do this, and this peer is not in a session; call make_game_session_host first",
			peers[1], function(id) game:add_peer(id) end, peers.ids[2])
	end)
end)

describe("GameSession.remove_peer", function()
	for _, topology in ipairs(session.topologies) do
		it("ends the peer's objects everywhere, here before it returns (" .. topology .. ")", function()
			local peers = session.play { count = 3, topology = topology, latency = 0.03 }
			local gone = peers.ids[3]
			local first = session.create(peers, 3, "marker", { number = 1 })
			local second = session.create(peers, 3, "marker", { number = 2 })
			local other = session.create(peers, 2, "marker", { number = 3 })
			local heard = peers[1]:run(function(gone)
				local heard = {}
				local handler = {}
				function handler:game_object_destroyed(id, destroyer)
					heard[#heard + 1] = { self == handler, id, destroyer, game:game_object_field(id, "number"), game:game_object_owner(id) }
				end
				game:remove_peer(gone, handler)
				heard[#heard + 1] = #game:objects_owned_by(gone)
				heard[#heard + 1] = #game:other_peers()
				return heard
			end, gone)
			assert.same({ { true, first, gone, 1, gone }, { true, second, gone, 2, gone }, 0, 1 }, heard)
			session.wait_event(peers, 2, "game_object_destroyed", 2)
			assert.same({
				{ name = "game_object_destroyed", n = 2, first, gone }, { name = "game_object_destroyed", n = 2, second, gone },
			}, peers[2]:events("game_object_destroyed"))
			session.wait_event(peers, 3, "game_session_disconnect")
			for i = 1, 2 do
				assert.equal(true, peers[i]:run(function(id) return game:game_object_exists(id) end, other))
				assert.same({ peers.ids[1], peers.ids[2] }, peers[i]:run(function() return game:peers() end))
			end
			assert.same({}, peers[1]:events("game_object_destroyed"))
		end)
	end

	it("tells the removed peer who did it", function()
		local peers = session.play { count = 2 }
		local host, id = peers.ids[1], peers.ids[2]
		peers[1]:run(function(id) game:remove_peer(id, {}) end, id)
		assert.same({ { name = "game_session_disconnect", n = 1, host } }, session.wait_event(peers, 2, "game_session_disconnect"))
		assert.equal(false, peers[2]:run(function() return game:in_session() end))
	end)

	it("leaves with an error of the handler, and tells of the other objects in the next update", function()
		local peers = session.play { count = 2 }
		local id = peers.ids[2]
		local first = session.create(peers, 2, "marker")
		local second = session.create(peers, 2, "marker")
		assert.error_matches(function()
			peers[1]:run(function(id)
				game:remove_peer(id, { game_object_destroyed = function() error("no more") end })
			end, id)
		end, "game_session%.lua:%d+: no more\nstack traceback:")
		assert.same({}, peers[1]:events("game_object_destroyed"))
		peers:step()
		assert.same({ { name = "game_object_destroyed", n = 2, second, id } }, peers[1]:events("game_object_destroyed"))
		assert.equal(false, peers[1]:run(function(a, b) return game:game_object_exists(a) or game:game_object_exists(b) end, first, second))
	end)

	it("rejects strangers, itself, clients, and a call without callbacks", function()
		local peers = session.play { count = 2 }
		local host, id = peers.ids[1], peers.ids[2]
		session.rejects("GameSession.remove_peer: peer abc123 is not in the session", peers[1], function() game:remove_peer("abc123", {}) end)
		session.rejects("GameSession.remove_peer: peer " .. host .. " is this peer itself", peers[1], function(id) game:remove_peer(id, {}) end, host)
		session.rejects("GameSession.remove_peer: only the session host may do this, and that is peer " .. host,
			peers[2], function(id) game:remove_peer(id, {}) end, id)
		session.rejects("GameSession.remove_peer: argument 3 (callback_object): expected callback object (table), got nothing",
			peers[1], function(id) game:remove_peer(id) end, id)
		assert.equal(2, peers[1]:run(function() return #game:peers() end))
	end)
end)

describe("GameSession.leave", function()
	for _, topology in ipairs(session.topologies) do
		it("asks the host, who lets the peer go (" .. topology .. ")", function()
			local peers = session.play { count = 3, topology = topology }
			local host, id = peers.ids[1], peers.ids[2]
			local thing = session.create(peers, 2, "marker", { number = 5 })
			peers[2]:run(function() game:leave() end)
			assert.equal(true, peers[2]:run(function() return game:in_session() end))
			assert.equal(id, session.wait(peers, 1, function() return game:wants_to_leave() end))
			assert.equal(true, peers[2]:run(function() return game:in_session() end))
			peers[1]:run(function(id) game:remove_peer(id, callbacks) end, id)
			assert.same({ { name = "game_object_destroyed", n = 2, thing, id } }, peers[1]:events("game_object_destroyed"))
			session.wait(peers, 2, function() return not game:in_session() end)
			assert.same({ { name = "game_session_disconnect", n = 1, host } }, peers[2]:events("game_session_disconnect"))
			session.wait(peers, 3, function() return #game:peers() == 2 end)
			assert.same({ { name = "game_object_destroyed", n = 2, thing, id } }, session.wait_event(peers, 3, "game_object_destroyed"))
		end)
	end

	it("does nothing outside of a session, and nothing more when called again", function()
		local peers = session.play { count = 2 }
		local id = peers.ids[2]
		peers[2]:run(function()
			game:leave()
			game:leave()
		end)
		session.wait(peers, 1, function() return game:wants_to_leave() end)
		peers[1]:run(function(id) game:remove_peer(id, callbacks) end, id)
		session.wait(peers, 2, function() return not game:in_session() end)
		peers[2]:run(function() game:leave() end)
		peers:step(30)
		assert.is_nil(peers[1]:run(function() return game:wants_to_leave() end))
		assert.equal(1, #peers[2]:events("game_session_disconnect"))
	end)

	it("rejects the host", function()
		local peers = session.play { count = 2 }
		session.rejects("GameSession.leave: this peer hosts the session; use shutdown_game_session_host instead",
			peers[1], function() game:leave() end)
	end)
end)

describe("GameSession.disconnect_from_host", function()
	it("ends the session here at once, without a callback, and the host hears of it", function()
		local peers = session.play { count = 3 }
		local id = peers.ids[2]
		local thing = session.create(peers, 2, "marker", { number = 5 })
		assert.same({ false, 5 }, peers[2]:run(function(id)
			game:disconnect_from_host()
			return { game:in_session(), game:game_object_field(id, "number") }
		end, thing))
		assert.equal(id, session.wait(peers, 1, function() return game:broken_connection() end))
		peers[1]:run(function(id) game:remove_peer(id, callbacks) end, id)
		session.wait_event(peers, 3, "game_object_destroyed")
		peers:step(30)
		assert.same({}, peers[2]:events("game_session_disconnect"))
	end)

	it("does not need the host's cooperation", function()
		local peers = session.play { count = 2 }
		peers[1]:kill()
		assert.equal(false, peers[2]:run(function()
			game:disconnect_from_host()
			return game:in_session()
		end))
		peers[2]:run(function()
			game:disconnect_from_host()
			Network.shutdown_game_session()
		end)
		peers:step(10)
	end)

	it("rejects the host", function()
		local peers = session.play { count = 1 }
		session.rejects("GameSession.disconnect_from_host: this peer hosts the session; use shutdown_game_session_host instead",
			peers[1], function() game:disconnect_from_host() end)
	end)
end)

describe("GameSession.shutdown_game_session_host", function()
	it("ends the session for everybody, and tells clients but not the host", function()
		local peers = session.play { count = 3 }
		local host = peers.ids[1]
		assert.equal(false, peers[1]:run(function()
			game:shutdown_game_session_host()
			return game:in_session()
		end))
		for i = 2, 3 do
			assert.same({ { name = "game_session_disconnect", n = 1, host } }, session.wait_event(peers, i, "game_session_disconnect"))
			assert.equal(false, peers[i]:run(function() return game:in_session() end))
			assert.equal(false, peers[i]:run(function() return game:host_error() end))
		end
		peers:step(30)
		assert.same({}, peers[1]:events("game_session_disconnect"))
		assert.equal(1, #peers[2]:events("game_session_disconnect"))
	end)

	it("leaves everybody free for the next session", function()
		local peers = session.play { count = 2 }
		session.create(peers, 1, "marker")
		peers[1]:run(function()
			game:shutdown_game_session_host()
			Network.shutdown_game_session()
		end)
		session.wait_event(peers, 2, "game_session_disconnect")
		peers[2]:run(function() Network.shutdown_game_session() end)
		session.host(peers)
		session.add(peers, 2)
		local id = session.create(peers, 1, "marker", { number = 3 })
		assert.equal(1, id)
		assert.equal(3, peers[2]:run(function(id) return game:game_object_field(id, "number") end, id))
	end)

	it("rejects clients and those outside of a session", function()
		local peers = session.play { count = 2 }
		session.rejects("GameSession.shutdown_game_session_host: only the session host may do this, and that is peer " .. peers.ids[1],
			peers[2], function() game:shutdown_game_session_host() end)
		peers[1]:run(function() game:shutdown_game_session_host() end)
		session.rejects("GameSession.shutdown_game_session_host: only the session host may do this, and this peer is not in a session; call make_game_session_host first",
			peers[1], function() game:shutdown_game_session_host() end)
	end)
end)

describe("GameSession.in_session", function()
	it("is false until the host's add_peer has taken effect", function()
		local peers = session.meet { count = 2, latency = 0.1 }
		session.host(peers)
		peers[2]:run(function() game = Network.create_game_session() end)
		peers:step(60)
		assert.equal(false, peers[2]:run(function() return game:in_session() end))
		peers[1]:run(function(id) game:add_peer(id) end, peers.ids[2])
		assert.equal(false, peers[2]:run(function() return game:in_session() end))
		session.wait(peers, 2, function() return game:in_session() end)
	end)

	it("rejects what is no session, and one that was shut down", function()
		local peers = session.play { count = 1 }
		session.rejects("GameSession.in_session: argument 1 (self): expected GameSession, got table", peers[1], function() GameSession.in_session({}) end)
		session.rejects("GameSession.in_session: argument 1 (self): expected GameSession, got LanLobby", peers[1], function() GameSession.in_session(lobby) end)
		peers[1]:run(function() Network.shutdown_game_session() end)
		session.rejects("GameSession.in_session: this GameSession was shut down; it cannot be used any more", peers[1], function() game:in_session() end)
	end)
end)

describe("GameSession.game_session_host", function()
	it("is nil until known, and stays known after the end", function()
		local peers = session.meet { count = 2 }
		session.host(peers)
		peers[2]:run(function() game = Network.create_game_session() end)
		assert.is_nil(peers[2]:run(function() return game:game_session_host() end))
		local host = peers.ids[1]
		peers[1]:run(function(id) game:add_peer(id) end, peers.ids[2])
		session.settle(peers, 2, peers.ids[2])
		assert.equal(host, peers[2]:run(function() return game:game_session_host() end))
		peers[1]:run(function() game:shutdown_game_session_host() end)
		session.wait_event(peers, 2, "game_session_disconnect")
		assert.equal(host, peers[2]:run(function() return game:game_session_host() end))
	end)

	it("rejects a call without the session", function()
		local peers = session.start { count = 1 }
		session.rejects("GameSession.game_session_host: argument 1 (self): expected GameSession, got nil", peers[1], function() GameSession.game_session_host(nil) end)
	end)
end)

describe("GameSession.host_error", function()
	it("is true once the host is lost, and in_session for five seconds more", function()
		local peers = session.play { count = 3 }
		local host = peers.ids[1]
		for i = 2, 3 do
			peers[i]:run(function() Network.set_pong_timeout(2) end)
			assert.equal(false, peers[i]:run(function() return game:host_error() end))
		end
		peers[1]:kill()
		session.wait(peers, 2, function() return game:host_error() end, 5)
		local lost = peers:time()
		assert.equal(true, peers[2]:run(function() return game:in_session() end))
		assert.same({}, peers[2]:events("game_session_disconnect"))
		session.wait(peers, 2, function() return not game:in_session() end, 8)
		assert.near(lost + 5, peers:time(), 0.1)
		assert.same({ { name = "game_session_disconnect", n = 1, host } }, peers[2]:events("game_session_disconnect"))
		assert.same({ { name = "game_session_disconnect", n = 1, host } }, session.wait_event(peers, 3, "game_session_disconnect", 1, 3))
	end)

	it("is false on the host", function()
		local peers = session.play { count = 2 }
		peers[1]:run(function() Network.set_pong_timeout(1) end)
		peers[2]:kill()
		session.wait(peers, 1, function() return game:broken_connection() end, 5)
		assert.equal(false, peers[1]:run(function() return game:host_error() end))
	end)

	it("rejects what is no session", function()
		local peers = session.start { count = 1 }
		session.rejects("GameSession.host_error: argument 1 (self): expected GameSession, got number 5", peers[1], function() GameSession.host_error(5) end)
	end)
end)

describe("GameSession.peers", function()
	it("lists everybody, this peer too; nobody outside of a session", function()
		local peers = session.play { count = 3 }
		for i = 1, 3 do assert.same(peers.ids, peers[i]:run(function() return game:peers() end)) end
		peers[1]:run(function() game:shutdown_game_session_host() end)
		assert.same({}, peers[1]:run(function() return game:peers() end))
	end)

	it("rejects a call with a dot and no session", function()
		local peers = session.play { count = 1 }
		session.rejects("GameSession.peers: argument 1 (self): expected GameSession, got nothing", peers[1], function() game.peers() end)
	end)
end)

describe("GameSession.other_peers", function()
	it("leaves this peer out", function()
		local peers = session.play { count = 3 }
		for i = 1, 3 do
			assert.same(others(peers, i), peers[i]:run(function() return game:other_peers() end))
		end
	end)

	it("rejects a call without the session", function()
		local peers = session.start { count = 1 }
		session.rejects("GameSession.other_peers: argument 1 (self): expected GameSession, got nothing", peers[1], function() GameSession.other_peers() end)
	end)
end)

describe("GameSession.synchronized_peers", function()
	for _, topology in ipairs(session.topologies) do
		it("lists the others that have all objects, never this peer (" .. topology .. ")", function()
			local peers = session.play { count = 3, topology = topology }
			for i = 1, 3 do
				assert.same(others(peers, i), peers[i]:run(function() return game:synchronized_peers() end))
			end
		end)
	end

	it("rejects a call without the session", function()
		local peers = session.start { count = 1 }
		session.rejects("GameSession.synchronized_peers: argument 1 (self): expected GameSession, got nothing", peers[1], function() GameSession.synchronized_peers() end)
	end)
end)

describe("GameSession.synchronizing_peers", function()
	it("lists a newcomer until it has all objects", function()
		local peers = session.meet { count = 2, latency = 0.05 }
		session.host(peers)
		peers[1]:run(function()
			for i = 1, 300 do game:create_game_object("marker", { number = i }) end
		end)
		local id = peers.ids[2]
		peers[2]:run(function() game = Network.create_game_session() end)
		peers[1]:run(function(id) game:add_peer(id) end, id)
		assert.same({ { id }, {} }, peers[1]:run(function() return { game:synchronizing_peers(), game:synchronized_peers() } end))
		while #peers[1]:events("game_object_sync_done") == 0 do
			assert.same({ { id }, {} }, peers[1]:run(function() return { game:synchronizing_peers(), game:synchronized_peers() } end))
			peers:step()
		end
		assert.same({ {}, { id } }, peers[1]:run(function() return { game:synchronizing_peers(), game:synchronized_peers() } end))
		assert.equal(300, #peers[2]:events("game_object_created"))
	end)

	it("rejects a call without the session", function()
		local peers = session.start { count = 1 }
		session.rejects("GameSession.synchronizing_peers: argument 1 (self): expected GameSession, got nothing", peers[1], function() GameSession.synchronizing_peers() end)
	end)
end)

describe("GameSession.wants_to_leave", function()
	it("names each peer until remove_peer lets it go", function()
		local peers = session.play { count = 3 }
		assert.is_nil(peers[1]:run(function() return game:wants_to_leave() end))
		for i = 2, 3 do peers[i]:run(function() game:leave() end) end
		peers:step(30)
		local gone = peers[1]:run(function()
			local gone = {}
			local peer = game:wants_to_leave()
			while peer do
				gone[#gone + 1] = peer
				assert(game:wants_to_leave() == peer)
				game:remove_peer(peer, callbacks)
				peer = game:wants_to_leave()
			end
			return gone
		end)
		assert.same(sorted { peers.ids[2], peers.ids[3] }, sorted(gone))
	end)

	it("is nil on clients", function()
		local peers = session.play { count = 3 }
		peers[2]:run(function() game:leave() end)
		peers:step(30)
		for i = 2, 3 do assert.is_nil(peers[i]:run(function() return game:wants_to_leave() end)) end
	end)

	it("rejects a call without the session", function()
		local peers = session.start { count = 1 }
		session.rejects("GameSession.wants_to_leave: argument 1 (self): expected GameSession, got nothing", peers[1], function() GameSession.wants_to_leave() end)
	end)
end)

describe("GameSession.broken_connection", function()
	it("names each lost peer until remove_peer takes it out", function()
		local peers = session.play { count = 4 }
		for i = 1, 4 do peers[i]:run(function() Network.set_pong_timeout(2) end) end
		local dead = { peers.ids[2], peers.ids[3] }
		local thing = session.create(peers, 2, "marker")
		peers[2]:kill()
		peers[3]:kill()
		peers:step(240)
		local gone = peers[1]:run(function()
			local gone = {}
			local peer = game:broken_connection()
			while peer do
				gone[#gone + 1] = peer
				assert(game:broken_connection() == peer)
				game:remove_peer(peer, callbacks)
				peer = game:broken_connection()
			end
			return gone
		end)
		assert.same(sorted(dead), sorted(gone))
		assert.same({ { name = "game_object_destroyed", n = 2, thing, dead[1] } }, peers[1]:events("game_object_destroyed"))
		assert.is_nil(peers[4]:run(function() return game:broken_connection() end))
		session.wait_event(peers, 4, "game_object_destroyed")
		assert.equal(2, peers[4]:run(function() return #game:peers() end))
	end)

	it("is nil on clients, also when the host is lost", function()
		local peers = session.play { count = 2 }
		peers[2]:run(function() Network.set_pong_timeout(1) end)
		peers[1]:kill()
		session.wait(peers, 2, function() return game:host_error() end, 5)
		assert.is_nil(peers[2]:run(function() return game:broken_connection() end))
	end)

	it("rejects a call without the session", function()
		local peers = session.start { count = 1 }
		session.rejects("GameSession.broken_connection: argument 1 (self): expected GameSession, got nothing", peers[1], function() GameSession.broken_connection() end)
	end)
end)

-- What happens when the session's host is gone: another peer takes over, or nobody does.

local session = require "support/session"

-- Peers in one session that notice a loss within two seconds. `peers.order` lists those that survive the first, lowest
-- peer id first.
local function play(options)
	local peers = session.play(options)
	peers.order = {}
	for i = 1, #peers do
		peers[i]:run(function() Network.set_pong_timeout(2) end)
		if i > 1 then peers.order[#peers.order + 1] = i end
	end
	table.sort(peers.order, function(a, b)
		return #peers.ids[a] < #peers.ids[b] or #peers.ids[a] == #peers.ids[b] and peers.ids[a] < peers.ids[b]
	end)
	return peers
end

-- The host dies, and everybody notices.
local function lose_host(peers)
	peers[1]:kill()
	for _, i in ipairs(peers.order) do session.wait(peers, i, function() return game:host_error() end, 5) end
end

-- Some call for another host; gives the seconds until all have one.
local function migrate(peers, callers, winner)
	local start = peers:time()
	for _, i in ipairs(callers) do peers[i]:run(function() game:migrate_game_session_host() end) end
	for _, i in ipairs(peers.order) do
		session.wait(peers, i, function(id) return game:game_session_host() == id and not game:host_error() end, 3, peers.ids[winner])
	end
	return peers:time() - start
end

local function loser_text(peers, winner)
	return "peer " .. peers.ids[winner] .. " takes over the game session, not this peer"
end

describe("GameSession.migrate_game_session_host", function()
	for _, topology in ipairs(session.topologies) do
		it("makes the lowest caller the host within a second, and the losers are warned (" .. topology .. ")", function()
			local peers = play { count = 4, topology = topology, latency = 0.03, loss = 0.02 }
			lose_host(peers)
			local winner = peers.order[1]
			assert(migrate(peers, peers.order, winner) < 1)
			local members = {}
			for _, i in ipairs(peers.order) do members[#members + 1] = peers.ids[i] end
			table.sort(members)
			for _, i in ipairs(peers.order) do
				local seen = peers[i]:run(function() return game:peers() end)
				table.sort(seen)
				assert.same(members, seen)
				assert.equal(true, peers[i]:run(function() return game:in_session() end))
				assert.same({}, peers[i]:events("game_session_disconnect"))
				if i ~= winner then session.has_warned(peers[i], loser_text(peers, winner)) end
			end
			assert.equal(0, session.warnings(peers[winner], loser_text(peers, winner)))
		end)

		it("needs one caller only, which need not be the lowest (" .. topology .. ")", function()
			local peers = play { count = 4, topology = topology }
			lose_host(peers)
			local winner = peers.order[3]
			assert(migrate(peers, { winner }, winner) < 1)
			-- Who calls after that has lost.
			peers[peers.order[1]]:run(function() game:migrate_game_session_host() end)
			session.has_warned(peers[peers.order[1]], loser_text(peers, winner))
			assert.equal(peers.ids[winner], peers[peers.order[1]]:run(function() return game:game_session_host() end))
		end)

		it("gives the old host's objects to the new one; fields and messages go on (" .. topology .. ")", function()
			local peers = play { count = 4, topology = topology }
			local winner, second, third = peers.order[1], peers.order[2], peers.order[3]
			local hosts = session.create(peers, 1, "avatar", { points = 7 })
			local others = session.create(peers, third, "marker", { number = 3 })
			peers:step(30)
			lose_host(peers)
			peers[third]:run(function(id, peer)
				game:set_game_object_field(id, "number", 4)
				RPC.bound(peer, 1)
			end, others, peers.ids[second])
			migrate(peers, peers.order, winner)
			assert.same({ { name = "game_object_migrated_to_me", n = 2, hosts, peers.ids[1] } },
				session.wait_event(peers, winner, "game_object_migrated_to_me"))
			peers[winner]:run(function(id) game:set_game_object_field(id, "points", 8) end, hosts)
			peers[third]:run(function(peer) RPC.bound(peer, 2) end, peers.ids[second])
			for _, i in ipairs(peers.order) do
				session.wait(peers, i, function(id) return game:game_object_field(id, "points") == 8 end, 3, hosts)
				session.wait(peers, i, function(id) return game:game_object_field(id, "number") == 4 end, 3, others)
				assert.equal(peers.ids[winner], peers[i]:run(function(id) return game:game_object_owner(id) end, hosts))
				assert.equal(peers.ids[third], peers[i]:run(function(id) return game:game_object_owner(id) end, others))
			end
			local heard = session.wait_event(peers, second, "bound", 2)
			assert.same({ { name = "bound", n = 2, peers.ids[third], 1 }, { name = "bound", n = 2, peers.ids[third], 2 } }, heard)
			peers[winner]:run(function(id) game:destroy_game_object(id) end, hosts)
			session.wait_event(peers, second, "game_object_destroyed")
		end)

		it("lets the new host add peers, let them go and remove them (" .. topology .. ")", function()
			local peers = play { count = 4, topology = topology }
			local winner, second, third = peers.order[1], peers.order[2], peers.order[3]
			local kept = session.create(peers, 1, "marker", { number = 5 })
			-- Somebody who was in before comes back later.
			peers[third]:run(function() game:disconnect_from_host() Network.shutdown_game_session() end)
			session.wait(peers, 1, function() return game:broken_connection() end, 5)
			peers[1]:run(function() game:remove_peer(game:broken_connection(), callbacks) end)
			session.wait(peers, second, function() return #game:peers() == 3 end)
			peers.order = { winner, second }
			lose_host(peers)
			migrate(peers, peers.order, winner)
			peers[third]:run(function() game = Network.create_game_session() end)
			peers[winner]:run(function(id) game:add_peer(id) end, peers.ids[third])
			assert.same({ { name = "game_object_sync_done", n = 1, peers.ids[third] } },
				session.wait_event(peers, winner, "game_object_sync_done"))
			assert.equal(5, peers[third]:run(function(id) return game:game_object_field(id, "number") end, kept))
			assert.equal(peers.ids[winner], peers[third]:run(function() return game:game_session_host() end))
			peers[second]:run(function() game:leave() end)
			session.wait(peers, winner, function() return game:wants_to_leave() end)
			peers[winner]:run(function() game:remove_peer(game:wants_to_leave(), callbacks) end)
			session.wait_event(peers, second, "game_session_disconnect")
			session.wait(peers, third, function() return #game:peers() == 2 end)
		end)

		it("hears of a peer that asked the old host to let it go (" .. topology .. ")", function()
			local peers = play { count = 3, topology = topology }
			local winner, second = peers.order[1], peers.order[2]
			peers[1]:kill()
			peers[second]:run(function() game:leave() end)
			for _, i in ipairs(peers.order) do session.wait(peers, i, function() return game:host_error() end, 5) end
			migrate(peers, { winner }, winner)
			assert.equal(peers.ids[second], session.wait(peers, winner, function() return game:wants_to_leave() end))
		end)

		it("can be done again when the new host is gone, too (" .. topology .. ")", function()
			local peers = play { count = 4, topology = topology }
			local first, second, third = peers.order[1], peers.order[2], peers.order[3]
			local id = session.create(peers, 1, "marker", { number = 1 })
			lose_host(peers)
			migrate(peers, { first }, first)
			peers:step(30)
			peers[first]:kill()
			peers.order = { second, third }
			for _, i in ipairs(peers.order) do session.wait(peers, i, function() return game:host_error() end, 5) end
			migrate(peers, { second, third }, second)
			assert.equal(peers.ids[second], peers[third]:run(function(id) return game:game_object_owner(id) end, id))
			assert.same({ { name = "game_object_migrated_to_me", n = 2, id, peers.ids[first] } },
				peers[second]:events("game_object_migrated_to_me"))
		end)

		it("may be called by the only one that is left (" .. topology .. ")", function()
			local peers = play { count = 2, topology = topology }
			local id = session.create(peers, 1, "marker", { number = 1 })
			lose_host(peers)
			migrate(peers, { 2 }, 2)
			assert.equal(true, peers[2]:run(function(id) return game:game_object_owned(id) end, id))
		end)

		it("may be left undone: five seconds later the session is over (" .. topology .. ")", function()
			local peers = play { count = 3, topology = topology }
			lose_host(peers)
			for _, i in ipairs(peers.order) do
				session.wait_event(peers, i, "game_session_disconnect", 1, 6)
				assert.equal(false, peers[i]:run(function() return game:in_session() end))
				session.rejects("GameSession.migrate_game_session_host: this game session is over; "
					.. "call shutdown_game_session and create a new one", peers[i], function() game:migrate_game_session_host() end)
			end
		end)
	end

	it("rejects a call while the host lives", function()
		local peers = session.play { count = 2 }
		session.rejects("GameSession.migrate_game_session_host: the host, peer " .. peers.ids[1]
			.. ", has not been lost; call this once host_error() is true", peers[2], function() game:migrate_game_session_host() end)
	end)

	it("rejects the host", function()
		local peers = session.play { count = 2 }
		session.rejects("GameSession.migrate_game_session_host: this peer hosts the session already", peers[1],
			function() game:migrate_game_session_host() end)
	end)

	it("rejects a peer that is in no session", function()
		local peers = session.meet { count = 1 }
		session.rejects("GameSession.migrate_game_session_host: this peer is not in a game session; a host calls "
			.. "make_game_session_host first, a client waits until in_session() is true", peers[1],
			function() Network.create_game_session():migrate_game_session_host() end)
	end)

	it("rejects what is no session", function()
		local peers = session.start { count = 1 }
		session.rejects("GameSession.migrate_game_session_host: argument 1 (self): expected GameSession, got nothing",
			peers[1], function() GameSession.migrate_game_session_host() end)
	end)
end)

-- Objects that change hands.

local session = require "support/session"

local function owner(peer, id)
	return peer:run(function(id) return game:game_object_exists(id) and game:game_object_owner(id) end, id)
end

-- Steps until all peers that play say that an object is one peer's.
local function wait_owner(peers, id, expected)
	assert(peers:step_until(function()
		for i = 1, #peers do
			if not peers[i].is_dead and owner(peers[i], id) ~= expected then return false end
		end
		return true
	end, 10))
end

-- Gives an object away, and gives what the callback object heard before the call returned.
local function migrate(peer, id, target)
	return peer:run(function(id, target)
		local heard = {}
		local listener = setmetatable({}, { __index = function(_, name)
			return function(_, ...) heard[#heard + 1] = { name, ... } end
		end })
		game:migrate_game_object(id, target, listener)
		return heard
	end, id, target)
end

local function migrations(peer)
	local heard = {}
	for _, event in ipairs(peer:events()) do
		if event.name:find("migrated") then heard[#heard + 1] = event end
	end
	return heard
end

describe("GameSession.migrate_game_object", function()
	for _, topology in ipairs(session.topologies) do
		it("gives an object to another peer, which may change it at once (" .. topology .. ")", function()
			local peers = session.play { count = 4, topology = topology, latency = 0.03 }
			local old, new = peers.ids[2], peers.ids[3]
			local id = session.create(peers, 2, "marker", { number = 7 })
			peers[3]:run(function()
				function callbacks:game_object_migrated_to_me(id, old)
					heard = { id, old, game:game_object_owned(id), game:game_object_field(id, "number") }
					game:set_game_object_field(id, "number", 8)
				end
			end)
			peers[2]:run(function(id) game:set_game_object_field(id, "number", 70) end, id)
			assert.same({ { "game_object_migrated_away", id, new } }, migrate(peers[2], id, new))
			assert.equal(new, owner(peers[2], id))
			wait_owner(peers, id, new)
			session.wait(peers, 3, function() return heard end)
			assert.same({ id, old, true, 70 }, peers[3]:run(function() return heard end))
			for i = 1, 4 do
				session.wait(peers, i, function(id) return game:game_object_field(id, "number") == 8 end, 10, id)
			end
			-- Nobody else is told, and the giver not once more.
			for _, i in ipairs { 1, 2, 4 } do assert.same({}, migrations(peers[i])) end
			session.rejects(("GameSession.set_game_object_field: object %d is owned by peer %s, not by this peer"):format(id, new),
				peers[2], function(id) game:set_game_object_field(id, "number", 9) end, id)
		end)

		it("lets the host give away and take what others own (" .. topology .. ")", function()
			local peers = session.play { count = 3, topology = topology, latency = 0.03 }
			local host, second, third = peers.ids[1], peers.ids[2], peers.ids[3]
			local id = session.create(peers, 2, "avatar", { points = 7 })
			assert.same({}, migrate(peers[1], id, third))
			wait_owner(peers, id, third)
			assert.same({ { name = "game_object_migrated_away", n = 2, id, third } }, migrations(peers[2]))
			assert.same({ { name = "game_object_migrated_to_me", n = 2, id, second } }, migrations(peers[3]))
			assert.same({ { "game_object_migrated_to_me", id, third } }, migrate(peers[1], id, host))
			wait_owner(peers, id, host)
			assert.same({}, migrations(peers[1]))
			assert.same({ { name = "game_object_migrated_away", n = 2, id, host } }, { migrations(peers[3])[2] })
		end)

		it("is not overtaken by a message that is sent after it (" .. topology .. ")", function()
			local peers = session.play { count = 3, topology = topology, latency = 0.03, jitter = 0.05, loss = 0.2, seed = 7 }
			peers[3]:run(function()
				order = {}
				function callbacks:game_object_migrated_to_me(id) order[#order + 1] = "to me " .. id end
				function callbacks:bound(_, id) order[#order + 1] = "message " .. id end
			end)
			local expected = {}
			for _ = 1, 5 do
				local id = session.create(peers, 2, "marker", {})
				peers[2]:run(function(id, target)
					game:migrate_game_object(id, target, callbacks)
					RPC.bound(target, id)
				end, id, peers.ids[3])
				expected[#expected + 1] = "to me " .. id
				expected[#expected + 1] = "message " .. id
			end
			session.wait(peers, 3, function() return #order >= 10 end)
			assert.same(expected, peers[3]:run(function() return order end))
		end)

		it("goes by the host when the owner decides at the same time (" .. topology .. ")", function()
			local peers = session.play { count = 4, topology = topology, latency = 0.05, loss = 0.1, seed = 2 }
			local id = session.create(peers, 2, "marker", { number = 1 })
			local gone = session.create(peers, 2, "marker", { number = 2 })
			migrate(peers[2], id, peers.ids[3])
			migrate(peers[1], id, peers.ids[4])
			peers[2]:run(function(id) game:destroy_game_object(id) end, gone)
			migrate(peers[1], gone, peers.ids[4])
			wait_owner(peers, id, peers.ids[4])
			wait_owner(peers, gone, peers.ids[4])
			peers:step(60)
			wait_owner(peers, id, peers.ids[4])
			assert.equal(2, peers[4]:run(function(id) return game:game_object_field(id, "number") end, gone))
			assert.equal(2, #peers[2]:events("game_object_created") + 1)
		end)

		it("keeps objects of a peer that is removed (" .. topology .. ")", function()
			local peers = session.play { count = 3, topology = topology }
			local kept = session.create(peers, 2, "marker", { number = 5 })
			local ended = session.create(peers, 2, "marker", {})
			peers[1]:run(function(id, leaver, heir)
				game:migrate_game_object(id, heir, callbacks)
				game:remove_peer(leaver, callbacks)
			end, kept, peers.ids[2], peers.ids[3])
			session.wait(peers, 3, function(id) return not game:game_object_exists(id) end, 10, ended)
			peers:step(60)
			assert.equal(peers.ids[3], owner(peers[1], kept))
			assert.equal(peers.ids[3], owner(peers[3], kept))
			assert.equal(1, #peers[3]:events("game_object_destroyed"))
			assert.equal(1, #peers[3]:events("game_object_migrated_to_me"))
		end)

		it("shows a newcomer each object once, with its owner, before it counts as synchronized (" .. topology .. ")", function()
			local peers = session.start { count = 4, topology = topology, latency = 0.05, loss = 0.1, seed = 9 }
			peers[1]:run(function() lobby = Network.create_lan_lobby(10003, 64) end)
			for i = 2, 3 do session.enter(peers, i) end
			session.host(peers)
			for i = 2, 3 do session.add(peers, i) end
			local ids = {}
			for n = 1, 12 do
				ids[n] = peers[2]:run(function(n) return game:create_game_object("marker", { number = n }) end, n)
			end
			peers:step(60)
			session.enter(peers, 4)
			peers[4]:run(function() game = Network.create_game_session() end)
			peers[1]:run(function(id) game:add_peer(id) end, peers.ids[4])
			for n = 1, 12 do
				migrate(peers[n % 2 + 1], ids[n], peers.ids[3])
				peers:step()
			end
			session.wait_event(peers, 1, "game_object_sync_done", 3)
			assert.equal(12, #peers[4]:events("game_object_created"))
			for n = 1, 12 do wait_owner(peers, ids[n], peers.ids[3]) end
			assert.equal(12, #peers[4]:events("game_object_created"))
			assert.same({}, peers[4]:events("game_object_destroyed"))
		end)
	end

	it("does nothing for the peer that owns the object", function()
		local peers = session.play { count = 2 }
		local id = session.create(peers, 2, "marker", {})
		assert.same({}, migrate(peers[2], id, peers.ids[2]))
		assert.same({}, migrate(peers[1], id, peers.ids[2]))
		peers:step(60)
		assert.equal(peers.ids[2], owner(peers[1], id))
		for i = 1, 2 do assert.same({}, migrations(peers[i])) end
	end)

	it("gives an id back when its object was destroyed by a later owner", function()
		for _, topology in ipairs(session.topologies) do
			local peers = session.play { count = 3, topology = topology }
			local id = session.create(peers, 2, "marker", {})
			migrate(peers[2], id, peers.ids[3])
			wait_owner(peers, id, peers.ids[3])
			peers[3]:run(function(id) game:destroy_game_object(id) end, id)
			session.wait(peers, 2, function(id) return not game:game_object_exists(id) end, 10, id)
			peers:step(330)
			assert.equal(id, peers[2]:run(function() return game:create_game_object("marker", {}) end))
		end
	end)

	it("raises the error of a handler, or of a missing one, after the object went", function()
		local peers = session.play { count = 2 }
		local id = session.create(peers, 1, "marker", {})
		session.rejects("GameSession.migrate_game_object: the callback object has no function \"game_object_migrated_away\"",
			peers[1], function(id, target) game:migrate_game_object(id, target, {}) end, id, peers.ids[2])
		wait_owner(peers, id, peers.ids[2])
	end)

	it("rejects objects, peers and calls that are not possible", function()
		local peers = session.play { count = 3 }
		local host, second = peers.ids[1], peers.ids[2]
		local id = session.create(peers, 2, "marker", {})
		local function rejects(text, i, ...)
			session.rejects("GameSession.migrate_game_object: " .. text, peers[i], function(...) game:migrate_game_object(...) end, ...)
		end
		rejects(("object %d is owned by peer %s; only its owner and the session host, peer %s, may give it away"):format(id, second, host),
			3, id, peers.ids[3], {})
		rejects("object 999 does not exist", 1, 999, second, {})
		rejects("peer f00 is not in the session", 2, id, "f00", {})
		rejects("argument 2 (object_id): expected integer 0 to 4294967295, got string \"x\"", 2, "x", second, {})
		rejects("argument 3 (new_peer_id): expected peer id (hexadecimal string), got nil", 2, id, nil, {})
		rejects("argument 4 (callback_object): expected callback object (table), got nothing", 2, id, second)
		assert.equal(second, owner(peers[1], id))
		peers[2]:run(function() game:disconnect_from_host() end)
		rejects("this game session is over; call shutdown_game_session and create a new one", 2, id, host, {})
	end)
end)

-- What scripts of shipped games depend on: joining, leaving, losing and ending sessions, and the values that they pass around.

local session = require "support/session"

-- Every peer of a list sees the same objects, with the same fields.
local function agree(peers, members, seconds)
	local function world(i)
		return peers[i]:run(function()
			local lines = {}
			for _, peer in ipairs(game:peers()) do
				for _, id in ipairs(game:objects_owned_by(peer)) do
					local is_marker = game:game_object_is_type(id, "marker")
					lines[#lines + 1] = table.concat({ peer, id, is_marker and game:game_object_field(id, "number") or "other" }, " ")
				end
			end
			table.sort(lines)
			return table.concat(lines, "\n")
		end)
	end
	return assert(peers:step_until(function()
		local first = world(members[1])
		for n = 2, #members do
			if world(members[n]) ~= first then return false end
		end
		return first
	end, seconds or 20))
end

describe("A host's add_peer that comes before the client has a session", function()
	for _, topology in ipairs(session.topologies) do
		it("is held, with the objects and messages that follow (" .. topology .. ")", function()
			local peers = session.meet { count = 3, topology = topology }
			session.host(peers)
			session.add(peers, 3)
			peers[1]:run(function(id)
				old = game:create_game_object("marker", { number = 1 })
				game:add_peer(id)
				gone = game:create_game_object("marker", { number = 2 })
				new = game:create_game_object("marker", { number = 3 })
				RPC.bound(id, new)
			end, peers.ids[2])
			peers[3]:run(function() third = game:create_game_object("marker", { number = 4 }) end)
			peers:step(120)
			peers[1]:run(function(id)
				game:destroy_game_object(gone)
				game:set_game_object_field(old, "number", 10)
				RPC.bound(id, old)
			end, peers.ids[2])
			peers:step(120)
			assert.same({}, peers[2]:events())
			assert.same({ peers.ids[2] }, peers[1]:run(function() return game:synchronizing_peers() end))

			peers[2]:run(function()
				game = Network.create_game_session()
				seen = {}
				-- Before game_object_sync_done a message may come before the object that it speaks of.
				function callbacks:bound(_, id) seen[#seen + 1] = id end
			end)
			session.settle(peers, 2, peers.ids[2])
			local old, gone, new = peers[1]:run(function() return old, gone, new end)
			assert.same({ new, old }, session.wait(peers, 2, function() return #seen == 2 and seen end))
			agree(peers, { 1, 2, 3 })
			assert.equal(10, peers[2]:run(function(id) return game:game_object_field(id, "number") end, old))
			assert.equal(false, peers[2]:run(function(id) return game:game_object_exists(id) end, gone))
			assert.equal(2, #peers[1]:events("game_object_sync_done"))
		end)
	end

	it("is forgotten when the host takes it back", function()
		local peers = session.meet { count = 2 }
		session.host(peers)
		peers[1]:run(function(id)
			game:add_peer(id)
			game:create_game_object("marker", {})
		end, peers.ids[2])
		peers:step(60)
		peers[1]:run(function(id) game:remove_peer(id, callbacks) end, peers.ids[2])
		peers:step(60)
		peers[2]:run(function() game = Network.create_game_session() end)
		peers:step(60)
		assert.equal(false, peers[2]:run(function() return game:in_session() end))
		assert.same({}, peers[2]:events())
		peers[1]:run(function(id) game:add_peer(id) end, peers.ids[2])
		session.settle(peers, 2, peers.ids[2])
	end)
end)

describe("Polls of the host in while loops", function()
	for _, topology in ipairs(session.topologies) do
		it("name each peer once, as remove_peer takes it out (" .. topology .. ")", function()
			local peers = session.play { count = 5, topology = topology }
			for i = 1, 5 do peers[i]:run(function() Network.set_pong_timeout(2) end) end
			peers[2]:run(function() game:leave() end)
			peers[3]:run(function() game:leave() end)
			peers[4]:kill()
			peers[1]:run(function()
				left, broken, most = {}, {}, 0
				function update(dt)
					Network.update(dt, callbacks)
					local turns = 0
					local peer = game:wants_to_leave()
					while peer do
						left[#left + 1] = peer
						game:remove_peer(peer, callbacks)
						peer = game:wants_to_leave()
						turns = turns + 1
					end
					peer = game:broken_connection()
					while peer do
						broken[#broken + 1] = peer
						game:remove_peer(peer, callbacks)
						peer = game:broken_connection()
						turns = turns + 1
					end
					most = math.max(most, turns)
				end
			end)
			peers:step(300)
			local left, broken = peers[1]:run(function()
				table.sort(left)
				return left, broken
			end)
			local wanted = { peers.ids[2], peers.ids[3] }
			table.sort(wanted)
			assert.same(wanted, left)
			assert.same({ peers.ids[4] }, broken)
			assert.same({ peers.ids[1], peers.ids[5] }, peers[5]:run(function() return game:peers() end))
		end)
	end

	it("name a peer that both left and broke only once", function()
		local peers = session.play { count = 2 }
		peers[1]:run(function() Network.set_pong_timeout(2) end)
		peers[2]:run(function() game:leave() end)
		peers:step(30)
		peers[2]:kill()
		peers:step(240)
		assert.same({ peers.ids[2], peers.ids[2] }, peers[1]:run(function() return { game:wants_to_leave(), game:broken_connection() } end))
		assert.same({ "nil", "nil" }, peers[1]:run(function(id)
			game:remove_peer(id, callbacks)
			return { tostring(game:wants_to_leave()), tostring(game:broken_connection()) }
		end, peers.ids[2]))
	end)

	it("are nil on clients, always", function()
		local peers = session.play { count = 2 }
		peers[2]:run(function()
			polls = 0
			function update(dt)
				Network.update(dt, callbacks)
				if game:wants_to_leave() ~= nil or game:broken_connection() ~= nil then polls = polls + 1 end
			end
			game:leave()
		end)
		peers:step(30)
		peers[1]:run(function(id) game:remove_peer(id, callbacks) end, peers.ids[2])
		peers:step(60)
		assert.equal(0, peers[2]:run(function() return polls end))
	end)
end)

describe("When a peer leaves", function()
	for _, topology in ipairs(session.topologies) do
		it("its objects end everywhere, by its own hand as all are told (" .. topology .. ")", function()
			local peers = session.play { count = 4, topology = topology, latency = 0.04, jitter = 0.03, loss = 0.15, seed = 3 }
			local gone = {}
			for n = 1, 5 do gone[n] = session.create(peers, 3, "marker", { number = n }) end
			local kept = session.create(peers, 2, "marker", { number = 50 })
			for _, i in ipairs { 2, 4 } do
				peers[i]:run(function()
					destroyed = {}
					function callbacks:game_object_destroyed(id, destroyer)
						destroyed[#destroyed + 1] = { id, destroyer, game:game_object_field(id, "number"), game:game_object_owner(id) }
					end
				end)
			end
			peers[3]:run(function() game:leave() end)
			session.wait(peers, 1, function() return game:wants_to_leave() end)
			peers[1]:run(function(id) game:remove_peer(id, callbacks) end, peers.ids[3])
			local wanted = {}
			for n, id in ipairs(gone) do wanted[n] = { id, peers.ids[3], n, peers.ids[3] } end
			for _, i in ipairs { 2, 4 } do
				assert.same(wanted, session.wait(peers, i, function() return #destroyed == 5 and destroyed end))
				assert.same({}, peers[i]:run(function(id) return game:objects_owned_by(id) end, peers.ids[3]))
			end
			assert.equal(tostring(peers.ids[2]) .. " " .. kept .. " 50", agree(peers, { 1, 2, 4 }))
		end)
	end

	it("the host may clean up its objects' worth before remove_peer", function()
		local peers = session.play { count = 2 }
		local id = session.create(peers, 2, "marker", { number = 6 })
		assert.same({ { id }, 6 }, peers[1]:run(function(peer)
			local owned = game:objects_owned_by(peer)
			local number = game:game_object_field(owned[1], "number")
			game:remove_peer(peer, callbacks)
			return { owned, number }
		end, peers.ids[2]))
	end)
end)

describe("After a session's end", function()
	local function ways()
		return {
			{ "being removed", function(peers) peers[1]:run(function(id) game:remove_peer(id, callbacks) end, peers.ids[2]) end },
			{ "the host's end", function(peers) peers[1]:run(function() game:shutdown_game_session_host() end) end },
			{ "disconnect_from_host", function(peers) peers[2]:run(function() game:disconnect_from_host() end) end },
		}
	end

	for _, way in ipairs(ways()) do
		it("objects stay readable, and own fields settable, until shutdown_game_session (" .. way[1] .. ")", function()
			local peers = session.play { count = 2 }
			local own = session.create(peers, 2, "marker", { number = 1 })
			local other = session.create(peers, 1, "marker", { number = 2 })
			way[2](peers)
			session.wait(peers, 2, function() return not game:in_session() end)
			peers:step(10)
			assert.same({ 1, 2, true, 7 }, peers[2]:run(function(own, other)
				local read = { game:game_object_field(own, "number"), game:game_object_field(other, "number"), game:game_object_owned(own) }
				game:set_game_object_field(own, "number", 7)
				read[4] = game:game_object_field(own, "number")
				return read
			end, own, other))
			peers:step(30)
			peers[2]:run(function() Network.shutdown_game_session() end)
			assert.is_nil(peers[2]:run(function() return Network.game_session() end))
			session.rejects("GameSession.game_object_field: this GameSession was shut down; it cannot be used any more",
				peers[2], function(id) game:game_object_field(id, "number") end, own)
		end)
	end

	it("shutdown_game_session_host and shutdown_game_session in one frame still reach the others", function()
		local peers = session.play { count = 3, latency = 0.05, loss = 0.3, seed = 5 }
		peers[1]:run(function()
			game:shutdown_game_session_host()
			Network.shutdown_game_session()
		end)
		for i = 2, 3 do
			assert.same({ { name = "game_session_disconnect", n = 1, peers.ids[1] } }, session.wait_event(peers, i, "game_session_disconnect", 1, 5))
		end
	end)

	it("everything can be shut down in one frame, and still reaches the others", function()
		local peers = session.play { count = 3, latency = 0.05, loss = 0.3, seed = 7 }
		peers[1]:run(function()
			game:shutdown_game_session_host()
			Network.shutdown_game_session()
			Network.leave_lan_lobby(lobby)
			Network.shutdown_lan_client(client)
		end)
		for i = 2, 3 do session.wait_event(peers, i, "game_session_disconnect", 1, 5) end
		session.wait(peers, 2, function() return #lobby:members() == 2 end, 5)
	end)

	it("shutdown_game_session alone lets a client go", function()
		local peers = session.play { count = 3 }
		peers[2]:run(function() Network.shutdown_game_session() end)
		assert.equal(peers.ids[2], session.wait(peers, 1, function() return game:broken_connection() end))
		peers[1]:run(function(id) game:remove_peer(id, callbacks) end, peers.ids[2])
		session.wait(peers, 3, function() return #game:peers() == 2 end)
	end)

	it("shutdown_game_session is harmless without a session", function()
		local peers = session.start { count = 1 }
		peers[1]:run(function()
			Network.shutdown_game_session()
			Network.shutdown_game_session()
			Network.shutdown_lan_client(client)
			Network.shutdown_game_session()
		end)
	end)
end)

describe("A host that dies", function()
	for _, topology in ipairs(session.topologies) do
		it("gives host_error, five seconds of grace, and game_session_disconnect (" .. topology .. ")", function()
			local peers = session.play { count = 3, topology = topology }
			local id = session.create(peers, 1, "marker", { number = 3 })
			for i = 2, 3 do
				peers[i]:run(function()
					Network.set_pong_timeout(3)
					log = {}
					function callbacks:game_session_disconnect(host)
						log[#log + 1] = { host, game:in_session(), game:host_error(), game:game_session_host() }
					end
				end)
			end
			local died = peers:time()
			peers[1]:kill()
			session.wait(peers, 2, function() return game:host_error() end, 6)
			local lost = peers:time()
			assert(lost - died > 2 and lost - died < 5)
			while peers:time() < lost + 4.9 do
				assert.same({ true, true, 3 }, peers[2]:run(function(id)
					return { game:in_session(), game:host_error(), game:game_object_field(id, "number") }
				end, id))
				peers:step(10)
			end
			session.wait(peers, 2, function() return not game:in_session() end, 1)
			assert.same({ { peers.ids[1], false, true, peers.ids[1] } }, peers[2]:run(function() return log end))
			session.wait(peers, 3, function() return #log == 1 end, 5)
			assert.same({}, peers[2]:run(function() return game:peers() end))
		end)
	end

	it("can be left at once with disconnect_from_host", function()
		local peers = session.play { count = 2 }
		peers[2]:run(function() Network.set_pong_timeout(2) end)
		peers[1]:kill()
		session.wait(peers, 2, function() return game:host_error() end, 5)
		assert.equal(false, peers[2]:run(function()
			game:disconnect_from_host()
			return game:in_session()
		end))
		peers:step(400)
		assert.same({}, peers[2]:events("game_session_disconnect"))
	end)

	it("is not what a host that ends the session looks like", function()
		local peers = session.play { count = 2 }
		peers[1]:run(function()
			game:shutdown_game_session_host()
			Network.shutdown_game_session()
			Network.leave_lan_lobby(lobby)
			Network.shutdown_lan_client(client)
		end)
		session.wait_event(peers, 2, "game_session_disconnect", 1, 2)
		peers:step(120)
		assert.equal(false, peers[2]:run(function() return game:host_error() end))
		assert.equal(1, #peers[2]:events("game_session_disconnect"))
	end)
end)

describe("A late join", function()
	for _, topology in ipairs(session.topologies) do
		it("brings the objects of all peers, as they are now, before game_object_sync_done (" .. topology .. ")", function()
			local peers = session.meet { count = 4, topology = topology, latency = 0.04, jitter = 0.02, loss = 0.1, seed = 4 }
			session.host(peers)
			session.add(peers, 2)
			session.add(peers, 3)
			for i = 1, 3 do
				peers[i]:run(function(i)
					made = {}
					for n = 1, 100 do made[n] = game:create_game_object("marker", { number = 0 }) end
				end, i)
			end
			agree(peers, { 1, 2, 3 })
			for i = 1, 3 do
				peers[i]:run(function(i)
					for n, id in ipairs(made) do game:set_game_object_field(id, "number", i * 1000 + n) end
					game:destroy_game_object(table.remove(made))
				end, i)
			end
			peers[4]:run(function()
				game = Network.create_game_session()
				created = {}
				function callbacks:game_object_created(id, creator)
					assert(game:game_object_owner(id) == creator)
					created[#created + 1] = id
				end
				function callbacks:game_object_destroyed() end
			end)
			peers[1]:run(function(id)
				game:add_peer(id)
				function callbacks:game_object_sync_done(peer)
					synced = peer
					RPC.bound(peer, 1)
				end
			end, peers.ids[4])
			peers[4]:run(function() function callbacks:bound() count_at_sync = #created end end)
			assert(session.wait(peers, 4, function() return count_at_sync end, 30) >= 297)
			assert.equal(peers.ids[4], peers[1]:run(function() return synced end))
			local world = agree(peers, { 1, 2, 3, 4 })
			assert.equal(297, select(2, world:gsub("\n", "\n")) + 1)
			assert.matches(" 3099\n", world .. "\n")
		end)
	end

	it("goes on while the newcomer's own objects are created", function()
		local peers = session.meet { count = 2, latency = 0.05 }
		session.host(peers)
		peers[1]:run(function() for n = 1, 200 do game:create_game_object("marker", { number = n }) end end)
		peers[2]:run(function()
			game = Network.create_game_session()
			function update(dt)
				Network.update(dt, callbacks)
				if game:in_session() and (own or 0) < 20 then
					own = (own or 0) + 1
					game:create_game_object("marker", { number = -own })
				end
			end
		end)
		peers[1]:run(function(id) game:add_peer(id) end, peers.ids[2])
		session.settle(peers, 2, peers.ids[2])
		session.wait(peers, 1, function(id) return #game:objects_owned_by(id) == 20 end, 10, peers.ids[2])
		agree(peers, { 1, 2 })
	end)
end)

describe("Object ids", function()
	it("fit a 17-bit int with 64 members' worth of ranges, and 0 is none", function()
		local peers = session.play { count = 6 }
		local seen = {}
		for i = 1, 6 do
			for _, id in ipairs(peers[i]:run(function()
				local made = {}
				for n = 1, 200 do made[n] = game:create_game_object("marker", {}) end
				return made
			end)) do
				assert(id >= 1 and id <= 65535)
				assert.is_nil(seen[id])
				seen[id] = true
			end
		end
		assert.equal(1, peers[1]:run(function() return game:objects_owned_by(Network.peer_id())[1] end))
		assert.equal(false, peers[1]:run(function() return game:game_object_exists(0) end))
	end)

	it("travel as arguments and fields of an int type", function()
		local peers = session.play { count = 2 }
		local id = session.create(peers, 2, "marker")
		peers[2]:run(function(host, id) RPC.bound(host, id) end, peers.ids[1], id)
		assert.equal(id, session.wait_event(peers, 1, "bound")[1][2])
	end)
end)

describe("Peer ids from four sources", function()
	it("are the same strings", function()
		local peers = session.play { count = 2 }
		local id = session.create(peers, 2, "avatar", { owner_peer = peers.ids[2] })
		peers[1]:run(function()
			function callbacks:send_peer(sender, value) received = { sender, value } end
		end)
		peers[2]:run(function(host) RPC.send_peer(host, Network.peer_id()) end, peers.ids[1])
		session.wait(peers, 1, function() return received end)
		local all = peers[1]:run(function(id)
			return {
				received[1], received[2], lobby:members()[2], game:game_object_field(id, "owner_peer"), game:game_object_owner(id),
				game:other_peers()[1], Network.connections()[1],
			}
		end, id)
		for n = 1, 7 do assert.equal(peers.ids[2], all[n]) end
		assert.matches("^[1-9a-f][0-9a-f]*$", peers.ids[2])
	end)

	it('use "0" for nobody in fields and arguments', function()
		local peers = session.play { count = 2 }
		local id = session.create(peers, 1, "avatar", { owner_peer = "0" })
		assert.equal("0", peers[2]:run(function(id) return game:game_object_field(id, "owner_peer") end, id))
	end)
end)

describe("Numbers", function()
	it("may be numeric strings, by Lua's own coercion, wherever one is expected", function()
		local peers = session.play { count = 2 }
		local id = session.create(peers, 1, "marker")
		peers[1]:run(function(id, peer)
			game:set_game_object_field(tostring(id), "number", "-5")
			game:set_game_object_priority(tostring(id), peer, "0.5")
			RPC.bound(peer, tostring(id))
			Network.set_pong_timeout("30")
			Network.update("0", callbacks)
		end, id, peers.ids[2])
		session.wait(peers, 2, function(id) return game:game_object_field(tostring(id), "number") == -5 end, 5, id)
		assert.equal(id, session.wait_event(peers, 2, "bound")[1][2])
	end)
end)

describe("The info tables", function()
	it("have the limits that scripts clamp with before every set", function()
		local peers = session.play { count = 1 }
		local id = session.create(peers, 1, "everything")
		assert.same({ 255, 1, -10, -3 }, peers[1]:run(function(id)
			local function clamped(kind, value)
				local info = Network.type_info(kind)
				return math.max(info.min, math.min(info.max, value))
			end
			for kind, value in pairs { small = 1e6, percent = 7, signed = -1e6 } do
				game:set_game_object_field(id, kind, clamped(kind, value))
			end
			local read = { game:game_object_field(id, "small"), game:game_object_field(id, "percent"), game:game_object_field(id, "signed") }
			game:set_game_object_field(id, "signed", clamped("signed", 1e6))
			read[4] = game:game_object_field(id, "signed")
			return read
		end, id))
		assert.equal(0, #peers[1]:log("warnings"))
	end)

	it("have a tolerance that no value is off by more than", function()
		local peers = session.play { count = 1 }
		local id = session.create(peers, 1, "everything")
		assert.equal(0, peers[1]:run(function(id)
			local wrong = 0
			for _, kind in ipairs { "percent", "smooth" } do
				local info = Network.type_info(kind)
				for step = 0, 200 do
					local value = info.min + (info.max - info.min) * step / 200
					game:set_game_object_field(id, kind, value)
					if math.abs(game:game_object_field(id, kind) - value) > info.tolerance * 1.0001 then wrong = wrong + 1 end
				end
			end
			return wrong
		end, id))
	end)

	it("name fields by `id`, in the order of the config, for game_object_field", function()
		local peers = session.play { count = 1 }
		local id = session.create(peers, 1, "avatar", { points = 3 })
		assert.same({ "owner_peer 0", "points 3" }, peers[1]:run(function(id)
			local read = {}
			for _, field in ipairs(Network.object_info("avatar").fields) do
				if field.type ~= Network.VECTOR3 then
					read[#read + 1] = field.id .. " " .. game:game_object_field(id, field.id)
				end
			end
			return read
		end, id))
	end)

	it("tell which messages are session bound, reliable, and what they take", function()
		local peers = session.start { count = 1 }
		assert.same({ true, false, true, false, 2, 2, "nil" }, peers[1]:run(function()
			local bound, hello, blip = Network.message_info("bound"), Network.message_info("hello"), Network.message_info("blip")
			return { bound.session_bound, hello.session_bound, hello.reliable, blip.reliable, blip.priority,
				#Network.message_info("two").arguments, tostring(Network.message_info("avatar")) }
		end))
	end)

	it("tell an object type's priority and update rate", function()
		local peers = session.start { count = 1 }
		assert.same({ 0.5, 0.05, 1, 0 }, peers[1]:run(function()
			local avatar, marker = Network.object_info("avatar"), Network.object_info("marker")
			return { avatar.priority, avatar.update_rate, marker.priority, marker.update_rate }
		end))
	end)
end)

describe("Network.create_game_session", function()
	it("gives the session that Network.game_session gives, too", function()
		local peers = session.start { count = 1 }
		assert.same({ "nil", true, true, "nil" }, peers[1]:run(function()
			local before = tostring(Network.game_session())
			local game = Network.create_game_session()
			local same = game == Network.game_session()
			game = nil
			collectgarbage()
			collectgarbage()
			local kept = Network.game_session():in_session() == false
			Network.shutdown_game_session()
			return { before, same, kept, tostring(Network.game_session()) }
		end))
	end)

	it("keeps the session when its userdata is collected", function()
		local peers = session.play { count = 2 }
		local id = session.create(peers, 2, "marker", { number = 5 })
		for i = 1, 2 do
			peers[i]:run(function()
				game, client, lobby = nil, nil, nil
				collectgarbage()
				collectgarbage()
			end)
		end
		peers:step(60)
		assert.same({ true, 5 }, peers[1]:run(function(id)
			game = Network.game_session()
			return { game:in_session(), game:game_object_field(id, "number") }
		end, id))
	end)

	it("reads methods that it lacks as nil, and its namespace through the object", function()
		local peers = session.play { count = 1 }
		assert.same({ "nil", true }, peers[1]:run(function()
			return { tostring(game.kick), game.in_session == GameSession.in_session }
		end))
	end)

	it("rejects a second session, and one without a client", function()
		local peers = session.start { count = 1 }
		peers[1]:run(function() game = Network.create_game_session() end)
		session.rejects("Network.create_game_session: a game session exists already; call Network.shutdown_game_session first",
			peers[1], function() Network.create_game_session() end)
		peers[1]:run(function() Network.shutdown_lan_client(client) end)
		session.rejects("Network.create_game_session: no network client is running; call Network.init_lan_client first",
			peers[1], function() Network.create_game_session() end)
	end)
end)

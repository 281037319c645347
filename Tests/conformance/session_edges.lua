-- Sessions at the edges: several things at once, twice, inside one another, or after the end.

local session = require "support/session"

describe("remove_peer inside a callback", function()
	it("that fails there does no harm to the update around it", function()
		local peers = session.play { count = 2 }
		local first = session.create(peers, 2, "marker")
		local second = session.create(peers, 2, "marker")
		peers[1]:run(function()
			heard = {}
			function callbacks:send_small(sender, value)
				heard[#heard + 1] = value
				if value == 1 then
					local fine, text = pcall(game.remove_peer, game, sender, {})
					heard[#heard + 1] = text:match("^[^\n]*")
				end
			end
			function callbacks:game_object_destroyed(id) heard[#heard + 1] = "destroyed " .. id end
		end)
		peers[2]:run(function(host)
			RPC.send_small(host, 1)
			RPC.send_small(host, 2)
		end, peers.ids[1])
		peers:step(60)
		assert.same({
			1, 'GameSession.remove_peer: the callback object has no function "game_object_destroyed"', "destroyed " .. second, 2,
		}, peers[1]:run(function() return heard end))
		assert.equal(false, peers[1]:run(function(id) return game:game_object_exists(id) end, first))
	end)

	it("of the peer whose object was just created ends that object, too", function()
		local peers = session.play { count = 3 }
		peers[1]:run(function()
			heard = {}
			function callbacks:game_object_created(id, creator)
				heard[#heard + 1] = "created " .. id
				game:remove_peer(creator, callbacks)
				heard[#heard + 1] = game:game_object_exists(id)
			end
			function callbacks:game_object_destroyed(id) heard[#heard + 1] = "destroyed " .. id end
		end)
		local id = peers[2]:run(function()
			game:create_game_object("marker", {})
			return game:create_game_object("marker", {})
		end) - 1
		session.wait_event(peers, 2, "game_session_disconnect")
		assert.same({ "created " .. id, "destroyed " .. id, false }, peers[1]:run(function() return heard end))
		session.wait(peers, 3, function(peer) return #game:peers() == 2 and #game:objects_owned_by(peer) == 0 end, 5, peers.ids[2])
	end)

	it("can be nested: the handler of one removal removes the next peer", function()
		local peers = session.play { count = 3 }
		local a = session.create(peers, 2, "marker", { number = 2 })
		local b = session.create(peers, 3, "marker", { number = 3 })
		assert.same({ { a, 2 }, { b, 3 } }, peers[1]:run(function(second, third)
			local heard = {}
			local handler = {}
			function handler:game_object_destroyed(id, destroyer)
				heard[#heard + 1] = { id, game:game_object_field(id, "number") }
				if destroyer == second then game:remove_peer(third, handler) end
			end
			game:remove_peer(second, handler)
			return heard
		end, peers.ids[2], peers.ids[3]))
		peers:step(30)
		for i = 2, 3 do assert.equal(1, #peers[i]:events("game_session_disconnect")) end
	end)
end)

describe("In game_object_destroyed", function()
	it("the object can be asked for everything, but not changed", function()
		local peers = session.play { count = 2 }
		local id = session.create(peers, 2, "marker", { number = 4 })
		peers[1]:run(function()
			function callbacks:game_object_destroyed(id)
				texts = {
					select(2, pcall(game.set_game_object_field, game, id, "number", 5)),
					select(2, pcall(game.destroy_game_object, game, id)),
				}
				asked = { game:game_object_field(id, "number"), game:game_object_owned(id), game:objects_owned_by(game:game_object_owner(id))[1] }
			end
		end)
		peers[2]:run(function(id) game:destroy_game_object(id) end, id)
		local why = (": object %d is owned by peer %s, not by this peer"):format(id, peers.ids[2])
		assert.same({ "GameSession.set_game_object_field" .. why, "GameSession.destroy_game_object" .. why }, session.wait(peers, 1, function() return texts end))
		assert.same({ 4, false, id }, peers[1]:run(function() return asked end))
	end)
end)

describe("In game_session_disconnect", function()
	it("the session is over: no more objects, but still its fields", function()
		local peers = session.play { count = 2 }
		local id = session.create(peers, 1, "marker", { number = 4 })
		peers[2]:run(function(id)
			function callbacks:game_session_disconnect(host)
				seen = { game:in_session(), #game:peers(), game:game_object_field(id, "number"), host == game:game_session_host(),
					select(2, pcall(game.create_game_object, game, "marker", {})) }
			end
		end, id)
		peers[1]:run(function() game:shutdown_game_session_host() end)
		assert.same({ false, 0, 4, true, "GameSession.create_game_object: this game session is over; call shutdown_game_session and create a new one" },
			session.wait(peers, 2, function() return seen end))
	end)
end)

describe("While the host is lost", function()
	it("clients of a peer-to-peer session go on together", function()
		local peers = session.play { count = 3 }
		for i = 2, 3 do peers[i]:run(function() Network.set_pong_timeout(2) end) end
		peers[1]:kill()
		for i = 2, 3 do session.wait(peers, i, function() return game:host_error() end, 6) end
		local id = peers[2]:run(function(peer)
			local id = game:create_game_object("marker", { number = 1 })
			RPC.bound(peer, id)
			game:set_game_object_field(id, "number", 2)
			return id
		end, peers.ids[3])
		session.wait(peers, 3, function(id) return game:game_object_exists(id) and game:game_object_field(id, "number") == 2 end, 3, id)
		assert.equal(1, #peers[3]:events("bound"))
	end)
end)

describe("One session after the other", function()
	for _, topology in ipairs(session.topologies) do
		it("with other hosts and members in turn, none sees anything of the last (" .. topology .. ")", function()
			local peers = session.meet { count = 3, topology = topology, latency = 0.03, jitter = 0.02, loss = 0.1, seed = 21 }
			for turn = 1, 6 do
				local host = (turn - 1) % 3 + 1
				for i = 1, 3 do peers[i]:run(function() game = Network.create_game_session() end) end
				peers[host]:run(function(ids, turn)
					game:make_game_session_host()
					for _, id in ipairs(ids) do
						if id ~= Network.peer_id() then game:add_peer(id) end
					end
					mine = game:create_game_object("marker", { number = turn })
				end, peers.ids, turn)
				for i = 1, 3 do
					session.wait(peers, i, function(host) return game:in_session() and #game:synchronized_peers() == 2 and
						#game:objects_owned_by(host) == 1 end, 20, peers.ids[host])
				end
				for i = 1, 3 do
					assert.equal(turn, peers[i]:run(function(host) return game:game_object_field(game:objects_owned_by(host)[1], "number") end, peers.ids[host]))
					if i ~= host then
						peers[i]:run(function(others)
							game:create_game_object("marker", { number = -1 })
							for _, id in ipairs(others) do RPC.bound(id, 1) end
						end, peers.ids)
					end
				end
				-- In every other turn with objects and messages still on their way.
				if turn % 2 == 0 then peers:step(60) end
				peers[host]:run(function() game:shutdown_game_session_host() end)
				for i = 1, 3 do
					session.wait(peers, i, function() return not game:in_session() end, 10)
					peers[i]:run(function() Network.shutdown_game_session() end)
				end
			end
			for i = 1, 3 do assert.equal(0, #peers[i]:log("warnings"), table.concat(peers[i]:log("warnings"), "\n")) end
		end)
	end
end)

describe("A member that is removed and added in one frame", function()
	for _, topology in ipairs(session.topologies) do
		it("loses its objects, and is back with a new session object (" .. topology .. ")", function()
			local peers = session.play { count = 3, topology = topology, latency = 0.05, loss = 0.1, seed = 2 }
			session.create(peers, 2, "marker", { number = 1 })
			local kept = session.create(peers, 3, "marker", { number = 2 })
			peers[1]:run(function(id)
				game:remove_peer(id, callbacks)
				game:add_peer(id)
			end, peers.ids[2])
			session.wait_event(peers, 2, "game_session_disconnect")
			peers[2]:run(function()
				Network.shutdown_game_session()
				game = Network.create_game_session()
			end)
			session.settle(peers, 2, peers.ids[2])
			session.wait(peers, 2, function(id) return game:game_object_exists(id) end, 5, kept)
			local new = session.create(peers, 2, "marker", { number = 3 })
			for i = 1, 3 do
				assert.same({ new }, peers[i]:run(function(id) return game:objects_owned_by(id) end, peers.ids[2]))
				assert.equal(3, peers[i]:run(function(id) return game:game_object_field(id, "number") end, new))
			end
		end)
	end
end)

describe("Large values", function()
	for _, topology in ipairs(session.topologies) do
		it("of several kilobytes arrive whole, and the last of several wins (" .. topology .. ")", function()
			local peers = session.play { count = 3, topology = topology, latency = 0.03, loss = 0.15, seed = 4 }
			local id = session.create(peers, 2, "everything", { text = ("a"):rep(4000) })
			for i = 1, 3 do assert.equal(("a"):rep(4000), peers[i]:run(function(id) return game:game_object_field(id, "text") end, id)) end
			for _, letter in ipairs { "b", "c", "d" } do
				peers[2]:run(function(id, letter) game:set_game_object_field(id, "text", letter:rep(3999)) end, id, letter)
				peers:step(2)
			end
			peers[2]:run(function(id) game:set_game_object_field(id, "text", "e") end, id)
			for i = 1, 3 do session.wait(peers, i, function(id) return game:game_object_field(id, "text") == "e" end, 10, id) end
			peers:step(120)
			for i = 1, 3 do assert.equal("e", peers[i]:run(function(id) return game:game_object_field(id, "text") end, id)) end
		end)
	end
end)

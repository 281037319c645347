-- Messages and members at the edges of membership: while peers come, while they are not there yet, and of peers that
-- never became members.

local session = require "support/session"

-- Peers 1 and 2 in a lobby, 1 its host; 3 is about to enter.
local function two_and_a_newcomer(options)
	options.count = 3
	local peers = session.start(options)
	peers[1]:run(function() lobby = Network.create_lan_lobby(10003, 64) end)
	session.enter(peers, 2)
	return peers
end

local function join(peers, i)
	peers[i]:run(function() lobby = Network.join_lan_lobby("10.0.0.1:10003") end)
end

describe("A message to a newcomer", function()
	it("can be sent as soon as the newcomer is listed, and arrives", function()
		local peers = two_and_a_newcomer { latency = 0.1 }
		peers[2]:run(function()
			function update(dt)
				Network.update(dt, callbacks)
				local newcomer = lobby:members()[3]
				if newcomer and not has_sent then
					has_sent = true
					RPC.say(newcomer, "welcome")
				end
			end
		end)
		join(peers, 3)
		local found = session.wait_event(peers, 3, "say")
		assert.same({ { name = "say", n = 2, peers.ids[2], "welcome" } }, found)
	end)

	it("is dropped with a warning, not an error, where the newcomer cannot be reached", function()
		local peers = two_and_a_newcomer {}
		peers:faults { from = 2, to = 3, loss = 1 }
		peers:faults { from = 3, to = 2, loss = 1 }
		join(peers, 3)
		session.wait(peers, 2, function() return #lobby:members() == 3 end)
		peers:step(60 * 12)
		local to = peers.ids[3]
		peers[2]:run(function(to) RPC.hello(to) end, to)
		session.has_warned(peers[2], ("message `hello` dropped: there is no connection to peer %s any more"):format(to))
	end)
end)

describe("A session that takes in a peer whose connection is under way", function()
	it("names it as broken when the connection does not come about", function()
		local peers = two_and_a_newcomer {}
		peers:faults { from = 2, to = 3, loss = 1 }
		peers:faults { from = 3, to = 2, loss = 1 }
		join(peers, 3)
		session.wait(peers, 2, function() return #lobby:members() == 3 end)
		local newcomer = peers.ids[3]
		peers[2]:run(function(newcomer)
			game = Network.create_game_session()
			game:make_game_session_host()
			game:add_peer(newcomer)
		end, newcomer)
		assert.equal(newcomer, session.wait(peers, 2, function() return game:broken_connection() end, 12))
		peers[2]:run(function(newcomer) game:remove_peer(newcomer, callbacks) end, newcomer)
		assert.equal("none", peers[2]:run(function() return game:broken_connection() or "none" end))
	end)
end)

describe("Unreliable session-bound messages to a peer that is still loading", function()
	it("are lost, and do not pile up until the connection breaks", function()
		local peers = session.meet {
			config = [[
				types = { text = { type = "string" max_size = 900 } }
				messages = { blob = { args = ["text"] session_bound = true reliable = false } }
				objects = {}
			]],
		}
		session.host(peers)
		peers[1]:run(function(other)
			game:add_peer(other)
			function update(dt)
				Network.update(dt, callbacks)
				for _ = 1, 20 do RPC.blob(other, ("x"):rep(900)) end
			end
		end, peers.ids[2])
		-- At over 500,000 bytes a second, the room for waiting traffic would be full long before.
		peers:step(60 * 4)
		assert.equal(1, peers[2]:run(function() return #Network.connections() end))
		peers[1]:run(function() update = nil end)
		peers[2]:run(function() game = Network.create_game_session() end)
		session.wait(peers, 2, function() return game:in_session() end)
	end)
end)

describe("Messages of a peer that is no member", function()
	it("are not delivered, though it is connected while it asks to be let in", function()
		local peers = session.start { count = 3, latency = 0.05 }
		peers[1]:run(function() lobby = Network.create_lan_lobby(10003, 2) end)
		session.enter(peers, 2)
		peers[3]:run(function(host)
			lobby = Network.join_lan_lobby("10.0.0.1:10003")
			function update(dt)
				Network.update(dt, callbacks)
				if pcall(RPC.say, host, "let me in") and #Network.connections() > 0 then was_connected = true end
			end
		end, peers.ids[1])
		peers:step(60)
		assert.equal(LanLobby.FAILED, peers[3]:run(function() return lobby:state() end))
		assert.equal(true, peers[3]:run(function() return was_connected end))
		assert.same({}, peers[1]:events("say"))
	end)
end)

describe("A session-bound message to oneself", function()
	it("is not delivered when the session is over by then", function()
		local peers = session.play { count = 1 }
		peers[1]:run(function()
			RPC.bound(Network.peer_id(), 1)
			RPC.hello(Network.peer_id())
			Network.shutdown_game_session()
		end)
		peers:step(2)
		assert.same({}, peers[1]:events("bound"))
		assert.equal(1, #peers[1]:events("hello"))
	end)
end)

describe("LanLobby.kick", function()
	it("rejects an index with a fraction, and kicks nobody", function()
		local peers = session.meet { count = 2 }
		session.rejects("LanLobby.kick: argument 2 (peer): expected index 0 to 1, got number 1.5",
			peers[1], function() lobby:kick(1.5) end)
		assert.equal(2, peers[1]:run(function() return #lobby:members() end))
	end)
end)

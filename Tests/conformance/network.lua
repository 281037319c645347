-- The functions of `Network` that need no session: update, LAN client and lobbies, connections, times, the schema.

local lan = require "support/lan"

-- Runs a body in a peer that is alone and has no client.
local function alone(body, ...)
	return simulate.peers({ count = 1, config = "lan" })[1]:run(body, ...)
end

local NO_CLIENT = "no network client is running; call Network.init_lan_client first"

describe("Network.update", function()
	it("hands out what came in, by method calls with the sender first", function()
		local peers = lan.meet { count = 2 }
		peers[1]:run(function(to)
			RPC.hello(to)
			RPC.count(to, 7)
		end, lan.id(peers[2]))
		peers[2]:run(function()
			heard, target = {}, {}
			function target:hello(...) heard[#heard + 1] = { self == target, select("#", ...), ... } end
			function target:count(...) heard[#heard + 1] = { self == target, select("#", ...), ... } end
			function update(dt) Network.update(dt, target) end
		end)
		lan.wait(peers, peers[2], function() return #heard == 2 end)
		local from = lan.id(peers[1])
		assert.same({ { true, 1, from }, { true, 2, from, 7 } }, peers[2]:run(function() return heard end))
	end)

	it("receives before it transmits", function()
		local peers = lan.meet { count = 2 }
		peers:step(4)
		peers[2]:run(function(to)
			Network.set_max_transmit_rate(0)
			function callbacks:count(sender, value) RPC.count(sender, value + 1) end
		end)
		peers[1]:run(function(to)
			Network.set_max_transmit_rate(0)
			RPC.count(to, 1)
			Network.update_transmit()
		end, lan.id(peers[2]))
		-- One frame: the second peer hears the message and its answer leaves; in the next the first peer hears that.
		peers:step(1)
		assert.equal(0, #peers[1]:events("count"))
		peers:step(1)
		assert.same({ { name = "count", n = 2, lan.id(peers[2]), 2 } }, peers[1]:events("count"))
	end)

	it("takes a callback object that changes from call to call", function()
		local peers = lan.meet { count = 2 }
		peers[1]:run(function(to) for value = 1, 3 do RPC.count(to, value) end end, lan.id(peers[2]))
		peers[2]:run(function()
			heard = {}
			function update(dt)
				local object = setmetatable({}, { __index = function() return function(_, _, value) heard[#heard + 1] = value end end })
				Network.update(dt, object)
			end
		end)
		lan.wait(peers, peers[2], function() return #heard == 3 end)
		assert.same({ 1, 2, 3 }, peers[2]:run(function() return heard end))
	end)

	it("takes numeric strings and any dt", function()
		alone(function()
			Network.update("0.016", {})
			Network.update(0, {})
			Network.update(-1, {})
			Network.update(1e6, {})
		end)
	end)

	it("gives nothing back", function()
		assert.equal(0, alone(function() return select("#", Network.update(0, {})) end))
	end)

	it("rejects a call without dt", function()
		assert.has_error(function() Network.update() end, "Network.update: argument 1 (dt): expected number, got nothing")
	end)

	it("rejects a dt that is no number", function()
		assert.has_error(function() Network.update({}, {}) end, "Network.update: argument 1 (dt): expected number, got table")
		assert.has_error(function() Network.update("soon", {}) end, 'Network.update: argument 1 (dt): expected number, got string "soon"')
		assert.has_error(function() Network.update(0 / 0, {}) end, "Network.update: argument 1 (dt): expected number, got number nan")
	end)

	it("rejects a call without callbacks", function()
		assert.has_error(function() Network.update(0) end,
			"Network.update: argument 2 (callback_object): expected callback object (table), got nothing")
		assert.has_error(function() Network.update(0, print) end,
			"Network.update: argument 2 (callback_object): expected callback object (table), got function")
	end)
end)

describe("Network.update_receive", function()
	it("hands out what came in and sends nothing", function()
		local peers = lan.meet { count = 2 }
		peers:step(10)
		peers[2]:run(function()
			function update(dt) Network.update_receive(dt, callbacks) end
			function callbacks:hello(sender) RPC.hello(sender) heard = true end
		end)
		peers[1]:run(function(to) RPC.hello(to) end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return heard end)
		peers:step(30)
		assert.same({}, peers[1]:events("hello"))
		peers[2]:run(function()
			function update(dt)
				Network.update_receive(dt, callbacks)
				Network.update_transmit()
			end
		end)
		assert(peers:step_until(function() return #peers[1]:events("hello") == 1 end))
	end)

	it("rejects what is no callback object", function()
		assert.has_error(function() Network.update_receive(0, "callbacks") end,
			'Network.update_receive: argument 2 (callback_object): expected callback object (table), got string "callbacks"')
		assert.has_error(function() Network.update_receive(nil, {}) end,
			"Network.update_receive: argument 1 (dt): expected number, got nil")
	end)
end)

describe("Network.update_transmit", function()
	it("sends what the frame has produced, in the same frame", function()
		local peers = lan.meet { count = 2 }
		for i = 1, 2 do peers[i]:run(function() Network.set_max_transmit_rate(0) end) end
		peers[1]:run(function(to)
			other = to
			function update(dt)
				Network.update_receive(dt, callbacks)
				if not sent then RPC.hello(other) end
				sent = true
				Network.update_transmit(dt)
			end
		end, lan.id(peers[2]))
		peers:step(2)
		assert.equal(1, #peers[2]:events("hello"))
	end)

	it("does no harm without a client", function()
		alone(function()
			Network.update_transmit()
			Network.update_transmit(0.016)
		end)
	end)

	it("rejects a call inside a callback", function()
		local peers = lan.meet { count = 2 }
		peers[2]:run(function()
			function callbacks:hello() _, problem = pcall(Network.update_transmit) end
		end)
		peers[1]:run(function(to) RPC.hello(to) end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return problem end)
		assert.equal("Network.update_transmit: called inside a network callback; update once a frame, outside callbacks",
			peers[2]:run(function() return problem end))
	end)
end)

describe("Network.init_lan_client", function()
	it("starts a client with a random id that is known at once", function()
		local peers = lan.start { count = 3 }
		local seen = {}
		for i = 1, 3 do
			local id = lan.id(peers[i])
			assert.matches("^[1-9a-f][0-9a-f]*$", id)
			assert.is_nil(seen[id])
			seen[id] = true
			-- Random ids are numbers that Lua can hold.
			assert(tonumber(id, 16) < 2 ^ 53)
			assert.equal("LanClient", peers[i]:run(function() return Script.type_name(client) end))
		end
	end)

	it("takes an id as a number, or as hexadecimal digits of either case", function()
		local function id_of(given)
			return alone(function(given)
				Network.init_lan_client("lan", nil, given)
				return Network.peer_id()
			end, given)
		end
		assert.equal("ff", id_of(255))
		assert.equal("1fffffffffffff", id_of(2 ^ 53 - 1))
		assert.equal("abc", id_of("ABC"))
		assert.equal("abc", id_of("0000000000000000000abc"))
		assert.equal("1100001026fb0cb", id_of("1100001026fb0cb"))
		assert.equal("ffffffffffffffff", id_of("ffffffffffffffff"))
		-- A string of decimal digits is hexadecimal too.
		assert.equal("16", id_of("16"))
	end)

	it("takes a game port, which others connect to", function()
		local peers = simulate.peers { count = 2, config = "lan" }
		peers[1]:run(function() client = Network.init_lan_client("lan", 20000) end)
		peers[2]:run(function() client = Network.init_lan_client("lan", "20000") end)
		for i = 1, 2 do
			peers[i]:run(function()
				local taken = Network.create_lan_lobby(20000, 4)
				assert(taken:state() == LanLobby.FAILED)
				Network.leave_lan_lobby(taken)
			end)
		end
		lan.host(peers[1])
		lan.join(peers[2])
		lan.settle(peers, 2)
	end)

	it("finds configs in the data directories and makes their messages functions of RPC", function()
		alone(function()
			assert(RPC.count == nil)
			Network.init_lan_client("lan")
			assert(type(RPC.count) == "function" and RPC.nothing == nil)
			assert(Network.type_info("small").max == 255)
		end)
	end)

	it("starts again after a shutdown, with another config too", function()
		alone(function()
			local client = Network.init_lan_client("lan")
			Network.shutdown_lan_client(client)
			client = Network.init_lan_client("other")
			assert(RPC.hello == nil and Network.type_info("small").max == 1023)
			Network.shutdown_lan_client(client)
			Network.init_lan_client("lan")
			assert(type(RPC.hello) == "function" and Network.type_info("small").max == 255)
		end)
	end)

	it("rejects a second client", function()
		local client = Network.init_lan_client("lan")
		assert.has_error(function() Network.init_lan_client("lan") end,
			"Network.init_lan_client: a network client is running already; call Network.shutdown_lan_client first")
		Network.shutdown_lan_client(client)
	end)

	it("rejects wrong arguments", function()
		assert.has_error(function() Network.init_lan_client() end,
			"Network.init_lan_client: argument 1 (config): expected string, got nothing")
		assert.has_error(function() Network.init_lan_client("lan", 65536) end,
			"Network.init_lan_client: argument 2 (game_port): expected integer 0 to 65535, got number 65536")
		assert.has_error(function() Network.init_lan_client("lan", 10000.5) end,
			"Network.init_lan_client: argument 2 (game_port): expected integer 0 to 65535, got number 10000.5")
		assert.has_error(function() Network.init_lan_client("lan", 0, "xyz") end,
			'Network.init_lan_client: argument 3 (peer_id): expected peer id (hexadecimal string), got string "xyz"')
		assert.is_nil(Network.peer_id())
	end)

	it("rejects ids that nobody can have", function()
		for _, id in ipairs { 0, -1, 1.5, 2 ^ 53 } do
			assert.has_error(function() Network.init_lan_client("lan", 0, id) end,
				"Network.init_lan_client: argument 3 (peer_id): expected peer id (hexadecimal string), got number " .. ("%.14g"):format(id))
		end
		assert.has_error(function() Network.init_lan_client("lan", 0, "10000000000000000") end,
			'Network.init_lan_client: argument 3 (peer_id): expected peer id (hexadecimal string), got string "10000000000000000"')
		assert.has_error(function() Network.init_lan_client("lan", 0, "0") end,
			'Network.init_lan_client: argument 3 (peer_id): "0" stands for nobody; expected another peer id')
	end)
end)

describe("Network.shutdown_lan_client", function()
	it("ends everything: id, connections, lobby and session", function()
		local peers = lan.meet { count = 2 }
		peers[2]:run(function()
			Network.create_game_session()
			Network.shutdown_lan_client(client)
			assert(Network.peer_id() == nil and Network.game_session() == nil)
			assert(#Network.connections() == 0 and Network.type_info("small") == nil)
		end)
		lan.wait(peers, peers[1], function() return #lobby:members() == 1 and #Network.connections() == 0 end, 2)
	end)

	it("frees the ports", function()
		alone(function()
			for _ = 1, 5 do
				local client = Network.init_lan_client("lan", 20000)
				assert(Network.create_lan_lobby(10003, 4):state() == LanLobby.JOINED)
				Network.shutdown_lan_client(client)
			end
		end)
	end)

	it("rejects a client that was shut down", function()
		local client = Network.init_lan_client("lan")
		Network.shutdown_lan_client(client)
		assert.has_error(function() Network.shutdown_lan_client(client) end,
			"Network.shutdown_lan_client: this LanClient was shut down; it cannot be used any more")
	end)

	it("rejects what is no client", function()
		assert.has_error(function() Network.shutdown_lan_client() end,
			"Network.shutdown_lan_client: argument 1 (client): expected LanClient, got nothing")
		local client = Network.init_lan_client("lan")
		local lobby = Network.create_lan_lobby(10003, 4)
		assert.has_error(function() Network.shutdown_lan_client(lobby) end,
			"Network.shutdown_lan_client: argument 1 (client): expected LanClient, got LanLobby")
		Network.shutdown_lan_client(client)
	end)
end)

describe("Network.create_lan_lobby", function()
	it("opens a lobby of which this peer is host and first member", function()
		local peers = lan.start { count = 1 }
		lan.host(peers[1])
		local id = lan.id(peers[1])
		peers[1]:run(function(id)
			assert(Script.type_name(lobby) == "LanLobby")
			assert(lobby:lobby_host() == id and lobby:members()[1] == id and #lobby:members() == 1)
			assert(lobby:state() == LanLobby.JOINED or lobby:state() == LanLobby.CREATING)
		end, id)
		lan.wait(peers, peers[1], function() return lobby:state() == LanLobby.JOINED end, 1)
	end)

	it("counts the host among max_members", function()
		local peers = lan.start { count = 3 }
		lan.host(peers[1], 2)
		lan.join(peers[2])
		lan.settle(lan.part(peers, peers[1], peers[2]), 2)
		lan.join(peers[3])
		lan.wait(peers, peers[3], function() return lobby:state() == LanLobby.FAILED end, 5)
		assert.equal(2, #lan.members(peers[1]))
	end)

	it("gives a failed lobby when the port is taken", function()
		local peers = simulate.peers { count = 1, config = "lan" }
		peers[1]:run(function()
			client = Network.init_lan_client("lan", 10003)
			local lobby = Network.create_lan_lobby(10003, 4)
			assert(lobby:state() == LanLobby.FAILED)
			Network.leave_lan_lobby(lobby)
			assert(Network.create_lan_lobby(10004, 4):state() == LanLobby.JOINED)
		end)
		lan.has_logged(peers[1], "lobby failed: lobby port 10003 is taken by another program or lobby on this machine")
	end)

	it("gives a failed lobby while another is joined", function()
		local peers = lan.meet { count = 2 }
		for i = 1, 2 do
			peers[i]:run(function()
				local second = Network.create_lan_lobby(10009, 4)
				assert(second:state() == LanLobby.FAILED and lobby:state() == LanLobby.JOINED)
			end)
			lan.has_logged(peers[i], "lobby failed: this peer is in a LAN lobby already; leave that one first")
		end
	end)

	it("rejects wrong arguments", function()
		local client = Network.init_lan_client("lan")
		assert.has_error(function() Network.create_lan_lobby() end,
			"Network.create_lan_lobby: argument 1 (lobby_port): expected integer 1 to 65535, got nothing")
		assert.has_error(function() Network.create_lan_lobby("abc", 4) end,
			'Network.create_lan_lobby: argument 1 (lobby_port): expected integer 1 to 65535, got string "abc"')
		assert.has_error(function() Network.create_lan_lobby(0, 4) end,
			"Network.create_lan_lobby: argument 1 (lobby_port): expected integer 1 to 65535, got number 0")
		assert.has_error(function() Network.create_lan_lobby(10003) end,
			"Network.create_lan_lobby: argument 2 (max_members): expected integer 1 to 64, got nothing")
		assert.has_error(function() Network.create_lan_lobby(10003, 65) end,
			"Network.create_lan_lobby: argument 2 (max_members): expected integer 1 to 64, got number 65")
		Network.shutdown_lan_client(client)
	end)

	it("rejects a call without a client", function()
		assert.has_error(function() Network.create_lan_lobby(10003, 4) end, "Network.create_lan_lobby: " .. NO_CLIENT)
	end)
end)

describe("Network.join_lan_lobby", function()
	it("is JOINING at once and JOINED when the host has answered", function()
		local peers = lan.start { count = 2, latency = 0.05 }
		lan.host(peers[1])
		peers[2]:run(function(address)
			lobby = Network.join_lan_lobby(address)
			assert(lobby:state() == LanLobby.JOINING)
		end, lan.address)
		lan.settle(peers, 2)
		assert.same({ lan.id(peers[1]), lan.id(peers[2]) }, lan.members(peers[2]))
		-- JOINED implies a connection to the host.
		assert.truthy(peers[2]:run(function() return Network.has_connection(lobby:lobby_host()) end))
	end)

	it("takes the address that a browser gives", function()
		local peers = lan.start { count = 2 }
		lan.host(peers[1])
		peers[2]:run(function()
			browser = client:lobby_browser()
			browser:refresh(10003)
		end)
		lan.wait(peers, peers[2], function() return not browser:is_refreshing() end, 3)
		peers[2]:run(function() lobby = Network.join_lan_lobby(browser:lobby(1).address, 10003) end)
		lan.settle(peers, 2)
	end)

	it("fails where nobody answers", function()
		local peers = lan.start { count = 1 }
		lan.join(peers[1], "10.0.0.77:10003")
		assert.equal(1, lan.state(peers[1])) -- JOINING
		lan.wait(peers, peers[1], function() return lobby:state() == LanLobby.FAILED end, 20)
		lan.has_logged(peers[1], "lobby failed: no lobby answered at 10.0.0.77:10003")
	end)

	it("opens its own lobby port when the lobby migrates to it", function()
		local peers = lan.start { count = 3 }
		lan.host(peers[1])
		peers[2]:run(function(address) lobby = Network.join_lan_lobby(address, 10007) end, lan.address)
		lan.settle(lan.part(peers, peers[1], peers[2]), 2)
		peers[1]:run(function() Network.leave_lan_lobby(lobby) end)
		lan.wait(peers, peers[2], function() return lobby:lobby_host() == Network.peer_id() end, 3)
		lan.join(peers[3], "10.0.0.2:10007")
		lan.settle(lan.part(peers, peers[2], peers[3]), 2)
	end)

	it("rejects what is no address", function()
		local client = Network.init_lan_client("lan")
		for _, address in ipairs { "", "host", "10.0.0.1", "10.0.0.1:0", "10.0.0.1:70000", "10.0.0.256:1", "10.0.0.1:10003 " } do
			assert.has_error(function() Network.join_lan_lobby(address) end,
				('Network.join_lan_lobby: argument 1 (address): expected "ip:port" such as "192.168.0.5:10003", got string "%s"'):format(address))
		end
		assert.has_error(function() Network.join_lan_lobby() end,
			"Network.join_lan_lobby: argument 1 (address): expected string, got nothing")
		assert.has_error(function() Network.join_lan_lobby("10.0.0.1:10003", -1) end,
			"Network.join_lan_lobby: argument 2 (lobby_port): expected integer 0 to 65535, got number -1")
		Network.shutdown_lan_client(client)
	end)

	it("rejects a call without a client", function()
		assert.has_error(function() Network.join_lan_lobby("10.0.0.1:10003") end, "Network.join_lan_lobby: " .. NO_CLIENT)
	end)
end)

describe("Network.leave_lan_lobby", function()
	it("takes this peer off every list and closes its connections", function()
		local peers = lan.meet { count = 3 }
		local gone = lan.id(peers[2])
		peers[2]:run(function()
			Network.leave_lan_lobby(lobby)
			assert(Network.peer_id() ~= nil)
		end)
		for _, i in ipairs { 1, 3 } do
			lan.wait(peers, peers[i], function(gone)
				return #lobby:members() == 2 and not Network.has_connection(gone)
			end, 3, gone)
		end
		lan.wait(peers, peers[2], function() return #Network.connections() == 0 end, 3)
	end)

	it("hands the lobby to the member who joined first", function()
		local peers = lan.start { count = 3 }
		lan.host(peers[1])
		lan.join(peers[3])
		lan.settle(lan.part(peers, peers[1], peers[3]), 2)
		lan.join(peers[2])
		lan.settle(peers, 3)
		peers[1]:run(function()
			lobby:set_data("map", "castle")
			Network.leave_lan_lobby(lobby)
		end)
		local successor = lan.id(peers[3])
		for i = 2, 3 do
			lan.wait(peers, peers[i], function(host) return lobby:lobby_host() == host and #lobby:members() == 2 end, 3, successor)
			assert.equal("castle", peers[i]:run(function() return lobby:data("map") end))
			assert.same({ successor, lan.id(peers[2]) }, lan.members(peers[i]))
		end
	end)

	it("lets another lobby be opened at once", function()
		local peers = lan.start { count = 1 }
		for _ = 1, 3 do
			lan.host(peers[1])
			assert.equal(2, lan.state(peers[1]))
			peers[1]:run(function() Network.leave_lan_lobby(lobby) end)
		end
	end)

	it("leaves a failed lobby", function()
		alone(function()
			Network.init_lan_client("lan", 10003)
			local lobby = Network.create_lan_lobby(10003, 4)
			Network.leave_lan_lobby(lobby)
			assert(Network.create_lan_lobby(10004, 4):state() == LanLobby.JOINED)
		end)
	end)

	it("rejects a lobby that was left", function()
		local client = Network.init_lan_client("lan")
		local lobby = Network.create_lan_lobby(10003, 4)
		Network.leave_lan_lobby(lobby)
		assert.has_error(function() Network.leave_lan_lobby(lobby) end,
			"Network.leave_lan_lobby: this LanLobby was left; it cannot be used any more")
		Network.shutdown_lan_client(client)
	end)

	it("rejects what is no lobby", function()
		local client = Network.init_lan_client("lan")
		assert.has_error(function() Network.leave_lan_lobby(client) end,
			"Network.leave_lan_lobby: argument 1 (lobby): expected LanLobby, got LanClient")
		assert.has_error(function() Network.leave_lan_lobby() end,
			"Network.leave_lan_lobby: argument 1 (lobby): expected LanLobby, got nothing")
		Network.shutdown_lan_client(client)
	end)
end)

describe("Network.create_game_session", function()
	it("creates the one session, which game_session then gives", function()
		local peers = lan.start { count = 1 }
		peers[1]:run(function()
			local session = Network.create_game_session()
			assert(Script.type_name(session) == "GameSession")
			assert(Network.game_session() == session and session:in_session() == false)
		end)
	end)

	it("creates another one after the first was shut down", function()
		local peers = lan.start { count = 1 }
		peers[1]:run(function()
			local first = Network.create_game_session()
			Network.shutdown_game_session()
			local second = Network.create_game_session()
			assert(first ~= second and Network.game_session() == second)
		end)
	end)

	it("rejects a second session at a time", function()
		local peers = lan.start { count = 1 }
		peers[1]:run(function() session = Network.create_game_session() end)
		lan.rejects("Network.create_game_session: a game session exists already; call Network.shutdown_game_session first", peers[1],
			function() Network.create_game_session() end)
		assert.is_true(peers[1]:run(function() return Network.game_session() == session end))
	end)

	it("rejects a call without a client", function()
		assert.has_error(function() Network.create_game_session() end, "Network.create_game_session: " .. NO_CLIENT)
	end)
end)

describe("Network.game_session", function()
	it("is nil without a session, and the same object while there is one", function()
		local peers = lan.start { count = 1 }
		peers[1]:run(function()
			assert(Network.game_session() == nil)
			Network.create_game_session()
			collectgarbage()
			collectgarbage()
			local session = Network.game_session()
			assert(session == Network.game_session())
			session:make_game_session_host()
			assert(Network.game_session() == session and session:in_session())
			Network.shutdown_game_session()
			assert(Network.game_session() == nil)
		end)
		assert.is_nil(Network.game_session())
	end)

	it("is nil after the client was shut down", function()
		local peers = lan.start { count = 1 }
		peers[1]:run(function()
			Network.create_game_session()
			Network.shutdown_lan_client(client)
			assert(Network.game_session() == nil)
		end)
	end)

	it("rejects nothing: it ignores arguments", function()
		assert.is_nil(Network.game_session("argument"))
	end)
end)

describe("Network.shutdown_game_session", function()
	it("does nothing where there is no session or no client", function()
		alone(function()
			Network.shutdown_game_session()
			Network.init_lan_client("lan")
			Network.shutdown_game_session()
			Network.create_game_session()
			Network.shutdown_game_session()
			Network.shutdown_game_session()
		end)
	end)

	it("tells the others, and leaves lobby and connections as they are", function()
		local peers = lan.meet { count = 2, latency = 0.02 }
		lan.play(peers)
		peers[1]:run(function() Network.shutdown_game_session() end)
		lan.wait(peers, peers[2], function() return not session:in_session() end, 2)
		peers:step(120)
		for i = 1, 2 do
			peers[i]:run(function() assert(#lobby:members() == 2 and #Network.connections() == 1) end)
		end
	end)

	it("rejects nothing itself, but its session is refused afterwards", function()
		local peers = lan.start { count = 1 }
		peers[1]:run(function()
			session = Network.create_game_session()
			Network.shutdown_game_session("ignored")
		end)
		lan.rejects("GameSession.in_session: this GameSession was shut down; it cannot be used any more", peers[1],
			function() session:in_session() end)
	end)
end)

-- `SteamGameServer`, `SteamGameServerLobby`, and the functions of `Network` that start and enter servers.

local lan = require "support/lan"
local steam = require "support/steam"

local GONE = "this SteamGameServer was shut down; it cannot be used any more"
local LEFT = "this SteamGameServerLobby was left; it cannot be used any more"

describe("SteamGameServer's constants", function()
	it("count from 0", function()
		assert.equal(0, SteamGameServer.CONNECTING)
		assert.equal(1, SteamGameServer.CONNECTED)
		assert.equal(2, SteamGameServer.DISCONNECTED)
	end)
end)

describe("SteamGameServerLobby's constants", function()
	it("are the states of a lobby, and reasons beside them", function()
		assert.equal(SteamLobby.JOINING, SteamGameServerLobby.JOINING)
		assert.equal(SteamLobby.JOINED, SteamGameServerLobby.JOINED)
		assert.equal(SteamLobby.FAILED, SteamGameServerLobby.FAILED)
		assert.equal(4, SteamGameServerLobby.SERVER_IS_FULL)
		assert.equal(5, SteamGameServerLobby.TIMEOUT)
	end)
end)

describe("Network.init_steam_server", function()
	it("makes a server with an id of its own", function()
		local peers = steam.serve { count = 2 }
		peers[1]:run(function()
			assert(Network.peer_id() ~= Steam.user_id())
			assert(tostring(server):match("^SteamGameServer %d+$"))
			assert(#server:members() == 0)
		end)
		assert.equal(1, steam.servers(peers, peers[2]))
	end)

	it("takes a long name that is no ASCII", function()
		local name = ("城"):rep(22)
		local peers = steam.serve({ count = 2 }, { server_name = name })
		steam.servers(peers, peers[2])
		assert.equal(name, peers[2]:run(function() return client:server_browser():server(1).server_name end))
	end)

	it("rejects wrong settings", function()
		local peers = steam.users { count = 1 }
		local init = function(settings) Network.init_steam_server("lan", settings) end
		local start = "Network.init_steam_server: argument 2 (settings): "
		lan.rejects(start .. "server_name is missing: the name that the browser shows", peers[1], init, {})
		lan.rejects(start .. "max_players is missing: how many players there may be, 1 to 64", peers[1], init, { server_name = "Castle" })
		lan.rejects(start .. 'there is no member "max_player"; did you mean "max_players"?', peers[1], init, { server_name = "Castle", max_player = 8 })
		lan.rejects(start .. "max_players: expected integer 1 to 64, got number 100", peers[1], init, { server_name = "Castle", max_players = 100 })
		lan.rejects(start .. 'dedicated: expected boolean, got string "yes"', peers[1], init, { server_name = "Castle", max_players = 8, dedicated = "yes" })
		lan.rejects(start .. "expected table, got nothing", peers[1], function() Network.init_steam_server("lan") end)
	end)

	it("rejects a second one", function()
		local peers = steam.serve { count = 1 }
		lan.rejects("Network.init_steam_server: a Steam game server is running already; call Network.shutdown_steam_server first", peers[1],
			function() Network.init_steam_server("lan", { server_name = "Castle", max_players = 8 }) end)
		lan.rejects("Network.create_steam_lobby: it needs a Steam client, and a Steam game server is running; call Network.shutdown_steam_server, then Network.init_steam_client",
			peers[1], function() Network.create_steam_lobby(Network.STEAM_LOBBY_PUBLIC, 2) end)
	end)
end)

describe("Network.shutdown_steam_server", function()
	it("takes the server out of the browsers, and its players fail", function()
		local peers = steam.gather { count = 2 }
		peers[1]:run(function()
			Network.shutdown_steam_server(server)
			server = nil
		end)
		lan.wait(peers, peers[2], function() return lobby:state() == SteamGameServerLobby.FAILED end)
		assert.equal(0, steam.servers(peers, peers[2]))
	end)

	it("rejects a server that was shut down, and one with ping threads", function()
		local peers = steam.serve { count = 1 }
		peers[1]:run(function()
			old = server
			thread = stingray.SteamPingThread(server)
		end)
		lan.rejects("Network.shutdown_steam_server: a SteamPingThread is still there; call SteamPingThread.destroy first", peers[1],
			function() Network.shutdown_steam_server(old) end)
		peers[1]:run(function()
			thread:destroy()
			Network.shutdown_steam_server(old)
			server = nil
		end)
		lan.rejects("Network.shutdown_steam_server: " .. GONE, peers[1], function() Network.shutdown_steam_server(old) end)
		lan.rejects("SteamGameServer.state: " .. GONE, peers[1], function() old:state() end)
	end)
end)

describe("Network.join_steam_server", function()
	it("takes the address and the query port together, or apart", function()
		local peers = steam.serve { count = 4 }
		steam.enter(peers[2])
		peers[3]:run(function() lobby = Network.join_steam_server("10.0.0.1", 27016) end)
		peers[4]:run(function() lobby = Network.join_steam_server("10.0.0.1", "27016", "1234") end)
		for i = 2, 4 do assert.equal(SteamGameServerLobby.JOINING, peers[i]:run(function() return lobby:state() end)) end
		for i = 2, 4 do steam.entered(peers, peers[i]) end
	end)

	it("asks for the password", function()
		local peers = steam.serve({ count = 4 }, { password = "1234" })
		steam.enter(peers[2], "1234")
		peers[3]:run(function() lobby = Network.join_steam_server("10.0.0.1", 27016, 1234) end)
		steam.enter(peers[4], "wrong")
		steam.entered(peers, peers[2])
		steam.entered(peers, peers[3])
		lan.wait(peers, peers[4], function() return lobby:state() == SteamGameServerLobby.FAILED end)
		lan.has_logged(peers[4], "the password is wrong")
		assert.equal(0, peers[4]:run(function() return lobby:fail_reason() end))
	end)

	it("waits for a server that comes a moment later", function()
		local peers = steam.users { count = 2 }
		steam.init(peers[2])
		steam.enter(peers[2])
		peers:step(60 * 5)
		peers[1]:run(function() server = Network.init_steam_server("lan", { server_name = "Castle", max_players = 8 }) end)
		steam.entered(peers, peers[2])
	end)

	it("carries a game session with the server as its host", function()
		local peers = steam.gather { count = 3 }
		peers[1]:run(function()
			session = Network.create_game_session()
			session:make_game_session_host()
			for _, id in ipairs(server:members()) do session:add_peer(id) end
		end)
		for i = 2, 3 do
			peers[i]:run(function() session = Network.create_game_session() end)
			lan.wait(peers, peers[i], function()
				return session:in_session() and session:game_session_host() == lobby:game_session_host()
			end)
		end
	end)

	it("rejects what is no address", function()
		local peers = steam.start { count = 1 }
		lan.rejects('Network.join_steam_server: argument 1 (ip_address): expected "a.b.c.d:port" or "a.b.c.d", got string "castle"', peers[1],
			function() Network.join_steam_server("castle") end)
		lan.rejects("Network.join_steam_server: argument 2 (port): expected integer 1 to 65535, got nothing", peers[1],
			function() Network.join_steam_server("10.0.0.1") end)
		lan.rejects('Network.join_steam_server: argument 2 (port): expected integer 1 to 65535, got string "hush"', peers[1],
			function() Network.join_steam_server("10.0.0.1", "hush") end)
		peers[1]:run(function() Network.shutdown_steam_client(client) end)
		lan.rejects("Network.join_steam_server: no Steam client is running; call Network.init_steam_client first", peers[1],
			function() Network.join_steam_server("10.0.0.1:27016") end)
	end)
end)

describe("Network.leave_steam_server", function()
	it("tells the server", function()
		local peers = steam.gather { count = 2 }
		peers[2]:run(function() Network.leave_steam_server(lobby) end)
		lan.wait(peers, peers[1], function() return #server:members() == 0 end)
		steam.enter(peers[2])
		steam.entered(peers, peers[2])
	end)

	it("rejects a lobby that was left", function()
		local peers = steam.gather { count = 2 }
		peers[2]:run(function() Network.leave_steam_server(lobby) end)
		lan.rejects("Network.leave_steam_server: " .. LEFT, peers[2], function() Network.leave_steam_server(lobby) end)
		lan.rejects("SteamGameServerLobby.state: " .. LEFT, peers[2], function() lobby:state() end)
	end)
end)

describe("SteamGameServer.app_id", function()
	it("is the game's", function()
		assert.equal(480, SteamGameServer.app_id())
		local peers = steam.serve { count = 1 }
		assert.equal(480, peers[1]:run(function() return server.app_id() end))
	end)

	it("rejects nothing: arguments are ignored", function() assert.equal(480, SteamGameServer.app_id("x")) end)
end)

describe("SteamGameServer.state", function()
	it("goes from CONNECTING to CONNECTED, and is DISCONNECTED while Steam is lost", function()
		local peers = steam.users { count = 1, online = { latency = 0.1 } }
		peers[1]:run(function()
			server = Network.init_steam_server("lan", { server_name = "Castle", max_players = 8 })
			assert(server:state() == SteamGameServer.CONNECTING)
		end)
		lan.wait(peers, peers[1], function() return server:state() == SteamGameServer.CONNECTED end)
		peers:online { lost = true }
		lan.wait(peers, peers[1], function() return server:state() == SteamGameServer.DISCONNECTED end)
		peers:online { lost = false }
		lan.wait(peers, peers[1], function() return server:state() == SteamGameServer.CONNECTED end)
	end)

	it("rejects what is no server", function()
		assert.has_error(function() SteamGameServer.state("x") end,
			'SteamGameServer.state: argument 1 (self): expected SteamGameServer, got string "x"')
	end)
end)

describe("SteamGameServer.members", function()
	it("lists the players that are connected", function()
		local peers = steam.gather { count = 3 }
		assert.same({ lan.id(peers[2]), lan.id(peers[3]) }, peers[1]:run(function() return server:members() end))
		peers[2]:kill()
		lan.wait(peers, peers[1], function(id) return #server:members() == 1 and server:members()[1] == id end, 20, lan.id(peers[3]))
	end)

	it("rejects a call without a server", function()
		assert.has_error(function() SteamGameServer.members() end, "SteamGameServer.members: argument 1 (self): expected SteamGameServer, got nothing")
	end)
end)

describe("SteamGameServer.name", function()
	it('is the player\'s, and "" for others', function()
		local peers = steam.gather { count = 2 }
		peers[1]:run(function() assert(server:name(server:members()[1]) == "bob" and server:name("abc") == "") end)
	end)

	it("rejects what is no peer id", function()
		local peers = steam.serve { count = 1 }
		lan.rejects('SteamGameServer.name: argument 2 (peer): expected peer id (hexadecimal string), got string "bob"', peers[1],
			function() server:name("bob") end)
	end)
end)

describe("SteamGameServer.remove_member", function()
	it("puts a player out, who may come back", function()
		local peers = steam.gather { count = 2 }
		local bob = lan.id(peers[2])
		peers[1]:run(function(bob)
			server:remove_member(bob)
			assert(#server:members() == 0)
		end, bob)
		lan.wait(peers, peers[2], function() return lobby:state() == SteamGameServerLobby.FAILED end)
		assert.equal(0, peers[2]:run(function() return lobby:fail_reason() end))
		peers:step(2)
		assert.same({ bob }, steam.calls(peers[1], "server_member_kicked"))
		peers[2]:run(function() Network.leave_steam_server(lobby) end)
		steam.enter(peers[2])
		steam.entered(peers, peers[2])
		lan.wait(peers, peers[1], function() return #server:members() == 1 end)
		assert.same({ bob, bob }, steam.calls(peers[1], "server_member_added"))
	end)

	it("rejects what is no peer id, and warns of strangers", function()
		local peers = steam.serve { count = 1 }
		lan.rejects("SteamGameServer.remove_member: argument 2 (player): expected peer id (hexadecimal string), got nothing", peers[1],
			function() server:remove_member() end)
		peers[1]:run(function() server:remove_member("abc") end)
		lan.has_logged(peers[1], "peer abc is not on the server; nobody was put out")
	end)
end)

describe("SteamGameServer.set_data", function()
	it("sets one, or a table", function()
		local peers = steam.serve { count = 1 }
		peers[1]:run(function()
			server:set_data("mode", "duel")
			server:set_data { level = 3, mood = "dark" }
			assert(server:data("mode") == "duel" and server:data("level") == "3" and server:data("mood") == "dark")
		end)
	end)

	it("rejects the platform's keys, and what is no text", function()
		local peers = steam.serve { count = 1 }
		lan.rejects('SteamGameServer.set_data: the key "__steam.map" is the platform\'s; keys that begin with __steam. cannot be set', peers[1],
			function() server:set_data("__steam.map", "x") end)
		lan.rejects("SteamGameServer.set_data: argument 2 (value): mode: expected string, got boolean true", peers[1],
			function() server:set_data { mode = true } end)
		lan.rejects("SteamGameServer.set_data: argument 3 (value): expected string, got nothing", peers[1], function() server:set_data("mode") end)
		lan.rejects("SteamGameServer.set_data: the key has 256 bytes; at most 255 are possible", peers[1],
			function() server:set_data(("k"):rep(256), "") end)
	end)
end)

describe("SteamGameServer.data", function()
	it('is "" for what was not set, and hides what is the platform\'s', function()
		local peers = steam.serve({ count = 1 }, { map = "hall" })
		peers[1]:run(function() assert(server:data("mode") == "" and server:data("__steam.map") == "") end)
	end)

	it("rejects a call without a key", function()
		local peers = steam.serve { count = 1 }
		lan.rejects("SteamGameServer.data: argument 2 (key): expected string, got nothing", peers[1], function() server:data() end)
	end)
end)

-- What a setter changes in the browser.
local function shown(field, set, ...)
	local peers = steam.serve { count = 2 }
	peers[1]:run(set, ...)
	peers:step(30)
	steam.servers(peers, peers[2])
	return peers[2]:run(function(field) return client:server_browser():server(1)[field] end, field)
end

describe("SteamGameServer.set_map", function()
	it("shows in the browser", function()
		assert.equal("cellar", shown("map", function() server:set_map("cellar") end))
	end)

	it("rejects a long name", function()
		local peers = steam.serve { count = 1 }
		lan.rejects("SteamGameServer.set_map: the map's name has 256 bytes; at most 255 are possible", peers[1],
			function() server:set_map(("m"):rep(256)) end)
	end)
end)

describe("SteamGameServer.set_server_name", function()
	it("shows in the browser", function()
		assert.equal("Tower", shown("server_name", function() server:set_server_name("Tower") end))
	end)

	it("rejects what is no text", function()
		local peers = steam.serve { count = 1 }
		lan.rejects("SteamGameServer.set_server_name: argument 2 (name): expected string, got table", peers[1],
			function() server:set_server_name({}) end)
	end)
end)

describe("SteamGameServer.set_game_tags", function()
	it("shows in the browser", function()
		assert.equal("fast,new", shown("tags", function() server:set_game_tags("fast,new") end))
	end)

	it("rejects too many", function()
		local peers = steam.serve { count = 1 }
		lan.rejects("SteamGameServer.set_game_tags: the text of all tags has 129 bytes; at most 128 are possible", peers[1],
			function() server:set_game_tags(("t"):rep(129)) end)
		lan.rejects("SteamGameServer.set_game_tags: there are 33 tags; at most 32 are possible", peers[1],
			function() server:set_game_tags(("t,"):rep(33)) end)
		lan.rejects("SteamGameServer.set_game_tags: a tag has 64 bytes; at most 63 are possible", peers[1],
			function() server:set_game_tags(("t"):rep(64)) end)
	end)
end)

describe("SteamGameServer.set_score", function()
	it("shows in the browser's list of players", function()
		local peers = steam.gather { count = 2 }
		peers[1]:run(function() server:set_score(server:members()[1], 42) end)
		peers:step(30)
		steam.servers(peers, peers[2])
		peers[2]:run(function() client:server_browser():request_players(1) end)
		lan.wait(peers, peers[2], function() return not client:server_browser():is_fetching_players(1) end)
		peers[2]:run(function()
			local players = client:server_browser():players(1)
			assert(#players == 1 and players[1].name == "bob" and players[1].score == 42)
		end)
	end)

	it("rejects what is no integer, and warns of strangers", function()
		local peers = steam.serve { count = 1 }
		lan.rejects("SteamGameServer.set_score: argument 3 (score): expected integer, got number 1.5", peers[1],
			function() server:set_score("abc", 1.5) end)
		peers[1]:run(function() server:set_score("abc", 1) end)
		lan.has_logged(peers[1], "peer abc is not on the server; no score was set")
	end)
end)

describe("SteamGameServer.run_callbacks", function()
	it("tells of players and of Steam's end", function()
		local peers = steam.gather { count = 2 }
		assert.same({ lan.id(peers[2]) }, steam.calls(peers[1], "server_member_added"))
		assert.same({}, steam.calls(peers[1], "server_member_kicked"))
		peers:online { lost = true }
		lan.wait(peers, peers[1], function() return server:state() == SteamGameServer.DISCONNECTED end)
		peers:step(2)
		assert.same({ true }, steam.calls(peers[1], "server_disconnected"))
	end)

	it("asks whether a player gets a place, where there is a handler", function()
		local peers = steam.serve { count = 3 }
		local carl = lan.id(peers[3])
		peers[1]:run(function(carl)
			asked = {}
			function handlers:server_slot_allocation_request(reserver, peers, invitee)
				asked[#asked + 1] = reserver
				assert(#peers == 1 and peers[1] == reserver and invitee == "0")
				return reserver ~= carl
			end
		end, carl)
		steam.enter(peers[2])
		steam.entered(peers, peers[2])
		steam.enter(peers[3])
		lan.wait(peers, peers[3], function() return lobby:state() == SteamGameServerLobby.FAILED end, 20)
		assert.equal(SteamGameServerLobby.SERVER_IS_FULL, peers[3]:run(function() return lobby:fail_reason() end))
		assert.same({ lan.id(peers[2]), carl }, peers[1]:run(function() return asked end))
		assert.same({ lan.id(peers[2]) }, steam.calls(peers[1], "server_member_added"))
	end)

	it("tells of a player who got a place and never came", function()
		local peers = steam.serve { count = 2 }
		peers[1]:run(function()
			function handlers:server_slot_expired(peer) calls[#calls + 1] = { "server_slot_expired", peer } end
		end)
		peers:faults { from = 1, to = 2, loss = 1 }
		peers:faults { from = 2, to = 1, loss = 1 }
		steam.enter(peers[2])
		lan.wait(peers, peers[1], function() return #calls > 0 end, 20)
		assert.same({ lan.id(peers[2]) }, steam.calls(peers[1], "server_slot_expired"))
		lan.wait(peers, peers[2], function() return lobby:state() == SteamGameServerLobby.FAILED end)
		assert.same({}, steam.calls(peers[1], "server_member_added"))
	end)

	-- The server hears of the new run before the new connection comes, or after it.
	for _, seconds in ipairs { 1, 5 } do
		it("tells of a player whose program began anew while Steam was lost for " .. seconds .. " seconds", function()
			local peers = steam.users { count = 3, online = { users = { "anna", "bob", "bob" } } }
			steam.start_server(peers)
			steam.init(peers[2])
			steam.enter(peers[2])
			steam.entered(peers, peers[2])
			lan.wait(peers, peers[1], function() return #server:members() == 1 end)
			local bob = lan.id(peers[2])
			peers:online { lost = true, peer = 1 }
			peers[2]:kill()
			steam.init(peers[3])
			steam.enter(peers[3])
			peers:step(60 * seconds)
			peers:online { lost = false, peer = 1 }
			steam.entered(peers, peers[3])
			lan.wait(peers, peers[1], function() return #server:members() == 1 and #calls == 3 end)
			assert.same({ bob, bob }, steam.calls(peers[1], "server_member_added"))
		end)
	end

	it("finds handlers of a class, and asks no __index function for names that it need not know", function()
		local peers = steam.serve { count = 2 }
		peers[1]:run(function()
			local class = handlers
			class.__index = class
			asked = 0
			function class:server_slot_allocation_request() asked = asked + 1 end
			handlers = setmetatable({}, class)
			class.server_member_added = function(self, peer) calls[#calls + 1] = { "server_member_added", peer } end
		end)
		steam.enter(peers[2])
		steam.entered(peers, peers[2])
		lan.wait(peers, peers[1], function() return #server:members() == 1 end)
		peers:step(2)
		assert.equal(1, peers[1]:run(function() return asked end))
		assert.equal(1, #steam.calls(peers[1], "server_member_added"))
		peers[1]:run(function()
			local class = handlers
			handlers = setmetatable({}, { __index = function(_, name)
				assert(name == "server_member_added" or name == "server_member_kicked", "unknown name " .. name)
				return function(_, peer) calls[#calls + 1] = { name, peer } end
			end })
		end)
		peers[2]:run(function() Network.leave_steam_server(lobby) end)
		steam.enter(peers[2])
		steam.entered(peers, peers[2])
		peers:step(5)
		assert.equal(2, #steam.calls(peers[1], "server_member_added"))
	end)

	it("rejects a callback object without a handler, keeps the events behind it, and refuses to update inside", function()
		local peers = steam.serve { count = 3 }
		peers[1]:run(function()
			function update(dt) Network.update(dt, callbacks) end
		end)
		for i = 2, 3 do
			steam.enter(peers[i])
			steam.entered(peers, peers[i])
		end
		lan.wait(peers, peers[1], function() return #server:members() == 2 end)
		lan.rejects('SteamGameServer.run_callbacks: the callback object has no function "server_member_added"', peers[1],
			function() server:run_callbacks({}) end)
		peers[1]:run(function()
			local count = 0
			server:run_callbacks { server_member_added = function()
				count = count + 1
				local fine, text = pcall(Network.update, 0, callbacks)
				assert(not fine and text:find("called inside a network callback", 1, true))
			end }
			assert(count == 1)
		end)
		lan.rejects("SteamGameServer.run_callbacks: argument 2 (callback_object): expected callback object (table), got nothing", peers[1],
			function() server:run_callbacks() end)
	end)
end)

describe("SteamGameServerLobby.state", function()
	it("goes from JOINING to JOINED, and to FAILED when the server is gone", function()
		local peers = steam.gather { count = 2 }
		peers[1]:kill()
		lan.wait(peers, peers[2], function() return lobby:state() == SteamGameServerLobby.FAILED end, 20)
		assert.equal(SteamGameServerLobby.TIMEOUT, peers[2]:run(function() return lobby:fail_reason() end))
	end)

	it("rejects a call without a lobby", function()
		assert.has_error(function() SteamGameServerLobby.state() end,
			"SteamGameServerLobby.state: argument 1 (self): expected SteamGameServerLobby, got nothing")
	end)
end)

describe("SteamGameServerLobby.fail_reason", function()
	it("is TIMEOUT where no server is", function()
		local peers = steam.start { count = 1 }
		peers[1]:run(function()
			lobby = Network.join_steam_server("10.0.0.9:27016")
			assert(lobby:fail_reason() == 0)
		end)
		lan.wait(peers, peers[1], function() return lobby:state() == SteamGameServerLobby.FAILED end, 12)
		assert.equal(SteamGameServerLobby.TIMEOUT, peers[1]:run(function() return lobby:fail_reason() end))
		lan.has_logged(peers[1], "no server is at 10.0.0.9:27016")
	end)

	it("is SERVER_IS_FULL where there is no place", function()
		local peers = steam.serve({ count = 3 }, { max_players = 1 })
		steam.enter(peers[2])
		steam.entered(peers, peers[2])
		steam.enter(peers[3])
		lan.wait(peers, peers[3], function() return lobby:state() == SteamGameServerLobby.FAILED end)
		assert.equal(SteamGameServerLobby.SERVER_IS_FULL, peers[3]:run(function() return lobby:fail_reason() end))
	end)

	it("rejects a call without a lobby", function()
		assert.has_error(function() SteamGameServerLobby.fail_reason(1) end,
			"SteamGameServerLobby.fail_reason: argument 1 (self): expected SteamGameServerLobby, got number 1")
	end)
end)

describe("SteamGameServerLobby.members", function()
	it("lists the players, and not the server", function()
		local peers = steam.gather { count = 3 }
		local expected = { lan.id(peers[2]), lan.id(peers[3]) }
		for i = 2, 3 do
			lan.wait(peers, peers[i], function() return #lobby:members() == 2 end)
			assert.same(expected, peers[i]:run(function() return lobby:members() end))
		end
	end)

	it("rejects a call without a lobby", function()
		assert.has_error(function() SteamGameServerLobby.members() end,
			"SteamGameServerLobby.members: argument 1 (self): expected SteamGameServerLobby, got nothing")
	end)
end)

describe("SteamGameServerLobby.game_session_host", function()
	it("is the server", function()
		local peers = steam.serve { count = 2 }
		peers[2]:run(function()
			lobby = Network.join_steam_server("10.0.0.1:27016")
			assert(lobby:game_session_host() == "0")
		end)
		steam.entered(peers, peers[2])
		assert.equal(lan.id(peers[1]), peers[2]:run(function() return lobby:game_session_host() end))
	end)

	it("rejects a call without a lobby", function()
		assert.has_error(function() SteamGameServerLobby.game_session_host() end,
			"SteamGameServerLobby.game_session_host: argument 1 (self): expected SteamGameServerLobby, got nothing")
	end)
end)

local described = { game_description = "A game of castles", server_version = "1.0.0.2" }

describe("SteamGameServerLobby.server_name", function()
	it("is the server's", function()
		local peers = steam.gather { count = 2 }
		assert.equal("Castle", peers[2]:run(function() return lobby:server_name() end))
	end)

	it("rejects a call without a lobby", function()
		assert.has_error(function() SteamGameServerLobby.server_name() end,
			"SteamGameServerLobby.server_name: argument 1 (self): expected SteamGameServerLobby, got nothing")
	end)
end)

describe("SteamGameServerLobby.game_description", function()
	it("is what the server started with", function()
		local peers = steam.gather({ count = 2 }, described)
		assert.equal("A game of castles", peers[2]:run(function() return lobby:game_description() end))
	end)

	it("rejects a call without a lobby", function()
		assert.has_error(function() SteamGameServerLobby.game_description() end,
			"SteamGameServerLobby.game_description: argument 1 (self): expected SteamGameServerLobby, got nothing")
	end)
end)

describe("SteamGameServerLobby.version", function()
	it("is what the server started with", function()
		local peers = steam.gather({ count = 2 }, described)
		assert.equal("1.0.0.2", peers[2]:run(function() return lobby:version() end))
	end)

	it("rejects a call without a lobby", function()
		assert.has_error(function() SteamGameServerLobby.version() end,
			"SteamGameServerLobby.version: argument 1 (self): expected SteamGameServerLobby, got nothing")
	end)
end)

describe("SteamGameServerLobby.request_data", function()
	it("fetches the data once", function()
		local peers = steam.gather { count = 2 }
		peers[1]:run(function() server:set_data("mode", "duel") end)
		peers:step(30)
		peers[2]:run(function()
			assert(lobby:data("mode") == nil)
			lobby:request_data()
		end)
		lan.wait(peers, peers[2], function() return lobby:data("mode") == "duel" end)
		peers[1]:run(function() server:set_data("mode", "race") end)
		peers:step(60)
		assert.equal("duel", peers[2]:run(function() return lobby:data("mode") end))
	end)

	it("rejects a call without a lobby", function()
		assert.has_error(function() SteamGameServerLobby.request_data() end,
			"SteamGameServerLobby.request_data: argument 1 (self): expected SteamGameServerLobby, got nothing")
	end)
end)

describe("SteamGameServerLobby.auto_update_data", function()
	it("keeps the data up to date", function()
		local peers = steam.gather { count = 2 }
		peers[2]:run(function() lobby:auto_update_data() end)
		for _, mode in ipairs { "duel", "race" } do
			peers[1]:run(function(mode) server:set_data("mode", mode) end, mode)
			lan.wait(peers, peers[2], function(mode) return lobby:data("mode") == mode end, 2, mode)
		end
	end)

	it("rejects a call without a lobby", function()
		assert.has_error(function() SteamGameServerLobby.auto_update_data() end,
			"SteamGameServerLobby.auto_update_data: argument 1 (self): expected SteamGameServerLobby, got nothing")
	end)
end)

describe("SteamGameServerLobby.data", function()
	it("is nil for what was not set, and hides what is the platform's", function()
		local peers = steam.gather { count = 2 }
		peers[2]:run(function() lobby:auto_update_data() end)
		peers:step(30)
		peers[2]:run(function() assert(lobby:data("none") == nil and lobby:data("__steam.map") == nil) end)
	end)

	it("rejects a call without a key", function()
		local peers = steam.gather { count = 2 }
		lan.rejects("SteamGameServerLobby.data: argument 2 (key): expected string, got nothing", peers[2], function() lobby:data() end)
	end)
end)

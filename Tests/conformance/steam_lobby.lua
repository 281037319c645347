-- `SteamLobby`, and the functions of `Network` that make, enter and leave lobbies on Steam.

local lan = require "support/lan"
local steam = require "support/steam"

local LEFT = "this SteamLobby was left; it cannot be used any more"

describe("SteamLobby's states", function()
	it("are those of a LanLobby", function()
		assert.equal(0, SteamLobby.CREATING)
		assert.equal(1, SteamLobby.JOINING)
		assert.equal(2, SteamLobby.JOINED)
		assert.equal(3, SteamLobby.FAILED)
	end)
end)

describe("A SteamLobby", function()
	it("has its functions in both forms, and nil for others", function()
		local peers = steam.meet { count = 1 }
		peers[1]:run(function()
			assert(SteamLobby.state == lobby.state and lobby:state() == SteamLobby.state(lobby))
			assert(lobby.kick == nil)
			assert(lobby.JOINED == SteamLobby.JOINED)
			assert(tostring(lobby):match("^SteamLobby %d+$"))
		end)
	end)

	it("lives on when its host leaves or dies", function()
		local peers = steam.meet { count = 4 }
		peers[1]:run(function() lobby:set_data("map", "hall") end)
		local order = peers[4]:run(function() return lobby:members() end)
		peers[1]:run(function() Network.leave_steam_lobby(lobby) end)
		lan.wait(peers, peers[2], function() return lobby:lobby_host() == Network.peer_id() and #lobby:members() == 3 end)
		peers[2]:kill()
		for i = 3, 4 do
			lan.wait(peers, peers[i], function(host)
				return lobby:lobby_host() == host and #lobby:members() == 2 and lobby:data("map") == "hall"
			end, 20, order[3])
		end
	end)

	it("carries a game session", function()
		local peers = steam.meet { count = 3 }
		peers[1]:run(function()
			session = Network.create_game_session()
			session:make_game_session_host()
			lobby:set_game_session_host(Network.peer_id())
			for _, id in ipairs(lobby:members()) do
				if id ~= Network.peer_id() then session:add_peer(id) end
			end
		end)
		for i = 2, 3 do
			lan.wait(peers, peers[i], function() return lobby:game_session_host() == lobby:lobby_host() end)
			peers[i]:run(function() session = Network.create_game_session() end)
			lan.wait(peers, peers[i], function() return session:in_session() end)
		end
	end)
end)

describe("Network.create_steam_lobby", function()
	it("gives a lobby in state CREATING, which is JOINED soon", function()
		local peers = steam.start { count = 1 }
		peers[1]:run(function()
			lobby = Network.create_steam_lobby(Network.STEAM_LOBBY_PUBLIC, 4)
			assert(lobby:state() == SteamLobby.CREATING)
			lobby:set_data("map", "hall")
		end)
		steam.joined(peers, peers[1])
		peers[1]:run(function()
			assert(lobby:members()[1] == Network.peer_id() and #lobby:members() == 1)
			assert(lobby:lobby_host() == Network.peer_id())
			assert(lobby:data("map") == "hall")
		end)
	end)

	it("lists public and invisible lobbies only", function()
		local peers = steam.start { count = 5 }
		local kinds = { "STEAM_LOBBY_PRIVATE", "STEAM_LOBBY_FRIENDS_ONLY", "STEAM_LOBBY_PUBLIC", "STEAM_LOBBY_INVISIBLE" }
		for i, kind in ipairs(kinds) do steam.host(peers, peers[i], kind) end
		local names = {}
		for _, found in ipairs(steam.lobbies(peers, peers[5])) do names[found.name] = true end
		assert.same({ carl = true, dora = true }, names)
	end)

	it("lets friends follow to friends-only and public lobbies, and strangers not", function()
		for kind, is_shown in pairs { STEAM_LOBBY_PRIVATE = false, STEAM_LOBBY_FRIENDS_ONLY = true, STEAM_LOBBY_PUBLIC = true, STEAM_LOBBY_INVISIBLE = false } do
			local peers = steam.start { count = 3, online = { friends = { { "anna", "bob" } } } }
			local anna = lan.id(peers[1])
			steam.host(peers, peers[1], kind)
			peers:step(60)
			local id = peers[2]:run(function(anna) return Friends.playing_game(anna).lobby end, anna)
			assert.equal(is_shown, id ~= nil, kind)
			assert.is_nil(peers[3]:run(function(anna) return Friends.playing_game(anna) end, anna))
			if id then
				steam.join(peers[2], id)
				steam.joined(peers, peers[2])
				if kind == "STEAM_LOBBY_FRIENDS_ONLY" then
					steam.join(peers[3], id)
					lan.wait(peers, peers[3], function() return lobby:state() == SteamLobby.FAILED end)
					lan.has_logged(peers[3], "it is only for those who are invited")
				end
			end
		end
	end)

	it("rejects other types, sizes and clients", function()
		local peers = steam.start { count = 1 }
		lan.rejects("Network.create_steam_lobby: argument 1 (type_lobby): expected one of Network.STEAM_LOBBY_PRIVATE, _FRIENDS_ONLY, _PUBLIC, _INVISIBLE, got number 4",
			peers[1], function() Network.create_steam_lobby(4, 4) end)
		lan.rejects("Network.create_steam_lobby: argument 2 (max_members): expected integer 1 to 64, got number 65", peers[1],
			function() Network.create_steam_lobby(Network.STEAM_LOBBY_PUBLIC, 65) end)
		peers[1]:run(function() Network.shutdown_steam_client(client) end)
		lan.rejects("Network.create_steam_lobby: no Steam client is running; call Network.init_steam_client first", peers[1],
			function() Network.create_steam_lobby(Network.STEAM_LOBBY_PUBLIC, 4) end)
		peers[1]:run(function() client = Network.init_lan_client("lan") end)
		lan.rejects("Network.create_steam_lobby: it needs a Steam client, and a LAN client is running; call Network.shutdown_lan_client, then Network.init_steam_client",
			peers[1], function() Network.create_steam_lobby(Network.STEAM_LOBBY_PUBLIC, 4) end)
	end)
end)

describe("Network.join_steam_lobby", function()
	it("goes from JOINING to JOINED, and connects everybody", function()
		local peers = steam.meet { count = 3, latency = 0.03 }
		local members = peers[1]:run(function() return lobby:members() end)
		for i = 2, 3 do assert.same(members, peers[i]:run(function() return lobby:members() end)) end
		for i = 1, 3 do assert.equal(lan.id(peers[i]), members[i]) end
	end)

	it("is JOINING at first, and takes upper case", function()
		local peers = steam.start { count = 2 }
		steam.host(peers, peers[1])
		peers[2]:run(function(id)
			lobby = Network.join_steam_lobby(id:upper())
			assert(lobby:state() == SteamLobby.JOINING)
			assert(#lobby:members() == 0 and lobby:lobby_host() == "0")
		end, steam.lobby_id(peers, peers[2]))
		steam.joined(peers, peers[2])
	end)

	it("takes a number, and fails where there is no such lobby", function()
		local peers = steam.start { count = 1 }
		peers[1]:run(function() lobby = Network.join_steam_lobby(12345) end)
		lan.wait(peers, peers[1], function() return lobby:state() == SteamLobby.FAILED end)
		lan.has_logged(peers[1], "there is no 3039 any more")
	end)

	it("fails where the lobby is full", function()
		local peers = steam.start { count = 3 }
		steam.host(peers, peers[1], nil, 2)
		local id = steam.lobby_id(peers, peers[2])
		steam.join(peers[2], id)
		steam.joined(peers, peers[2])
		steam.join(peers[3], id)
		lan.wait(peers, peers[3], function() return lobby:state() == SteamLobby.FAILED end)
		lan.has_logged(peers[3], "it is full (2 members)")
		assert.same({}, steam.lobbies(peers, peers[3]))
	end)

	it("is one stay however often it is called: the lobby before fails, and leaving that one ends nothing", function()
		local peers = steam.meet { count = 2 }
		peers[2]:run(function(id)
			former = lobby
			lobby = Network.join_steam_lobby(id)
			assert(former:state() == SteamLobby.FAILED and lobby:state() == SteamLobby.JOINING)
		end, steam.lobby_id(peers, peers[2]))
		steam.settle(peers, 2)
		peers[2]:run(function() Network.leave_steam_lobby(former) end)
		peers:step(120)
		steam.settle(peers, 2)
		lan.has_logged(peers[2], "this peer has entered it anew")
	end)

	it("fails after 30 seconds without an answer, and this peer is in nothing then", function()
		local peers = steam.meet { count = 1 }
		local other = steam.lobby_id(peers, peers[1])
		peers:online { latency = 35 }
		peers[1]:run(function(id)
			made = Network.create_steam_lobby(Network.STEAM_LOBBY_PUBLIC, 4)
			entered = Network.join_steam_lobby("1f")
		end, other)
		peers:step(60 * 29)
		peers[1]:run(function() assert(made:state() == SteamLobby.CREATING and entered:state() == SteamLobby.JOINING) end)
		lan.wait(peers, peers[1], function() return made:state() == SteamLobby.FAILED and entered:state() == SteamLobby.FAILED end, 2)
		lan.has_logged(peers[1], "the online service has not answered for 30 seconds")
		peers:step(60 * 60)
		peers:online { latency = 0.05 }
		peers:step(60 * 40)
		peers[1]:run(function() assert(lobby:state() == SteamLobby.JOINED and not Network.fatal_error()) end)
		assert.equal(1, #steam.lobbies(peers, peers[1]), "only the lobby that was there before")
	end)

	it("rejects what is no id, and other clients", function()
		local peers = steam.start { count = 1 }
		lan.rejects('Network.join_steam_lobby: argument 1 (lobby_id): expected a lobby\'s id (hexadecimal string), got string "castle"', peers[1],
			function() Network.join_steam_lobby("castle") end)
		lan.rejects('Network.join_steam_lobby: argument 1 (lobby_id): expected a lobby\'s id (hexadecimal string), got string "0"', peers[1],
			function() Network.join_steam_lobby("0") end)
		lan.rejects("Network.join_steam_lobby: argument 1 (lobby_id): expected string or integer, got nothing", peers[1],
			function() Network.join_steam_lobby() end)
		peers[1]:run(function() Network.shutdown_steam_client(client) end)
		lan.rejects("Network.join_steam_lobby: no Steam client is running; call Network.init_steam_client first", peers[1],
			function() Network.join_steam_lobby("1f") end)
	end)
end)

describe("Network.leave_steam_lobby", function()
	it("takes this peer out, and the lobby ends with the last", function()
		local peers = steam.meet { count = 2 }
		peers[2]:run(function() Network.leave_steam_lobby(lobby) end)
		lan.wait(peers, peers[1], function() return #lobby:members() == 1 and #Network.connections() == 0 end)
		peers[1]:run(function() Network.leave_steam_lobby(lobby) end)
		peers:step(60)
		assert.same({}, steam.lobbies(peers, peers[2]))
	end)

	it("lets this peer come back", function()
		local peers = steam.meet { count = 2 }
		peers[2]:run(function() Network.leave_steam_lobby(lobby) end)
		steam.join(peers[2], steam.lobby_id(peers, peers[2]))
		steam.settle(peers, 2)
	end)

	it("rejects a lobby that was left, and what is none", function()
		local peers = steam.meet { count = 1 }
		lan.rejects("Network.leave_steam_lobby: argument 1 (lobby): expected SteamLobby, got nil", peers[1],
			function() Network.leave_steam_lobby(nil) end)
		peers[1]:run(function() Network.leave_steam_lobby(lobby) end)
		lan.rejects("Network.leave_steam_lobby: " .. LEFT, peers[1], function() Network.leave_steam_lobby(lobby) end)
	end)
end)

describe("SteamLobby.state", function()
	it("is FAILED once the user was signed out, which is a fatal error", function()
		local peers = steam.meet { count = 2 }
		peers:sign_out(1)
		lan.wait(peers, peers[1], function() return lobby:state() == SteamLobby.FAILED and Network.fatal_error() end)
		lan.wait(peers, peers[2], function() return #lobby:members() == 1 and lobby:lobby_host() == Network.peer_id() end)
	end)

	it("is JOINED again in another lobby of another client, once the user was signed out", function()
		local peers = steam.meet { count = 2 }
		peers:sign_out(1)
		lan.wait(peers, peers[1], function() return Network.fatal_error() end)
		peers[1]:run(function()
			assert(not Steam.connected())
			Network.shutdown_steam_client(client)
			assert(not Network.fatal_error())
			client = Network.init_steam_client("lan")
		end)
		steam.join(peers[1], steam.lobby_id(peers, peers[1]))
		steam.settle(peers, 2)
		assert.is_true(peers[1]:run(function() return Steam.connected() and not Network.fatal_error() end))
	end)

	it("is FAILED after a long loss of the service, and the client goes on", function()
		local peers = steam.meet { count = 2 }
		peers:online { lost = true }
		peers:step(60 * 14)
		peers:online { lost = false }
		for i = 1, 2 do
			lan.wait(peers, peers[i], function() return lobby:state() == SteamLobby.FAILED and Steam.connected() end)
			lan.has_logged(peers[i], "the online service heard nothing of the player for 12 seconds")
			peers[i]:run(function()
				assert(not Network.fatal_error())
				Network.leave_steam_lobby(lobby)
			end)
		end
		steam.host(peers, peers[1])
		steam.join(peers[2], steam.lobby_id(peers, peers[2]))
		steam.settle(peers, 2)
	end)

	it("outlives a short loss of the service", function()
		local peers = steam.meet { count = 2 }
		peers:online { lost = true }
		peers:step(300)
		peers:online { lost = false }
		peers:step(60)
		for i = 1, 2 do
			peers[i]:run(function() assert(lobby:state() == SteamLobby.JOINED and #lobby:members() == 2) end)
		end
	end)

	it("rejects a lobby that was left, and one whose client was shut down", function()
		local peers = steam.meet { count = 2 }
		peers[1]:run(function() Network.leave_steam_lobby(lobby) end)
		lan.rejects("SteamLobby.state: " .. LEFT, peers[1], function() lobby:state() end)
		peers[2]:run(function() Network.shutdown_steam_client(client) end)
		lan.rejects("SteamLobby.state: " .. LEFT, peers[2], function() lobby:state() end)
		assert.has_error(function() SteamLobby.state() end, "SteamLobby.state: argument 1 (self): expected SteamLobby, got nothing")
	end)
end)

describe("SteamLobby.members", function()
	it("lists the host first, then in the order of joining", function()
		local peers = steam.meet { count = 3 }
		local expected = { lan.id(peers[1]), lan.id(peers[2]), lan.id(peers[3]) }
		for i = 1, 3 do assert.same(expected, peers[i]:run(function() return lobby:members() end)) end
	end)

	it("loses a peer that died", function()
		local peers = steam.meet { count = 3 }
		peers[2]:kill()
		for _, i in ipairs { 1, 3 } do
			lan.wait(peers, peers[i], function() return #lobby:members() == 2 end, 15)
		end
	end)

	it("rejects a call without a lobby", function()
		assert.has_error(function() SteamLobby.members() end, "SteamLobby.members: argument 1 (self): expected SteamLobby, got nothing")
	end)
end)

describe("SteamLobby.lobby_host", function()
	it("is the peer that made it", function()
		local peers = steam.meet { count = 2 }
		for i = 1, 2 do assert.equal(lan.id(peers[1]), peers[i]:run(function() return lobby:lobby_host() end)) end
	end)

	it("rejects a call without a lobby", function()
		assert.has_error(function() SteamLobby.lobby_host(1) end, "SteamLobby.lobby_host: argument 1 (self): expected SteamLobby, got number 1")
	end)
end)

describe("SteamLobby.set_game_session_host", function()
	it("tells everybody, and nil takes it back", function()
		local peers = steam.meet { count = 2 }
		peers[1]:run(function() lobby:set_game_session_host(Network.peer_id()) end)
		lan.wait(peers, peers[2], function() return lobby:game_session_host() == lobby:lobby_host() end)
		peers[1]:run(function() lobby:set_game_session_host(nil) end)
		lan.wait(peers, peers[2], function() return lobby:game_session_host() == nil end)
	end)

	it("rejects what is no peer id, and warns others than the host", function()
		local peers = steam.meet { count = 2 }
		lan.rejects('SteamLobby.set_game_session_host: argument 2 (peer_id): expected peer id (hexadecimal string), got string "me"', peers[1],
			function() lobby:set_game_session_host("me") end)
		peers[2]:run(function() lobby:set_game_session_host(Network.peer_id()) end)
		lan.has_logged(peers[2], "only the host can set the game session host; nothing was changed")
	end)
end)

describe("SteamLobby.game_session_host", function()
	it("is nil until it is set", function()
		local peers = steam.meet { count = 1 }
		peers[1]:run(function()
			assert(lobby:game_session_host() == nil)
			lobby:set_game_session_host(Network.peer_id())
			assert(lobby:game_session_host() == Network.peer_id())
		end)
	end)

	it("rejects a call without a lobby", function()
		assert.has_error(function() SteamLobby.game_session_host() end,
			"SteamLobby.game_session_host: argument 1 (self): expected SteamLobby, got nothing")
	end)
end)

describe("SteamLobby.data", function()
	it('is "" for what was not set', function()
		local peers = steam.meet { count = 1 }
		peers[1]:run(function() assert(lobby:data("none") == "") end)
	end)

	it("rejects a call without a key", function()
		local peers = steam.meet { count = 1 }
		lan.rejects("SteamLobby.data: argument 2 (key): expected string, got nothing", peers[1], function() lobby:data() end)
	end)
end)

describe("SteamLobby.set_data", function()
	it("reaches every member, bytes and all", function()
		local peers = steam.meet { count = 3 }
		peers[1]:run(function()
			lobby:set_data("map", "a\0\255b")
			lobby:set_data("level", 12)
			assert(lobby:data("map") == "a\0\255b")
		end)
		for i = 2, 3 do
			lan.wait(peers, peers[i], function() return lobby:data("map") == "a\0\255b" and lobby:data("level") == "12" end)
		end
	end)

	it("rejects what is too long or no text, and warns others than the host", function()
		local peers = steam.meet { count = 2 }
		lan.rejects("SteamLobby.set_data: the key has 256 bytes; at most 255 are possible", peers[1],
			function() lobby:set_data(("k"):rep(256), "") end)
		lan.rejects("SteamLobby.set_data: argument 3 (value): expected string, got table", peers[1], function() lobby:set_data("k", {}) end)
		peers[2]:run(function()
			lobby:set_data("map", "mine")
			assert(lobby:data("map") == "")
		end)
		lan.has_logged(peers[2], "only the host can set data; nothing was changed")
	end)
end)

describe("SteamLobby.set_member_data", function()
	it("reaches every member", function()
		local peers = steam.meet { count = 2 }
		peers[2]:run(function() lobby:set_member_data("colour", "red") end)
		lan.wait(peers, peers[1], function(id) return lobby:member_data(id, "colour") == "red" end, 5, lan.id(peers[2]))
	end)

	it("rejects too much", function()
		local peers = steam.meet { count = 1 }
		lan.rejects("SteamLobby.set_member_data: all keys and values together would take 4100 bytes; at most 4096 are possible", peers[1],
			function() lobby:set_member_data("k", ("v"):rep(4096)) end)
	end)
end)

describe("SteamLobby.member_data", function()
	it('is "" for other keys and peers', function()
		local peers = steam.meet { count = 1 }
		peers[1]:run(function()
			lobby:set_member_data("a", "1")
			assert(lobby:member_data(Network.peer_id(), "a") == "1")
			assert(lobby:member_data(Network.peer_id(), "b") == "")
			assert(lobby:member_data("abc", "a") == "")
		end)
	end)

	it("rejects what is no peer id", function()
		local peers = steam.meet { count = 1 }
		lan.rejects('SteamLobby.member_data: argument 2 (peer_id): expected peer id (hexadecimal string), got string "name"', peers[1],
			function() lobby:member_data("name", "a") end)
	end)
end)

describe("SteamLobby.own_data", function()
	it("is this peer's own member data", function()
		local peers = steam.meet { count = 1 }
		peers[1]:run(function()
			assert(lobby:own_data("a") == "")
			lobby:set_member_data("a", "1")
			assert(lobby:own_data("a") == "1")
		end)
	end)

	it("rejects a call without a key", function()
		local peers = steam.meet { count = 1 }
		lan.rejects("SteamLobby.own_data: argument 2 (key): expected string, got nothing", peers[1], function() lobby:own_data() end)
	end)
end)

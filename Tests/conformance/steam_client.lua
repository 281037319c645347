-- `SteamClient`, `Steam`, `SteamPingThread`, and starting and ending a Steam client.

local lan = require "support/lan"
local steam = require "support/steam"

local GONE = "this SteamClient was shut down; it cannot be used any more"

describe("Network.init_steam_client", function()
	it("makes the peer the user", function()
		local peers = steam.start { count = 2 }
		for i = 1, 2 do
			peers[i]:run(function()
				assert(Network.peer_id() == Steam.user_id())
				assert(tostring(client):match("^SteamClient %d+$"))
				assert(Network.type_info("small"))
				assert(Network.fatal_error() == false)
			end)
		end
		assert.not_equal(lan.id(peers[1]), lan.id(peers[2]))
	end)

	it("can be called again after the end", function()
		local peers = steam.start { count = 1 }
		peers[1]:run(function()
			Network.shutdown_steam_client(client)
			client = Network.init_steam_client("lan")
		end)
		steam.host(peers, peers[1])
	end)

	it("rejects a second client, a missing config and a missing service", function()
		local peers = steam.start { count = 1 }
		lan.rejects("Network.init_steam_client: a Steam client is running already; call Network.shutdown_steam_client first", peers[1],
			function() Network.init_steam_client("lan") end)
		lan.rejects("Network.init_lan_client: a Steam client is running already; call Network.shutdown_steam_client first", peers[1],
			function() Network.init_lan_client("lan") end)
		lan.rejects("Network.create_lan_lobby: it needs a LAN client, and a Steam client is running; call Network.shutdown_steam_client, then Network.init_lan_client",
			peers[1], function() Network.create_lan_lobby(10003, 4) end)
		assert.has_error(function() Network.init_steam_client() end,
			"Network.init_steam_client: argument 1 (config): expected string, got nothing")
	end)
end)

describe("Network.shutdown_steam_client", function()
	it("leaves the lobby at once", function()
		local peers = steam.meet { count = 2 }
		peers[2]:run(function() Network.shutdown_steam_client(client) end)
		lan.wait(peers, peers[1], function() return #lobby:members() == 1 end, 3)
		peers[2]:run(function() assert(Network.peer_id() == nil) end)
	end)

	it("rejects a client that was shut down, and one with ping threads", function()
		local peers = steam.start { count = 1 }
		peers[1]:run(function() thread = stingray.SteamPingThread(client) end)
		lan.rejects("Network.shutdown_steam_client: a SteamPingThread is still there; call SteamPingThread.destroy first", peers[1],
			function() Network.shutdown_steam_client(client) end)
		peers[1]:run(function()
			thread:destroy()
			Network.shutdown_steam_client(client)
		end)
		lan.rejects("Network.shutdown_steam_client: " .. GONE, peers[1], function() Network.shutdown_steam_client(client) end)
		lan.rejects("Network.shutdown_steam_client: argument 1 (client): expected SteamClient, got nothing", peers[1],
			function() Network.shutdown_steam_client() end)
	end)
end)

describe("SteamClient.lobby_browser", function()
	it("is the same each time", function()
		local peers = steam.start { count = 1 }
		peers[1]:run(function()
			assert(client:lobby_browser() == SteamClient.lobby_browser(client))
			assert(tostring(client:lobby_browser()):match("^SteamLobbyBrowser %d+$"))
		end)
	end)

	it("rejects a client that was shut down", function()
		local peers = steam.start { count = 1 }
		peers[1]:run(function() Network.shutdown_steam_client(client) end)
		lan.rejects("SteamClient.lobby_browser: " .. GONE, peers[1], function() client:lobby_browser() end)
	end)
end)

describe("SteamClient.server_browser", function()
	it("is the same each time", function()
		local peers = steam.start { count = 1 }
		peers[1]:run(function()
			assert(client:server_browser() == client:server_browser())
			assert(tostring(client:server_browser()):match("^SteamServerBrowser %d+$"))
		end)
	end)

	it("rejects a client that was shut down", function()
		local peers = steam.start { count = 1 }
		peers[1]:run(function() Network.shutdown_steam_client(client) end)
		lan.rejects("SteamClient.server_browser: " .. GONE, peers[1], function() client:server_browser() end)
	end)
end)

describe("SteamPingThread", function()
	it("is made for a client or a server", function()
		local peers = steam.serve { count = 2 }
		peers[1]:run(function()
			thread = stingray.SteamPingThread(server)
			assert(tostring(thread):match("^SteamPingThread %d+$"))
			thread:destroy()
		end)
		peers[2]:run(function() stingray.SteamPingThread(client):destroy() end)
	end)

	it("rejects what is neither", function()
		assert.has_error(function() SteamPingThread() end, "SteamPingThread: argument 1 (connect): expected SteamClient or SteamGameServer, got nothing")
		local peers = steam.start { count = 1 }
		peers[1]:run(function() Network.shutdown_steam_client(client) end)
		lan.rejects("SteamPingThread: " .. GONE, peers[1], function() SteamPingThread(client) end)
	end)
end)

describe("SteamPingThread.ping", function()
	it("is the way there and back", function()
		local peers = steam.meet { count = 2, latency = 0.05 }
		peers[1]:run(function(id)
			thread = stingray.SteamPingThread(client)
			thread:add_peer(id)
			assert(thread:ping(id) == 0 or thread:ping(id) > 0.09)
		end, lan.id(peers[2]))
		lan.wait(peers, peers[1], function(id) return thread:ping(id) > 0.09 and thread:ping(id) < 0.16 end, 5, lan.id(peers[2]))
	end)

	it("is 0 for peers that were not added", function()
		local peers = steam.start { count = 1 }
		peers[1]:run(function() assert(stingray.SteamPingThread(client):ping("abc") == 0) end)
	end)

	it("rejects what is no peer id", function()
		local peers = steam.start { count = 1 }
		lan.rejects('SteamPingThread.ping: argument 2 (peer_id): expected peer id (hexadecimal string), got string "me"', peers[1],
			function() stingray.SteamPingThread(client):ping("me") end)
	end)
end)

describe("SteamPingThread.add_peer", function()
	it("may be called twice, also for peers that are not there", function()
		local peers = steam.start { count = 1 }
		peers[1]:run(function()
			thread = stingray.SteamPingThread(client)
			thread:add_peer("abc")
			thread:add_peer("abc")
		end)
		peers:step(120)
		peers[1]:run(function() assert(thread:ping("abc") == 0) end)
	end)

	it("rejects what is no peer id", function()
		local peers = steam.start { count = 1 }
		lan.rejects("SteamPingThread.add_peer: argument 2 (peer_id): expected peer id (hexadecimal string), got nil", peers[1],
			function() stingray.SteamPingThread(client):add_peer(nil) end)
	end)
end)

describe("SteamPingThread.remove_peer", function()
	it("ends the measuring", function()
		local peers = steam.start { count = 1 }
		peers[1]:run(function()
			thread = stingray.SteamPingThread(client)
			thread:add_peer("abc")
			thread:remove_peer("abc")
			thread:remove_peer("def")
			assert(thread:ping("abc") == 0)
		end)
	end)

	it("rejects a call without a peer", function()
		local peers = steam.start { count = 1 }
		lan.rejects("SteamPingThread.remove_peer: argument 2 (peer_id): expected peer id (hexadecimal string), got nothing", peers[1],
			function() stingray.SteamPingThread(client):remove_peer() end)
	end)
end)

describe("SteamPingThread.destroy", function()
	it("ends it", function()
		local peers = steam.start { count = 1 }
		peers[1]:run(function()
			thread = stingray.SteamPingThread(client)
			thread:destroy()
			Network.shutdown_steam_client(client)
		end)
	end)

	it("rejects a thread that was destroyed", function()
		local peers = steam.start { count = 1 }
		peers[1]:run(function()
			thread = stingray.SteamPingThread(client)
			thread:destroy()
		end)
		lan.rejects("SteamPingThread.destroy: this SteamPingThread was destroyed; it cannot be used any more", peers[1], function() thread:destroy() end)
		lan.rejects("SteamPingThread.ping: this SteamPingThread was destroyed; it cannot be used any more", peers[1], function() thread:ping("abc") end)
	end)
end)

describe("Steam", function()
	it("is not there when the settings disable it", function()
		local peers = steam.users { count = 1, online = { settings = { steam = { enabled = false } } } }
		peers[1]:run(function()
			assert(rawget(_G, "Steam") == nil and stingray.Steam == nil)
			assert(SteamLobby and Friends)
		end)
		lan.rejects("Network.init_steam_client: Steam is disabled: settings.ini has steam.enabled = false", peers[1],
			function() Network.init_steam_client("lan") end)
	end)
end)

describe("Steam.connected", function()
	it("is true from the first frame where there is a service, and false while it is lost", function()
		local peers = steam.users { count = 1, online = { latency = 0.2 } }
		peers[1]:run(function() assert(Steam.connected()) end)
		peers:step(30)
		peers[1]:run(function() assert(Steam.connected()) end)
		peers:online { lost = true }
		lan.wait(peers, peers[1], function() return not Steam.connected() end)
		peers:online { lost = false }
		lan.wait(peers, peers[1], function() return Steam.connected() end)
		peers:sign_out(1)
		lan.wait(peers, peers[1], function() return not Steam.connected() end)
	end)

	it("is false where there is none", function()
		local peers = simulate.peers { count = 1, online = false }
		peers[1]:run(function() assert(Steam.connected() == false) end)
	end)

	it("rejects nothing: arguments are ignored", function()
		local peers = steam.users { count = 1 }
		peers[1]:run(function() assert(Steam.connected("x")) end)
	end)
end)

describe("Steam.user_id", function()
	it("is the same for the same name, with and without a client", function()
		local peers = steam.users { count = 2 }
		local before = peers[1]:run(function() return Steam.user_id() end)
		assert.matches("^11%x%x%x%x%x%x%x%x%x%x%x%x%x$", before)
		steam.init(peers[1])
		assert.equal(before, lan.id(peers[1]))
		assert.not_equal(before, peers[2]:run(function() return Steam.user_id() end))
	end)

	it("rejects a program without a service", function()
		local peers = simulate.peers { count = 1, online = false, config = "lan" }
		local none = "the online service cannot be used: this program runs without one; start it with --online FILE or --online http://HOST:PORT"
		lan.rejects("Steam.user_id: " .. none, peers[1], function() Steam.user_id() end)
		lan.rejects("Network.init_steam_client: " .. none, peers[1], function() Network.init_steam_client("lan") end)
	end)
end)

describe("Steam.user_name", function()
	it("is the user's name, or another's", function()
		local peers = steam.users { count = 3, online = { friends = { { "anna", "bob" } } } }
		local ids = {}
		for i = 1, 3 do ids[i] = peers[i]:run(function() return Steam.user_id() end) end
		peers:step(30)
		peers[1]:run(function(bob)
			assert(Steam.user_name() == "anna" and Steam.user_name(nil) == "anna" and Steam.user_name(Steam.user_id()) == "anna")
			assert(Steam.user_name(bob) == "bob")
		end, ids[2])
		lan.wait(peers, peers[1], function(carl) return Steam.user_name(carl) == "carl" end, 3, ids[3])
		peers[1]:run(function() assert(Steam.user_name("abc") == "") end)
	end)

	it("rejects what is no id", function()
		assert.has_error(function() Steam.user_name("anna") end,
			'Steam.user_name: argument 1 (id): expected peer id (hexadecimal string), got string "anna"')
	end)
end)

local settings = { steam = { app_id = 620, language = "german", owned_apps = { 440 }, installed_apps = { 730 } } }

describe("Steam.app_id", function()
	it("is that of the settings, or 480", function()
		assert.equal(480, Steam.app_id())
		local peers = steam.users { count = 1, online = { settings = settings } }
		assert.equal(620, peers[1]:run(function() return Steam.app_id() end))
	end)

	it("rejects nothing: arguments are ignored", function() assert.equal(480, Steam.app_id("x")) end)
end)

describe("Steam.language", function()
	it("is that of the settings, or english", function()
		assert.equal("english", Steam.language())
		local peers = steam.users { count = 1, online = { settings = settings } }
		assert.equal("german", peers[1]:run(function() return Steam.language() end))
	end)

	it("rejects nothing: arguments are ignored", function() assert.equal("english", Steam.language("x")) end)
end)

describe("Steam.owns_app", function()
	it("is true for the game, and for what the settings list", function()
		local peers = steam.users { count = 1, online = { settings = settings } }
		peers[1]:run(function() assert(Steam.owns_app(620) and Steam.owns_app("440") and not Steam.owns_app(730)) end)
	end)

	it("rejects what is no id", function()
		assert.has_error(function() Steam.owns_app("game") end, 'Steam.owns_app: argument 1 (app_id): expected integer, got string "game"')
	end)
end)

describe("Steam.is_installed", function()
	it("is true for the game, and for what the settings list", function()
		local peers = steam.users { count = 1, online = { settings = settings } }
		peers[1]:run(function() assert(Steam.is_installed(620) and Steam.is_installed(730) and not Steam.is_installed(440)) end)
	end)

	it("rejects a call without an id", function()
		assert.has_error(function() Steam.is_installed() end, "Steam.is_installed: argument 1 (app_id): expected integer, got nothing")
	end)
end)

describe("Steam.install_event", function()
	it("is nil", function() assert.is_nil(Steam.install_event()) end)

	it("rejects nothing: arguments are ignored", function() assert.is_nil(Steam.install_event(1)) end)
end)

describe("Steam.open_url", function()
	it("only logs", function()
		local peers = steam.users { count = 1 }
		peers[1]:run(function() Steam.open_url("http://example.org/") end)
		local lines = peers[1]:log("messages")
		assert.matches('Steam would open the page "http://example.org/"$', lines[#lines])
	end)

	it("rejects a call without a page", function()
		assert.has_error(function() Steam.open_url() end, "Steam.open_url: argument 1 (url): expected string, got nothing")
	end)
end)

describe("Another game", function()
	it("has lobbies of its own", function()
		local peers = steam.start { count = 2, online = { settings = { { steam = { app_id = 1 } }, { steam = { app_id = 2 } } } } }
		steam.host(peers, peers[1])
		assert.same({}, steam.lobbies(peers, peers[2]))
	end)
end)

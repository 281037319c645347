-- `SteamServerBrowser`: kinds of lists, filters, what is known of a server, favourites and history.

local lan = require "support/lan"
local steam = require "support/steam"

local GONE = "the client of this SteamServerBrowser was shut down; it cannot be used any more"

-- Servers on the first peers, one for each table of settings, and a client with a browser on the last.
local function park(servers, options)
	options = options or {}
	options.count = #servers + 1
	local peers = steam.users(options)
	for i, settings in ipairs(servers) do
		settings.server_name = settings.server_name or "server" .. i
		settings.max_players = settings.max_players or 8
		peers[i]:run(function(settings) server = Network.init_steam_server("lan", settings) end, settings)
	end
	for i = 1, #servers do lan.wait(peers, peers[i], function() return server:state() == SteamGameServer.CONNECTED end) end
	local player = peers[#servers + 1]
	steam.init(player)
	player:run(function() browser = client:server_browser() end)
	return peers, player
end

-- The names of the servers that a browser finds, sorted.
local function names(peers, player, kind)
	steam.servers(peers, player, kind)
	return player:run(function()
		local found = {}
		for i = 1, browser:num_servers() do found[i] = browser:server(i).server_name end
		table.sort(found)
		return table.concat(found, " ")
	end)
end

describe("SteamServerBrowser's constants", function()
	it("are Valve's", function()
		assert.equal(0, SteamServerBrowser.INTERNET)
		assert.equal(1, SteamServerBrowser.LAN)
		assert.equal(2, SteamServerBrowser.FRIENDS)
		assert.equal(3, SteamServerBrowser.FAVORITES)
		assert.equal(4, SteamServerBrowser.HISTORY)
	end)
end)

describe("SteamServerBrowser.refresh", function()
	it("finds all servers of the game, as INTERNET", function()
		local peers, player = park { {}, {} }
		assert.equal("server1 server2", names(peers, player))
		assert.equal("server1 server2", names(peers, player))
		peers[1]:run(function() Network.shutdown_steam_server(server) end)
		peers:step(30)
		assert.equal("server2", names(peers, player))
	end)

	it("finds those with a query port of the local network, as LAN", function()
		local peers, player = park { {}, { query_port = 27021 }, { query_port = 27020 }, { ip_address = "192.168.7.7" } }
		assert.equal("server1 server3", names(peers, player, "LAN"))
	end)

	it("finds those on which friends play, as FRIENDS", function()
		local peers = steam.gather { count = 3, online = { friends = { { "bob", "carl" } } } }
		peers[3]:run(function() Network.leave_steam_server(lobby) end)
		peers:step(30)
		assert.equal(1, steam.servers(peers, peers[3], "FRIENDS"))
		peers[2]:run(function() Network.leave_steam_server(lobby) end)
		peers:step(30)
		assert.equal(0, steam.servers(peers, peers[3], "FRIENDS"))
	end)

	it("finds where the user was, as HISTORY, also in a later run", function()
		local peers, player = park { {}, { query_port = 27017 } }
		assert.equal("", names(peers, player, "HISTORY"))
		player:run(function() lobby = Network.join_steam_server("10.0.0.2:27017") end)
		steam.entered(peers, player)
		peers:step(30)
		assert.equal("server2", names(peers, player, "HISTORY"))
		player:run(function()
			Network.shutdown_steam_client(client)
			client = Network.init_steam_client("lan")
			browser = client:server_browser()
		end)
		assert.equal("server2", names(peers, player, "HISTORY"))
	end)

	it("rejects other kinds, and the browser of a client that was shut down", function()
		local peers, player = park {}
		lan.rejects("SteamServerBrowser.refresh: argument 2 (server_type): expected one of SteamServerBrowser.INTERNET, LAN, FRIENDS, FAVORITES, HISTORY, got number 5",
			player, function() browser:refresh(5) end)
		player:run(function() Network.shutdown_steam_client(client) end)
		lan.rejects("SteamServerBrowser.refresh: " .. GONE, player, function() browser:refresh(0) end)
	end)
end)

describe("SteamServerBrowser.is_refreshing", function()
	it("becomes false when the answer is there, or when none comes", function()
		local peers, player = park {}
		player:run(function()
			browser:refresh(SteamServerBrowser.INTERNET)
			assert(browser:is_refreshing())
		end)
		lan.wait(peers, player, function() return not browser:is_refreshing() end, 2)
		peers:online { lost = true }
		player:run(function() browser:refresh(SteamServerBrowser.FAVORITES) end)
		lan.wait(peers, player, function() return not browser:is_refreshing() end, 12)
	end)

	it("rejects a call without a browser", function()
		assert.has_error(function() SteamServerBrowser.is_refreshing() end,
			"SteamServerBrowser.is_refreshing: argument 1 (self): expected SteamServerBrowser, got nothing")
	end)
end)

describe("SteamServerBrowser.abort_refresh", function()
	it("ends the search", function()
		local peers, player = park { {} }
		player:run(function()
			browser:refresh(SteamServerBrowser.INTERNET)
			browser:abort_refresh()
			assert(not browser:is_refreshing())
		end)
		peers:step(60)
		player:run(function() assert(browser:num_servers() == 0) end)
	end)

	it("rejects a call without a browser", function()
		assert.has_error(function() SteamServerBrowser.abort_refresh() end,
			"SteamServerBrowser.abort_refresh: argument 1 (self): expected SteamServerBrowser, got nothing")
	end)
end)

describe("SteamServerBrowser.num_servers", function()
	it("is 0 before the first search", function()
		local peers, player = park { {} }
		player:run(function() assert(browser:num_servers() == 0) end)
		assert.equal(1, steam.servers(peers, player))
	end)

	it("rejects a call without a browser", function()
		assert.has_error(function() SteamServerBrowser.num_servers() end,
			"SteamServerBrowser.num_servers: argument 1 (self): expected SteamServerBrowser, got nothing")
	end)
end)

describe("SteamServerBrowser.server", function()
	it("gives a table with all that is known", function()
		local peers, player = park { {
			server_name = "Castle", max_players = 12, map = "hall", game_description = "A game of castles", password = "hush",
			server_port = 4000, query_port = 27018, server_version = "1.0.0.2", dedicated = true, ip_address = "10.0.0.1",
		} }
		names(peers, player)
		local info = player:run(function() return browser:server(1) end)
		assert.equal(lan.id(peers[1]), info.steam_id)
		info.steam_id = nil
		assert.is_number(info.ping)
		info.ping = nil
		assert.same({
			server_name = "Castle", max_players = 12, num_players = 0, num_bots = 0, map = "hall", game_description = "A game of castles",
			password = true, secure = true, favorite = false, connection_port = 4000, query_port = 27018, server_version = 1002,
			ip_address = "10.0.0.1", tags = "",
		}, info)
	end)

	it("estimates the ping from the regions", function()
		local peers, player = park({ {} }, { online = { regions = { "au-southeast", "eu-west" } } })
		names(peers, player)
		assert(player:run(function() return browser:server(1).ping end) > 200)
	end)

	it("counts from the index offset", function()
		local peers, player = park { {} }
		names(peers, player)
		player:run(function()
			Script.set_index_offset(0)
			assert(browser:server(0).server_name == "server1")
		end)
	end)

	it("rejects an index out of range", function()
		local peers, player = park { {} }
		lan.rejects("SteamServerBrowser.server: argument 2 (i): no servers were found, got number 1", player, function() browser:server(1) end)
		names(peers, player)
		lan.rejects("SteamServerBrowser.server: argument 2 (i): expected 1 to 1, got number 2", player, function() browser:server(2) end)
	end)
end)

describe("SteamServerBrowser.refresh_server", function()
	it("asks for one server anew", function()
		local peers, player = park { {}, {} }
		names(peers, player)
		for i = 1, 2 do peers[i]:run(function() server:set_map("cellar") end) end
		peers:step(30)
		player:run(function() browser:refresh_server(1) end)
		lan.wait(peers, player, function() return browser:server(1).map == "cellar" end)
		player:run(function() assert(browser:server(2).map == "") end)
	end)

	it("rejects an index out of range", function()
		local peers, player = park {}
		lan.rejects("SteamServerBrowser.refresh_server: argument 2 (i): no servers were found, got number 1", player,
			function() browser:refresh_server(1) end)
	end)
end)

describe("SteamServerBrowser.request_data", function()
	it("fetches what the server has set", function()
		local peers, player = park { {} }
		peers[1]:run(function() server:set_data("mode", "duel") end)
		peers:step(30)
		names(peers, player)
		player:run(function()
			assert(browser:data(1, "mode") == nil)
			browser:request_data(1)
		end)
		lan.wait(peers, player, function() return not browser:is_fetching_data(1) end)
		player:run(function()
			assert(browser:data(1, "mode") == "duel" and browser:data(1, "none") == nil and browser:data(1, "__steam.map") == nil)
		end)
	end)

	it("rejects an index out of range", function()
		local peers, player = park {}
		lan.rejects("SteamServerBrowser.request_data: argument 2 (i): no servers were found, got number 1", player,
			function() browser:request_data(1) end)
	end)
end)

describe("SteamServerBrowser.is_fetching_data", function()
	it("says whether a fetch is under way, and whether the last one failed", function()
		local peers, player = park { {} }
		names(peers, player)
		player:run(function()
			local fetching, failed = browser:is_fetching_data(1)
			assert(fetching == false and failed == false)
			browser:request_data(1)
			fetching, failed = browser:is_fetching_data(1)
			assert(fetching == true and failed == false)
		end)
		peers[1]:run(function() Network.shutdown_steam_server(server) end)
		peers:step(60)
		player:run(function() browser:request_data(1) end)
		lan.wait(peers, player, function()
			local fetching, failed = browser:is_fetching_data(1)
			return not fetching and failed
		end)
	end)

	it("rejects an index out of range", function()
		local peers, player = park {}
		lan.rejects("SteamServerBrowser.is_fetching_data: argument 2 (i): no servers were found, got number 1", player,
			function() browser:is_fetching_data(1) end)
	end)
end)

describe("SteamServerBrowser.data", function()
	it("is nil until it was fetched", function()
		local peers, player = park { {} }
		peers[1]:run(function() server:set_data("mode", "duel") end)
		peers:step(30)
		names(peers, player)
		assert.is_nil(player:run(function() return browser:data(1, "mode") end))
	end)

	it("rejects an index out of range", function()
		local peers, player = park {}
		lan.rejects("SteamServerBrowser.data: argument 2 (index): no servers were found, got number 1", player,
			function() browser:data(1, "mode") end)
	end)
end)

describe("SteamServerBrowser.request_players", function()
	it("fetches names, scores and times", function()
		local peers = steam.gather { count = 3 }
		peers:step(60 * 40)
		peers[1]:run(function() server:set_score(server:members()[2], -3) end)
		peers:step(30)
		steam.servers(peers, peers[2])
		peers[2]:run(function()
			browser = client:server_browser()
			browser:request_players(1)
		end)
		lan.wait(peers, peers[2], function() return not browser:is_fetching_players(1) end)
		local players = peers[2]:run(function() return browser:players(1) end)
		assert.equal("bob", players[1].name)
		assert.equal("carl", players[2].name)
		assert.equal(0, players[1].score)
		assert.equal(-3, players[2].score)
		assert(players[1].play_time >= 10 and players[1].play_time <= 45, tostring(players[1].play_time))
		assert.equal(2, peers[2]:run(function() return browser:server(1).num_players end))
	end)

	it("rejects an index out of range", function()
		local peers, player = park {}
		lan.rejects("SteamServerBrowser.request_players: argument 2 (index): no servers were found, got number 1", player,
			function() browser:request_players(1) end)
	end)
end)

describe("SteamServerBrowser.is_fetching_players", function()
	it("says whether a fetch is under way, and whether the last one failed", function()
		local peers, player = park { {} }
		names(peers, player)
		player:run(function()
			browser:request_players(1)
			local fetching, failed = browser:is_fetching_players(1)
			assert(fetching == true and failed == false)
		end)
		lan.wait(peers, player, function() return not browser:is_fetching_players(1) end)
		player:run(function() assert(select(2, browser:is_fetching_players(1)) == false) end)
	end)

	it("rejects an index out of range", function()
		local peers, player = park {}
		lan.rejects("SteamServerBrowser.is_fetching_players: argument 2 (index): no servers were found, got number 1", player,
			function() browser:is_fetching_players(1) end)
	end)
end)

describe("SteamServerBrowser.players", function()
	it("is nil until it was fetched, and then a list", function()
		local peers, player = park { {} }
		names(peers, player)
		player:run(function()
			assert(browser:players(1) == nil)
			browser:request_players(1)
		end)
		lan.wait(peers, player, function() return browser:players(1) and #browser:players(1) == 0 end)
	end)

	it("rejects an index out of range", function()
		local peers, player = park {}
		lan.rejects("SteamServerBrowser.players: argument 2 (index): no servers were found, got number 1", player,
			function() browser:players(1) end)
	end)
end)

describe("SteamServerBrowser.add_filter", function()
	local function found(peers, player, ...)
		player:run(function(...)
			browser:clear_filters()
			browser:add_filter(...)
		end, ...)
		return names(peers, player)
	end

	it("takes a table", function()
		local peers, player = park { { map = "hall", dedicated = true }, { map = "hall", gamedir = "demo" }, { map = "cellar" } }
		assert.equal("server1 server2", found(peers, player, { map = "hall" }))
		assert.equal("server1", found(peers, player, { map = "hall", dedicated = true }))
		assert.equal("server2", found(peers, player, { gamedir = "demo", dedicated = false }))
		assert.equal("server1 server2 server3", found(peers, player, { secure = true }))
		assert.equal("", found(peers, player, { proxy = true }))
		assert.equal("server1 server2 server3", found(peers, player, { noplayers = true, full = true }))
		assert.equal("", found(peers, player, { empty = true }))
	end)

	it("takes a key and a value", function()
		local peers, player = park { {}, {}, {} }
		peers[1]:run(function()
			server:set_data("mode", "duel")
			server:set_game_tags("fast,new")
		end)
		peers[2]:run(function() server:set_game_tags("fast,old") end)
		peers:step(30)
		assert.equal("server1", found(peers, player, "mode", "duel"))
		assert.equal("server1 server2", found(peers, player, "gametagsand", "fast"))
		assert.equal("server1 server3", found(peers, player, "gametagsnor", "old"))
		assert.equal("server1 server2 server3", found(peers, player, "noplayers", "1"))
		assert.equal("", found(peers, player, "hasplayers", 1))
	end)

	it("leaves out full servers, and the local network is not filtered", function()
		local peers = steam.gather({ count = 2 }, { max_players = 1 })
		peers[2]:run(function() client:server_browser():add_filter { full = true } end)
		assert.equal(0, steam.servers(peers, peers[2]))
		assert.equal(1, steam.servers(peers, peers[2], "LAN"))
		peers[2]:run(function()
			client:server_browser():clear_filters()
			client:server_browser():add_filter { empty = true }
		end)
		assert.equal(1, steam.servers(peers, peers[2]))
	end)

	it("rejects unknown members, other types and too many", function()
		local peers, player = park {}
		lan.rejects('SteamServerBrowser.add_filter: argument 2 (value): there is no member "maps"; did you mean "map"?', player,
			function() browser:add_filter { maps = "hall" } end)
		lan.rejects("SteamServerBrowser.add_filter: argument 2 (value): full: expected boolean, got number 1", player,
			function() browser:add_filter { full = 1 } end)
		lan.rejects("SteamServerBrowser.add_filter: there are 31 filters already; more are not possible; clear_filters ends all", player,
			function()
				for _ = 1, 32 do browser:add_filter("k", "v") end
			end)
		lan.rejects("SteamServerBrowser.add_filter: argument 3 (value): expected string, got nothing", player,
			function() browser:add_filter("k") end)
	end)
end)

describe("SteamServerBrowser.clear_filters", function()
	it("takes all away", function()
		local peers, player = park { {} }
		player:run(function() browser:add_filter { map = "none", proxy = true } end)
		assert.equal("", names(peers, player))
		player:run(function() browser:clear_filters() end)
		assert.equal("server1", names(peers, player))
	end)

	it("rejects a call without a browser", function()
		assert.has_error(function() SteamServerBrowser.clear_filters() end,
			"SteamServerBrowser.clear_filters: argument 1 (self): expected SteamServerBrowser, got nothing")
	end)
end)

describe("SteamServerBrowser.add_favorite", function()
	it("keeps a server, also for a later run", function()
		local peers, player = park { { server_port = 4000 }, { query_port = 27017 } }
		player:run(function() browser:add_favorite("10.0.0.1", 4000, 27016) end)
		assert.equal("server1", names(peers, player, "FAVORITES"))
		player:run(function() assert(browser:server(1).favorite) end)
		names(peers, player)
		player:run(function()
			for i = 1, 2 do
				local info = browser:server(i)
				assert(info.favorite == (info.server_name == "server1"))
			end
			Network.shutdown_steam_client(client)
			client = Network.init_steam_client("lan")
			browser = client:server_browser()
		end)
		assert.equal("server1", names(peers, player, "FAVORITES"))
	end)

	it("keeps 50, and warns of more", function()
		local peers, player = park {}
		player:run(function()
			for port = 1, 51 do browser:add_favorite("10.0.0.1", 4000, port) end
		end)
		lan.has_logged(player, "there are 50 favourite servers already; none was added")
	end)

	it("rejects what is no address", function()
		local peers, player = park {}
		lan.rejects('SteamServerBrowser.add_favorite: argument 2 (ip): expected an address such as "192.168.0.5", got string "castle"', player,
			function() browser:add_favorite("castle", 4000, 27016) end)
		lan.rejects("SteamServerBrowser.add_favorite: argument 4 (query_port): expected integer 1 to 65535, got number 0", player,
			function() browser:add_favorite("10.0.0.1", 4000, 0) end)
	end)
end)

describe("SteamServerBrowser.remove_favorite", function()
	it("forgets a server", function()
		local peers, player = park { { server_port = 4000 } }
		player:run(function()
			browser:add_favorite("10.0.0.1", 4000, 27016)
			browser:remove_favorite("10.0.0.1", 4000, 27016)
			browser:remove_favorite("10.0.0.1", 4000, 27017)
		end)
		assert.equal("", names(peers, player, "FAVORITES"))
	end)

	it("rejects what is no port", function()
		local peers, player = park {}
		lan.rejects("SteamServerBrowser.remove_favorite: argument 3 (connection_port): expected integer 0 to 65535, got number -1", player,
			function() browser:remove_favorite("10.0.0.1", -1, 27016) end)
	end)
end)

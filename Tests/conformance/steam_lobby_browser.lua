-- `SteamLobbyBrowser`: searching, and what each filter lets through.

local lan = require "support/lan"
local steam = require "support/steam"

local GONE = "the client of this SteamLobbyBrowser was shut down; it cannot be used any more"

-- A browser on peer 1, and a lobby with some data on each other peer.
local function park(lobbies, options)
	options = options or {}
	options.count = #lobbies + 1
	local peers = steam.start(options)
	for i, data in ipairs(lobbies) do
		peers[i + 1]:run(function(data)
			lobby = Network.create_steam_lobby(Network.STEAM_LOBBY_PUBLIC, data.size or 8)
			for key, value in pairs(data) do lobby:set_data(key, value) end
		end, data)
		steam.joined(peers, peers[i + 1])
	end
	peers:step(30)
	peers[1]:run(function() browser = client:lobby_browser() end)
	return peers
end

-- The names of the lobbies that the browser finds, in the order of the list or sorted.
local function names(peers, is_sorted)
	local found = {}
	for i, lobby in ipairs(steam.lobbies(peers, peers[1])) do found[i] = lobby.name end
	if is_sorted ~= false then table.sort(found) end
	return table.concat(found, " ")
end

describe("SteamLobbyBrowser's constants", function()
	it("count from 0", function()
		assert.equal(0, SteamLobbyBrowser.CLOSE)
		assert.equal(1, SteamLobbyBrowser.DEFAULT)
		assert.equal(2, SteamLobbyBrowser.FAR)
		assert.equal(3, SteamLobbyBrowser.WORLD)
		assert.equal(0, SteamLobbyBrowser.EQUAL)
		assert.equal(1, SteamLobbyBrowser.NOT_EQUAL)
		assert.equal(2, SteamLobbyBrowser.LESS)
		assert.equal(3, SteamLobbyBrowser.LESS_OR_EQUAL)
		assert.equal(4, SteamLobbyBrowser.GREATER)
		assert.equal(5, SteamLobbyBrowser.GREATER_OR_EQUAL)
	end)
end)

describe("SteamLobbyBrowser.refresh", function()
	it("finds lobbies anew", function()
		local peers = park { { name = "a" } }
		assert.equal("a", names(peers))
		peers[2]:run(function() Network.leave_steam_lobby(lobby) end)
		peers:step(30)
		assert.equal("", names(peers))
	end)

	it("does not list full lobbies", function()
		local peers = park { { name = "a", size = 1 }, { name = "b", size = 2 } }
		assert.equal("b", names(peers))
	end)

	it("rejects the browser of a client that was shut down", function()
		local peers = park {}
		peers[1]:run(function() Network.shutdown_steam_client(client) end)
		lan.rejects("SteamLobbyBrowser.refresh: " .. GONE, peers[1], function() browser:refresh() end)
	end)
end)

describe("SteamLobbyBrowser.is_refreshing", function()
	it("becomes false when the answer is there, or when none comes", function()
		local peers = park {}
		peers[1]:run(function()
			browser:refresh()
			assert(browser:is_refreshing())
			browser:refresh()
		end)
		lan.wait(peers, peers[1], function() return not browser:is_refreshing() end, 2)
		peers:online { lost = true }
		peers[1]:run(function() browser:refresh() end)
		peers:step(60)
		assert.is_true(peers[1]:run(function() return browser:is_refreshing() end))
		lan.wait(peers, peers[1], function() return not browser:is_refreshing() end, 11)
	end)

	it("rejects what is no browser", function()
		assert.has_error(function() SteamLobbyBrowser.is_refreshing({}) end,
			"SteamLobbyBrowser.is_refreshing: argument 1 (self): expected SteamLobbyBrowser, got table")
	end)
end)

describe("SteamLobbyBrowser.num_lobbies", function()
	it("is 0 before the first search", function()
		local peers = park { { name = "a" } }
		assert.equal(0, peers[1]:run(function() return browser:num_lobbies() end))
		names(peers)
		assert.equal(1, peers[1]:run(function() return browser:num_lobbies() end))
	end)

	it("rejects a call without a browser", function()
		assert.has_error(function() SteamLobbyBrowser.num_lobbies() end,
			"SteamLobbyBrowser.num_lobbies: argument 1 (self): expected SteamLobbyBrowser, got nothing")
	end)
end)

describe("SteamLobbyBrowser.lobby", function()
	it("gives a new table with the id and the name", function()
		local peers = park({ {} }, { online = { users = { "anna", "bob" } } })
		names(peers)
		peers[1]:run(function()
			local info = browser:lobby(1)
			assert(info.name == "bob" and info.id:match("^%x+$"))
			info.name = "mine"
			assert(browser:lobby(1).name == "bob")
			Script.set_index_offset(0)
			assert(browser:lobby(0).name == "bob")
		end)
	end)

	it("rejects an index out of range", function()
		local peers = park { {} }
		lan.rejects("SteamLobbyBrowser.lobby: argument 2 (i): no lobbies were found, got number 1", peers[1], function() browser:lobby(1) end)
		names(peers)
		lan.rejects("SteamLobbyBrowser.lobby: argument 2 (i): expected 1 to 1, got number 0", peers[1], function() browser:lobby(0) end)
	end)
end)

describe("SteamLobbyBrowser.data", function()
	it('is the lobby\'s data, or ""', function()
		local peers = park { { map = "hall" } }
		names(peers)
		peers[1]:run(function() assert(browser:data(1, "map") == "hall" and browser:data(1, "none") == "") end)
	end)

	it("rejects an index out of range and a call without a key", function()
		local peers = park { {} }
		lan.rejects("SteamLobbyBrowser.data: argument 2 (index): no lobbies were found, got number 1", peers[1],
			function() browser:data(1, "map") end)
		lan.rejects("SteamLobbyBrowser.data: argument 3 (key): expected string, got nothing", peers[1], function() browser:data(1) end)
	end)
end)

describe("SteamLobbyBrowser.add_filter", function()
	local function found(peers, value, comparison)
		peers[1]:run(function(value, comparison)
			browser:clear_filters()
			browser:add_filter("k", value, SteamLobbyBrowser[comparison])
		end, value, comparison)
		return names(peers)
	end

	it("compares strings as texts", function()
		local peers = park { { name = "a", k = "10" }, { name = "b", k = "9" }, { name = "c" } }
		assert.equal("a", found(peers, "10", "EQUAL"))
		assert.equal("b c", found(peers, "10", "NOT_EQUAL"))
		assert.equal("a c", found(peers, "9", "LESS"))
		assert.equal("a b c", found(peers, "9", "LESS_OR_EQUAL"))
		assert.equal("b", found(peers, "10", "GREATER"))
		assert.equal("a b", found(peers, "10", "GREATER_OR_EQUAL"))
		assert.equal("c", found(peers, "", "EQUAL"))
	end)

	it("compares numbers as integers", function()
		local peers = park { { name = "a", k = "10" }, { name = "b", k = "9" }, { name = "c", k = "x" } }
		assert.equal("a", found(peers, 10, "EQUAL"))
		assert.equal("b c", found(peers, 10, "NOT_EQUAL"))
		assert.equal("b", found(peers, 10, "LESS"))
		assert.equal("a b", found(peers, 10, "LESS_OR_EQUAL"))
		assert.equal("a", found(peers, 9, "GREATER"))
		assert.equal("a b", found(peers, 9, "GREATER_OR_EQUAL"))
	end)

	it("holds for every refresh, with all others", function()
		local peers = park { { name = "a", k = "1", m = "1" }, { name = "b", k = "1", m = "2" } }
		peers[1]:run(function()
			browser:add_filter("k", "1", SteamLobbyBrowser.EQUAL)
			browser:add_filter("m", 1, SteamLobbyBrowser.GREATER)
		end)
		assert.equal("b", names(peers))
		assert.equal("b", names(peers))
	end)

	it("rejects other comparisons, and too many filters", function()
		local peers = park {}
		lan.rejects("SteamLobbyBrowser.add_filter: argument 4 (comp): expected one of SteamLobbyBrowser.EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, got number 6",
			peers[1], function() browser:add_filter("k", "1", 6) end)
		lan.rejects("SteamLobbyBrowser.add_filter: argument 3 (value): expected string or integer, got boolean true", peers[1],
			function() browser:add_filter("k", true, 0) end)
		lan.rejects("SteamLobbyBrowser.add_filter: there are 30 filters already; more are not possible; clear_filters ends all", peers[1],
			function()
				for i = 1, 31 do browser:add_filter("k", i, 0) end
			end)
	end)
end)

describe("SteamLobbyBrowser.add_near_filter", function()
	it("lists the closest first, and leaves none out", function()
		local peers = park { { name = "a", k = "10" }, { name = "b", k = "19" }, { name = "c", k = "22" }, { name = "d" } }
		peers[1]:run(function() browser:add_near_filter("k", 20) end)
		assert.equal("b c a d", names(peers, false))
	end)

	it("counts the first most", function()
		local peers = park { { name = "a", k = "1", m = "5" }, { name = "b", k = "1", m = "9" }, { name = "c", k = "2", m = "9" } }
		peers[1]:run(function()
			browser:add_near_filter("k", 1)
			browser:add_near_filter("m", 9)
		end)
		assert.equal("b a c", names(peers, false))
	end)

	it("rejects what is no integer", function()
		local peers = park {}
		lan.rejects('SteamLobbyBrowser.add_near_filter: argument 3 (value): expected integer, got string "near"', peers[1],
			function() browser:add_near_filter("k", "near") end)
	end)
end)

describe("SteamLobbyBrowser.add_slots_filter", function()
	it("asks for free places", function()
		local peers = park { { name = "a", size = 2 }, { name = "b", size = 4 } }
		peers[1]:run(function() browser:add_slots_filter(2) end)
		assert.equal("b", names(peers))
		peers[1]:run(function() browser:add_slots_filter(1) end)
		assert.equal("a b", names(peers))
	end)

	it("rejects what is no number of places", function()
		local peers = park {}
		lan.rejects("SteamLobbyBrowser.add_slots_filter: argument 2 (slots): expected integer 0 to 64, got number -1", peers[1],
			function() browser:add_slots_filter(-1) end)
	end)
end)

describe("SteamLobbyBrowser.add_distance_filter", function()
	it("asks for hosts that are near enough", function()
		local peers = park({ { name = "a" }, { name = "b" }, { name = "c" }, { name = "d" } },
			{ online = { regions = { "eu-west", "eu-west", "eu-central", "us-east", "au-southeast" } } })
		local expected = { CLOSE = "a", DEFAULT = "a b", FAR = "a b c", WORLD = "a b c d" }
		assert.equal("a b", names(peers))
		for distance, list in pairs(expected) do
			peers[1]:run(function(distance) browser:add_distance_filter(SteamLobbyBrowser[distance]) end, distance)
			assert.equal(list, names(peers), distance)
		end
	end)

	it("rejects other distances", function()
		local peers = park {}
		lan.rejects("SteamLobbyBrowser.add_distance_filter: argument 2 (distance): expected one of SteamLobbyBrowser.CLOSE, DEFAULT, FAR, WORLD, got number 4",
			peers[1], function() browser:add_distance_filter(4) end)
	end)
end)

describe("SteamLobbyBrowser.clear_filters", function()
	it("takes all away", function()
		local peers = park { { name = "a", size = 2 } }
		peers[1]:run(function()
			browser:add_filter("k", "1", SteamLobbyBrowser.EQUAL)
			browser:add_slots_filter(5)
			browser:add_near_filter("k", 1)
		end)
		assert.equal("", names(peers))
		peers[1]:run(function() browser:clear_filters() end)
		assert.equal("a", names(peers))
	end)

	it("rejects a call without a browser", function()
		assert.has_error(function() SteamLobbyBrowser.clear_filters() end,
			"SteamLobbyBrowser.clear_filters: argument 1 (self): expected SteamLobbyBrowser, got nothing")
	end)
end)

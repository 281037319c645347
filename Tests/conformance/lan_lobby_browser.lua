-- `LanLobbyBrowser`: finding lobbies on the local network.

local lan = require "support/lan"

local function browse(peer, port)
	peer:run(function(port)
		browser = client:lobby_browser()
		browser:refresh(port)
	end, port or lan.port)
end

local function finish(peers, peer)
	lan.wait(peers, peer, function() return not browser:is_refreshing() end, 3)
end

-- The tables of all lobbies that a peer's browser lists, by address.
local function found(peer)
	return peer:run(function()
		local list = {}
		for i = 1, browser:num_lobbies() do
			local info = browser:lobby(i)
			assert(list[info.address] == nil, "listed twice: " .. info.address)
			list[info.address] = info
		end
		return list
	end)
end

describe("LanLobbyBrowser.refresh", function()
	it("finds every lobby on its port, and none on others", function()
		local peers = lan.start { count = 4, latency = 0.02 }
		lan.host(peers[1])
		lan.host(peers[2])
		peers[3]:run(function() lobby = Network.create_lan_lobby(10008, 4) end)
		browse(peers[4])
		finish(peers, peers[4])
		assert.same(
			{ ["10.0.0.1:10003"] = { address = "10.0.0.1:10003" }, ["10.0.0.2:10003"] = { address = "10.0.0.2:10003" } }, found(peers[4]))
		browse(peers[4], 10008)
		finish(peers, peers[4])
		assert.same({ ["10.0.0.3:10008"] = { address = "10.0.0.3:10008" } }, found(peers[4]))
	end)

	it("finds them on a bad network too", function()
		local peers = lan.start { count = 3, latency = 0.05, jitter = 0.03, loss = 0.1, duplication = 0.2, seed = 3 }
		lan.host(peers[1])
		lan.host(peers[2])
		assert(peers:step_until(function()
			browse(peers[3])
			finish(peers, peers[3])
			return peers[3]:run(function() return browser:num_lobbies() end) == 2
		end, 10))
	end)

	it("does nothing while a search is under way", function()
		local peers = lan.start { count = 2 }
		lan.host(peers[1])
		browse(peers[2])
		peers:step(10)
		local start = peers:time()
		assert.equal(true, peers[2]:run(function() return browser:is_refreshing() end))
		-- Neither another port nor the same one begins it anew.
		peers[2]:run(function() browser:refresh(10008) browser:refresh(10003) end)
		finish(peers, peers[2])
		assert(peers:time() - start < 1)
		assert.truthy(found(peers[2])["10.0.0.1:10003"])
	end)

	it("drops lobbies that are gone, and keeps the others", function()
		local peers = lan.start { count = 3 }
		lan.host(peers[1])
		lan.host(peers[2])
		browse(peers[3])
		finish(peers, peers[3])
		assert.equal(2, peers[3]:run(function() return browser:num_lobbies() end))
		peers[1]:run(function() Network.leave_lan_lobby(lobby) end)
		browse(peers[3])
		-- Until the search is over, what was found before is still listed.
		assert.equal(2, peers[3]:run(function() return browser:num_lobbies() end))
		finish(peers, peers[3])
		assert.same({ ["10.0.0.2:10003"] = { address = "10.0.0.2:10003" } }, found(peers[3]))
	end)

	it("works inside a lobby, and finds one's own too or not, but the other in any case", function()
		local peers = lan.start { count = 2 }
		lan.host(peers[1])
		lan.host(peers[2])
		browse(peers[1])
		finish(peers, peers[1])
		assert.truthy(found(peers[1])["10.0.0.2:10003"])
	end)

	it("takes a numeric string", function()
		local peers = lan.start { count = 2 }
		lan.host(peers[1])
		browse(peers[2], "10003")
		finish(peers, peers[2])
		assert.equal(1, peers[2]:run(function() return browser:num_lobbies() end))
	end)

	it("rejects what is no port", function()
		local client = Network.init_lan_client("lan")
		local browser = client:lobby_browser()
		assert.has_error(function() browser:refresh() end,
			"LanLobbyBrowser.refresh: argument 2 (port): expected integer 1 to 65535, got nothing")
		assert.has_error(function() browser:refresh(0) end,
			"LanLobbyBrowser.refresh: argument 2 (port): expected integer 1 to 65535, got number 0")
		assert.has_error(function() browser:refresh(65536) end,
			"LanLobbyBrowser.refresh: argument 2 (port): expected integer 1 to 65535, got number 65536")
		assert.has_error(function() browser.refresh(10003) end,
			"LanLobbyBrowser.refresh: argument 1 (self): expected LanLobbyBrowser, got number 10003")
		Network.shutdown_lan_client(client)
	end)
end)

describe("LanLobbyBrowser.is_refreshing", function()
	it("is false before, true while and false after a search", function()
		local peers = lan.start { count = 1 }
		assert.equal(false, peers[1]:run(function() return client:lobby_browser():is_refreshing() end))
		browse(peers[1])
		assert.equal(true, peers[1]:run(function() return browser:is_refreshing() end))
		finish(peers, peers[1])
	end)

	it("rejects a browser whose client was shut down", function()
		local client = Network.init_lan_client("lan")
		local browser = client:lobby_browser()
		Network.shutdown_lan_client(client)
		assert.has_error(function() browser:is_refreshing() end,
			"LanLobbyBrowser.is_refreshing: the client of this LanLobbyBrowser was shut down; it cannot be used any more")
		assert.has_error(function() LanLobbyBrowser.is_refreshing() end,
			"LanLobbyBrowser.is_refreshing: argument 1 (self): expected LanLobbyBrowser, got nothing")
	end)
end)

describe("LanLobbyBrowser.num_lobbies", function()
	it("is 0 until something is found", function()
		local peers = lan.start { count = 2 }
		assert.equal(0, peers[2]:run(function() return client:lobby_browser():num_lobbies() end))
		browse(peers[2])
		finish(peers, peers[2])
		assert.equal(0, peers[2]:run(function() return browser:num_lobbies() end))
		lan.host(peers[1])
		browse(peers[2])
		finish(peers, peers[2])
		assert.equal(1, peers[2]:run(function() return LanLobbyBrowser.num_lobbies(browser) end))
	end)

	it("rejects what is no browser", function()
		local client = Network.init_lan_client("lan")
		assert.has_error(function() LanLobbyBrowser.num_lobbies(client) end,
			"LanLobbyBrowser.num_lobbies: argument 1 (self): expected LanLobbyBrowser, got LanClient")
		Network.shutdown_lan_client(client)
	end)
end)

describe("LanLobbyBrowser.lobby", function()
	it("has the address and all of the lobby's data", function()
		local peers = lan.start { count = 2 }
		lan.host(peers[1])
		peers[1]:run(function()
			lobby:set_data("name", "Ann's game")
			lobby:set_data("network_hash", Network.config_hash("lan"))
			lobby:set_data("empty", "")
			lobby:set_data("bytes", "zero \0 and \255")
		end)
		browse(peers[2])
		finish(peers, peers[2])
		assert.same({
			address = "10.0.0.1:10003", name = "Ann's game", network_hash = Network.config_hash("lan"), empty = "",
			bytes = "zero \0 and \255",
		}, found(peers[2])["10.0.0.1:10003"])
	end)

	it("has all of it also when it is far longer than a datagram", function()
		local peers = lan.start { count = 2, latency = 0.02 }
		lan.host(peers[1])
		peers[1]:run(function()
			for i = 1, 15 do lobby:set_data("key" .. i, (tostring(i % 10)):rep(1000)) end
		end)
		browse(peers[2])
		finish(peers, peers[2])
		local info = found(peers[2])["10.0.0.1:10003"]
		for i = 1, 15 do assert.equal((tostring(i % 10)):rep(1000), info["key" .. i]) end
	end)

	it("has what was set last, after a refresh", function()
		local peers = lan.start { count = 2 }
		lan.host(peers[1])
		peers[1]:run(function() lobby:set_data("map", "castle") end)
		browse(peers[2])
		finish(peers, peers[2])
		peers[1]:run(function() lobby:set_data("map", "swamp") end)
		peers:step(30)
		assert.equal("castle", found(peers[2])["10.0.0.1:10003"].map)
		browse(peers[2])
		finish(peers, peers[2])
		assert.equal("swamp", found(peers[2])["10.0.0.1:10003"].map)
	end)

	it("keeps its address when the data has a key of that name", function()
		local peers = lan.start { count = 2 }
		lan.host(peers[1])
		peers[1]:run(function() lobby:set_data("address", "1.2.3.4:5") end)
		browse(peers[2])
		finish(peers, peers[2])
		assert.truthy(found(peers[2])["10.0.0.1:10003"])
	end)

	it("counts from 1, or from the index offset", function()
		local peers = lan.start { count = 2 }
		lan.host(peers[1])
		browse(peers[2])
		finish(peers, peers[2])
		peers[2]:run(function()
			assert(browser:lobby(1).address == "10.0.0.1:10003")
			assert(browser:lobby("1").address == "10.0.0.1:10003")
			Script.set_index_offset(0)
			assert(browser:lobby(0).address == "10.0.0.1:10003")
		end)
		lan.rejects("LanLobbyBrowser.lobby: argument 2 (index): expected 0 to 0, got number 1", peers[2], function() browser:lobby(1) end)
	end)

	it("rejects an index out of range", function()
		local peers = lan.start { count = 3 }
		lan.host(peers[1])
		lan.host(peers[2])
		peers[3]:run(function() browser = client:lobby_browser() end)
		lan.rejects("LanLobbyBrowser.lobby: argument 2 (index): no lobbies were found, got number 1", peers[3],
			function() browser:lobby(1) end)
		browse(peers[3])
		finish(peers, peers[3])
		for _, index in ipairs { 0, 3, -1, 1e15 } do
			lan.rejects("LanLobbyBrowser.lobby: argument 2 (index): expected 1 to 2, got number " .. tostring(index), peers[3],
				function(index) browser:lobby(index) end, index)
		end
		lan.rejects("LanLobbyBrowser.lobby: argument 2 (index): expected integer, got number 1.5", peers[3], function() browser:lobby(1.5) end)
		lan.rejects("LanLobbyBrowser.lobby: argument 2 (index): expected integer, got nothing", peers[3], function() browser:lobby() end)
	end)
end)

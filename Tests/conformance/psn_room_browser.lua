-- `PsnRoomBrowser`: the rooms that PSN shows.

local consoles = require "support/consoles"

local GONE = "the client of this PsnRoomBrowser was shut down; it cannot be used any more"

describe("PsnRoomBrowser.refresh", function()
	it("finds rooms, and no more those that are gone", function()
		local peers = consoles.psn { count = 2 }
		consoles.host_room(peers)
		assert.is_string(consoles.find_room(peers, peers[2]))
		peers[1]:run(function() Network.leave_psn_room(room) end)
		peers:step(30)
		peers[2]:run(function() client:room_browser():refresh() end)
		consoles.wait(peers, peers[2], function() return not client:room_browser():is_refreshing() end)
		assert.equal(0, peers[2]:run(function() return client:room_browser():num_rooms() end))
	end)

	it("shows only rooms of this game", function()
		local peers = consoles.psn { count = 2, online = { settings = { { psn = { title = "one" } }, { psn = { title = "two" } } } } }
		consoles.host_room(peers)
		peers[2]:run(function() client:room_browser():refresh() end)
		consoles.wait(peers, peers[2], function() return not client:room_browser():is_refreshing() end)
		assert.equal(0, peers[2]:run(function() return client:room_browser():num_rooms() end))
	end)

	it("rejects a browser whose client was shut down", function()
		local client = Network.init_psn_client("lan")
		local browser = client:room_browser()
		Network.shutdown_psn_client(client)
		assert.has_error(function() browser:refresh() end, "PsnRoomBrowser.refresh: " .. GONE)
	end)
end)

describe("PsnRoomBrowser.is_refreshing", function()
	it("ends by itself when PSN does not answer", function()
		local peers = consoles.psn { count = 1 }
		consoles.wait(peers, peers[1], function() return client:ready() end)
		peers:online { lost = true }
		peers[1]:run(function()
			browser = client:room_browser()
			browser:refresh()
			assert(browser:is_refreshing())
		end)
		consoles.wait(peers, peers[1], function() return not browser:is_refreshing() end, 11)
	end)

	it("rejects what is no browser", function()
		assert.has_error(function() PsnRoomBrowser.is_refreshing({}) end,
			"PsnRoomBrowser.is_refreshing: argument 1 (self): expected PsnRoomBrowser, got table")
	end)
end)

describe("PsnRoomBrowser.num_rooms", function()
	it("is 0 before a search, and the number of rooms after it", function()
		local peers = consoles.psn { count = 2 }
		peers[2]:run(function() assert(client:room_browser():num_rooms() == 0) end)
		peers[1]:run(function()
			Network.create_psn_room("one", 4)
			Network.create_psn_room("two", 4)
		end)
		peers:step(60)
		peers[2]:run(function() client:room_browser():refresh() end)
		consoles.wait(peers, peers[2], function() return not client:room_browser():is_refreshing() end)
		assert.equal(2, peers[2]:run(function() return client:room_browser():num_rooms() end))
	end)

	it("rejects a browser whose client was shut down", function()
		local client = Network.init_psn_client("lan")
		local browser = client:room_browser()
		Network.shutdown_psn_client(client)
		assert.has_error(function() browser:num_rooms() end, "PsnRoomBrowser.num_rooms: " .. GONE)
	end)
end)

describe("PsnRoomBrowser.room", function()
	it("is a table with id, name and data", function()
		local peers = consoles.psn { count = 2 }
		consoles.host_room(peers)
		local id = consoles.find_room(peers, peers[2])
		assert.same({ id = id, name = "a room", data = "" }, peers[2]:run(function() return client:room_browser():room(1) end))
	end)

	it("counts from the index offset", function()
		local peers = consoles.psn { count = 2 }
		consoles.host_room(peers)
		consoles.find_room(peers, peers[2])
		peers[2]:run(function()
			Script.set_index_offset(0)
			assert(client:room_browser():room(0).name == "a room")
		end)
		consoles.rejects("PsnRoomBrowser.room: argument 2 (index): expected 0 to 0, got number 1", peers[2],
			function() client:room_browser():room(1) end)
	end)

	it("rejects an index out of range", function()
		local peers = consoles.psn { count = 2 }
		consoles.rejects("PsnRoomBrowser.room: argument 2 (index): no rooms were found, got number 1", peers[2],
			function() client:room_browser():room(1) end)
		consoles.host_room(peers)
		consoles.find_room(peers, peers[2])
		consoles.rejects("PsnRoomBrowser.room: argument 2 (index): expected 1 to 1, got number 0", peers[2],
			function() client:room_browser():room(0) end)
	end)
end)

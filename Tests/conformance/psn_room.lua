-- `PsnRoom`: making, joining and leaving rooms, their members and what browsers show of them.

local consoles = require "support/consoles"

local function left(number) return ("there is no room %d: it was left, or never made"):format(number) end

describe("PsnRoom's states", function()
	it("count from 0 in this order", function()
		assert.equal(0, PsnRoom.CREATING)
		assert.equal(1, PsnRoom.JOINING)
		assert.equal(2, PsnRoom.JOINED)
		assert.equal(3, PsnRoom.FAILED)
		assert.equal(4, PsnRoom.WAITING_TO_CREATE)
	end)
end)

describe("Network.create_psn_room", function()
	it("gives a number, and a room whose owner is this peer", function()
		local peers = consoles.psn { count = 1 }
		consoles.host_room(peers, 4)
		peers[1]:run(function()
			assert(type(room) == "number")
			assert(PsnRoom.owner(room) == Network.peer_id())
			assert(PsnRoom.num_members(room) == 1)
		end)
	end)

	it("counts the owner in max_members", function()
		local peers = consoles.psn { count = 2, online = { users = { "anna", "bob" } } }
		consoles.host_room(peers, 1)
		consoles.join_room(peers, peers[2])
		consoles.wait(peers, peers[2], function() return PsnRoom.state(room) == PsnRoom.FAILED end)
		local found = false
		for _, line in ipairs(peers[2]:log("warnings")) do found = found or line:match("it is full %(1 member%)$") end
		assert.truthy(found)
	end)

	it("gives numbers that are not used again", function()
		local peers = consoles.psn { count = 1 }
		peers[1]:run(function()
			local first = Network.create_psn_room("one", 4)
			Network.leave_psn_room(first)
			assert(Network.create_psn_room("two", 4) ~= first)
		end)
	end)

	it("gives numbers that are not used again by the next client", function()
		local peers = consoles.psn { count = 1 }
		peers[1]:run(function()
			old = Network.create_psn_room("one", 4)
			Network.shutdown_psn_client(client)
			client = Network.init_psn_client("lan")
			room = Network.create_psn_room("two", 4)
			assert(room == old + 1)
		end)
		consoles.rejects("PsnRoom.state: " .. left(1), peers[1], function() PsnRoom.state(old) end)
	end)

	it("rejects wrong names and sizes, and more rooms than 16", function()
		local peers = consoles.psn { count = 1 }
		consoles.rejects("Network.create_psn_room: name: expected 1 to 255 bytes, got 0 bytes", peers[1],
			function() Network.create_psn_room("", 4) end)
		consoles.rejects("Network.create_psn_room: name: expected 1 to 255 bytes, got 256 bytes", peers[1],
			function() Network.create_psn_room(("n"):rep(256), 4) end)
		consoles.rejects("Network.create_psn_room: argument 2 (max_members): expected integer 1 to 64, got number 65", peers[1],
			function() Network.create_psn_room("a", 65) end)
		consoles.rejects("Network.create_psn_room: argument 2 (max_members): expected integer 1 to 64, got nothing", peers[1],
			function() Network.create_psn_room("a") end)
		peers[1]:run(function() for i = 1, 16 do Network.create_psn_room("a", 4) end end)
		consoles.rejects("Network.create_psn_room: there are 16 rooms that were not left; call Network.leave_psn_room for those "
			.. "that failed, too", peers[1], function() Network.create_psn_room("a", 4) end)
	end)

	it("rejects to work without a client", function()
		assert.has_error(function() Network.create_psn_room("a", 4) end,
			"Network.create_psn_room: no PSN client is running; call Network.init_psn_client first")
	end)
end)

describe("Network.join_psn_room", function()
	it("enters a room that a browser shows; the others hear of it", function()
		local peers = consoles.meet { count = 3 }
		for i = 1, 3 do
			peers[i]:run(function() assert(PsnRoom.num_members(room) == 3) end)
		end
		peers[2]:run(function(host) RPC.say(host, "hello") end, consoles.id(peers[1]))
		assert(peers:step_until(function() return #peers[1]:events("say") > 0 end))
	end)

	it("fails where the room is gone", function()
		local peers = consoles.psn { count = 1 }
		peers[1]:run(function() room = Network.join_psn_room("abc") end)
		consoles.wait(peers, peers[1], function() return PsnRoom.state(room) == PsnRoom.FAILED end)
		consoles.has_logged(peers[1], "there is no abc any more")
	end)

	it("rejects what is no room's id, and a room that this peer is in", function()
		local peers = consoles.psn { count = 1 }
		consoles.rejects("Network.join_psn_room: argument 1 (room_id): expected the id that PsnRoomBrowser.room gives "
			.. '(hexadecimal digits), got string "my room"', peers[1], function() Network.join_psn_room("my room") end)
		consoles.host_room(peers)
		local id = consoles.find_room(peers, peers[1])
		consoles.rejects("Network.join_psn_room: this peer is in that room already: it is room 1", peers[1],
			function(id) Network.join_psn_room(id) end, id)
	end)

	it("rejects a room of another game, once that is known", function()
		local peers = consoles.psn { count = 2, online = { settings = { { psn = { title = "one" } }, { psn = { title = "two" } } } } }
		consoles.host_room(peers)
		local id = consoles.find_room(peers, peers[1])
		peers[2]:run(function(id) room = Network.join_psn_room(id) end, id)
		consoles.wait(peers, peers[2], function() return PsnRoom.state(room) == PsnRoom.FAILED end)
		consoles.has_logged(peers[2], ('PSN room %s failed: it is a room of another game; psn.title in settings.ini says "two"'):format(id))
		peers:step(30)
		peers[1]:run(function() assert(PsnRoom.num_members(room) == 1 and #Network.connections() == 0) end)
	end)

	it("rejects to enter a room that is full, once that is known", function()
		local peers = consoles.psn { count = 3 }
		consoles.host_room(peers, 2)
		consoles.join_room(peers, peers[2])
		consoles.wait(peers, peers[2], function() return PsnRoom.state(room) == PsnRoom.JOINED end)
		consoles.join_room(peers, peers[3])
		local id = consoles.find_room(peers, peers[3])
		consoles.wait(peers, peers[3], function() return PsnRoom.state(room) == PsnRoom.FAILED end)
		consoles.has_logged(peers[3], ("PSN room %s failed: it is full (2 members)"):format(id))
		peers[1]:run(function() assert(PsnRoom.num_members(room) == 2) end)
	end)
end)

describe("Network.leave_psn_room", function()
	it("makes the longest-standing member the owner, and ends the room with the last", function()
		local peers = consoles.meet { count = 3 }
		peers[1]:run(function() Network.leave_psn_room(room) end)
		local heir = consoles.id(peers[2])
		for i = 2, 3 do
			consoles.wait(peers, peers[i], function(heir) return PsnRoom.owner(room) == heir and PsnRoom.num_members(room) == 2 end, 10, heir)
		end
		for i = 2, 3 do peers[i]:run(function() Network.leave_psn_room(room) end) end
		peers:step(30)
		peers[1]:run(function() client:room_browser():refresh() end)
		consoles.wait(peers, peers[1], function() return not client:room_browser():is_refreshing() end)
		assert.equal(0, peers[1]:run(function() return client:room_browser():num_rooms() end))
	end)

	it("lets a peer come back", function()
		local peers = consoles.meet { count = 2 }
		peers[2]:run(function() Network.leave_psn_room(room) end)
		consoles.wait(peers, peers[1], function() return PsnRoom.num_members(room) == 1 end)
		consoles.join_room(peers, peers[2])
		consoles.wait(peers, peers[2], function() return PsnRoom.state(room) == PsnRoom.JOINED and #Network.connections() == 1 end)
	end)

	it("rejects a room that was left", function()
		local peers = consoles.psn { count = 1 }
		consoles.host_room(peers)
		peers[1]:run(function() Network.leave_psn_room(room) end)
		consoles.rejects("Network.leave_psn_room: " .. left(1), peers[1], function() Network.leave_psn_room(room) end)
		consoles.rejects("Network.leave_psn_room: argument 1 (room): expected integer, got nil", peers[1],
			function() Network.leave_psn_room(nil) end)
	end)
end)

describe("Network.peer_id on PSN", function()
	it("is nil before the first room was entered", function()
		local peers = consoles.psn { count = 1 }
		peers[1]:run(function() assert(Network.peer_id() == nil) end)
		consoles.host_room(peers)
		peers[1]:run(function()
			local id = Network.peer_id()
			assert(type(id) == "string")
			Network.leave_psn_room(room)
			assert(Network.peer_id() == id)
		end)
	end)
end)

describe("PsnRoom.state", function()
	it("waits to create until the client is ready", function()
		local peers = consoles.psn { count = 1, online = { latency = 0.2 } }
		peers:online { lost = true }
		peers[1]:run(function() room = Network.create_psn_room("a room", 4) end)
		peers:step(30)
		assert.equal(PsnRoom.WAITING_TO_CREATE, peers[1]:run(function() return PsnRoom.state(room) end))
		peers:online { lost = false }
		consoles.wait(peers, peers[1], function() return PsnRoom.state(room) == PsnRoom.JOINED end)
	end)

	it("only goes forward: a room that is being made does not wait again in an outage", function()
		local peers = consoles.psn { count = 1, online = { latency = 0.3 } }
		consoles.wait(peers, peers[1], function() return client:ready() end)
		peers[1]:run(function()
			room = Network.create_psn_room("a room", 4)
			assert(PsnRoom.state(room) == PsnRoom.CREATING)
		end)
		peers:online { lost = true }
		for _ = 1, 60 do
			peers:step(1)
			peers[1]:run(function() assert(PsnRoom.state(room) == PsnRoom.CREATING) end)
		end
		peers:online { lost = false }
		consoles.wait(peers, peers[1], function() return PsnRoom.state(room) == PsnRoom.JOINED end)
	end)

	it("creates, then is joined", function()
		local peers = consoles.psn { count = 1 }
		consoles.wait(peers, peers[1], function() return client:ready() end)
		peers[1]:run(function()
			room = Network.create_psn_room("a room", 4)
			assert(PsnRoom.state(room) == PsnRoom.CREATING)
		end)
		consoles.wait(peers, peers[1], function() return PsnRoom.state(room) == PsnRoom.JOINED end)
	end)

	it("goes from JOINING to JOINED", function()
		local peers = consoles.psn { count = 2 }
		consoles.host_room(peers)
		consoles.join_room(peers, peers[2])
		assert.equal(PsnRoom.JOINING, peers[2]:run(function() return PsnRoom.state(room) end))
		consoles.wait(peers, peers[2], function() return PsnRoom.state(room) == PsnRoom.JOINED end)
	end)

	it("rejects a room that was never made", function()
		local peers = consoles.psn { count = 1 }
		consoles.rejects("PsnRoom.state: " .. left(7), peers[1], function() PsnRoom.state(7) end)
		consoles.rejects("PsnRoom.state: argument 1 (room): expected integer, got table", peers[1], function() PsnRoom.state({}) end)
		assert.has_error(function() PsnRoom.state(1) end,
			"PsnRoom.state: no PSN client is running; call Network.init_psn_client first")
	end)
end)

describe("PsnRoom.num_members", function()
	it("is 0 before the room was joined", function()
		local peers = consoles.psn { count = 2 }
		consoles.host_room(peers)
		consoles.join_room(peers, peers[2])
		peers[2]:run(function() assert(PsnRoom.num_members(room) == 0) end)
		consoles.wait(peers, peers[2], function() return PsnRoom.num_members(room) == 2 end)
	end)

	it("rejects a room that was left", function()
		local peers = consoles.meet { count = 1 }
		peers[1]:run(function() Network.leave_psn_room(room) end)
		consoles.rejects("PsnRoom.num_members: " .. left(1), peers[1], function() PsnRoom.num_members(room) end)
	end)
end)

describe("PsnRoom.member", function()
	it("tells peer id, np_id and handle, the owner first", function()
		local peers = consoles.meet { count = 2, online = { users = { "anna", "bob" } } }
		local ids = { consoles.id(peers[1]), consoles.id(peers[2]) }
		for i = 1, 2 do
			assert.same({ peer_id = ids[1], np_id = ids[1], handle = "anna" }, peers[i]:run(function() return PsnRoom.member(room, 1) end))
			assert.same({ peer_id = ids[2], np_id = ids[2], handle = "bob" }, peers[i]:run(function() return PsnRoom.member(room, 2) end))
		end
	end)

	it("counts from the index offset", function()
		local peers = consoles.meet { count = 1, online = { users = { "anna" } } }
		peers[1]:run(function()
			Script.set_index_offset(0)
			assert(PsnRoom.member(room, 0).handle == "anna")
		end)
		consoles.rejects("PsnRoom.member: argument 2 (index): expected 0 to 0, got number 1", peers[1], function() PsnRoom.member(room, 1) end)
	end)

	it("rejects an index out of range", function()
		local peers = consoles.meet { count = 1 }
		consoles.rejects("PsnRoom.member: argument 2 (index): expected 1 to 1, got number 2", peers[1],
			function() PsnRoom.member(room, 2) end)
		peers[1]:run(function() other = Network.join_psn_room("abc") end)
		consoles.rejects("PsnRoom.member: argument 2 (index): the room has no members, got number 1", peers[1],
			function() PsnRoom.member(other, 1) end)
	end)
end)

describe("PsnRoom.owner", function()
	it("is the same everywhere, and 0 while it is not known", function()
		local peers = consoles.psn { count = 2 }
		consoles.host_room(peers)
		consoles.join_room(peers, peers[2])
		assert.equal("0", peers[2]:run(function() return PsnRoom.owner(room) end))
		consoles.wait(peers, peers[2], function(host) return PsnRoom.owner(room) == host end, 10, consoles.id(peers[1]))
	end)

	it("rejects a room that was never made", function()
		local peers = consoles.psn { count = 1 }
		consoles.rejects("PsnRoom.owner: " .. left(3), peers[1], function() PsnRoom.owner(3) end)
	end)
end)

describe("PsnRoom.set_game_session_host", function()
	it("is seen by all, and cleared by nil", function()
		local peers = consoles.meet { count = 2 }
		peers[1]:run(function()
			PsnRoom.set_game_session_host(room, Network.peer_id())
			assert(PsnRoom.game_session_host(room) == Network.peer_id())
		end)
		consoles.wait(peers, peers[2], function(host) return PsnRoom.game_session_host(room) == host end, 5, consoles.id(peers[1]))
		peers[1]:run(function() PsnRoom.set_game_session_host(room, nil) end)
		consoles.wait(peers, peers[2], function() return PsnRoom.game_session_host(room) == nil end, 5)
	end)

	it("changes nothing and warns from others than the owner", function()
		local peers = consoles.meet { count = 2 }
		peers[2]:run(function()
			PsnRoom.set_game_session_host(room, Network.peer_id())
			assert(PsnRoom.game_session_host(room) == nil)
		end)
		consoles.has_logged(peers[2], "only the host can set the game session host; nothing was changed")
	end)

	it("rejects what is no peer id", function()
		local peers = consoles.meet { count = 1 }
		consoles.rejects('PsnRoom.set_game_session_host: argument 2 (peer_id): expected peer id (hexadecimal string), got string "me!"',
			peers[1], function() PsnRoom.set_game_session_host(room, "me!") end)
	end)
end)

describe("PsnRoom.game_session_host", function()
	it("is nil until it was set, and again when the host left", function()
		local peers = consoles.meet { count = 2 }
		assert.is_nil(peers[2]:run(function() return PsnRoom.game_session_host(room) end))
		peers[1]:run(function() PsnRoom.set_game_session_host(room, Network.peer_id()) end)
		consoles.wait(peers, peers[2], function() return PsnRoom.game_session_host(room) ~= nil end, 5)
		peers[1]:run(function() Network.leave_psn_room(room) end)
		consoles.wait(peers, peers[2], function() return PsnRoom.game_session_host(room) == nil end, 5)
	end)

	it("rejects a room that was never made", function()
		local peers = consoles.psn { count = 1 }
		consoles.rejects("PsnRoom.game_session_host: " .. left(3), peers[1], function() PsnRoom.game_session_host(3) end)
	end)
end)

describe("PsnRoom.set_data", function()
	it("is what browsers show, up to 255 bytes of any kind", function()
		local peers = consoles.psn { count = 2 }
		consoles.host_room(peers)
		peers[1]:run(function() PsnRoom.set_data(room, "a\0b" .. ("x"):rep(252)) end)
		peers:step(30)
		consoles.find_room(peers, peers[2])
		assert.equal("a\0b" .. ("x"):rep(252), peers[2]:run(function() return client:room_browser():room(1).data end))
	end)

	it("changes nothing and warns from others than the owner", function()
		local peers = consoles.meet { count = 2 }
		peers[2]:run(function() PsnRoom.set_data(room, "mine") end)
		consoles.has_logged(peers[2], "only the host can set the room's data; nothing was changed")
	end)

	it("rejects a room that is FAILED, as the others that set something do", function()
		local peers = consoles.psn { count = 1 }
		peers[1]:run(function() room = Network.join_psn_room("abc") end)
		consoles.wait(peers, peers[1], function() return PsnRoom.state(room) == PsnRoom.FAILED end)
		local why = "room 1 is FAILED, so nothing can be set in it; call Network.leave_psn_room, and create or join another"
		consoles.rejects("PsnRoom.set_data: " .. why, peers[1], function() PsnRoom.set_data(room, "x") end)
		consoles.rejects("PsnRoom.set_name: " .. why, peers[1], function() PsnRoom.set_name(room, "x") end)
		consoles.rejects("PsnRoom.set_game_session_host: " .. why, peers[1], function() PsnRoom.set_game_session_host(room, nil) end)
	end)

	it("rejects more than 255 bytes", function()
		local peers = consoles.meet { count = 1 }
		consoles.rejects("PsnRoom.set_data: value: expected at most 255 bytes, got 256 bytes", peers[1],
			function() PsnRoom.set_data(room, ("x"):rep(256)) end)
		consoles.rejects("PsnRoom.set_data: argument 2 (value): expected string, got nothing", peers[1],
			function() PsnRoom.set_data(room) end)
	end)
end)

describe("PsnRoom.set_name", function()
	it("is what browsers show", function()
		local peers = consoles.psn { count = 2 }
		consoles.host_room(peers)
		peers[1]:run(function() PsnRoom.set_name(room, "another name") end)
		peers:step(30)
		consoles.find_room(peers, peers[2])
		assert.equal("another name", peers[2]:run(function() return client:room_browser():room(1).name end))
	end)

	it("rejects an empty name and one that is too long", function()
		local peers = consoles.meet { count = 1 }
		consoles.rejects("PsnRoom.set_name: name: expected 1 to 255 bytes, got 0 bytes", peers[1],
			function() PsnRoom.set_name(room, "") end)
		consoles.rejects("PsnRoom.set_name: name: expected 1 to 255 bytes, got 256 bytes", peers[1],
			function() PsnRoom.set_name(room, ("n"):rep(256)) end)
	end)
end)

describe("A PSN room", function()
	it("whose owner dies has another owner, and can be found and joined", function()
		local peers = consoles.meet { count = 3 }
		peers[1]:kill()
		local heir = consoles.id(peers[2])
		for i = 2, 3 do
			consoles.wait(peers, peers[i], function(heir) return PsnRoom.owner(room) == heir and PsnRoom.num_members(room) == 2 end, 20, heir)
		end
		peers[3]:run(function() Network.leave_psn_room(room) end)
		consoles.join_room(peers, peers[3])
		consoles.wait(peers, peers[3], function() return PsnRoom.state(room) == PsnRoom.JOINED end)
	end)

	it("carries a game session", function()
		local peers = consoles.meet { count = 2 }
		peers[1]:run(function(guest)
			session = Network.create_game_session()
			session:make_game_session_host()
			PsnRoom.set_game_session_host(room, Network.peer_id())
			session:add_peer(guest)
		end, consoles.id(peers[2]))
		consoles.wait(peers, peers[2], function() return PsnRoom.game_session_host(room) ~= nil end)
		peers[2]:run(function() session = Network.create_game_session() end)
		consoles.wait(peers, peers[2], function() return session:in_session() end)
	end)
end)

-- `LanLobby`: members, host, data, kicking, and how a lobby lives on when its host goes.

local lan = require "support/lan"

local LEFT = "this LanLobby was left; it cannot be used any more"

describe("LanLobby's states", function()
	it("count from 0 in this order", function()
		assert.equal(0, LanLobby.CREATING)
		assert.equal(1, LanLobby.JOINING)
		assert.equal(2, LanLobby.JOINED)
		assert.equal(3, LanLobby.FAILED)
	end)

	it("differ from each other", function()
		local keyed = {
			[LanLobby.CREATING] = "creating", [LanLobby.JOINING] = "joining", [LanLobby.JOINED] = "joined", [LanLobby.FAILED] = "failed",
		}
		local count = 0
		for _ in pairs(keyed) do count = count + 1 end
		assert.equal(4, count)
	end)

	it("can be read through a lobby", function()
		local client = Network.init_lan_client("lan")
		local lobby = Network.create_lan_lobby(10003, 4)
		assert.equal(LanLobby.JOINED, lobby.JOINED)
		assert.equal(stingray.LanLobby.FAILED, lobby["FAILED"])
		Network.shutdown_lan_client(client)
	end)

	it("has no others", function()
		assert.is_nil(LanLobby.LEFT)
		assert.is_nil(LanLobby.CREATED)
	end)
end)

describe("A LanLobby", function()
	it("has its functions in both forms, and nil for others", function()
		local client = Network.init_lan_client("lan")
		local lobby = Network.create_lan_lobby(10003, 4)
		assert.equal(LanLobby.state, lobby.state)
		assert.equal(lobby:state(), LanLobby.state(lobby))
		assert.is_function(lobby.kick)
		assert.is_nil(lobby.set_max_members)
		assert.is_nil(lobby.open_channel)
		assert.matches("^LanLobby %d+$", tostring(lobby))
		Network.shutdown_lan_client(client)
	end)
end)

describe("LanLobby.state", function()
	it("goes from JOINING to JOINED, and the host's is JOINED", function()
		local peers = lan.start { count = 2, latency = 0.05 }
		lan.host(peers[1])
		assert.equal(LanLobby.JOINED, lan.state(peers[1]))
		lan.join(peers[2])
		local seen = {}
		assert(peers:step_until(function()
			local state = lan.state(peers[2])
			if seen[#seen] ~= state then seen[#seen + 1] = state end
			return state == LanLobby.JOINED
		end))
		assert.same({ LanLobby.JOINING, LanLobby.JOINED }, seen)
	end)

	it("goes from JOINED to FAILED when this peer is kicked", function()
		local peers = lan.meet { count = 2 }
		peers[1]:run(function(id) lobby:kick(id) end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return lobby:state() == LanLobby.FAILED end, 2)
	end)

	it("rejects a lobby that was left", function()
		local peers = lan.meet { count = 1 }
		peers[1]:run(function() Network.leave_lan_lobby(lobby) end)
		lan.rejects("LanLobby.state: " .. LEFT, peers[1], function() lobby:state() end)
	end)

	it("rejects what is no lobby", function()
		assert.has_error(function() LanLobby.state() end, "LanLobby.state: argument 1 (self): expected LanLobby, got nothing")
		assert.has_error(function() LanLobby.state("lobby") end, 'LanLobby.state: argument 1 (self): expected LanLobby, got string "lobby"')
	end)
end)

describe("LanLobby.members", function()
	it("lists the host first, then in the order of joining, everywhere the same", function()
		local peers = lan.start { count = 4 }
		lan.host(peers[3])
		local order = { peers[3] }
		for _, i in ipairs { 1, 4, 2 } do
			lan.join(peers[i], "10.0.0.3:10003")
			order[#order + 1] = peers[i]
			lan.settle(lan.part(peers, unpack(order)), #order)
		end
		local expected = { lan.id(peers[3]), lan.id(peers[1]), lan.id(peers[4]), lan.id(peers[2]) }
		for i = 1, 4 do assert.same(expected, lan.members(peers[i])) end
	end)

	it("is a new table each time", function()
		local peers = lan.meet { count = 2 }
		peers[1]:run(function()
			local first = lobby:members()
			first[1] = "changed"
			first[3] = "added"
			assert(#lobby:members() == 2 and lobby:members()[1] == Network.peer_id())
		end)
	end)

	it("is empty while joining", function()
		local peers = lan.start { count = 1 }
		lan.join(peers[1])
		assert.same({}, lan.members(peers[1]))
	end)

	it("loses a peer that died, within the pong timeout", function()
		local peers = lan.meet { count = 3 }
		for i = 1, 3 do peers[i]:run(function() Network.set_pong_timeout(3) end) end
		local dead = lan.id(peers[2])
		peers[2]:kill()
		local start = peers:time()
		for _, i in ipairs { 1, 3 } do
			lan.wait(peers, peers[i], function(dead)
				for _, id in ipairs(lobby:members()) do
					if id == dead then return false end
				end
				return #lobby:members() == 2
			end, 6, dead)
		end
		assert(peers:time() - start < 4)
	end)

	it("rejects a call without a lobby", function()
		assert.has_error(function() LanLobby.members() end, "LanLobby.members: argument 1 (self): expected LanLobby, got nothing")
		local peers = lan.meet { count = 1 }
		lan.rejects("LanLobby.members: argument 1 (self): expected LanLobby, got nothing", peers[1], function() lobby.members() end)
		peers[1]:run(function() Network.leave_lan_lobby(lobby) end)
		lan.rejects("LanLobby.members: " .. LEFT, peers[1], function() lobby:members() end)
	end)
end)

describe("LanLobby.lobby_host", function()
	it("names the host on every peer", function()
		local peers = lan.meet { count = 3 }
		for i = 1, 3 do assert.equal(lan.id(peers[1]), peers[i]:run(function() return lobby:lobby_host() end)) end
	end)

	it('is "0" while it is not known', function()
		local peers = lan.start { count = 1 }
		lan.join(peers[1])
		assert.equal("0", peers[1]:run(function() return lobby:lobby_host() end))
	end)

	it("changes when the host dies; data, member data and membership survive", function()
		local peers = lan.meet { count = 3, latency = 0.02 }
		for i = 1, 3 do
			peers[i]:run(function(i)
				Network.set_pong_timeout(2)
				lobby:set_member_data("number", tostring(i))
			end, i)
		end
		peers[1]:run(function() lobby:set_data("map", "castle") end)
		peers:step(60)
		-- Those who joined in the same frame are in the order that the host saw.
		local members = lan.members(peers[2])
		peers[1]:kill()
		for i = 2, 3 do
			lan.wait(peers, peers[i], function(host) return lobby:lobby_host() == host end, 5, members[2])
			peers[i]:run(function(members)
				assert(lobby:state() == LanLobby.JOINED and lobby:data("map") == "castle")
				assert(#lobby:members() == 2 and lobby:members()[1] == members[2] and lobby:members()[2] == members[3])
			end, members)
			for j = 2, 3 do
				assert.equal(tostring(j), peers[i]:run(function(id) return lobby:member_data(id, "number") end, lan.id(peers[j])))
			end
		end
	end)

	it("rejects a lobby that was left", function()
		local peers = lan.meet { count = 1 }
		peers[1]:run(function() Network.leave_lan_lobby(lobby) end)
		lan.rejects("LanLobby.lobby_host: " .. LEFT, peers[1], function() lobby:lobby_host() end)
	end)
end)

describe("LanLobby.game_session_host", function()
	it("is nil until it is set, and again when it is cleared", function()
		local peers = lan.meet { count = 2 }
		local host = lan.id(peers[1])
		local function seen() return peers[2]:run(function() return lobby:game_session_host() end) end
		assert.is_nil(seen())
		peers[1]:run(function() lobby:set_game_session_host(Network.peer_id()) end)
		assert(peers:step_until(function() return seen() == host end, 2))
		peers[1]:run(function() lobby:set_game_session_host(nil) end)
		assert(peers:step_until(function() return seen() == nil end, 2))
	end)

	it("is known to those who join later", function()
		local peers = lan.start { count = 2 }
		lan.host(peers[1])
		peers[1]:run(function() lobby:set_game_session_host(Network.peer_id()) end)
		lan.join(peers[2])
		lan.settle(peers, 2)
		assert.equal(lan.id(peers[1]), peers[2]:run(function() return lobby:game_session_host() end))
	end)

	it("is nil when the session's host has left the lobby", function()
		local peers = lan.meet { count = 2 }
		peers[1]:run(function(id) lobby:set_game_session_host(id) end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return lobby:game_session_host() == Network.peer_id() end)
		peers[2]:run(function() Network.leave_lan_lobby(lobby) end)
		lan.wait(peers, peers[1], function() return lobby:game_session_host() == nil end, 2)
	end)

	it("rejects what is no lobby", function()
		assert.has_error(function() LanLobby.game_session_host({}) end,
			"LanLobby.game_session_host: argument 1 (self): expected LanLobby, got table")
	end)
end)

describe("LanLobby.set_game_session_host", function()
	it("takes the id of any peer, in any form", function()
		local peers = lan.meet { count = 2 }
		local guest = lan.id(peers[2])
		peers[1]:run(function(guest)
			lobby:set_game_session_host("00" .. guest:upper())
			assert(lobby:game_session_host() == guest)
			lobby:set_game_session_host(255)
			assert(lobby:game_session_host() == "ff")
			lobby:set_game_session_host("0")
			assert(lobby:game_session_host() == nil)
			lobby:set_game_session_host("ab")
			lobby:set_game_session_host()
			assert(lobby:game_session_host() == nil)
		end, guest)
	end)

	it("changes nothing and warns from a member that is not the host", function()
		local peers = lan.meet { count = 2 }
		peers[2]:run(function()
			lobby:set_game_session_host(Network.peer_id())
			assert(lobby:game_session_host() == nil)
		end)
		peers:step(30)
		assert.is_nil(peers[1]:run(function() return lobby:game_session_host() end))
		lan.has_logged(peers[2], "only the lobby host can set the game session host; nothing was changed")
	end)

	it("rejects what is no peer id", function()
		local peers = lan.meet { count = 1 }
		lan.rejects('LanLobby.set_game_session_host: argument 2 (peer_id): expected peer id (hexadecimal string), got string "nobody"',
			peers[1], function() lobby:set_game_session_host("nobody") end)
		lan.rejects("LanLobby.set_game_session_host: argument 2 (peer_id): expected peer id (hexadecimal string), got boolean false",
			peers[1], function() lobby:set_game_session_host(false) end)
	end)
end)

describe("LanLobby.data", function()
	it("has what the host has set, on every peer and for those who join later", function()
		local peers = lan.start { count = 3 }
		lan.host(peers[1])
		peers[1]:run(function() lobby:set_data("map", "castle") end)
		lan.join(peers[2])
		lan.settle(lan.part(peers, peers[1], peers[2]), 2)
		peers[1]:run(function() lobby:set_data("mode", "capture") end)
		lan.wait(peers, peers[2], function() return lobby:data("map") == "castle" and lobby:data("mode") == "capture" end, 2)
		lan.join(peers[3])
		lan.wait(peers, peers[3], function() return lobby:data("map") == "castle" and lobby:data("mode") == "capture" end, 5)
	end)

	it("is nil for a key that was never set", function()
		local peers = lan.meet { count = 2 }
		for i = 1, 2 do assert.is_nil(peers[i]:run(function() return lobby:data("nothing") end)) end
	end)

	it("takes numbers for keys as Lua writes them", function()
		local peers = lan.meet { count = 1 }
		peers[1]:run(function()
			lobby:set_data(5, 6.5)
			assert(lobby:data("5") == "6.5" and lobby:data(5) == "6.5")
		end)
	end)

	it("rejects a call without a key", function()
		local peers = lan.meet { count = 1 }
		lan.rejects("LanLobby.data: argument 2 (key): expected string, got nothing", peers[1], function() lobby:data() end)
		lan.rejects("LanLobby.data: argument 2 (key): expected string, got table", peers[1], function() lobby:data({}) end)
	end)
end)

describe("LanLobby.set_data", function()
	it("replaces, keeps empty values and zero bytes", function()
		local peers = lan.meet { count = 2 }
		peers[1]:run(function()
			lobby:set_data("a", "1")
			lobby:set_data("a", "2")
			lobby:set_data("empty", "")
			lobby:set_data("bytes", "x\0y\255")
			assert(lobby:data("a") == "2")
		end)
		lan.wait(peers, peers[2], function()
			return lobby:data("a") == "2" and lobby:data("empty") == "" and lobby:data("bytes") == "x\0y\255"
		end, 2)
	end)

	it("reaches all members on a bad network, the last value in the end", function()
		local peers = lan.meet { count = 3, latency = 0.05, jitter = 0.04, loss = 0.15, duplication = 0.1, reordering = 0.1, seed = 5 }
		for round = 1, 30 do
			peers[1]:run(function(round) lobby:set_data("round", tostring(round)) end, round)
			peers:step(3)
		end
		for i = 2, 3 do lan.wait(peers, peers[i], function() return lobby:data("round") == "30" end, 5) end
	end)

	it("changes nothing and warns from a member that is not the host", function()
		local peers = lan.meet { count = 2 }
		peers[2]:run(function()
			lobby:set_data("map", "swamp")
			assert(lobby:data("map") == nil)
		end)
		peers:step(30)
		assert.is_nil(peers[1]:run(function() return lobby:data("map") end))
		lan.has_logged(peers[2], "only the lobby host can set lobby data; nothing was changed")
	end)

	it("works for the successor of a host that left", function()
		local peers = lan.meet { count = 2 }
		peers[1]:run(function() Network.leave_lan_lobby(lobby) end)
		lan.wait(peers, peers[2], function() return lobby:lobby_host() == Network.peer_id() end, 3)
		peers[2]:run(function()
			lobby:set_data("map", "swamp")
			assert(lobby:data("map") == "swamp")
		end)
	end)

	it("takes 16 KiB, keys and 3 bytes an entry included", function()
		local peers = lan.meet { count = 2 }
		peers[1]:run(function() lobby:set_data("k", ("v"):rep(16384 - 4)) end)
		lan.wait(peers, peers[2], function() return #(lobby:data("k") or "") == 16380 end, 5)
		lan.rejects("LanLobby.set_data: all keys and values together would take 16385 bytes; at most 16384 are possible", peers[1],
			function() lobby:set_data("k", ("v"):rep(16384 - 3)) end)
		assert.equal(16380, peers[1]:run(function() return #lobby:data("k") end))
	end)

	it("rejects long keys and too many", function()
		local peers = lan.meet { count = 1 }
		peers[1]:run(function() lobby:set_data(("k"):rep(255), "") end)
		lan.rejects("LanLobby.set_data: the key has 256 bytes; at most 255 are possible", peers[1],
			function() lobby:set_data(("k"):rep(256), "") end)
		peers[1]:run(function() for i = 2, 256 do lobby:set_data(tostring(i), "") end end)
		lan.rejects("LanLobby.set_data: there are 256 keys already; more are not possible", peers[1],
			function() lobby:set_data("one more", "") end)
	end)

	it("rejects values that are no strings", function()
		local peers = lan.meet { count = 1 }
		lan.rejects("LanLobby.set_data: argument 3 (value): expected string, got boolean true", peers[1],
			function() lobby:set_data("ready", true) end)
		lan.rejects("LanLobby.set_data: argument 3 (value): expected string, got nil", peers[1],
			function() lobby:set_data("ready", nil) end)
		lan.rejects("LanLobby.set_data: argument 3 (value): expected string, got nothing", peers[1],
			function() lobby:set_data("ready") end)
	end)
end)

describe("LanLobby.set_member_data", function()
	it("is seen by all members, and by those who join later", function()
		local peers = lan.start { count = 3 }
		lan.host(peers[1])
		lan.join(peers[2])
		lan.settle(lan.part(peers, peers[1], peers[2]), 2)
		for i = 1, 2 do peers[i]:run(function(i) lobby:set_member_data("name", "player " .. i) end, i) end
		lan.join(peers[3])
		lan.settle(peers, 3)
		for i = 1, 3 do
			for j = 1, 2 do
				lan.wait(peers, peers[i], function(id, text) return lobby:member_data(id, "name") == text end, 3, lan.id(peers[j]), "player " .. j)
			end
		end
	end)

	it("works while joining", function()
		local peers = lan.start { count = 2, latency = 0.1 }
		lan.host(peers[1])
		lan.join(peers[2])
		peers[2]:run(function() lobby:set_member_data("name", "early") end)
		lan.wait(peers, peers[1], function(id) return lobby:member_data(id, "name") == "early" end, 5, lan.id(peers[2]))
	end)

	it("rejects more than 4 KiB, and values that are no strings", function()
		local peers = lan.meet { count = 1 }
		peers[1]:run(function() lobby:set_member_data("k", ("v"):rep(4096 - 4)) end)
		lan.rejects("LanLobby.set_member_data: all keys and values together would take 4097 bytes; at most 4096 are possible", peers[1],
			function() lobby:set_member_data("k", ("v"):rep(4096 - 3)) end)
		lan.rejects("LanLobby.set_member_data: argument 3 (value): expected string, got table", peers[1],
			function() lobby:set_member_data("k", {}) end)
		lan.rejects("LanLobby.set_member_data: argument 2 (key): expected string, got nil", peers[1],
			function() lobby:set_member_data(nil, "x") end)
	end)
end)

describe("LanLobby.member_data", function()
	it("is nil for other keys and for peers that are no members", function()
		local peers = lan.meet { count = 2 }
		peers[1]:run(function(other)
			lobby:set_member_data("name", "Ann")
			assert(lobby:member_data(Network.peer_id(), "name") == "Ann")
			assert(lobby:member_data(other, "name") == nil)
			assert(lobby:member_data("abc", "name") == nil)
			assert(lobby:member_data("0", "name") == nil)
		end, lan.id(peers[2]))
	end)

	it("follows changes", function()
		local peers = lan.meet { count = 2 }
		local guest = lan.id(peers[2])
		for _, value in ipairs { "a", "", "b\0" } do
			peers[2]:run(function(value) lobby:set_member_data("x", value) end, value)
			lan.wait(peers, peers[1], function(id, value) return lobby:member_data(id, "x") == value end, 2, guest, value)
		end
	end)

	it("rejects what is no peer id", function()
		local peers = lan.meet { count = 1 }
		lan.rejects('LanLobby.member_data: argument 2 (peer_id): expected peer id (hexadecimal string), got string "name"', peers[1],
			function() lobby:member_data("name") end)
		lan.rejects("LanLobby.member_data: argument 3 (key): expected string, got nothing", peers[1],
			function() lobby:member_data("abc") end)
	end)
end)

describe("LanLobby.own_data", function()
	it("is this peer's own member data", function()
		local peers = lan.meet { count = 2 }
		for i = 1, 2 do
			peers[i]:run(function(i)
				assert(lobby:own_data("name") == nil)
				lobby:set_member_data("name", "player " .. i)
				assert(lobby:own_data("name") == "player " .. i)
				assert(lobby:member_data(Network.peer_id(), "name") == "player " .. i)
			end, i)
		end
	end)

	it("rejects a call without a key", function()
		local peers = lan.meet { count = 1 }
		lan.rejects("LanLobby.own_data: argument 2 (key): expected string, got nothing", peers[1], function() lobby:own_data() end)
	end)
end)

describe("LanLobby.kick", function()
	it("takes a peer id, and ends the connections to it", function()
		local peers = lan.meet { count = 3 }
		local kicked = lan.id(peers[2])
		peers[1]:run(function(id) lobby:kick(id) end, kicked)
		lan.wait(peers, peers[2], function() return lobby:state() == LanLobby.FAILED and #Network.connections() == 0 end, 3)
		for _, i in ipairs { 1, 3 } do
			lan.wait(peers, peers[i], function(id) return #lobby:members() == 2 and not Network.has_connection(id) end, 3, kicked)
		end
	end)

	it("takes a zero-based index into members", function()
		local peers = lan.meet { count = 3 }
		local members = lan.members(peers[1])
		peers[1]:run(function()
			lobby:kick(2)
			assert(#lobby:members() == 2)
		end)
		assert.same({ members[1], members[2] }, lan.members(peers[1]))
		peers[1]:run(function() lobby:kick(1) end)
		assert.same({ members[1] }, lan.members(peers[1]))
		for i = 2, 3 do lan.wait(peers, peers[i], function() return lobby:state() == LanLobby.FAILED end, 3) end
	end)

	it("counts from zero whatever the index offset is", function()
		local peers = lan.meet { count = 2 }
		peers[1]:run(function()
			Script.set_index_offset(0)
			lobby:kick(1)
			assert(#lobby:members() == 1)
		end)
	end)

	it("lets the kicked peer join again", function()
		local peers = lan.meet { count = 2 }
		peers[1]:run(function(id) lobby:kick(id) end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return lobby:state() == LanLobby.FAILED end, 3)
		peers[2]:run(function() Network.leave_lan_lobby(lobby) end)
		lan.join(peers[2])
		lan.settle(peers, 2)
	end)

	it("changes nothing and warns from others, for oneself and for strangers", function()
		local peers = lan.meet { count = 2 }
		peers[2]:run(function(id) lobby:kick(id) end, lan.id(peers[1]))
		lan.has_logged(peers[2], "only the lobby host can kick; nothing was changed")
		peers[1]:run(function()
			lobby:kick(0)
			lobby:kick("abc")
		end)
		lan.has_logged(peers[1], "the lobby host cannot kick itself; it can leave the lobby")
		lan.has_logged(peers[1], "peer abc is not in the lobby; nobody was kicked")
		peers:step(30)
		for i = 1, 2 do assert.equal(2, #lan.members(peers[i])) end
	end)

	it("rejects an index out of range and what is no peer", function()
		local peers = lan.meet { count = 2 }
		lan.rejects("LanLobby.kick: argument 2 (peer): expected index 0 to 1, got number 2", peers[1], function() lobby:kick(2) end)
		lan.rejects("LanLobby.kick: argument 2 (peer): expected index 0 to 1, got number -1", peers[1], function() lobby:kick(-1) end)
		lan.rejects("LanLobby.kick: argument 2 (peer): expected string or integer, got nothing", peers[1], function() lobby:kick() end)
		lan.rejects('LanLobby.kick: argument 2 (peer): expected a hexadecimal peer id or an index, got string "Ann"', peers[1],
			function() lobby:kick("Ann") end)
	end)
end)

describe("A lobby", function()
	it("of 16 on a bad network has the same members everywhere", function()
		local peers = lan.start { count = 16, latency = 0.05, jitter = 0.03, loss = 0.05, duplication = 0.05, reordering = 0.05, seed = 16 }
		lan.host(peers[1])
		for i = 2, 16 do lan.join(peers[i]) end
		lan.settle(peers, 16)
		local members = lan.members(peers[1])
		for i = 2, 16 do assert.same(members, lan.members(peers[i])) end
	end)

	it("whose host leaves is found again at the successor, with its data", function()
		local peers = lan.start { count = 3 }
		lan.host(peers[1])
		peers[1]:run(function() lobby:set_data("map", "castle") end)
		peers[2]:run(function() lobby = Network.join_lan_lobby("10.0.0.1:10003", 10003) end)
		lan.settle(lan.part(peers, peers[1], peers[2]), 2)
		peers[1]:run(function() Network.leave_lan_lobby(lobby) end)
		lan.wait(peers, peers[2], function() return lobby:lobby_host() == Network.peer_id() end, 3)
		peers[3]:run(function() client:lobby_browser():refresh(10003) end)
		lan.wait(peers, peers[3], function() return not client:lobby_browser():is_refreshing() end, 3)
		assert.same({ address = "10.0.0.2:10003", map = "castle" }, peers[3]:run(function() return client:lobby_browser():lobby(1) end))
	end)

	it("goes on through one host after another", function()
		local peers = lan.meet { count = 4 }
		for i = 1, 4 do peers[i]:run(function() Network.set_pong_timeout(2) end) end
		local order = lan.members(peers[1])
		local by_id = {}
		for i = 1, 4 do by_id[lan.id(peers[i])] = peers[i] end
		for gone = 1, 3 do
			-- In turn they leave and die.
			if gone % 2 == 1 then
				by_id[order[gone]]:run(function() Network.leave_lan_lobby(lobby) end)
			else
				by_id[order[gone]]:kill()
			end
			for i = gone + 1, 4 do
				lan.wait(peers, by_id[order[i]], function(host, count)
					return lobby:lobby_host() == host and #lobby:members() == count
				end, 8, order[gone + 1], 4 - gone)
			end
		end
		assert.equal(LanLobby.JOINED, lan.state(by_id[order[4]]))
	end)
end)

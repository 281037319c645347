-- The contracts that scripts of shipped games depend on, as far as they concern the network without a session. One test each.

local lan = require "support/lan"

-- Runs a body in a peer that is alone and has no client.
local function alone(body, ...)
	return simulate.peers({ count = 1, config = "lan" })[1]:run(body, ...)
end

-- Waits until a peer's list of members has `count` entries.
local function wait_for_members(peers, peer, count, seconds)
	lan.wait(peers, peer, function(count) return #lobby:members() == count end, seconds or 3, count)
end

describe("Network.update", function()
	it("runs from the first frame, with no client", function()
		local peers = simulate.peers { count = 1, config = "lan" }
		peers:step(60)
		peers[1]:run(function()
			Network.update(0.016, {})
			Network.update_receive(0.016, {})
			Network.update_transmit()
			client = Network.init_lan_client("lan")
		end)
		peers:step(60)
	end)

	it("runs after shutdown_lan_client, with a table that catches everything", function()
		local peers = lan.meet { count = 2 }
		peers[1]:run(function()
			Network.leave_lan_lobby(lobby)
			Network.shutdown_lan_client(client)
			Network.update(0, setmetatable({}, { __index = function() return function() end end }))
		end)
		peers:step(300)
		peers[1]:run(function() client = Network.init_lan_client("lan") end)
		peers:step(10)
	end)

	it("runs after a lobby was left", function()
		local peers = lan.meet { count = 2 }
		peers[1]:run(function()
			Network.leave_lan_lobby(lobby)
			Network.update(0, setmetatable({}, { __index = function() return function() end end }))
		end)
		wait_for_members(peers, peers[2], 1)
	end)

	it("with dt 0 receives, and transmits when the rate allows", function()
		local peers = lan.meet { count = 2 }
		peers:step(10)
		for i = 1, 2 do peers[i]:run(function() function update() Network.update(0, callbacks) end end) end
		peers[1]:run(function(id) RPC.count(id, 5) end, lan.id(peers[2]))
		peers:step(4)
		assert.equal(5, peers[2]:events("count")[1][2])
	end)

	it("may be split into update_receive, game logic and update_transmit with an argument that is ignored", function()
		local peers = lan.meet { count = 2 }
		for i = 1, 2 do
			peers[i]:run(function()
				function update(dt)
					Network.update_receive(dt, callbacks)
					Network.update_transmit(dt)
					Network.update_transmit("ignored", {}, nil)
				end
			end)
		end
		peers[1]:run(function(id) RPC.count(id, 5) end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return #events == 1 end, 1)
	end)
end)

describe("What is taken before any client", function()
	it("works: config_hash, log, the RPC table and the functions of Network", function()
		local peers = simulate.peers { count = 2, config = "lan" }
		for i = 1, 2 do
			peers[i]:run(function()
				hash = stingray.Network.config_hash("lan")
				stingray.Network.log(stingray.Network.SILENT)
				my_rpc = stingray.RPC
				leave, shutdown = stingray.Network.leave_lan_lobby, stingray.Network.shutdown_lan_client
				init, create, join, state = Network.init_lan_client, Network.create_lan_lobby, Network.join_lan_lobby, LanLobby.state
				members = LanLobby.members
				function start() client = init("lan") end
			end)
			peers[i]:run(function() start() end)
		end
		peers[1]:run(function() lobby = create(10003, 4) end)
		peers[2]:run(function() lobby = join("10.0.0.1:10003") end)
		lan.wait(peers, peers[2], function() return state(lobby) == LanLobby.JOINED and #members(lobby) == 2 end)
		assert.equal(peers[1]:run(function() return hash end), peers[2]:run(function() return hash end))
		peers[1]:run(function(id) my_rpc.count(id, 9) end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return #events == 1 end)
		peers[1]:run(function()
			leave(lobby)
			shutdown(client)
		end)
		lan.wait(peers, peers[2], function() return #members(lobby) == 1 end)
	end)
end)

describe("RPC", function()
	it("is one stable table, of functions for messages and nil for other names", function()
		alone(function()
			local before = RPC
			assert(RPC == stingray.RPC and RPC.hello == nil)
			local client = Network.init_lan_client("lan")
			assert(RPC == before and stingray.RPC == before)
			for _, name in ipairs { "hello", "count", "say", "who", "select", "glance", "bound" } do
				assert(type(RPC[name]) == "function", name)
				assert(RPC[name] == before[name])
			end
			assert(RPC.nothing == nil and RPC["game_object_created"] == nil and RPC[1] == nil)
			Network.shutdown_lan_client(client)
			assert(RPC == before)
		end)
	end)

	it("has functions that scripts cache, also over a restart of the client", function()
		local peers = simulate.peers { count = 2, config = "lan" }
		peers[1]:run(function()
			local client = Network.init_lan_client("lan")
			count = RPC.count
			Network.shutdown_lan_client(client)
		end)
		for i = 1, 2 do peers[i]:run(function() client = Network.init_lan_client("lan") end) end
		lan.host(peers[1])
		lan.join(peers[2])
		lan.settle(peers, 2)
		peers[1]:run(function(id) count(id, 3) end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return #events == 1 end)
	end)

	it("reaches peers that share a lobby, without a session", function()
		local peers = lan.meet { count = 3 }
		for i = 1, 3 do
			for j = 1, 3 do
				if i ~= j then peers[i]:run(function(to, value) RPC.count(to, value) end, lan.id(peers[j]), 10 * i + j) end
			end
		end
		for j = 1, 3 do
			lan.wait(peers, peers[j], function() return #events == 2 end)
			for _, event in ipairs(peers[j]:events("count")) do
				assert.equal(lan.id(peers[math.floor(event[2] / 10)]), event[1])
				assert.equal(j, event[2] % 10)
			end
		end
	end)

	it("takes a table without array part for an empty array", function()
		local peers = lan.meet { count = 2 }
		peers[1]:run(function(id)
			RPC.select(id, {})
			RPC.select(id, { name = "no array part" })
			RPC.select(id, { 1, 2, 3 })
		end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return #events == 3 end)
		local heard = peers[2]:events("select")
		assert.same({ {}, {}, { 1, 2, 3 } }, { heard[1][2], heard[2][2], heard[3][2] })
	end)

	it("takes numeric strings for numbers", function()
		local peers = lan.meet { count = 2 }
		peers[1]:run(function(id)
			RPC.count(id, "17")
			RPC.count(id, "0x10")
			RPC.count(id, " 5 ")
			RPC.count(id, 7.9) -- as Lua coerces to integers
			RPC.select(id, { "1", "2" })
		end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return #events == 5 end)
		local heard = peers[2]:events()
		assert.same({ 17, 16, 5, 7, { 1, 2 } }, { heard[1][2], heard[2][2], heard[3][2], heard[4][2], heard[5][2] })
	end)
end)

describe("The callback object", function()
	it("is indexed through metamethods, only for the event that is dispatched", function()
		local peers = lan.meet { count = 2 }
		peers[2]:run(function()
			asked, heard = {}, {}
			local object = setmetatable({}, { __index = function(_, name)
				asked[#asked + 1] = name
				if name ~= "count" then error("who is " .. name .. "?") end
				return function(_, sender, value) heard[#heard + 1] = value end
			end })
			function update(dt) Network.update(dt, object) end
		end)
		peers[1]:run(function(id)
			RPC.count(id, 1)
			RPC.count(id, 2)
		end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return #heard == 2 end)
		peers:step(60)
		assert.same({ "count", "count" }, peers[2]:run(function() return asked end))
	end)

	it("may be an instance of a class", function()
		local peers = lan.meet { count = 2 }
		peers[2]:run(function()
			local Base = {}
			Base.__index = Base
			function Base:count(sender, value) self.total = self.total + value end
			local Class = setmetatable({}, Base)
			Class.__index = Class
			function Class:hello() self.greeted = true end
			object = setmetatable({ total = 0 }, Class)
			function update(dt) Network.update(dt, object) end
		end)
		peers[1]:run(function(id)
			RPC.count(id, 1)
			RPC.hello(id)
			RPC.count(id, 2)
		end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return object.total == 3 and object.greeted end)
	end)

	it("may be a userdata or have functions that are tables with __call", function()
		local peers = lan.meet { count = 2 }
		peers[2]:run(function()
			object = { hello = setmetatable({}, { __call = function(_, self, sender) heard = self == object and sender end }) }
			function update(dt) Network.update(dt, object) end
		end)
		peers[1]:run(function(id) RPC.hello(id) end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return heard end)
		assert.equal(lan.id(peers[1]), peers[2]:run(function() return heard end))
	end)

	it("leaves update by the error of a handler, and the queue undamaged", function()
		local peers = lan.meet { count = 2 }
		peers[2]:run(function()
			heard, problems = {}, {}
			local object = {}
			function object:count(sender, value)
				if value % 2 == 0 then error("even: " .. value) end
				heard[#heard + 1] = value
			end
			function update(dt)
				local fine, problem = pcall(Network.update, dt, object)
				if not fine then problems[#problems + 1] = problem:match("even: %d") end
			end
		end)
		peers[1]:run(function(id) for value = 1, 6 do RPC.count(id, value) end end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return #heard == 3 and #problems == 3 end)
		assert.same({ 1, 3, 5 }, peers[2]:run(function() return heard end))
		assert.same({ "even: 2", "even: 4", "even: 6" }, peers[2]:run(function() return problems end))
	end)

	it("calls RPCs and everything else of the API", function()
		local peers = lan.meet { count = 2 }
		peers[2]:run(function()
			function callbacks:count(sender, value)
				for i = 1, value do RPC.say(sender, tostring(i)) end
				lobby:set_member_data("heard", tostring(value))
				assert(Network.has_connection(sender) and Network.type_info("small").max == 255)
				Network.set_pong_timeout(30)
				assert(#lobby:members() == 2 and client:lobby_browser():num_lobbies() == 0)
			end
		end)
		peers[1]:run(function(id) RPC.count(id, 100) end, lan.id(peers[2]))
		lan.wait(peers, peers[1], function() return #events == 100 end)
		for i, event in ipairs(peers[1]:events("say")) do assert.equal(tostring(i), event[2]) end
	end)

	it("may leave the lobby and shut the client down from a handler", function()
		local peers = lan.meet { count = 2 }
		peers[2]:run(function()
			function callbacks:hello()
				Network.leave_lan_lobby(lobby)
				Network.shutdown_lan_client(client)
				gone = true
			end
		end)
		peers[1]:run(function(id)
			RPC.hello(id)
			RPC.count(id, 1)
		end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return gone end)
		peers:step(60)
		wait_for_members(peers, peers[1], 1)
	end)
end)

describe("LanLobby.lobby_host", function()
	it('is "0", never nil, in the frame of the join, and game_session_host is nil', function()
		local peers = lan.start { count = 2 }
		lan.host(peers[1])
		local text, session = peers[2]:run(function(address)
			lobby = Network.join_lan_lobby(address)
			return "host: " .. lobby:lobby_host(), tostring(lobby:game_session_host())
		end, lan.address)
		assert.same({ "host: 0", "nil" }, { text, session })
	end)
end)

describe("LanLobby.data", function()
	it("of a missing key is nil", function()
		local peers = lan.meet { count = 2 }
		for i = 1, 2 do assert.is_true(peers[i]:run(function() return lobby:data("missing") == nil end)) end
	end)

	it("may be set right after create, before JOINED is seen", function()
		local peers = lan.start { count = 2 }
		peers[1]:run(function()
			lobby = Network.create_lan_lobby(10003, 4)
			lobby:set_data("name", "castle")
			lobby:set_game_session_host(Network.peer_id())
			assert(lobby:data("name") == "castle" and lobby:game_session_host() == Network.peer_id())
		end)
		lan.join(peers[2])
		lan.wait(peers, peers[2], function() return lobby:data("name") == "castle" and lobby:game_session_host() == lobby:lobby_host() end)
	end)
end)

describe("Network.create_lan_lobby", function()
	it("on a taken port is FAILED at once, and can be tried again on another", function()
		alone(function()
			client = Network.init_lan_client("lan", 10003)
			local lobby = Network.create_lan_lobby(10003, 4)
			assert(lobby ~= nil and lobby:state() == LanLobby.FAILED)
			Network.leave_lan_lobby(lobby)
			lobby = Network.create_lan_lobby(10004, 4)
			assert(lobby:state() ~= LanLobby.FAILED)
		end)
	end)

	it("makes members()[1] the creator at once", function()
		alone(function()
			client = Network.init_lan_client("lan")
			assert(Network.create_lan_lobby(10003, 4):members()[1] == Network.peer_id())
		end)
	end)

	it("takes numeric strings", function()
		alone(function()
			client = Network.init_lan_client("lan", "20001")
			assert(Network.create_lan_lobby("10003", "4"):state() == LanLobby.JOINED)
		end)
	end)
end)

describe("LanLobby.members", function()
	it("lists the lobby host first", function()
		local peers = lan.meet { count = 4 }
		for i = 1, 4 do assert.equal(lan.id(peers[1]), lan.members(peers[i])[1]) end
		peers[1]:run(function() Network.leave_lan_lobby(lobby) end)
		for i = 2, 4 do
			wait_for_members(peers, peers[i], 3)
			lan.wait(peers, peers[i], function() return lobby:lobby_host() ~= "0" and lobby:lobby_host() == lobby:members()[1] end)
		end
	end)

	it("changes within the update that delivered the change", function()
		local peers = lan.meet { count = 3 }
		peers[1]:run(function()
			function update(dt)
				local before = #lobby:members()
				Network.update_receive(dt, callbacks)
				if #lobby:members() ~= before then changed_in_receive = true end
				before = #lobby:members()
				Network.update_transmit()
				assert(#lobby:members() == before)
			end
		end)
		peers[3]:run(function() Network.leave_lan_lobby(lobby) end)
		lan.wait(peers, peers[1], function() return changed_in_receive end)
		assert.equal(2, #lan.members(peers[1]))
	end)

	it("has the newcomer before the newcomer's first message is handed out", function()
		local peers = lan.start { count = 2 }
		lan.host(peers[1])
		peers[1]:run(function()
			function callbacks:hello(sender) known = lobby:members()[2] == sender end
		end)
		lan.join(peers[2])
		peers[2]:run(function()
			function update(dt)
				Network.update(dt, callbacks)
				if not sent and lobby:state() == LanLobby.JOINED then
					RPC.hello(lobby:lobby_host())
					sent = true
				end
			end
		end)
		lan.wait(peers, peers[1], function() return known ~= nil end)
		assert.is_true(peers[1]:run(function() return known end))
	end)

	it("without an argument is a Lua error, not a crash", function()
		assert.has_error(function() LanLobby.members() end, "LanLobby.members: argument 1 (self): expected LanLobby, got nothing")
	end)
end)

describe("LanLobbyBrowser", function()
	it("stops refreshing by itself soon, even if nobody answers", function()
		local peers = lan.start { count = 1 }
		peers[1]:run(function()
			browser = client:lobby_browser()
			browser:refresh(10003)
			assert(browser:is_refreshing())
		end)
		local start = peers:time()
		lan.wait(peers, peers[1], function() return not browser:is_refreshing() end, 3)
		assert(peers:time() - start < 2)
		assert.equal(0, peers[1]:run(function() return browser:num_lobbies() end))
	end)

	it("can be read while it is refreshing", function()
		local peers = lan.start { count = 3 }
		lan.host(peers[1])
		lan.host(peers[2])
		peers[3]:run(function()
			browser = client:lobby_browser()
			browser:refresh(10003)
			function update(dt)
				Network.update(dt, callbacks)
				for i = 1, browser:num_lobbies() do
					assert(browser:lobby(i).address)
					if browser:is_refreshing() then read = true end
				end
			end
		end)
		peers:step(120)
		assert.is_true(peers[3]:run(function() return read end))
	end)

	it("is refreshed again at once, for ever", function()
		local peers = lan.start { count = 2 }
		peers[2]:run(function()
			searches = 0
			function update(dt)
				Network.update(dt, callbacks)
				local browser = client:lobby_browser()
				if not browser:is_refreshing() then
					browser:refresh(10003)
					searches = searches + 1
				end
			end
		end)
		peers:step(300)
		lan.host(peers[1])
		lan.wait(peers, peers[2], function() return client:lobby_browser():num_lobbies() == 1 end, 3)
		-- Once found, it stays listed from search to search.
		for _ = 1, 300 do
			peers:step(1)
			assert.equal(1, peers[2]:run(function() return client:lobby_browser():num_lobbies() end))
		end
		assert(peers[2]:run(function() return searches end) > 5)
		peers[1]:run(function() Network.leave_lan_lobby(lobby) end)
		lan.wait(peers, peers[2], function() return client:lobby_browser():num_lobbies() == 0 end, 4)
	end)

	it("gives tables that are the caller's to keep and to write into", function()
		local peers = lan.start { count = 2 }
		lan.host(peers[1])
		peers[1]:run(function() lobby:set_data("map", "castle") end)
		peers[2]:run(function() client:lobby_browser():refresh(10003) end)
		lan.wait(peers, peers[2], function() return client:lobby_browser():num_lobbies() == 1 end)
		peers[2]:run(function()
			local browser = client:lobby_browser()
			kept = browser:lobby(1)
			assert(getmetatable(kept) == nil)
			kept.map, kept.ping, kept.address = "changed", 0.1, nil
			local again = browser:lobby(1)
			assert(again ~= kept and again.map == "castle" and again.ping == nil and again.address == "10.0.0.1:10003")
		end)
		peers[1]:run(function() Network.leave_lan_lobby(lobby) end)
		peers:step(120)
		assert.equal("changed", peers[2]:run(function() return kept.map end))
	end)
end)

describe("A lobby turns FAILED after JOINED", function()
	it("when this peer is kicked", function()
		local peers = lan.meet { count = 2 }
		peers[1]:run(function(id) lobby:kick(id) end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return lobby:state() == LanLobby.FAILED end, 2)
		lan.has_logged(peers[2], "lobby failed: kicked by the lobby host")
		-- It can still be asked and left.
		peers[2]:run(function()
			lobby:members()
			assert(lobby:data("map") == nil and type(lobby:lobby_host()) == "string")
			Network.leave_lan_lobby(lobby)
		end)
	end)

	it("but not where the host is gone and this peer can take over", function()
		local peers = lan.start { count = 2 }
		lan.host(peers[1])
		peers[2]:run(function() Network.set_pong_timeout(2) end)
		lan.join(peers[2])
		lan.settle(peers, 2)
		peers[1]:kill()
		lan.wait(peers, peers[2], function() return lobby:lobby_host() == Network.peer_id() end, 5)
		assert.equal(LanLobby.JOINED, lan.state(peers[2]))
	end)

	it("when the others went on without this peer, whose cable was pulled", function()
		local peers = lan.meet { count = 3 }
		for i = 1, 3 do peers[i]:run(function(time) Network.set_pong_timeout(time) end, i == 3 and 8 or 2) end
		peers[3]:cut_off()
		for i = 1, 2 do wait_for_members(peers, peers[i], 2, 6) end
		peers[3]:cut_off(false)
		lan.wait(peers, peers[3], function() return lobby:state() == LanLobby.FAILED end, 20)
	end)
end)

describe("What is said last reaches the other peers", function()
	it("when a lobby is left and the client shut down in one frame", function()
		local peers = lan.meet { count = 3, latency = 0.05, loss = 0.2, seed = 4 }
		peers[2]:run(function()
			Network.leave_lan_lobby(lobby)
			Network.shutdown_lan_client(client)
		end)
		for _, i in ipairs { 1, 3 } do wait_for_members(peers, peers[i], 2, 4) end
	end)

	it("when only the client is shut down", function()
		local peers = lan.meet { count = 2, latency = 0.05 }
		peers[1]:run(function() Network.shutdown_lan_client(client) end)
		lan.wait(peers, peers[2], function() return lobby:lobby_host() == Network.peer_id() end, 3)
		assert.equal(1, #lan.members(peers[2]))
	end)

	it("when an RPC is sent in the frame of the leaving", function()
		local peers = lan.meet { count = 2, latency = 0.05 }
		peers[1]:run(function(id)
			RPC.say(id, "good bye")
			Network.leave_lan_lobby(lobby)
			Network.shutdown_lan_client(client)
		end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return #events == 1 end, 3)
		assert.equal("good bye", peers[2]:events("say")[1][2])
	end)

	it("when the session's host ends it and shuts it down in one frame", function()
		local peers = lan.meet { count = 2, latency = 0.05 }
		lan.play(peers)
		peers[1]:run(function()
			session:shutdown_game_session_host()
			Network.shutdown_game_session()
		end)
		lan.wait(peers, peers[2], function() return not session:in_session() end, 3)
		assert.same({ { name = "game_session_disconnect", n = 1, lan.id(peers[1]) } }, peers[2]:events("game_session_disconnect"))
	end)
end)

describe("A userdata", function()
	it("may be collected while it is in use", function()
		local peers = simulate.peers { count = 2, config = "lan" }
		for i = 1, 2 do
			peers[i]:run(function()
				Network.init_lan_client("lan"):lobby_browser():refresh(10003)
				collectgarbage()
				collectgarbage()
			end)
		end
		peers[1]:run(function()
			Network.create_lan_lobby(10003, 4)
			collectgarbage()
			collectgarbage()
		end)
		peers[2]:run(function() lobby = Network.join_lan_lobby("10.0.0.1:10003") end)
		peers:step(30)
		for i = 1, 2 do peers[i]:run(function() collectgarbage() end) end
		lan.wait(peers, peers[2], function() return #lobby:members() == 2 and #Network.connections() == 1 end)
		peers[2]:run(function()
			lobby = nil
			collectgarbage()
			collectgarbage()
			RPC.hello(Network.connections()[1])
		end)
		lan.wait(peers, peers[1], function() return #events == 1 end)
		peers:step(120)
		assert.equal(1, peers[1]:run(function() return #Network.connections() end))
	end)
end)

describe("Connections", function()
	it("come with the membership of a lobby, and go with it", function()
		local peers = lan.meet { count = 3 }
		for i = 1, 3 do assert.equal(2, peers[i]:run(function() return #Network.connections() end)) end
		peers[3]:run(function() Network.leave_lan_lobby(lobby) end)
		for i = 1, 2 do lan.wait(peers, peers[i], function() return #Network.connections() == 1 end, 3) end
		lan.wait(peers, peers[3], function() return #Network.connections() == 0 end, 3)
	end)

	it("stay while the game session needs them, and go when nothing does", function()
		local peers = lan.meet { count = 2 }
		lan.play(peers)
		peers[2]:run(function() Network.leave_lan_lobby(lobby) end)
		peers:step(120)
		for i = 1, 2 do assert.equal(1, peers[i]:run(function() return #Network.connections() end)) end
		peers[1]:run(function(id) session:remove_peer(id, {}) end, lan.id(peers[2]))
		for i = 1, 2 do lan.wait(peers, peers[i], function() return #Network.connections() == 0 end, 3) end
	end)

	it("are not broken and not used for unknown peers", function()
		local peers = lan.meet { count = 2 }
		for _, id in ipairs { "abc", "0", "ffffffffffffffff" } do
			peers[1]:run(function(id)
				assert(Network.is_broken(id) == false and Network.is_used(id) == false and Network.has_connection(id) == nil)
			end, id)
		end
	end)

	it("have a reliable send buffer of 32768 bytes", function()
		local peers = lan.meet { count = 2 }
		peers:step(30)
		for i = 1, 2 do
			assert.equal(32768, peers[i]:run(function() return Network.reliable_send_buffer_left(Network.connections()[1]) end))
		end
	end)
end)

describe("Network.set_pong_timeout", function()
	it("may be called any time: before, after the start, in lobby and session, after the end", function()
		local peers = simulate.peers { count = 1, config = "lan" }
		peers[1]:run(function()
			Network.set_pong_timeout(15)
			client = Network.init_lan_client("lan")
			Network.set_pong_timeout(15)
			lobby = Network.create_lan_lobby(10003, 4)
			session = Network.create_game_session()
			session:make_game_session_host()
			Network.set_pong_timeout(7.5)
			Network.set_pong_timeout("15")
			Network.shutdown_game_session()
			Network.shutdown_lan_client(client)
			Network.set_pong_timeout(60)
		end)
	end)

	it("keeps its value over a restart of the client", function()
		local peers = simulate.peers { count = 2, config = "lan" }
		peers[1]:run(function()
			Network.set_pong_timeout(2)
			Network.shutdown_lan_client(Network.init_lan_client("lan"))
		end)
		for i = 1, 2 do peers[i]:run(function() client = Network.init_lan_client("lan") end) end
		lan.host(peers[1])
		lan.join(peers[2])
		lan.settle(peers, 2)
		peers[2]:kill()
		wait_for_members(peers, peers[1], 1, 4)
	end)
end)

describe("A peer's id", function()
	it("is the same string from all four sources", function()
		local peers = lan.meet { count = 2 }
		local own = lan.id(peers[2])
		peers[2]:run(function(to)
			RPC.who(to, Network.peer_id())
			RPC.hello(to)
		end, lan.id(peers[1]))
		lan.wait(peers, peers[1], function() return #events == 2 end)
		-- A member of the lobby, the sender of an RPC, an argument of the 64-bit kind.
		assert.equal(own, lan.members(peers[1])[2])
		assert.equal(own, peers[1]:events("hello")[1][1])
		assert.equal(own, peers[1]:events("who")[1][2])
		-- A field of the 64-bit kind, and the connections.
		local from_field = peers[1]:run(function(id)
			session = Network.create_game_session()
			session:make_game_session_host()
			return session:game_object_field(session:create_game_object("avatar", { owner = id }), "owner")
		end, own)
		assert.equal(own, from_field)
		assert.equal(own, peers[1]:run(function() return Network.connections()[1] end))
		local keyed = { [own] = true }
		assert.truthy(keyed[from_field] and keyed[lan.members(peers[1])[2]])
	end)

	it('may be "0", nobody, as an argument, and arrives as that', function()
		local peers = lan.meet { count = 2 }
		peers[1]:run(function(id) RPC.who(id, "0") end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return #events == 1 end)
		assert.equal("0", peers[2]:events("who")[1][2])
	end)

	it("may have all 64 bits as a string", function()
		local peers = simulate.peers { count = 2, config = "lan" }
		peers[1]:run(function() client = Network.init_lan_client("lan", nil, "fedcba9876543210") end)
		peers[2]:run(function() client = Network.init_lan_client("lan", nil, tonumber("123456789abcd", 16)) end)
		lan.host(peers[1])
		lan.join(peers[2])
		lan.settle(peers, 2)
		assert.same({ "fedcba9876543210", "123456789abcd" }, lan.members(peers[2]))
		peers[2]:run(function() RPC.who(lobby:lobby_host(), lobby:lobby_host()) end)
		lan.wait(peers, peers[1], function() return #events == 1 end)
		assert.same({ name = "who", n = 2, "123456789abcd", "fedcba9876543210" }, peers[1]:events()[1])
	end)
end)

describe("Schema tables", function()
	it("are plain: scripts walk type_info with pairs and clamp with it", function()
		alone(function()
			client = Network.init_lan_client("lan")
			local info, keys = Network.type_info("place"), 0
			for key, value in pairs(info) do
				assert(type(key) == "string" and value ~= nil)
				keys = keys + 1
			end
			assert(keys >= 8)
			local epsilon = 1.1 * math.sqrt(3) * info.tolerance
			assert(epsilon > 0 and epsilon < 0.01)
			assert(math.max(info.min, math.min(info.max, 1e9)) == 500)
			assert(Network.type_info("list").max_size == 4)
		end)
	end)

	it("are nil for a message that does not exist, and say which are session bound", function()
		alone(function()
			client = Network.init_lan_client("lan")
			assert(Network.message_info("no such message") == nil)
			assert(Network.message_info("bound").session_bound == true)
			assert(Network.message_info("hello").session_bound == false)
		end)
	end)
end)

describe("A file that starts with a byte-order mark", function()
	it("is read as a script and as a config", function()
		assert.equal(7, require("support/bom").value)
		assert.equal(Network.config_hash("lan"), Network.config_hash("bom"))
	end)
end)

describe("string.format", function()
	it("applies tostring to arguments of %s and %q", function()
		assert.equal("nil true 1.5", string.format("%s %s %s", nil, true, 1.5))
		local object = setmetatable({}, { __tostring = function() return "an object" end })
		assert.equal("an object", string.format("%s", object))
		assert.equal('"true"', string.format("%q", true))
		assert.equal("  nil|nil  ", ("%5s|%-5s"):format(nil, nil))
	end)
end)

describe("An RPC in the lobby", function()
	it("may go to a member as soon as it is listed, before the connection stands", function()
		local peers = lan.start { count = 3, latency = 0.1 }
		lan.host(peers[1])
		lan.join(peers[2])
		lan.settle(lan.part(peers, peers[1], peers[2]), 2)
		for i = 1, 3 do
			peers[i]:run(function()
				greeted = {}
				function update(dt)
					Network.update(dt, callbacks)
					for _, id in ipairs(lobby and lobby:members() or {}) do
						if not greeted[id] and id ~= Network.peer_id() then
							greeted[id] = true
							early = early or not Network.has_connection(id)
							RPC.hello(id)
						end
					end
				end
			end)
		end
		lan.join(peers[3])
		for i = 1, 3 do lan.wait(peers, peers[i], function() return #events == 2 end, 5) end
		for i = 1, 3 do
			local seen = {}
			for _, event in ipairs(peers[i]:events("hello")) do seen[event[1]] = true end
			for j = 1, 3 do assert.equal(i ~= j or nil, seen[lan.id(peers[j])]) end
		end
		-- Otherwise this has tested nothing.
		assert.is_true(peers[2]:run(function() return early end) or peers[3]:run(function() return early end))
	end)

	it("to oneself comes with the next update, with the values that others would see", function()
		local peers = lan.meet { count = 1 }
		peers[1]:run(function()
			RPC.count(Network.peer_id(), "7")
			assert(#events == 0)
			function callbacks:hello(sender)
				-- Not in this update, but in the next.
				if not again then RPC.hello(sender) end
				again = (again or 0) + 1
			end
			RPC.hello(Network.peer_id())
			Network.update(0, callbacks)
			assert(again == 1 and #events == 1 and events[1][1] == Network.peer_id() and events[1][2] == 7)
			Network.update(0, callbacks)
			assert(again == 2)
			RPC.glance(Network.peer_id(), 0.3, Vector3(1, 2, 3))
			Network.update(0, callbacks)
			local tolerance = Network.type_info("percent").tolerance
			assert(events[2][2] ~= 0.3 and math.abs(events[2][2] - 0.3) <= tolerance * 1.0001)
		end)
	end)

	it("arrives once and in order on a bad network, from everybody to everybody", function()
		local peers = lan.meet { count = 4, latency = 0.05, jitter = 0.05, loss = 0.15, duplication = 0.15, reordering = 0.2, seed = 9 }
		for i = 1, 4 do
			peers[i]:run(function()
				heard = {}
				function callbacks:count(sender, value)
					heard[sender] = heard[sender] or {}
					table.insert(heard[sender], value)
				end
				sent = 0
				function update(dt)
					if sent < 100 then
						sent = sent + 1
						for _, id in ipairs(Network.connections()) do RPC.count(id, sent) end
					end
					Network.update(dt, callbacks)
				end
			end)
		end
		for i = 1, 4 do
			lan.wait(peers, peers[i], function()
				local complete = 0
				for _, values in pairs(heard) do
					if #values == 100 then complete = complete + 1 end
				end
				return complete == 3
			end, 20)
		end
		peers:step(60)
		for i = 1, 4 do
			peers[i]:run(function()
				for _, values in pairs(heard) do
					assert(#values == 100)
					for number, value in ipairs(values) do assert(number == value) end
				end
			end)
		end
	end)
end)

describe("A peer that comes back", function()
	it("with the id it had gets in again at once when it had shut down in order", function()
		local peers = simulate.peers { count = 2, config = "lan" }
		peers[1]:run(function() client = Network.init_lan_client("lan") end)
		lan.host(peers[1])
		for _ = 1, 3 do
			peers[2]:run(function(address)
				client = Network.init_lan_client("lan", 20000, "abc")
				lobby = Network.join_lan_lobby(address)
			end, lan.address)
			local start = peers:time()
			lan.wait(peers, peers[2], function() return lobby:state() == LanLobby.JOINED end, 10)
			assert(peers:time() - start < 2)
			assert.same({ lan.id(peers[1]), "abc" }, lan.members(peers[1]))
			peers[2]:run(function()
				Network.leave_lan_lobby(lobby)
				Network.shutdown_lan_client(client)
			end)
		end
		wait_for_members(peers, peers[1], 1)
	end)

	it("with the id of one that has crashed takes its place", function()
		local peers = simulate.peers { count = 3, config = "lan" }
		peers[1]:run(function() client = Network.init_lan_client("lan") end)
		for i = 2, 3 do peers[i]:run(function() client = Network.init_lan_client("lan", 0, "abc") end) end
		lan.host(peers[1])
		lan.join(peers[2])
		wait_for_members(peers, peers[1], 2)
		peers[2]:kill()
		-- It has been silent for 3 seconds, which is less than the pong timeout.
		peers:step(240)
		assert.equal(2, #lan.members(peers[1]))
		lan.join(peers[3])
		lan.wait(peers, peers[3], function() return lobby:state() == LanLobby.JOINED end, 10)
		assert.same({ lan.id(peers[1]), "abc" }, lan.members(peers[1]))
		peers[1]:run(function() RPC.hello("abc") end)
		lan.wait(peers, peers[3], function() return #events == 1 end)
	end)
end)

describe("A game that ends right after it left", function()
	it("is gone from the others' lists without a timeout", function()
		local peers = lan.meet { count = 2, latency = 0.05 }
		peers[2]:run(function()
			Network.leave_lan_lobby(lobby)
			Network.shutdown_lan_client(client)
		end)
		peers[2]:kill()
		wait_for_members(peers, peers[1], 1, 1)
	end)
end)

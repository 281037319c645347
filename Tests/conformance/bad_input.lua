-- Mistakes that scripts and players make, and what they are told. The texts are literal.

local lan = require "support/lan"

-- A peer that is alone, with a config of its own that `init_lan_client("simulated")` reads.
local function with_config(text)
	return simulate.peers({ count = 1, config = text })[1]
end

local function init_says(text, config)
	lan.rejects("Network.init_lan_client: " .. text, with_config(config), function() Network.init_lan_client("simulated") end)
end

describe("A config that does not exist", function()
	it("is an error that names the file and the nearest name", function()
		local peer = with_config("types = {}")
		lan.rejects('Network.init_lan_client: there is no network config "simulatd" (looked for '
			.. "TESTS/simulatd.network_config); did you mean `simulated`?", { run = function(_, body)
				local fine, problem = pcall(peer.run, peer, body)
				assert(not fine)
				error((problem:gsub("looked for .-simulatd", "looked for TESTS/simulatd")), 0)
			end }, function() Network.init_lan_client("simulatd") end)
	end)

	it("leaves no client behind", function()
		local peer = with_config("types = {}")
		assert.error(function() peer:run(function() Network.init_lan_client("nothing") end) end)
		peer:run(function()
			assert(Network.peer_id() == nil)
			Network.init_lan_client("simulated")
		end)
	end)
end)

describe("A malformed config", function()
	it("is an error with file, line and column", function()
		init_says('simulated.network_config:2:19: unknown kind "flot"; did you mean `float`?', "types = {\n\tsmall = { type = \"flot\" }\n}")
	end)

	it("that ends too early is an error at its end", function()
		init_says("simulated.network_config:3:1: expected a key or `}` (the `{` of line 2 is not closed), got the end of the file", "types = {\n\tsmall = { type = \"int\" min = 0 max = 255\n")
	end)

	it("with a value missing is an error there", function()
		init_says("simulated.network_config:2:17: expected a value (a string, a number, true, false, { or [), got `}`", "messages = {\n\thit = { args = }\n}")
	end)

	it("with a string that does not end is an error there", function()
		init_says("simulated.network_config:2:19: this string has no closing quotation mark on its line", "types = {\n\tsmall = { type = \"int }\n}")
	end)

	it("with an unknown type in a message is an error that suggests one", function()
		init_says("simulated.network_config:3:18: message `hit`, argument 1: unknown type `smal`; did you mean `small`?", 'types = { small = { type = "int" min = 0 max = 255 } }\nmessages = {\n\thit = { args = ["smal"] }\n}')
	end)

	it("with an unknown type in an object is an error that suggests one", function()
		init_says("simulated.network_config:3:41: object `box`, field `n`: unknown type `smalll`; did you mean `small`?", 'types = { small = { type = "int" min = 0 max = 255 } }\nobjects = {\n\tbox = { fields = [ { name = "n" type = "smalll" } ] }\n}')
	end)

	it("with a range upside down is an error", function()
		init_says("simulated.network_config:2:31: `min` = 10 is greater than `max` = 0", "types = {\n\tsmall = { type = \"int\" min = 10 max = 0 }\n}")
	end)

	it("with too few bits is an error", function()
		init_says("simulated.network_config:2:50: `bits` = 4 is too few for 0..255, which needs 8", "types = {\n\tsmall = { type = \"int\" min = 0 max = 255 bits = 4 }\n}")
	end)

	it("with an array without size is an error", function()
		init_says("simulated.network_config:3:2: array `list` lacks `max_size`, the most elements it may hold", "types = {\n\tsmall = { type = \"int\" }\n\tlist = { type = \"array\" element = \"small\" }\n}")
	end)

	it("with a message named like an event is an error", function()
		init_says("simulated.network_config:2:2: message `game_object_created` has the name of an event callback; choose another name", "messages = {\n\tgame_object_created = {}\n}")
	end)

	it("with an unknown topology is an error", function()
		init_says('simulated.network_config:1:16: `network_type`: expected "peer-to-peer" or "client-server", got "star"', 'network_type = "star"')
	end)

	it("with the same name twice is an error", function()
		init_says("simulated.network_config:3:2: `hit` stands in `messages` twice, first in line 2", "messages = {\n\thit = {}\n\thit = {}\n}")
	end)

	it("with options that nobody knows is a warning with a suggestion", function()
		local peer = with_config("messages = {\n\thit = { relable = true }\n}")
		peer:run(function() Network.init_lan_client("simulated") end)
		lan.has_logged(peer, "simulated.network_config:2:10: unknown option `relable` of message `hit`; did you mean `reliable`?")
	end)

	it("with more than may be in a string is an error", function()
		init_says("simulated.network_config:2:38: `max_size`: expected an integer from 1 to 16384, got 100000", "types = {\n\ttext = { type = \"string\" max_size = 100000 }\n}")
	end)
end)

describe("A second init", function()
	it("is an error, and the first client goes on", function()
		local peers = lan.meet { count = 2 }
		lan.rejects("Network.init_lan_client: a network client is running already; call Network.shutdown_lan_client first", peers[1],
			function() Network.init_lan_client("lan") end)
		peers[1]:run(function(id) RPC.hello(id) end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return #events == 1 end)
	end)

	it("with a config that is wrong says that a client is running first", function()
		local peers = lan.meet { count = 1 }
		lan.rejects("Network.init_lan_client: a network client is running already; call Network.shutdown_lan_client first", peers[1],
			function() Network.init_lan_client("nothing") end)
	end)

	it("of another subsystem is an error too", function()
		local peers = lan.meet { count = 1 }
		lan.rejects("Network.init_steam_client: a network client is running already; call Network.shutdown_lan_client first", peers[1],
			function() Network.init_steam_client("lan") end)
	end)
end)

describe("A function of a subsystem that is not running", function()
	local none = ": no network client is running; call Network.init_lan_client first"

	it("is an error that says which init function to call", function()
		assert.has_error(function() Network.create_lan_lobby(10003, 4) end, "Network.create_lan_lobby" .. none)
		assert.has_error(function() Network.join_lan_lobby("10.0.0.1:10003") end, "Network.join_lan_lobby" .. none)
		assert.has_error(function() Network.create_game_session() end, "Network.create_game_session" .. none)
	end)

	it("is an error for an RPC function that was kept", function()
		local peers = lan.start { count = 1 }
		peers[1]:run(function()
			hello = RPC.hello
			Network.shutdown_lan_client(client)
		end)
		lan.rejects("RPC.hello" .. none, peers[1], function() hello("abc") end)
	end)

	it("is an error for a message that the present config lacks", function()
		local peers = lan.start { count = 1 }
		peers[1]:run(function()
			hello = RPC.hello
			Network.shutdown_lan_client(client)
			client = Network.init_lan_client("other")
		end)
		lan.rejects("RPC.hello: the running client's network config has no such message", peers[1], function() hello("abc") end)
	end)
end)

describe("A lobby that was left", function()
	it("is refused by every function", function()
		local peers = lan.meet { count = 1 }
		peers[1]:run(function() Network.leave_lan_lobby(lobby) end)
		local calls = {
			state = function() lobby:state() end,
			members = function() lobby:members() end,
			lobby_host = function() lobby:lobby_host() end,
			game_session_host = function() lobby:game_session_host() end,
			set_game_session_host = function() lobby:set_game_session_host("abc") end,
			data = function() lobby:data("key") end,
			set_data = function() lobby:set_data("key", "value") end,
			member_data = function() lobby:member_data("abc", "key") end,
			own_data = function() lobby:own_data("key") end,
			set_member_data = function() lobby:set_member_data("key", "value") end,
			kick = function() lobby:kick("abc") end,
		}
		for name, body in pairs(calls) do
			lan.rejects("LanLobby." .. name .. ": this LanLobby was left; it cannot be used any more", peers[1], body)
		end
		lan.rejects("Network.leave_lan_lobby: this LanLobby was left; it cannot be used any more", peers[1],
			function() Network.leave_lan_lobby(lobby) end)
	end)

	it("is refused also while another lobby is joined", function()
		local peers = lan.meet { count = 1 }
		peers[1]:run(function()
			Network.leave_lan_lobby(lobby)
			second = Network.create_lan_lobby(10003, 4)
		end)
		lan.rejects("LanLobby.members: this LanLobby was left; it cannot be used any more", peers[1], function() lobby:members() end)
		assert.equal(1, peers[1]:run(function() return #second:members() end))
	end)
end)

describe("A client that was shut down", function()
	it("is refused, and so is its browser and its lobby", function()
		local peers = lan.start { count = 1 }
		lan.host(peers[1])
		peers[1]:run(function()
			browser = client:lobby_browser()
			Network.shutdown_lan_client(client)
		end)
		lan.rejects("LanClient.lobby_browser: this LanClient was shut down; it cannot be used any more", peers[1],
			function() client:lobby_browser() end)
		lan.rejects("Network.shutdown_lan_client: this LanClient was shut down; it cannot be used any more", peers[1],
			function() Network.shutdown_lan_client(client) end)
		local gone = "the client of this LanLobbyBrowser was shut down; it cannot be used any more"
		lan.rejects("LanLobbyBrowser.refresh: " .. gone, peers[1], function() browser:refresh(10003) end)
		lan.rejects("LanLobbyBrowser.is_refreshing: " .. gone, peers[1], function() browser:is_refreshing() end)
		lan.rejects("LanLobbyBrowser.num_lobbies: " .. gone, peers[1], function() browser:num_lobbies() end)
		lan.rejects("LanLobbyBrowser.lobby: " .. gone, peers[1], function() browser:lobby(1) end)
		lan.rejects("LanLobby.state: this LanLobby was left; it cannot be used any more", peers[1], function() lobby:state() end)
	end)

	it("is refused also while another client runs", function()
		local peers = lan.start { count = 1 }
		peers[1]:run(function()
			old, browser = client, client:lobby_browser()
			Network.shutdown_lan_client(client)
			client = Network.init_lan_client("lan")
		end)
		lan.rejects("Network.shutdown_lan_client: this LanClient was shut down; it cannot be used any more", peers[1],
			function() Network.shutdown_lan_client(old) end)
		lan.rejects("LanLobbyBrowser.refresh: the client of this LanLobbyBrowser was shut down; it cannot be used any more", peers[1],
			function() browser:refresh(10003) end)
		assert.truthy(peers[1]:run(function() return Network.peer_id() end))
	end)
end)

describe("The wrong kind of userdata", function()
	it("is refused with both kinds named", function()
		local peers = lan.meet { count = 1 }
		lan.rejects("LanLobby.state: argument 1 (self): expected LanLobby, got LanClient", peers[1], function() LanLobby.state(client) end)
		lan.rejects("LanClient.lobby_browser: argument 1 (self): expected LanClient, got LanLobby", peers[1],
			function() LanClient.lobby_browser(lobby) end)
		lan.rejects("LanLobbyBrowser.refresh: argument 1 (self): expected LanLobbyBrowser, got LanLobby", peers[1],
			function() LanLobbyBrowser.refresh(lobby, 10003) end)
		lan.rejects("Network.leave_lan_lobby: argument 1 (lobby): expected LanLobby, got LanLobbyBrowser", peers[1],
			function() Network.leave_lan_lobby(client:lobby_browser()) end)
		lan.rejects("LanLobby.members: argument 1 (self): expected LanLobby, got Vector3", peers[1],
			function() LanLobby.members(Vector3(1, 2, 3)) end)
		lan.rejects("LanLobby.members: argument 1 (self): expected LanLobby, got userdata", peers[1],
			function() LanLobby.members(io.stdout) end)
	end)
end)

describe("An RPC that is wrong", function()
	local peers, to
	before_each(function()
		peers = lan.meet { count = 2 }
		to = lan.id(peers[2])
	end)

	local function says(text, body)
		lan.rejects(text, peers[1], body, to)
		peers:step(30)
		assert.same({}, peers[2]:events())
	end

	it("has too few or too many arguments", function()
		says("RPC.count: expected 2 arguments (peer_id, small), got 1", function(to) RPC.count(to) end)
		says("RPC.count: expected 2 arguments (peer_id, small), got 3", function(to) RPC.count(to, 1, 2) end)
		says("RPC.hello: expected 1 argument (peer_id), got 0", function(to) RPC.hello() end)
	end)

	it("has an argument of a wrong type", function()
		says('RPC.count: argument 2 (small): expected integer 0 to 255, got string "many"', function(to) RPC.count(to, "many") end)
		says("RPC.count: argument 2 (small): expected integer 0 to 255, got nil", function(to) RPC.count(to, nil) end)
		says("RPC.say: argument 2 (text): expected string of at most 4000 bytes, got table", function(to) RPC.say(to, {}) end)
		says("RPC.glance: argument 3 (place): expected Vector3, got table", function(to) RPC.glance(to, 0.5, { 1, 2, 3 }) end)
		says('RPC.who: argument 2 (peer): expected 64-bit id (hexadecimal string or integer), got string "nobody"', function(to) RPC.who(to, "nobody") end)
		says('RPC.select: argument 2 (list): expected array of at most 4 values (integer 0 to 255), got string "1, 2"', function(to) RPC.select(to, "1, 2") end)
		says('RPC.select: argument 2 (list), element 2: expected integer 0 to 255, got string "x"', function(to) RPC.select(to, { 1, "x" }) end)
	end)

	it("has an int out of range", function()
		says("RPC.count: argument 2 (small): expected integer 0 to 255, got number 256", function(to) RPC.count(to, 256) end)
		says("RPC.count: argument 2 (small): expected integer 0 to 255, got number 256.5", function(to) RPC.count(to, 256.5) end)
		says("RPC.count: argument 2 (small): expected integer 0 to 255, got number -1", function(to) RPC.count(to, -1) end)
		says("RPC.select: argument 2 (list), element 3: expected integer 0 to 255, got number 300", function(to) RPC.select(to, { 1, 2, 300 }) end)
	end)

	it("has NaN or infinity", function()
		says("RPC.glance: argument 2 (percent): expected finite numbers, got number nan", function(to) RPC.glance(to, 0 / 0, Vector3(0, 0, 0)) end)
		says("RPC.glance: argument 2 (percent): expected finite numbers, got number inf", function(to) RPC.glance(to, math.huge, Vector3(0, 0, 0)) end)
		says("RPC.glance: argument 3 (place): expected finite numbers, got Vector3 (0.0, 0.0, inf)", function(to) RPC.glance(to, 0, Vector3(0, 0, math.huge)) end)
	end)

	it("has a string or an array that is too long", function()
		says("RPC.say: argument 2 (text): expected string of at most 4000 bytes, got 4001 bytes", function(to) RPC.say(to, ("x"):rep(4001)) end)
		says("RPC.select: argument 2 (list): expected array of at most 4 values (integer 0 to 255), got 5 values", function(to) RPC.select(to, { 1, 2, 3, 4, 5 }) end)
	end)

	it("goes to what is no peer", function()
		says('RPC.hello: argument 1 (peer_id): expected peer id (hexadecimal string), got string "Ann"', function() RPC.hello("Ann") end)
		says("RPC.hello: argument 1 (peer_id): expected peer id (hexadecimal string), got nil", function() RPC.hello(nil) end)
	end)

	it("goes to a peer that was never known", function()
		says("RPC.hello: peer abc was never known here", function() RPC.hello("ABC") end)
		says("RPC.hello: peer 0 was never known here", function() RPC.hello("0") end)
	end)

	it("is session bound outside of a session", function()
		says("RPC.bound: message `bound` is session bound, and this peer is in no game session", function(to) RPC.bound(to, 1) end)
	end)

	it("does not fit into the send buffer, and nothing that did is lost", function()
		peers:step(30)
		local problem = peers[1]:run(function(to)
			sent = 0
			while true do
				local fine, problem = pcall(RPC.say, to, ("x"):rep(3999))
				if not fine then return problem end
				sent = sent + 1
			end
		end, to)
		assert.matches("^RPC%.say: the reliable send buffer is full: message `say` needs %d+ bytes, %d+ are left; it was not sent$", problem)
		local sent = peers[1]:run(function() return sent end)
		assert(sent >= 7)
		assert(peers:step_until(function() return #peers[2]:events("say") == sent end))
		peers[1]:run(function(to) RPC.hello(to) end, to)
		lan.wait(peers, peers[2], function() return events[#events].name == "hello" end)
	end)
end)

describe("A float or vector3 out of range", function()
	it("is clamped, with one warning a field and second", function()
		local peers = lan.meet { count = 2 }
		peers[1]:run(function(to)
			for _ = 1, 5 do RPC.glance(to, 7, Vector3(0, 1000, -1e6)) end
		end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return #events == 5 end)
		local heard = peers[2]:events("glance")[1]
		assert.equal(1, heard[2])
		assert.same({ 500, -500 }, { heard[3].y, heard[3].z })
		local warnings = table.concat(peers[1]:log("warnings"), "\n")
		assert.equal(1, select(2, warnings:gsub("RPC%.glance: argument 2", "")))
		assert.equal(1, select(2, warnings:gsub("RPC%.glance: argument 3", "")))
		lan.has_logged(peers[1], "RPC.glance: argument 2 (percent): number 7 is outside 0 to 1 and was clamped")
	end)
end)

describe("An RPC to a peer that is gone", function()
	it("is dropped with a warning", function()
		local peers = lan.meet { count = 2 }
		local to = lan.id(peers[2])
		peers[2]:run(function() Network.leave_lan_lobby(lobby) end)
		lan.wait(peers, peers[1], function() return #Network.connections() == 0 end, 3)
		peers[1]:run(function(to) RPC.hello(to) end, to)
		lan.has_logged(peers[1], ("message `hello` dropped: there is no connection to peer %s any more"):format(to))
	end)
end)

describe("A join that cannot work", function()
	local function failure(peers, peer, text, seconds)
		lan.wait(peers, peer, function() return lobby:state() == LanLobby.FAILED end, seconds or 20)
		lan.has_logged(peer, text)
		assert.same({}, peer:run(function() return lobby:members() end))
		assert.equal(0, peer:run(function() return #Network.connections() end))
	end

	it("fails where the lobby is full", function()
		local peers = lan.start { count = 2 }
		lan.host(peers[1], 1)
		lan.join(peers[2])
		failure(peers, peers[2], "lobby failed: the lobby is full (1 member)")
	end)

	it("fails with another schema, and the differences are listed", function()
		local peers = simulate.peers { count = 2 }
		peers[1]:run(function() client = Network.init_lan_client("lan") end)
		peers[2]:run(function() client = Network.init_lan_client("other") end)
		lan.host(peers[1])
		lan.join(peers[2])
		failure(peers, peers[2], "lobby failed: could not connect to the lobby's host: the network configs differ: message `hello`: only at the host; "
			.. "message `bound`, argument 1: int 0..1023 here, int 0..255 at the host; "
			.. "message `count`, argument 1: int 0..1023 here, int 0..255 at the host; "
			.. "message `glance`: reliable here, unreliable at the host; "
			.. "message `select`, argument 1: array of up to 4 (int 0..1023) here, array of up to 4 (int 0..255) at the host")
		assert.equal(1, #lan.members(peers[1]))
	end)

	it("fails with another password", function()
		local peers = lan.start { count = 3, secrets = { "open sesame", "open barley", "open sesame" } }
		lan.host(peers[1])
		lan.join(peers[2])
		lan.join(peers[3])
		failure(peers, peers[2], "lobby failed: could not connect to the lobby's host: wrong shared secret")
		lan.wait(peers, peers[3], function() return lobby:state() == LanLobby.JOINED end)
		assert.same({ lan.id(peers[1]), lan.id(peers[3]) }, lan.members(peers[1]))
	end)

	it("fails without a password where there is one", function()
		local peers = lan.start { count = 2, secrets = { "open sesame" } }
		lan.host(peers[1])
		lan.join(peers[2])
		failure(peers, peers[2], "lobby failed: could not connect to the lobby's host: wrong shared secret")
	end)

	it("fails at an address where nobody is", function()
		local peers = lan.start { count = 1 }
		lan.join(peers[1], "10.0.0.9:10003")
		failure(peers, peers[1], "lobby failed: no lobby answered at 10.0.0.9:10003")
	end)

	it("fails at another port of the host", function()
		local peers = lan.start { count = 2 }
		lan.host(peers[1])
		lan.join(peers[2], "10.0.0.1:10004")
		failure(peers, peers[2], "lobby failed: no lobby answered at 10.0.0.1:10004")
	end)

	it("fails with the peer id that the host has", function()
		local peers = simulate.peers { count = 2 }
		for i = 1, 2 do peers[i]:run(function() client = Network.init_lan_client("lan", 0, "abc") end) end
		lan.host(peers[1])
		lan.join(peers[2])
		failure(peers, peers[2], "lobby failed: the lobby's host has the same peer id as this peer")
	end)

	it("fails with the peer id of another member", function()
		local peers = simulate.peers { count = 3 }
		for i = 1, 3 do peers[i]:run(function(id) client = Network.init_lan_client("lan", 0, id) end, i == 1 and "1a" or "abc") end
		lan.host(peers[1])
		lan.join(peers[2])
		lan.wait(peers, peers[2], function() return lobby:state() == LanLobby.JOINED end)
		lan.join(peers[3])
		failure(peers, peers[3], "lobby failed: could not connect to the lobby's host: another peer already has this peer id")
		assert.same({ "1a", "abc" }, lan.members(peers[2]))
	end)

	it("fails while another lobby is joined", function()
		local peers = lan.meet { count = 2 }
		peers[2]:run(function(address)
			second = Network.join_lan_lobby(address)
			assert(second:state() == LanLobby.FAILED and lobby:state() == LanLobby.JOINED)
		end, lan.address)
		lan.has_logged(peers[2], "lobby failed: this peer is in a LAN lobby already; leave that one first")
	end)

	it("can be tried again once the lobby was left", function()
		local peers = lan.start { count = 3 }
		lan.host(peers[1], 2)
		lan.join(peers[2])
		lan.wait(peers, peers[2], function() return lobby:state() == LanLobby.JOINED end)
		lan.join(peers[3])
		failure(peers, peers[3], "lobby failed: the lobby is full (2 members)")
		peers[2]:run(function() Network.leave_lan_lobby(lobby) end)
		lan.wait(peers, peers[1], function() return #lobby:members() == 1 end)
		peers[3]:run(function() Network.leave_lan_lobby(lobby) end)
		lan.join(peers[3])
		lan.wait(peers, peers[3], function() return lobby:state() == LanLobby.JOINED end)
	end)
end)

describe("A taken port", function()
	it("of the lobby makes it FAILED at once, with a warning", function()
		local peers = simulate.peers { count = 1, config = "lan" }
		peers[1]:run(function()
			client = Network.init_lan_client("lan", 10003)
			lobby = Network.create_lan_lobby(10003, 4)
			assert(lobby:state() == LanLobby.FAILED)
		end)
		lan.has_logged(peers[1], "lobby failed: lobby port 10003 is taken by another program or lobby on this machine")
	end)
end)

describe("An error in a callback", function()
	it("leaves update with the script's position and a traceback, and nothing is lost", function()
		local peers = lan.meet { count = 2 }
		peers[2]:run(function()
			problems = {}
			local function deeper(value) error("cannot count " .. value) end
			function callbacks:count(sender, value)
				RPC.count(sender, value)
				if value == 2 then deeper(value) end
			end
			function update(dt)
				local fine, problem = pcall(Network.update, dt, callbacks)
				if not fine then problems[#problems + 1] = problem end
			end
		end)
		peers[1]:run(function(to) for value = 1, 4 do RPC.count(to, value) end end, lan.id(peers[2]))
		assert(peers:step_until(function() return #peers[1]:events("count") == 4 end))
		local heard = peers[1]:events("count")
		for i = 1, 4 do assert.equal(i, heard[i][2]) end
		local problems = peers[2]:run(function() return problems end)
		assert.equal(1, #problems)
		assert.matches("^[^\n]*bad_input%.lua:%d+: cannot count 2\nstack traceback:\n", problems[1])
		assert.matches("in function 'deeper'", problems[1])
	end)

	it("does not keep update from transmitting", function()
		local peers = lan.meet { count = 2 }
		peers:step(10)
		peers[2]:run(function()
			Network.set_max_transmit_rate(0)
			function callbacks:hello(sender)
				RPC.say(sender, "before the error")
				error("too bad")
			end
			function update(dt)
				local fine = pcall(Network.update, dt, callbacks)
				-- The network is not updated again: what is heard was sent by the update that failed.
				if not fine then function update() end end
			end
		end)
		peers[1]:run(function(to) RPC.hello(to) end, lan.id(peers[2]))
		assert(peers:step_until(function() return #peers[1]:events("say") == 1 end, 2))
	end)

	it("may be any value", function()
		local peers = lan.meet { count = 2 }
		peers[2]:run(function()
			thrown = {}
			function callbacks:count(sender, value)
				if value == 1 then error({ code = 7 }) end
				if value == 2 then error(nil) end
				error()
			end
			function update(dt)
				local fine, problem = pcall(Network.update, dt, callbacks)
				if not fine then thrown[#thrown + 1] = type(problem) == "table" and problem.code or type(problem) end
			end
		end)
		peers[1]:run(function(to) for value = 1, 3 do RPC.count(to, value) end end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return #thrown == 3 end)
		assert.same({ 7, "nil", "nil" }, peers[2]:run(function() return thrown end))
	end)
end)

describe("A missing handler", function()
	it("is an error that names it; the events behind it come with the next update", function()
		local peers = lan.meet { count = 2 }
		peers[2]:run(function()
			heard, problems = {}, {}
			object = {}
			function object:count(sender, value) heard[#heard + 1] = value end
			function update(dt)
				local fine, problem = pcall(function() Network.update(dt, object) end)
				if not fine then problems[#problems + 1] = problem end
			end
		end)
		peers[1]:run(function(to)
			RPC.count(to, 1)
			RPC.hello(to)
			RPC.count(to, 2)
		end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return #heard == 2 end)
		local problems = peers[2]:run(function() return problems end)
		assert.equal(1, #problems)
		assert.has_error(function() error(problems[1], 0) end, 'Network.update: the callback object has no function "hello"')
	end)

	it("is an error for a handler that is no function", function()
		local peers = lan.meet { count = 2 }
		peers[2]:run(function()
			function update(dt)
				local fine, text = pcall(function() Network.update(dt, { hello = "not a function" }) end)
				if not fine then problem = text end
			end
		end)
		peers[1]:run(function(to) RPC.hello(to) end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return problem end)
		local problem = peers[2]:run(function() return problem end)
		assert.has_error(function() error(problem, 0) end, 'Network.update: "hello" of the callback object is a string, not a function')
	end)

	it("is an error of the __index that raises one", function()
		local peers = lan.meet { count = 2 }
		peers[2]:run(function()
			local object = setmetatable({}, { __index = function(_, name) error("unregistered: " .. name, 0) end })
			function update(dt)
				local fine, text = pcall(Network.update, dt, object)
				if not fine then problem = text end
			end
		end)
		peers[1]:run(function(to) RPC.hello(to) end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return problem end)
		assert.matches("^unregistered: hello", peers[2]:run(function() return problem end))
	end)
end)

describe("Network.update inside a callback", function()
	it("is an error, and the outer update goes on", function()
		local peers = lan.meet { count = 2 }
		peers[2]:run(function()
			problems = {}
			function callbacks:hello(sender)
				_, problems[1] = pcall(Network.update, 0, callbacks)
				_, problems[2] = pcall(Network.update_receive, 0, callbacks)
				_, problems[3] = pcall(Network.update_transmit)
			end
		end)
		peers[1]:run(function(to)
			RPC.hello(to)
			RPC.count(to, 1)
		end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function() return #events == 1 end)
		assert.same({
			"Network.update: called inside a network callback; update once a frame, outside callbacks",
			"Network.update_receive: called inside a network callback; update once a frame, outside callbacks",
			"Network.update_transmit: called inside a network callback; update once a frame, outside callbacks",
		}, peers[2]:run(function() return problems end))
	end)
end)

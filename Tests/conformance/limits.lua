-- The limits that a script can run into; docs/limits.md has all of them.

local session = require "support/session"

local rejects = session.rejects

describe("a lobby", function()
	it("has 64 members at most", function()
		local peers = session.start { count = 1 }
		rejects("Network.create_lan_lobby: argument 2 (max_members): expected integer 1 to 64, got number 65", peers[1],
			function() Network.create_lan_lobby(10003, 65) end)
		rejects("Network.create_lan_lobby: argument 2 (max_members): expected integer 1 to 64, got number 0", peers[1],
			function() Network.create_lan_lobby(10003, 0) end)
		assert.equal(3, (peers[1]:run(function() return Network.create_lan_lobby(10003, 64):state() == LanLobby.JOINED and 3 end)))
	end)

	it("counts its host", function()
		local peers = session.start { count = 3 }
		peers[1]:run(function() lobby = Network.create_lan_lobby(10003, 2) end)
		for i = 2, 3 do
			peers[i]:run(function() lobby = Network.join_lan_lobby("10.0.0.1:10003") end)
			session.wait(peers, i, function() return lobby:state() ~= LanLobby.JOINING end, 10)
		end
		assert(peers[2]:run(function() return lobby:state() == LanLobby.JOINED end))
		assert(peers[3]:run(function() return lobby:state() == LanLobby.FAILED end))
		local lines = peers[3]:log("warnings")
		assert.matches("lobby failed: the lobby is full %(2 members%)$", lines[#lines])
	end)
end)

describe("a value", function()
	it("holds strings and arrays to their sizes", function()
		local peers = session.play { count = 2 }
		local to = peers.ids[2]
		peers[1]:run(function(to)
			RPC.send_short(to, "12345678")
			RPC.send_list(to, { 1, 2, 3, 4 })
		end, to)
		session.wait_event(peers, 2, "send_list")
		rejects("RPC.send_short: argument 2 (short): expected string of at most 8 bytes, got 9 bytes", peers[1],
			function(to) RPC.send_short(to, "123456789") end, to)
		rejects("RPC.send_list: argument 2 (list): expected array of at most 4 values (integer 0 to 255), got 5 values", peers[1],
			function(to) RPC.send_list(to, { 1, 2, 3, 4, 5 }) end, to)
	end)

	it("may be as long as a message", function()
		local peers = session.meet {
			config = [[
				types = { long = { type = "string" max_size = 16000 } }
				messages = { tell = { args = ["long" "long"] } }
			]],
		}
		peers[2]:run(function() RPC.tell(lobby:lobby_host(), ("a"):rep(16000), ("b"):rep(16000)) end)
		local event = session.wait_event(peers, 1, "tell")[1]
		assert.equal(("a"):rep(16000), event[2])
		assert.equal(("b"):rep(16000), event[3])
	end)
end)

describe("the reliable send buffer", function()
	it("is full at last, says so, and empties again", function()
		local peers = session.play { count = 2, latency = 0.05 }
		local to = peers.ids[2]
		local sent, problem = peers[1]:run(function(to)
			for i = 1, 100 do
				local ok, problem = pcall(RPC.say, to, ("x"):rep(4000))
				if not ok then return i - 1, problem end
			end
		end, to)
		assert.equal(8, sent)
		assert.matches("RPC%.say: the reliable send buffer is full: message `say` needs 400%d bytes, %d+ are left; it was not sent$", problem)
		assert(peers:step_until(function() return #peers[2]:events("say") == 8 end, 10))
		peers[1]:run(function(to) RPC.say(to, "again") end, to)
		assert(peers:step_until(function() return #peers[2]:events("say") == 9 end, 10))
	end)
end)

describe("a process", function()
	it("remembers so many names", function()
		local peers = simulate.peers { count = 1, config = "messages = {}" }
		peers[1]:run(function()
			for i = 1, 65536 do IdString64("name " .. i) end
			assert(IdString64.to_string(IdString64("name 65000")) == "name 65000")
			assert(IdString64.to_string(IdString64("late")) == "#7d244504cbcc5c45")
		end)
	end)
end)

describe("a file", function()
	it("reads no script file that is too long", function()
		local name = os.tmpname()
		local file = assert(io.open(name, "wb"))
		local line = ("-"):rep(65535) .. "\n"
		for _ = 1, 256 do file:write(line) end
		file:close()
		local ok, problem = pcall(dofile, name)
		assert(ok, problem)
		file = assert(io.open(name, "ab"))
		file:write("\n")
		file:close()
		ok, problem = pcall(dofile, name)
		os.remove(name)
		assert.is_false(ok)
		assert.matches(" has more than 16777216 bytes$", problem)
	end)
end)

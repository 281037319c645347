-- The commands of `network` by `Application.console_command`: they make the network of one peer bad, both ways.

local lan = require "support/lan"

-- Runs a command in a peer; gives what it says.
local function command(peer, ...)
	local before = #peer:log("messages")
	peer:run(function(...) stingray.Application.console_command(...) end, ...)
	local said = {}
	for i, line in ipairs(peer:log("messages")) do
		if i > before then said[#said + 1] = line end
	end
	return table.concat(said, "\n")
end

-- The text of the error that a command raises.
local function refusal(text)
	local ok, problem = pcall(stingray.Application.console_command, text)
	assert.is_false(ok)
	return (problem:gsub("^.-Application%.console_command: ", ""))
end

local function ping(peer, other)
	return peer:run(function(id) return Network.ping(id) end, other)
end

describe("network latency", function()
	it("raises the ping by twice as much, and ends", function()
		local peers = lan.meet { count = 2 }
		local other = lan.id(peers[2])
		peers[1]:run(function() Network.set_ping_send_time(0.05) end)
		peers:step(120)
		local before = ping(peers[1], other)
		command(peers[1], "network", "latency", 0.1, 0.1)
		peers:step(600)
		assert.near(before + 0.2, ping(peers[1], other), 0.06)
		command(peers[1], "network latency 0 0")
		peers:step(600)
		assert.near(before, ping(peers[1], other), 0.02)
	end)

	it("of one peer leaves the others alone", function()
		local peers = lan.meet { count = 3 }
		for i = 1, 3 do peers[i]:run(function() Network.set_ping_send_time(0.05) end) end
		peers:step(120)
		local second, third = lan.id(peers[2]), lan.id(peers[3])
		local before = ping(peers[1], third)
		assert.equal("", command(peers[1], "network", "latency", "#" .. second, 0.2, 0.2))
		peers:step(600)
		assert.near(before + 0.4, ping(peers[1], second), 0.1)
		assert.near(before, ping(peers[1], third), 0.02)
		assert.near(before, ping(peers[2], third), 0.02)
	end)

	it("rejects what is no range of seconds", function()
		local usage = " (usage: network latency [#peer] MIN MAX)"
		assert.equal("expected MIN, a number 0 to 60 seconds, got nothing" .. usage, refusal("network latency"))
		assert.equal('expected MAX, a number 0 to 60 seconds, got "fast"' .. usage, refusal("network latency 0.1 fast"))
		assert.equal('expected MIN, a number 0 to 60 seconds, got "-1"' .. usage, refusal("network latency -1 1"))
		assert.equal('expected nothing more, got "3"' .. usage, refusal("network latency 1 2 3"))
		assert.equal("MIN, 2 seconds, is more than MAX, 1 seconds" .. usage, refusal("network latency 2 1"))
		assert.equal('expected # and a peer id (hexadecimal) such as #18f7be4ebf73e0, got "#me"' .. usage,
			refusal("network latency #me 1 2"))
	end)
end)

describe("network packet_loss", function()
	-- Parts of 400 unreliable messages that arrive there and back.
	local function arrived(peers)
		local ids = { lan.id(peers[1]), lan.id(peers[2]) }
		for _ = 1, 400 do
			for i = 1, 2 do peers[i]:run(function(id) RPC.glance(id, 0.5, Vector3(1, 2, 3)) end, ids[3 - i]) end
			peers:step(2)
		end
		return #peers[2]:events("glance") / 400, #peers[1]:events("glance") / 400
	end

	it("loses its part of the packets, both ways", function()
		local peers = lan.meet { count = 2 }
		command(peers[1], "network", "packet_loss", 0.3)
		local there, back = arrived(peers)
		assert.near(0.7, there, 0.08)
		assert.near(0.7, back, 0.08)
	end)

	it("of 1 breaks the connection after the pong timeout, and reset mends what is left", function()
		local peers = lan.meet { count = 3 }
		local second, third = lan.id(peers[2]), lan.id(peers[3])
		peers[1]:run(function() Network.set_pong_timeout(2) end)
		peers:step(30)
		command(peers[1], "network", "packet_loss", "#" .. second, 1)
		local start = peers:time()
		lan.wait(peers, peers[1], function() return #lobby:members() == 2 end, 5)
		-- The last word before the loss was up to a ping ago.
		assert.near(1.5, peers:time() - start, 0.6)
		assert.equal(third, lan.members(peers[1])[2])
		command(peers[1], "network reset")
		assert.matches("all peers: no faults", command(peers[1], "network"))
	end)

	it("rejects what is no part", function()
		local usage = " (usage: network packet_loss [#peer] P)"
		assert.equal('expected P, a number 0 to 1, got "1.5"' .. usage, refusal("network packet_loss 1.5"))
		assert.equal('expected P, a number 0 to 1, got "10%"' .. usage, refusal("network packet_loss 10%"))
		assert.equal("expected P, a number 0 to 1, got nothing" .. usage, refusal("network packet_loss #ab"))
		assert.equal('`network` has no command "packet_los"; it has packet_loss, packet_loss_duration, duplication, latency, '
			.. "limit, reset, log, help; did you mean `packet_loss`?", refusal("network packet_los 1"))
	end)
end)

describe("network packet_loss_duration", function()
	it("loses everything for a while, again and again", function()
		local peers = lan.meet { count = 2 }
		local other = lan.id(peers[2])
		command(peers[1], "network", "packet_loss_duration", 1, 2)
		local got, before = {}, 0
		for second = 1, 9 do
			for _ = 1, 20 do
				peers[1]:run(function(id) RPC.glance(id, 0.5, Vector3(1, 2, 3)) end, other)
				peers:step(3)
			end
			got[second] = #peers[2]:events("glance") - before
			before = before + got[second]
		end
		for second = 1, 9 do
			if second % 3 == 1 then assert(got[second] <= 3) else assert(got[second] >= 16) end
		end
	end)

	it("rejects what are no seconds", function()
		assert.equal('expected PASS, a number 0 to 60 seconds, got nothing (usage: network packet_loss_duration [#peer] LOSS PASS)',
			refusal("network packet_loss_duration 1"))
	end)
end)

describe("network duplication", function()
	it("is invisible to scripts", function()
		local peers = lan.meet { count = 2 }
		command(peers[1], "network", "duplication", 1)
		for _ = 1, 20 do
			peers[1]:run(function(id) RPC.hello(id) end, lan.id(peers[2]))
			peers:step(2)
		end
		peers:step(30)
		assert.equal(20, #peers[2]:events("hello"))
	end)

	it("rejects what is no part", function()
		assert.equal('expected P, a number 0 to 1, got "twice" (usage: network duplication [#peer] P)',
			refusal("network duplication twice"))
	end)
end)

describe("network limit", function()
	it("slows down what is sent", function()
		local function seconds(...)
			local peers = lan.meet { count = 2 }
			command(peers[1], "network", "limit", ...)
			peers:step(10)
			local start = peers:time()
			peers[1]:run(function(id)
				for _ = 1, 5 do RPC.say(id, ("x"):rep(4000)) end
			end, lan.id(peers[2]))
			assert(peers:step_until(function() return #peers[2]:events("say") == 5 end, 60))
			return peers:time() - start
		end
		assert(seconds(0, 0) < 0.5)
		-- 20,000 bytes over 8,000 bytes a second, at the best.
		local slow = seconds(64, 0)
		assert(slow > 2.4 and slow < 12, "took " .. slow)
	end)

	it("rejects what is no rate", function()
		local usage = " (usage: network limit UP_KBPS DOWN_KBPS)"
		assert.equal("expected DOWN_KBPS, a number 0 to 10000000 kbit/s, got nothing" .. usage, refusal("network limit 5"))
		assert.equal('expected UP_KBPS, a number 0 to 10000000 kbit/s, got "#ab"' .. usage, refusal("network limit #ab 5 5"))
	end)
end)

describe("network", function()
	it("shows what is set", function()
		local peer = simulate.peers({ count = 1 })[1]
		assert.equal("there is no connection to peer ab now; this holds as soon as there is one",
			command(peer, "network packet_loss #AB 0.5"))
		command(peer, "network latency 0.05 0.1")
		command(peer, "network packet_loss_duration 1 2")
		command(peer, "network duplication 0.25")
		command(peer, "network limit 256 1000")
		local said = command(peer, "network")
		assert.matches("network limit UP_KBPS DOWN_KBPS", said)
		assert.matches("\nall peers: packet_loss_duration 1 2, duplication 0.25, latency 0.05 0.1\n#ab: packet_loss 0.5\n"
			.. "limit: 256 kbit/s up, 1000 kbit/s down\nlog: silent$", said)
		assert.equal(said, command(peer, "network", "help"))
	end)

	it("shows nothing of faults that zeros have ended, and `off` for a peer that is spared", function()
		local peer = simulate.peers({ count = 1 })[1]
		local faults = { "packet_loss %s", "packet_loss_duration %s 2", "duplication %s", "latency %s 1" }
		for _, fault in ipairs(faults) do command(peer, "network " .. fault:format("0.5")) end
		command(peer, "network packet_loss 0")
		command(peer, "network packet_loss_duration 0 0")
		command(peer, "network duplication 0")
		assert.matches("\nall peers: latency 0.5 1\nlimit: ", command(peer, "network"))
		command(peer, "network latency 0 0")
		assert.matches("\nall peers: no faults\nlimit: ", command(peer, "network"))
		command(peer, "network packet_loss 0.5")
		command(peer, "network packet_loss #ab 0")
		command(peer, "network latency #ab 0 0")
		assert.matches("\nall peers: packet_loss 0.5\n#ab: packet_loss off, latency off\nlimit: ", command(peer, "network"))
	end)
end)

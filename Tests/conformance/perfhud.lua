-- The commands of `perfhud` by `Application.console_command`: tables of the network's traffic.

local lan = require "support/lan"
local session = require "support/session"

local function command(peer, ...)
	peer:run(function(...) stingray.Application.console_command(...) end, ...)
end

-- Lets time pass and gives what the peer has said meanwhile.
local function heard(peers, frames)
	local before = #peers[1]:log("messages")
	peers:step(frames)
	local lines = {}
	for i, line in ipairs(peers[1]:log("messages")) do
		if i > before then lines[#lines + 1] = line end
	end
	return table.concat(lines, "\n")
end

local function count(text, pattern)
	return select(2, text:gsub(pattern, ""))
end

-- The text of the error that a command raises.
local function refusal(text)
	local ok, problem = pcall(stingray.Application.console_command, text)
	assert.is_false(ok)
	return (problem:gsub("^.-Application%.console_command: ", ""))
end

describe("perfhud network", function()
	it("tells the traffic by kind once a second, until it is asked for again", function()
		local peers = lan.meet { count = 2 }
		command(peers[1], "perfhud", "network")
		local text = heard(peers, 200)
		assert.equal(3, count(text, "network %(kbit/s%) +received +sent"))
		assert.equal(3, count(text, "\nall +%d+%.%d +%d+%.%d"))
		assert.equal(3, count(text, "\noverhead +%d+%.%d +%d+%.%d"))
		command(peers[1], "perfhud", "network")
		assert.equal("", heard(peers, 200))
		assert.matches("perfhud network: off", table.concat(peers[1]:log("messages"), "\n"))
	end)

	it("waits for a client", function()
		local peers = simulate.peers { count = 1, config = "lan" }
		command(peers[1], "perfhud network")
		assert.equal("", heard(peers, 100))
		peers[1]:run(function() client = Network.init_lan_client("lan") end)
		assert.matches("network %(kbit/s%)", heard(peers, 100))
	end)

	it("tells of each peer in kilobits or bytes", function()
		local peers = lan.meet { count = 3 }
		command(peers[1], "perfhud network peers kbps")
		local text = heard(peers, 65)
		assert.matches("peers %(kbit/s%) +received +sent +ping ms +loss", text)
		assert.matches("\n1 " .. lan.id(peers[2]) .. " ", text)
		assert.matches("\n2 " .. lan.id(peers[3]) .. " ", text)
		command(peers[1], "perfhud network peers kbps")
		command(peers[1], "perfhud", "network", "peers", "bytes")
		assert.matches("peers %(bytes a second%)", heard(peers, 65))
	end)

	it("rejects units that are none", function()
		local usage = "(usage: perfhud network [peers kbps|bytes])"
		assert.equal('expected peers, got "peer"; did you mean `peers`? ' .. usage, refusal "perfhud network peer")
		assert.equal("expected kbps or bytes, got nothing " .. usage, refusal "perfhud network peers")
		assert.equal('expected nothing more, got "now" ' .. usage, refusal "perfhud network peers bytes now")
	end)
end)

describe("perfhud network_messages", function()
	it("tells the messages by name", function()
		local peers = session.play { count = 2 }
		command(peers[1], "perfhud network_messages")
		assert.matches("messages: none", heard(peers, 65))
		peers[1]:run(function(peer) for i = 1, 30 do RPC.bound(peer, i) end end, lan.id(peers[2]))
		local text = heard(peers, 60)
		assert.matches("messages %(kbit/s%) +received +sent +a second +bits each", text)
		assert.matches("\nbound +0%.0 +%d+%.%d +[23]%d%.%d +%d+%.%d", text)
	end)

	it("rejects arguments", function()
		assert.equal('expected nothing more, got "all" (usage: perfhud network_messages)', refusal "perfhud network_messages all")
	end)
end)

describe("perfhud network_peer", function()
	it("tells of one peer by its number", function()
		local peers = lan.meet { count = 2 }
		command(peers[1], "perfhud", "network_peer", 1)
		command(peers[1], "perfhud", "network_peer", 2)
		local text = heard(peers, 65)
		assert.matches("peer 1 " .. lan.id(peers[2]) .. " %(kbit/s%) +received +sent", text)
		assert.matches("ping %d+%.%d ms, loss %d+%.%d %%, %d+ reliable bytes wait", text)
		assert.matches("peer 2: not connected", text)
	end)

	it("rejects what is no number of a peer", function()
		local usage = " (usage: perfhud network_peer N)"
		local expected = "expected N, a whole number 1 to 256, got "
		assert.equal(expected .. '"0"' .. usage, refusal "perfhud network_peer 0")
		assert.equal(expected .. '"257"' .. usage, refusal "perfhud network_peer 257")
		assert.equal(expected .. "nothing" .. usage, refusal "perfhud network_peer")
		assert.equal(expected .. '"1.5"' .. usage, refusal "perfhud network_peer 1.5")
	end)
end)

describe("perfhud network_peers, network_ping and network_qos", function()
	it("tell of each connection", function()
		local peers = lan.meet { count = 2, latency = 0.05 }
		for _, name in ipairs { "network_peers", "network_ping", "network_qos" } do command(peers[1], "perfhud", name) end
		local text = heard(peers, 100)
		local id = lan.id(peers[2])
		assert.matches("peers %(kbit/s%).-\n1 " .. id .. " +%d+%.%d +%d+%.%d +1%d%d%.%d +0%.0 %%", text)
		assert.matches("ping %(ms%) +round trip +jitter +loss\n1 " .. id .. " +1%d%d%.%d", text)
		assert.matches("qos +adapts +limit kbit/s +sent kbit/s +queue ms +loss .-\n1 " .. id .. " +no ", text)
	end)

	it("say that nobody is there", function()
		local peers = lan.start { count = 1 }
		for _, name in ipairs { "network_peers", "network_ping", "network_qos" } do command(peers[1], "perfhud", name) end
		local text = heard(peers, 65)
		assert.matches("peers: none is connected\nping: no peer is connected\nqos: no peer is connected", text)
	end)

	it("reject arguments and other names", function()
		assert.equal('expected nothing more, got "1" (usage: perfhud network_ping)', refusal "perfhud network_ping 1")
		assert.equal("`perfhud` has no command \"network_pin\"; it has network, network_messages, network_peer, " ..
			"network_peers, network_ping, network_qos, off, help; did you mean `network_ping`?", refusal "perfhud network_pin")
	end)
end)

describe("perfhud off", function()
	it("ends all tables, which perfhud alone lists", function()
		local peers = lan.meet { count = 2 }
		command(peers[1], "perfhud network")
		command(peers[1], "perfhud network_qos")
		command(peers[1], "perfhud")
		assert.matches("shown: network, network_qos", table.concat(peers[1]:log("messages"), "\n"))
		command(peers[1], "perfhud off")
		assert.equal("", heard(peers, 100))
		command(peers[1], "perfhud")
		assert.matches("shown: none", table.concat(peers[1]:log("messages"), "\n"))
	end)

	it("rejects arguments", function()
		assert.equal('expected nothing more, got "network" (usage: perfhud off)', refusal "perfhud off network")
	end)
end)

describe("GameSession.set_perfhud_pie_update_interval", function()
	it("sets the pace of the tables", function()
		local peers = session.play { count = 2 }
		peers[1]:run(function() game:set_perfhud_pie_update_interval(0.25) end)
		command(peers[1], "perfhud network")
		assert.equal(4, count(heard(peers, 66), "network %(kbit/s%)"))
		peers[1]:run(function() game:set_perfhud_pie_update_interval(0) end)
		heard(peers, 1)
		assert.equal(10, count(heard(peers, 10), "network %(kbit/s%)"))
	end)

	it("rejects what is no time", function()
		local peers = session.play { count = 1 }
		session.rejects("GameSession.set_perfhud_pie_update_interval: argument 2 (time): expected number 0 to 3600, got number -1",
			peers[1], function() game:set_perfhud_pie_update_interval(-1) end)
		session.rejects("GameSession.set_perfhud_pie_update_interval: argument 2 (time): expected number 0 to 3600, got nothing",
			peers[1], function() game:set_perfhud_pie_update_interval() end)
	end)
end)

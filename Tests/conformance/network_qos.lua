-- Quality of service: the upload keeps to what the way to each peer carries, and to the limits of the script.

local lan = require "support/lan"

local NO_CLIENT = "no network client is running; call Network.init_lan_client first"

-- Peers in one lobby; the first keeps every reliable send buffer filled from now on, in messages of 1,000 bytes.
local function flood(options)
	local peers = lan.meet(options)
	for i = 2, #peers do
		peers[i]:run(function()
			received = 0
			local heard = setmetatable({ say = function(_, _, text) received = received + #text end }, {
				__index = function() return function() end end,
			})
			function update(dt) Network.update(dt, heard) end
		end)
	end
	peers[1]:run(function()
		local text = ("x"):rep(1000)
		function update(dt)
			Network.update(dt, callbacks)
			for _, member in ipairs(lobby:members()) do
				if member ~= Network.peer_id() then
					while Network.reliable_send_buffer_left(member) > 1100 do RPC.say(member, text) end
				end
			end
		end
	end)
	return peers
end

-- Bytes a second that the peers get over some seconds.
local function rates(peers, seconds)
	local function counts()
		local list = {}
		for i = 2, #peers do list[i - 1] = peers[i]:run(function() return received end) end
		return list
	end
	local before = counts()
	peers:step(60 * seconds)
	local after = counts()
	for i = 1, #after do after[i] = (after[i] - before[i]) / seconds end
	return after
end

local function enable(peer, least, initial, total)
	peer:run(function(...) Network.enable_qos(...) end, least, initial, total)
end

describe("Network.enable_qos", function()
	it("keeps all peers together within the total, shared fairly", function()
		local peers = flood { count = 4, latency = 0.02 }
		enable(peers[1], 8, 100, 240)
		peers:step(120)
		local sum = 0
		for _, rate in ipairs(rates(peers, 5)) do
			sum = sum + rate
			-- 80 kbit/s each, less the heads.
			assert(rate > 7000 and rate <= 10000, rate)
		end
		assert(sum <= 30000, sum)
	end)

	it("keeps the way clear where it is narrow", function()
		local function ping(with)
			local peers = flood { count = 2, latency = 0.02, bandwidth = 32000 }
			if with then enable(peers[1], 16, 512, 10000) end
			peers:step(180)
			local most = 0
			for _ = 1, 300 do
				peers:step()
				most = math.max(most, peers[1]:run(function(id) return Network.ping(id) end, lan.id(peers[2])))
			end
			assert(rates(peers, 3)[1] > 24000)
			return most
		end
		assert(ping(true) < 0.22, "the ping with quality of service")
		assert(ping(false) > 0.6, "the ping without")
	end)

	it("never goes below the minimum", function()
		local peers = flood { count = 2, loss = 0.4 }
		enable(peers[1], 64, 512, 1000)
		peers:step(600)
		peers:faults { loss = 0 }
		peers:step(30)
		local rate = rates(peers, 1)[1]
		assert(rate >= 6000 and rate < 32000, rate)
	end)

	it("takes fractions, and other limits at any time", function()
		local peers = flood { count = 2 }
		enable(peers[1], 10.5, 33.25, 66.75)
		peers:step(120)
		assert.near(66.75 * 125 * 0.8, rates(peers, 4)[1], 800)
		enable(peers[1], 200 / 3, 200 / 3, 400)
		peers:step(600)
		assert.near(400 * 125 * 0.93, rates(peers, 4)[1], 4000)
		enable(peers[1], 20, 20, 20)
		peers:step(60)
		assert.near(20 * 125 * 0.75, rates(peers, 4)[1], 600)
	end)

	it("takes a minimum of 0, and equal limits", function()
		local peers = flood { count = 2 }
		enable(peers[1], 0, 64, 128)
		peers:step(120)
		assert.near(128 * 125 * 0.9, rates(peers, 4)[1], 1600)
		enable(peers[1], 64, 64, 64)
		peers:step(60)
		assert.near(64 * 125 * 0.9, rates(peers, 4)[1], 800)
	end)

	it("ends with the client", function()
		local peers = flood { count = 2 }
		enable(peers[1], 8, 16, 16)
		peers:step(60)
		assert(rates(peers, 2)[1] < 2200)
		peers[1]:run(function()
			Network.leave_lan_lobby(lobby)
			Network.shutdown_lan_client(client)
			client = Network.init_lan_client("lan")
			lobby = Network.create_lan_lobby(10004, 8)
		end)
		peers[2]:run(function()
			Network.leave_lan_lobby(lobby)
			lobby = Network.join_lan_lobby("10.0.0.1:10004")
		end)
		lan.wait(peers, peers[2], function() return #Network.connections() == 1 end, 10)
		assert(rates(peers, 2)[1] > 100000)
	end)

	it("leaves the reliable send buffer to its rules", function()
		local peers = lan.meet { count = 2, latency = 0.02 }
		local other = lan.id(peers[2])
		enable(peers[1], 8, 64, 64)
		local left, problem, sent = peers[1]:run(function(id)
			local fresh = Network.reliable_send_buffer_left(id)
			local text, sent = ("x"):rep(996), 0
			local fine, problem
			repeat
				fine, problem = pcall(RPC.say, id, text)
				if fine then sent = sent + 1 end
			until not fine
			return fresh, problem, sent
		end, other)
		assert.equal(32768, left)
		assert.equal(32, sent)
		assert.matches("the reliable send buffer is full: message `say` needs 1000 bytes, 768 are left; it was not sent$",
			problem)
		-- 8,000 bytes a second.
		peers:step(60)
		local after = peers[1]:run(function(id) return Network.reliable_send_buffer_left(id) end, other)
		assert(after > 5000 and after < 11000, after)
		peers:step(300)
		assert.equal(32768, peers[1]:run(function(id) return Network.reliable_send_buffer_left(id) end, other))
		assert.equal(32, #peers[2]:events("say"))
		assert.near(0.04 + 0.05, peers[1]:run(function(id) return Network.ping(id) end, other), 0.04)
	end)

	it("rejects what are no rates", function()
		local function fails(text, ...)
			local arguments, count = { ... }, select("#", ...)
			assert.has_error(function() Network.enable_qos(unpack(arguments, 1, count)) end, "Network.enable_qos: " .. text)
		end
		fails("argument 1 (min_peer_kbps): expected number 0 to 10000000, got nothing")
		fails("argument 1 (min_peer_kbps): expected number 0 to 10000000, got number -1", -1, 10, 10)
		fails("argument 2 (initial_peer_kbps): expected number 1 to 10000000, got number 0", 0, 0, 10)
		fails("argument 3 (max_total_kbps): expected number 1 to 10000000, got table", 1, 2, {})
		fails("argument 1 (min_peer_kbps): expected at most max_total_kbps, 100, got 128.5", 128.5, 128.5, 100)
		fails("argument 2 (initial_peer_kbps): expected a number from min_peer_kbps, 64, to max_total_kbps, 100, got 32",
			64, 32, 100)
		fails("argument 2 (initial_peer_kbps): expected a number from min_peer_kbps, 64, to max_total_kbps, 100, got 256",
			64, 256, 100)
		fails("argument 1 (min_peer_kbps): expected number 0 to 10000000, got number nan", 0 / 0, 1, 1)
		fails("argument 3 (max_total_kbps): expected number 1 to 10000000, got number inf", 1, 1, math.huge)
	end)

	it("rejects a call before a client exists", function()
		assert.has_error(function() Network.enable_qos(64, 128, 256) end, "Network.enable_qos: " .. NO_CLIENT)
	end)
end)

describe("Network.disable_qos_peer", function()
	it("frees one peer from the limits, and leaves the others in them", function()
		local peers = flood { count = 3 }
		enable(peers[1], 8, 32, 64)
		peers:step(120)
		peers[1]:run(function(id) Network.disable_qos_peer(id) end, lan.id(peers[2]))
		peers:step(60)
		local now = rates(peers, 3)
		assert(now[1] > 100000, now[1])
		assert(now[2] > 6000 and now[2] < 8100, now[2])
	end)

	it("does nothing unless quality of service is on", function()
		local peers = flood { count = 2 }
		peers[1]:run(function(id) Network.disable_qos_peer(id) end, lan.id(peers[2]))
		enable(peers[1], 8, 32, 32)
		peers:step(60)
		assert(rates(peers, 2)[1] < 4100)
	end)

	it("does nothing for peers that there is no connection to", function()
		local peers = flood { count = 2 }
		enable(peers[1], 8, 32, 32)
		peers[1]:run(function()
			Network.disable_qos_peer("abc")
			Network.disable_qos_peer(Network.peer_id())
		end)
		peers:step(60)
		assert(rates(peers, 2)[1] < 4100)
	end)

	it("rejects what is no peer id", function()
		assert.has_error(function() Network.disable_qos_peer(true) end,
			"Network.disable_qos_peer: argument 1 (peer_id): expected peer id (hexadecimal string), got boolean true")
	end)

	it("rejects a call before a client exists", function()
		assert.has_error(function() Network.disable_qos_peer("abc") end, "Network.disable_qos_peer: " .. NO_CLIENT)
	end)
end)

describe("Network.enable_qos_peer", function()
	it("takes a peer back into the limits", function()
		local peers = flood { count = 2 }
		enable(peers[1], 8, 32, 64)
		peers[1]:run(function(id) Network.disable_qos_peer(id) end, lan.id(peers[2]))
		peers:step(60)
		assert(rates(peers, 2)[1] > 100000)
		peers[1]:run(function(id) Network.enable_qos_peer(id) end, lan.id(peers[2]))
		peers:step(60)
		assert(rates(peers, 2)[1] < 8100)
	end)

	it("does nothing for a peer that is in them, and without quality of service", function()
		local peers = flood { count = 2 }
		peers[1]:run(function(id) Network.enable_qos_peer(id) end, lan.id(peers[2]))
		assert(rates(peers, 2)[1] > 100000)
		enable(peers[1], 8, 32, 32)
		peers[1]:run(function(id) Network.enable_qos_peer(id) end, lan.id(peers[2]))
		peers:step(60)
		assert(rates(peers, 2)[1] < 4100)
	end)

	it("rejects what is no peer id", function()
		assert.has_error(function() Network.enable_qos_peer() end,
			"Network.enable_qos_peer: argument 1 (peer_id): expected peer id (hexadecimal string), got nothing")
	end)

	it("rejects a call before a client exists", function()
		assert.has_error(function() Network.enable_qos_peer("abc") end, "Network.enable_qos_peer: " .. NO_CLIENT)
	end)
end)

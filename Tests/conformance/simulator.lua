-- The simulator itself: peers that live in one process, each in its own Lua state, on a virtual network and clock.

local CONFIG = [[
types = { number = { type = "int" min = 0 max = 100000 } text = { type = "string" } }
messages = { count = { args = ["number"] } say = { args = ["text"] } }
]]

-- Peers in one lobby; the first hosts it.
local function meet(options)
	options.config = CONFIG
	local peers = simulate.peers(options)
	for i = 1, #peers do
		peers[i]:run(function()
			client = Network.init_lan_client("simulated")
		end)
	end
	peers[1]:run(function() lobby = Network.create_lan_lobby(7777, 16) end)
	for i = 2, #peers do
		peers[i]:run(function() lobby = Network.join_lan_lobby("10.0.0.1:7777") end)
	end
	assert(peers:step_until(function()
		for i = 1, #peers do
			local members = peers[i]:run(function() return lobby:state() == LanLobby.JOINED and #lobby:members() or 0 end)
			if members < #peers then return false end
		end
		return true
	end, 20))
	return peers
end

describe("simulate.peers", function()
	it("gives each peer its own state and id", function()
		local peers = meet { count = 3, latency = 0.05, loss = 0.05, seed = 7 }
		local seen = {}
		for i = 1, 3 do
			local id = peers[i]:run(function() return Network.peer_id() end)
			assert.is_nil(seen[id])
			seen[id] = true
		end
		peers[1]:run(function() mine = 5 end)
		assert.is_nil(peers[2]:run(function() return mine end))
		assert.is_nil(mine)
	end)

	it("records callbacks as events", function()
		local peers = meet { count = 2, latency = 0.05 }
		local sender = peers[1]:run(function() return Network.peer_id() end)
		local receiver = peers[2]:run(function() return Network.peer_id() end)
		peers[1]:run(function(peer)
			RPC.count(peer, 42)
			RPC.say(peer, "zero \0 inside")
		end, receiver)
		assert(peers:step_until(function() return #peers[2]:events() == 2 end, 2))
		assert.same({ { name = "count", n = 2, sender, 42 } }, peers[2]:events("count"))
		assert.same({ { name = "say", n = 2, sender, "zero \0 inside" } }, peers[2]:events("say"))
		assert.same({}, peers[1]:events())
	end)

	it("runs the same each time for the same seed", function()
		local function play(seed)
			local peers = meet { count = 3, latency = 0.1, jitter = 0.05, loss = 0.2, seed = seed }
			return peers:time(), peers[2]:run(function() return Network.peer_id() end)
		end
		local time, id = play(11)
		assert.same({ time, id }, { play(11) })
		assert.not_equal(id, select(2, play(12)))
	end)

	it("calls a peer's own update instead of the recorder", function()
		local peers = simulate.peers { count = 2 }
		peers[1]:run(function()
			total, frames = 0, 0
			function update(dt) total, frames = total + dt, frames + 1 end
		end)
		peers:step(30)
		peers:step(2, 0.25)
		assert.equal(32, peers[1]:run(function() return frames end))
		assert.near(1, peers[1]:run(function() return total end), 1e-9)
		assert.near(1, peers:time(), 1e-9)
	end)

	it("delivers in virtual time", function()
		local peers = meet { count = 2, latency = 0.5 }
		local receiver = peers[2]:run(function() return Network.peer_id() end)
		peers[1]:run(function(peer) RPC.count(peer, 1) end, receiver)
		local start = peers:time()
		assert(peers:step_until(function() return #peers[2]:events("count") == 1 end, 5))
		assert.near(start + 0.5, peers:time(), 0.1)
	end)

	it("takes faults for everybody, for a peer and for a direction", function()
		local peers = meet { count = 2 }
		local receiver = peers[2]:run(function() return Network.peer_id() end)
		peers:faults { from = 1, to = 2, loss = 1 }
		peers[1]:run(function(peer) RPC.count(peer, 1) end, receiver)
		peers:step(60)
		assert.same({}, peers[2]:events("count"))
		peers:faults { from = 1, to = 2, loss = 0 }
		peers:step(60)
		assert.equal(1, #peers[2]:events("count"))
		peers:faults { loss = 0.1 }
		peers:faults { peer = 2, latency = 0.1 }
	end)

	it("ends a killed peer without a word", function()
		local peers = meet { count = 2 }
		for i = 1, 2 do peers[i]:run(function() Network.set_pong_timeout(2) end) end
		local id = peers[2]:run(function() return Network.peer_id() end)
		peers[2]:kill()
		assert.truthy(peers[1]:run(function(peer) return Network.has_connection(peer) end, id))
		assert(peers:step_until(function()
			return peers[1]:run(function(peer) return Network.is_broken(peer) or not Network.has_connection(peer) end, id)
		end, 5))
		assert.has_error(function() peers[2]:run(function() end) end, "peer 2 was killed")
	end)

	it("keeps what a peer logged", function()
		local peers = simulate.peers { count = 1, config = CONFIG }
		peers[1]:run(function() client = Network.init_lan_client("simulated") lobby = Network.join_lan_lobby("10.0.0.9:7777") end)
		assert(peers:step_until(function()
			return peers[1]:run(function() return lobby:state() == LanLobby.FAILED end)
		end, 60))
		assert.matches("10%.0%.0%.9", table.concat(peers[1]:log("warnings"), "\n"))
	end)

	it("rejects unknown options", function()
		assert.has_error(function() simulate.peers { cuont = 2 } end, 'simulate.peers: unknown option "cuont"')
		assert.has_error(function() simulate.peers { count = "2" } end, 'simulate.peers: option "count": expected number, got string')
		assert.error_matches(function() simulate.peers { count = 65 } end, "expected integer 1 to 64, got number 65")
		assert.error_matches(function() simulate.peers { log = "loud" } end, 'log level: expected silent, warnings, messages, spew, got "loud"')
	end)
end)

describe("peer:run", function()
	it("carries arguments and results over", function()
		local peers = simulate.peers { count = 1 }
		local function same(...)
			return { n = select("#", ...), peers[1]:run(function(...) return ... end, ...) }
		end
		assert.same({ n = 0 }, same())
		assert.same({ n = 3, nil, false, nil }, same(nil, false, nil))
		assert.same({ n = 2, "\0\255\n;{}", { a = { 1, { true } }, [2.5] = "x" } }, same("\0\255\n;{}", { a = { 1, { true } }, [2.5] = "x" }))
		assert.same({ n = 3, math.huge, -math.huge, 0.1 }, same(math.huge, -math.huge, 0.1))
		local vector = same(Vector3(1, 2.5, -3))[1]
		assert.equal("Vector3", stingray.Script.type_name(vector))
		assert.same({ 1, 2.5, -3 }, { Vector3.to_elements(vector) })
	end)

	it("tells errors with the peer and its traceback", function()
		local peers = simulate.peers { count = 2 }
		assert.error_matches(function()
			peers[2]:run(function() error("no such luck") end)
		end, "^peer 2: [^\n]*simulator%.lua:%d+: no such luck\nstack traceback:")
	end)

	it("rejects what cannot be carried over", function()
		local peers = simulate.peers { count = 1 }
		local outside, other = 5, 6
		assert.has_error(function() peers[1]:run(function() return outside + other end) end,
			"run: the function uses local variables from outside of it: outside, other; it runs in another peer's state, so hand their values over as arguments, or read them from globals inside it")
		assert.has_error(function() peers[1]:run(print) end, "run: a function written in Lua is needed")
		assert.error_matches(function() peers[1]:run(function() end, { a = print }) end, '^run: argument 1%["a"%] is a function; only')
		local loop = {}
		loop[1] = loop
		assert.error_matches(function() peers[1]:run(function() end, loop) end, "contains itself")
	end)
end)

describe("the simulator's online service", function()
	it("takes players, friends and settings", function()
		local peers = simulate.peers {
			count = 2,
			online = {
				users = { "anna", "bob" }, regions = { "eu-west" }, friends = "all", blocked = {},
				settings = { steam = { app_id = 480 }, name = 'a "quoted"\nname', list = { 1, 2.5, true } },
				latency = { 0.05, 0.1 },
			},
		}
		assert.same(
			{ steam = { app_id = 480 }, name = 'a "quoted"\nname', list = { 1, 2.5, true } },
			peers[1]:run(function() return Application.settings() end))
		peers:online { latency = 0.1 }
		peers:online { latency = { 0.1, 0.2 }, lost = true }
		peers:online { lost = false }
		peers:online { lost = true, peer = 2 }
		peers:sign_out(1)
		peers:step(60)
	end)

	it("rejects options that make no sense", function()
		local function check(online, message)
			assert.has_error(function() simulate.peers { count = 2, online = online } end, message)
		end
		check({ user = {} }, 'simulate.peers: online: unknown option "user"')
		check({ users = { "a", "b", "c" } }, "simulate.peers: online: users: there are only 2 peers")
		check({ users = { 5 } }, "simulate.peers: online: users: expected a list of names of players")
		check({ users = { "" } }, "simulate.peers: online: users: expected names of 1 to 64 bytes")
		check({ regions = { "moon" } }, 'simulate.peers: online: regions: there is no region "moon"')
		check({ friends = { "anna" } }, 'simulate.peers: online: friends: expected "all" or a list of pairs of names, such as { { "anna", "bob" } }')
		check({ blocked = { { "anna" } } }, 'simulate.peers: online: blocked: expected a list of pairs of names, such as { { "anna", "bob" } }')
		check({ settings = "x" }, "simulate.peers: online: settings: expected a table, or a list of one for each peer")
		check({ latency = { 2, 1 } }, "simulate.peers: online: latency: expected seconds, or { least, most }")
		check({ settings = { f = print } }, "simulate.peers: online.settings.f is a function; settings cannot have that")
		check(5, 'simulate.peers: option "online": expected table or false, got number')
		local peers = simulate.peers { count = 1 }
		assert.has_error(function() peers:online { lots = true } end, 'online: unknown option "lots"')
		assert.has_error(function() peers:online { latency = "x" } end, "online: latency: expected seconds, or { least, most }")
		assert.has_error(function() peers:online(5) end, "online: expected a table of options")
		assert.error_matches(function() peers:sign_out(2) end, "there is no peer 2, only 1 to 1")
	end)
end)

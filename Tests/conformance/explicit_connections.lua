-- Connections that the script ends: `Network.set_explicit_connections`, `create_connection` and `destroy_connection`.

local lan = require "support/lan"

-- Peers in one lobby, all connected, and the first two's ids; the one whose number is `automatic` is without explicit
-- connections.
local function meet(count, automatic)
	local peers = simulate.peers { count = count, config = "lan" }
	for i = 1, count do
		peers[i]:run(function(explicit)
			if explicit then Network.set_explicit_connections() end
			client = Network.init_lan_client("lan")
		end, i ~= automatic)
	end
	lan.host(peers[1])
	for i = 2, count do lan.join(peers[i]) end
	lan.settle(peers, count)
	return peers, lan.id(peers[1]), peers[2] and lan.id(peers[2])
end

-- What a peer says of its connection to another.
local function facts(peer, other)
	return peer:run(function(id)
		local listed = false
		for _, each in ipairs(Network.connections()) do listed = listed or each == id end
		return { listed = listed, has = Network.has_connection(id) ~= nil, broken = Network.is_broken(id), used = Network.is_used(id) }
	end, other)
end

local LOBBY = { listed = true, has = true, broken = false, used = true }
local UNUSED = { listed = true, has = true, broken = false, used = false }
local BROKEN = { listed = true, has = true, broken = true, used = false }
local NONE = { listed = false, has = false, broken = false, used = false }

-- All leave the lobby; the connections stay.
local function part(peers)
	for i = 1, #peers do peers[i]:run(function() Network.leave_lan_lobby(lobby) end) end
	peers:step(120)
end

local function destroy(peer, other)
	peer:run(function(id) Network.destroy_connection(id) end, other)
end

describe("Network.set_explicit_connections", function()
	it("lets lobbies make connections and the script alone end them", function()
		local peers, one, two = meet(2)
		assert.same(LOBBY, facts(peers[1], two))
		peers[2]:run(function() Network.leave_lan_lobby(lobby) end)
		lan.wait(peers, peers[1], function() return #lobby:members() == 1 end)
		peers:step(1200)
		assert.same(UNUSED, facts(peers[1], two))
		assert.same(UNUSED, facts(peers[2], one))
		assert(peers[1]:run(function(id) return Network.ping(id) end, two) > 0)
		destroy(peers[1], two)
		assert.same(NONE, facts(peers[1], two))
	end)

	it("keeps a connection in use while only a session needs it", function()
		local peers, _, two = meet(2)
		lan.play(peers)
		part(peers)
		assert.same(LOBBY, facts(peers[1], two))
		peers[1]:run(function() Network.shutdown_game_session() end)
		peers:step(60)
		assert.same(UNUSED, facts(peers[1], two))
	end)

	it("holds for one client", function()
		local peers = meet(2)
		for i = 1, 2 do
			peers[i]:run(function()
				Network.shutdown_lan_client(client)
				client = Network.init_lan_client("lan")
			end)
		end
		peers:step(240)
		lan.host(peers[1])
		lan.join(peers[2])
		lan.settle(peers, 2)
		local one, two = lan.id(peers[1]), lan.id(peers[2])
		part(peers)
		assert.same(NONE, facts(peers[1], two))
		assert.same(NONE, facts(peers[2], one))
	end)

	it("rejects a call while a client runs", function()
		local peer = lan.start({ count = 1 })[1]
		lan.rejects("Network.set_explicit_connections: a network client is running already; "
			.. "call Network.shutdown_lan_client first", peer, function() Network.set_explicit_connections() end)
	end)
end)

describe("Network.create_connection", function()
	it("connects to a peer of an earlier lobby", function()
		local peers, one, two = meet(2)
		part(peers)
		destroy(peers[1], two)
		peers:step(30)
		destroy(peers[2], one)
		assert.same(NONE, facts(peers[1], two))
		assert.same(NONE, facts(peers[2], one))
		local number, found = peers[1]:run(function(id) return Network.create_connection(id), Network.has_connection(id) end, two)
		assert(number % 1 == 0 and number > 0)
		assert.equal(number, found)
		-- It is there at once, and connected after the handshake.
		assert.same({ listed = false, has = true, broken = false, used = false }, facts(peers[1], two))
		peers:step(60)
		assert.same(UNUSED, facts(peers[1], two))
		assert.same(UNUSED, facts(peers[2], one))
	end)

	it("carries a session without a lobby", function()
		local peers, one, two = meet(2)
		part(peers)
		destroy(peers[1], two)
		peers:step(30)
		destroy(peers[2], one)
		peers[2]:run(function(id) Network.create_connection(id) end, one)
		peers:step(60)
		lan.play(peers)
		assert.same(LOBBY, facts(peers[2], one))
	end)

	it("gives up where nobody answers", function()
		local peers, _, two = meet(2)
		part(peers)
		destroy(peers[1], two)
		peers:step(30)
		peers[2]:kill()
		peers[1]:run(function(id) Network.create_connection(id) end, two)
		lan.wait(peers, peers[1], function(id) return not Network.has_connection(id) end, 30, two)
		peers:step(2)
		assert.matches("no connection to peer " .. two, table.concat(peers[1]:log("warnings"), "\n"))
	end)

	it("rejects what cannot be", function()
		local peers, one, two = meet(2)
		local function create(id) Network.create_connection(id) end
		lan.rejects("Network.create_connection: there is a connection to peer " .. two
			.. " already; ask Network.has_connection first", peers[1], create, two)
		lan.rejects("Network.create_connection: peer " .. one .. " is this peer itself", peers[1], create, one)
		lan.rejects("Network.create_connection: peer abc cannot be reached: no lobby has shown where it is",
			peers[1], create, "abc")
		lan.rejects("Network.create_connection: argument 1 (peer_id): expected peer id (hexadecimal string), got string \"me\"",
			peers[1], create, "me")
		part(peers)
		peers[2]:run(function(id) Network.destroy_connection(id) end, one)
		peers:step(30)
		-- The other end has closed it, and it is this script's to destroy.
		assert.same(BROKEN, facts(peers[1], two))
		lan.rejects("Network.create_connection: there is a connection to peer " .. two
			.. " already; ask Network.has_connection first", peers[1], create, two)
		destroy(peers[1], two)
		peers[1]:run(create, two)
	end)

	it("rejects a call without explicit connections, and before a client exists", function()
		local peers = lan.meet { count = 2 }
		lan.rejects("Network.create_connection: connections come and go with lobbies and sessions; to make your own, "
			.. "call Network.set_explicit_connections before Network.init_lan_client", peers[1],
			function(id) Network.create_connection(id) end, lan.id(peers[2]))
		assert.has_error(function() Network.create_connection("abc") end,
			"Network.create_connection: no network client is running; call Network.init_lan_client first")
	end)
end)

describe("Network.destroy_connection", function()
	it("ends a connection, which is broken at the other end until it is destroyed there", function()
		local peers, one, two = meet(2)
		part(peers)
		destroy(peers[1], two)
		peers:step(300)
		assert.same(NONE, facts(peers[1], two))
		assert.same(BROKEN, facts(peers[2], one))
		destroy(peers[2], one)
		assert.same(NONE, facts(peers[2], one))
	end)

	it("is what a broken connection waits for", function()
		local peers, _, two = meet(2)
		peers[1]:run(function() Network.set_pong_timeout(2) end)
		peers[2]:kill()
		lan.wait(peers, peers[1], function(id) return Network.is_broken(id) end, 5, two)
		lan.wait(peers, peers[1], function(id) return not Network.is_used(id) end, 5, two)
		peers:step(1200)
		assert.same(BROKEN, facts(peers[1], two))
		destroy(peers[1], two)
		assert.same(NONE, facts(peers[1], two))
		peers:step(60)
		assert.same({}, peers[1]:run(function() return Network.connections() end))
	end)

	it("leaves no trace at a peer with automatic connections", function()
		local peers, one, two = meet(2, 2)
		peers[1]:run(function() Network.leave_lan_lobby(lobby) end)
		lan.wait(peers, peers[2], function() return #lobby:members() == 1 end)
		peers:step(60)
		assert.same(NONE, facts(peers[2], one))
		assert.same(BROKEN, facts(peers[1], two))
		destroy(peers[1], two)
		assert.same(NONE, facts(peers[1], two))
	end)

	it("makes room for the same peer's next lobby", function()
		local peers, one, two = meet(2)
		part(peers)
		destroy(peers[1], two)
		peers:step(30)
		-- The other one has not destroyed its end yet: a lobby connects all the same.
		lan.host(peers[1])
		lan.join(peers[2])
		lan.settle(peers, 2)
		assert.same(LOBBY, facts(peers[1], two))
		assert.same(LOBBY, facts(peers[2], one))
	end)

	it("does nothing where there is none, also without explicit connections", function()
		local peers = meet(1)
		destroy(peers[1], "abc")
		destroy(peers[1], lan.id(peers[1]))
		local automatic = lan.start({ count = 1 })[1]
		destroy(automatic, "abc")
	end)

	it("rejects a connection in use, and a call before a client exists", function()
		local peers, _, two = meet(2)
		lan.rejects("Network.destroy_connection: a lobby or the game session uses the connection to peer " .. two
			.. "; destroy it once Network.is_used gives false", peers[1],
			function(id) Network.destroy_connection(id) end, two)
		assert.same(LOBBY, facts(peers[1], two))
		assert.has_error(function() Network.destroy_connection("abc") end,
			"Network.destroy_connection: no network client is running; call Network.init_lan_client first")
		assert.has_error(function() Network.destroy_connection({}) end,
			"Network.destroy_connection: argument 1 (peer_id): expected peer id (hexadecimal string), got table")
	end)
end)

-- `PsnClient`: beginning, readiness, lost context, and the end.

local consoles = require "support/consoles"

local GONE = "this PsnClient was shut down; it cannot be used any more"

describe("Network.init_psn_client", function()
	it("gives a client; there can be another one after it", function()
		for _ = 1, 2 do
			local client = Network.init_psn_client("lan")
			assert.matches("^PsnClient %d+$", tostring(client))
			Network.shutdown_psn_client(client)
		end
	end)

	it("makes the schema's names known", function()
		local client = Network.init_psn_client("lan")
		assert.is_table(Network.object_info("avatar"))
		assert.is_table(Network.message_info("say"))
		assert.is_nil(Network.object_info("nothing"))
		Network.shutdown_psn_client(client)
	end)

	it("rejects a second client, and other wrong uses", function()
		local client = Network.init_psn_client("lan")
		assert.has_error(function() Network.init_psn_client("lan") end,
			"Network.init_psn_client: a PSN client is running already; call Network.shutdown_psn_client first")
		assert.has_error(function() Network.init_lan_client("lan") end,
			"Network.init_lan_client: a PSN client is running already; call Network.shutdown_psn_client first")
		Network.shutdown_psn_client(client)
		assert.has_error(function() Network.init_psn_client() end,
			"Network.init_psn_client: argument 1 (config): expected string, got nothing")
	end)

	it("rejects to begin without an online service", function()
		local peers = simulate.peers { count = 1, config = "lan", online = false }
		consoles.rejects("Network.init_psn_client: the online service cannot be used: this program runs without one; "
			.. "start it with --online FILE or --online http://HOST:PORT", peers[1], function() Network.init_psn_client("lan") end)
	end)
end)

describe("Network.shutdown_psn_client", function()
	it("leaves the rooms, so that the others have another owner", function()
		local peers = consoles.meet { count = 2 }
		peers[1]:run(function() Network.shutdown_psn_client(client) end)
		consoles.wait(peers, peers[2], function() return PsnRoom.num_members(room) == 1 and PsnRoom.owner(room) == Network.peer_id() end)
		peers[1]:run(function() assert(Network.peer_id() == nil) end)
	end)

	it("rejects a client that was shut down, and what is none", function()
		local client = Network.init_psn_client("lan")
		Network.shutdown_psn_client(client)
		assert.has_error(function() Network.shutdown_psn_client(client) end, "Network.shutdown_psn_client: " .. GONE)
		assert.has_error(function() Network.shutdown_psn_client(1) end,
			"Network.shutdown_psn_client: argument 1 (client): expected PsnClient, got number 1")
	end)
end)

describe("PsnClient.ready", function()
	it("becomes true when PSN knows the player, and outlasts a short outage", function()
		local peers = consoles.psn { count = 1, online = { latency = 0.1 } }
		consoles.wait(peers, peers[1], function() return client:ready() end)
		peers:online { lost = true }
		peers:step(120)
		assert.is_true(peers[1]:run(function() return client:ready() end))
		peers:online { lost = false }
		peers:step(120)
		assert.is_true(peers[1]:run(function() return client:ready() end))
	end)

	it("rejects a client that was shut down", function()
		local client = Network.init_psn_client("lan")
		Network.shutdown_psn_client(client)
		assert.has_error(function() client:ready() end, "PsnClient.ready: " .. GONE)
	end)
end)

describe("PsnClient.lost_context", function()
	it("becomes true for good when the player signs in elsewhere, and rooms fail", function()
		local peers = consoles.meet { count = 2 }
		peers[1]:run(function() assert(not client:lost_context() and not Network.fatal_error()) end)
		peers:sign_out(1)
		consoles.wait(peers, peers[1], function() return client:lost_context() end)
		consoles.wait(peers, peers[1], function() return PsnRoom.state(room) == PsnRoom.FAILED and Network.fatal_error() end)
		peers[1]:run(function() assert(not client:ready()) end)
		consoles.wait(peers, peers[2], function() return PsnRoom.num_members(room) == 1 end)
		consoles.rejects("Network.create_psn_room: the connection to PSN is lost; call Network.shutdown_psn_client, and "
			.. "Network.init_psn_client to begin anew", peers[1], function() Network.create_psn_room("x", 4) end)
	end)

	it("becomes true when PSN cannot be reached for 10 seconds", function()
		local peers = consoles.psn { count = 1 }
		consoles.wait(peers, peers[1], function() return client:ready() end)
		peers:online { lost = true }
		peers:step(60 * 8)
		assert.is_false(peers[1]:run(function() return client:lost_context() end))
		consoles.wait(peers, peers[1], function() return client:lost_context() end, 10)
		peers:online { lost = false }
		peers:step(60)
		assert.is_true(peers[1]:run(function() return client:lost_context() end))
	end)

	it("becomes true without being asked, and rooms fail, which others see left", function()
		local peers = consoles.meet { count = 2 }
		peers:online { lost = true, peer = 1 }
		peers:step(60 * 9)
		peers[1]:run(function() assert(PsnRoom.state(room) == PsnRoom.JOINED) end)
		peers:step(60 * 2)
		peers:online { lost = false, peer = 1 }
		peers:step(30)
		peers[1]:run(function()
			assert(client:lost_context() and not client:ready() and PsnRoom.state(room) == PsnRoom.FAILED)
			assert(#Network.connections() == 0)
		end)
		consoles.has_logged(peers[1], "the online service cannot be reached: no answer for 10 seconds")
		consoles.wait(peers, peers[2], function() return PsnRoom.num_members(room) == 1 and PsnRoom.owner(room) == Network.peer_id() end, 2)
	end)

	it("rejects what is no client", function()
		assert.has_error(function() PsnClient.lost_context("client") end,
			'PsnClient.lost_context: argument 1 (self): expected PsnClient, got string "client"')
	end)
end)

describe("PsnClient.room_browser", function()
	it("is the same one each time", function()
		local client = Network.init_psn_client("lan")
		assert.equal(client:room_browser(), client:room_browser())
		assert.matches("^PsnRoomBrowser %d+$", tostring(client:room_browser()))
		Network.shutdown_psn_client(client)
	end)

	it("rejects a client that was shut down", function()
		local client = Network.init_psn_client("lan")
		Network.shutdown_psn_client(client)
		assert.has_error(function() client:room_browser() end, "PsnClient.room_browser: " .. GONE)
	end)
end)

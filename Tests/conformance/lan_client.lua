-- `LanClient`, and what a client's userdata is.

describe("LanClient.lobby_browser", function()
	local client
	before_each(function() client = Network.init_lan_client("lan") end)
	after_each(function() Network.shutdown_lan_client(client) end)

	it("is the same object each time", function()
		local browser = client:lobby_browser()
		assert.equal("LanLobbyBrowser", Script.type_name(browser))
		assert.equal(browser, client:lobby_browser())
		assert.equal(browser, LanClient.lobby_browser(client))
		assert.equal(browser, stingray.LanClient.lobby_browser(client))
		local keyed = { [browser] = true }
		assert.truthy(keyed[client:lobby_browser()])
	end)

	it("is another object for another client", function()
		local browser = client:lobby_browser()
		Network.shutdown_lan_client(client)
		client = Network.init_lan_client("lan")
		assert.not_equal(browser, client:lobby_browser())
	end)

	it("rejects a call without a client", function()
		assert.has_error(function() LanClient.lobby_browser() end,
			"LanClient.lobby_browser: argument 1 (self): expected LanClient, got nothing")
		assert.has_error(function() client.lobby_browser() end,
			"LanClient.lobby_browser: argument 1 (self): expected LanClient, got nothing")
		assert.has_error(function() LanClient.lobby_browser({}) end,
			"LanClient.lobby_browser: argument 1 (self): expected LanClient, got table")
	end)

	it("rejects a client that was shut down", function()
		local old = client
		Network.shutdown_lan_client(client)
		client = Network.init_lan_client("lan")
		assert.has_error(function() old:lobby_browser() end,
			"LanClient.lobby_browser: this LanClient was shut down; it cannot be used any more")
	end)
end)

describe("A LanClient", function()
	it("lacks other methods, which read as nil", function()
		local client = Network.init_lan_client("lan")
		assert.is_nil(client.kick)
		assert.is_nil(client.state)
		assert.userdata(client)
		assert.matches("^LanClient %d+$", tostring(client))
		Network.shutdown_lan_client(client)
	end)

	it("rejects being written to", function()
		local client = Network.init_lan_client("lan")
		assert.error(function() client.name = "mine" end)
		Network.shutdown_lan_client(client)
	end)
end)

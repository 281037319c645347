-- What `Network` tells of the schema, and the hash that two peers compare.

local lan = require "support/lan"

describe("Network.config_hash", function()
	it("is 16 lower-case hexadecimal digits, without a client", function()
		local hash = Network.config_hash("lan")
		assert.string(hash)
		assert.matches("^[0-9a-f]+$", hash)
		assert.equal(16, #hash)
		assert.equal(hash, Network.config_hash("lan"))
	end)

	it("depends on what the config says, and not on how it is written", function()
		local hash = Network.config_hash("lan")
		assert.equal(hash, Network.config_hash("bom"))
		assert.not_equal(hash, Network.config_hash("other"))
	end)

	it("is the same while a client of another config runs", function()
		local hash = Network.config_hash("lan")
		local client = Network.init_lan_client("other")
		assert.equal(hash, Network.config_hash("lan"))
		Network.shutdown_lan_client(client)
	end)

	it("rejects configs that do not exist or are wrong", function()
		assert.error_matches(function() Network.config_hash("nothing") end,
			'Network%.config_hash: there is no network config "nothing" %(looked for .*nothing%.network_config%)$')
		assert.error_matches(function() Network.config_hash("broken") end,
			'Network%.config_hash: .*broken%.network_config:3:19: unknown kind "floot"; did you mean `float`%?$')
		assert.has_error(function() Network.config_hash() end, "Network.config_hash: argument 1 (config_resource): expected string, got nothing")
	end)
end)

describe("Network.type_info", function()
	local client
	before_each(function() client = Network.init_lan_client("lan") end)
	after_each(function() Network.shutdown_lan_client(client) end)

	it("tells of an int with limits", function()
		local info = Network.type_info("small")
		assert.same(
			{ Network.INT, 8, 0, 255, false }, { info.type, info.bits, info.min, info.max, info.interpolated })
	end)

	it("computes the limits of an int that has only bits", function()
		local info = Network.type_info("counter")
		assert.same({ 10, 0, 1023 }, { info.bits, info.min, info.max })
	end)

	it("tells of a float's tolerance, half a step", function()
		local info = Network.type_info("percent")
		assert.same({ Network.FLOAT, 7, 0, 1 }, { info.type, info.bits, info.min, info.max })
		assert.near(0.5 / 127, info.tolerance, 1e-9)
	end)

	it("tells of a vector3 by its components", function()
		local info = Network.type_info("place")
		assert.same({ Network.VECTOR3, 18, -500, 500 }, { info.type, info.bits, info.min, info.max })
		assert.near(500 / (2 ^ 18 - 1), info.tolerance, 1e-9)
	end)

	it("finds the bits that a tolerance needs", function()
		local info = Network.type_info("smooth")
		assert.equal(10, info.bits)
		assert(info.tolerance <= 0.01)
		assert.equal(true, info.interpolated)
		assert.equal(2.5, info.interpolation_threshold)
	end)

	it("never snaps where no threshold was set", function()
		assert(Network.type_info("place").interpolation_threshold > 3e38)
	end)

	it("tells of a quaternion, a string, an id and an array", function()
		assert.equal(20, Network.type_info("facing").bits)
		assert.equal(Network.QUATERNION, Network.type_info("facing").type)
		assert.equal(4000, Network.type_info("text").max_size)
		assert.equal(Network.STRING, Network.type_info("text").type)
		assert.equal(Network.UINT64, Network.type_info("peer").type)
		assert.equal(Network.ARRAY, Network.type_info("list").type)
		assert.equal(4, Network.type_info("list").max_size)
	end)

	it("is a plain table for pairs, the caller's own", function()
		local info = Network.type_info("small")
		assert.is_nil(getmetatable(info))
		local keys = {}
		for key in pairs(info) do keys[key] = true end
		for _, key in ipairs { "id", "type", "bits", "min", "max", "tolerance", "interpolated", "interpolation_threshold" } do
			assert.truthy(keys[key], key)
		end
		info.max = 7
		assert.equal(255, Network.type_info("small").max)
	end)

	it("is nil for a name that is no type", function()
		assert.is_nil(Network.type_info("nothing"))
		assert.is_nil(Network.type_info("hello"))
		assert.is_nil(Network.type_info(""))
	end)

	it("rejects a call without a name", function()
		assert.has_error(function() Network.type_info() end, "Network.type_info: argument 1 (type_name): expected string, got nothing")
		assert.has_error(function() Network.type_info({}) end, "Network.type_info: argument 1 (type_name): expected string, got table")
	end)
end)

describe("Network.message_info", function()
	local client
	before_each(function() client = Network.init_lan_client("lan") end)
	after_each(function() Network.shutdown_lan_client(client) end)

	it("tells of arguments in their order", function()
		local info = Network.message_info("glance")
		assert.equal(2, #info.arguments)
		assert.equal(Network.FLOAT, info.arguments[1].type)
		assert.equal(Network.VECTOR3, info.arguments[2].type)
		assert.equal(-500, info.arguments[2].min)
		assert.same({}, Network.message_info("hello").arguments)
	end)

	it("tells whether a message is reliable, urgent and bound to the session", function()
		local info = Network.message_info("glance")
		assert.same({ false, 3, false }, { info.reliable, info.priority, info.session_bound })
		info = Network.message_info("bound")
		assert.same({ true, 1, true }, { info.reliable, info.priority, info.session_bound })
	end)

	it("is nil for a name that is no message", function()
		assert.is_nil(Network.message_info("nothing"))
		assert.is_nil(Network.message_info("small"))
		assert.is_nil(Network.message_info("game_object_created"))
	end)

	it("rejects a call without a name", function()
		assert.has_error(function() Network.message_info() end,
			"Network.message_info: argument 1 (message_name): expected string, got nothing")
	end)
end)

describe("Network.object_info", function()
	local client
	before_each(function() client = Network.init_lan_client("lan") end)
	after_each(function() Network.shutdown_lan_client(client) end)

	it("tells of fields in their order, with their names", function()
		local info = Network.object_info("avatar")
		local names, kinds = {}, {}
		for i, field in ipairs(info.fields) do names[i], kinds[i] = field.id, field.type end
		assert.same({ "owner", "at", "points" }, names)
		assert.same({ Network.UINT64, Network.VECTOR3, Network.INT }, kinds)
		assert.equal(1023, info.fields[3].max)
	end)

	it("tells of priority and update rate, 1 and 0 where none were set", function()
		local info = Network.object_info("avatar")
		assert.near(0.5, info.priority, 1e-6)
		assert.near(0.05, info.update_rate, 1e-6)
		info = Network.object_info("marker")
		assert.same({ 1, 0 }, { info.priority, info.update_rate })
	end)

	it("is nil for a name that is no object", function()
		assert.is_nil(Network.object_info("nothing"))
		assert.is_nil(Network.object_info("hello"))
	end)

	it("rejects a call without a name", function()
		assert.has_error(function() Network.object_info(nil) end,
			"Network.object_info: argument 1 (object_name): expected string, got nil")
	end)
end)

describe("The schema's tables without a client", function()
	it("are nil", function()
		assert.is_nil(Network.type_info("small"))
		assert.is_nil(Network.message_info("hello"))
		assert.is_nil(Network.object_info("avatar"))
	end)
end)

describe("Peers with the same schema, written in other ways", function()
	it("connect", function()
		local peers = simulate.peers { count = 2 }
		peers[1]:run(function() client = Network.init_lan_client("lan") end)
		peers[2]:run(function() client = Network.init_lan_client("bom") end)
		lan.host(peers[1])
		lan.join(peers[2])
		lan.settle(peers, 2)
	end)
end)

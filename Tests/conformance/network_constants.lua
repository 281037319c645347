-- The constants of `Network`: their values, and that scripts may key tables by them.

local function all_differ(names)
	local seen = {}
	for _, name in ipairs(names) do
		local value = Network[name]
		assert.number(value, name)
		assert.is_nil(seen[value], name .. " has the value of " .. tostring(seen[value]))
		seen[value] = name
	end
end

describe("Network's data types", function()
	local names = {
		"BOOL", "INT", "FLOAT", "VECTOR3", "QUATERNION", "STRING", "IDSTRING32", "IDSTRING64", "RESOURCE_ID", "UINT64", "ARRAY",
	}

	it("count from 0 in this order", function()
		assert.equal(0, Network.BOOL)
		assert.equal(1, Network.INT)
		assert.equal(2, Network.FLOAT)
		assert.equal(3, Network.VECTOR3)
		assert.equal(4, Network.QUATERNION)
		assert.equal(5, Network.STRING)
		assert.equal(6, Network.IDSTRING32)
		assert.equal(7, Network.IDSTRING64)
		assert.equal(8, Network.RESOURCE_ID)
		assert.equal(9, Network.UINT64)
		assert.equal(10, Network.ARRAY)
	end)

	it("differ from each other", function() all_differ(names) end)

	it("are the same under stingray", function()
		for _, name in ipairs(names) do assert.equal(Network[name], stingray.Network[name]) end
	end)

	it("are what type_info speaks of", function()
		local client = Network.init_lan_client("lan")
		local kinds = {
			small = Network.INT, counter = Network.INT, percent = Network.FLOAT, place = Network.VECTOR3, facing = Network.QUATERNION,
			text = Network.STRING, peer = Network.UINT64, list = Network.ARRAY,
		}
		for name, kind in pairs(kinds) do assert.equal(kind, Network.type_info(name).type, name) end
		Network.shutdown_lan_client(client)
	end)
end)

describe("Network's log levels", function()
	local names = { "SILENT", "WARNINGS", "MESSAGES", "SPEW" }

	it("rise with what is logged", function()
		assert.equal(0, Network.SILENT)
		assert.equal(1, Network.WARNINGS)
		assert.equal(2, Network.MESSAGES)
		assert.equal(3, Network.SPEW)
	end)

	it("differ from each other", function() all_differ(names) end)

	it("are what log takes", function()
		for _, name in ipairs(names) do Network.log(Network[name]) end
		Network.log(Network.SILENT)
	end)
end)

describe("Network's kinds of Steam lobbies", function()
	it("have Valve's values", function()
		assert.equal(0, Network.STEAM_LOBBY_PRIVATE)
		assert.equal(1, Network.STEAM_LOBBY_FRIENDS_ONLY)
		assert.equal(2, Network.STEAM_LOBBY_PUBLIC)
		assert.equal(3, Network.STEAM_LOBBY_INVISIBLE)
	end)

	it("differ from each other", function()
		all_differ { "STEAM_LOBBY_PRIVATE", "STEAM_LOBBY_FRIENDS_ONLY", "STEAM_LOBBY_PUBLIC", "STEAM_LOBBY_INVISIBLE" }
	end)
end)

describe("Network", function()
	it("gives nil for a constant that it does not have", function()
		assert.is_nil(Network.DOUBLE)
		assert.is_nil(Network.VERBOSE)
		assert.is_nil(Network.STEAM_LOBBY_SECRET)
	end)
end)

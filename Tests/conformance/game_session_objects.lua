-- The objects of a game session: creating, destroying and changing them, and what every peer reads of them.

local session = require "support/session"

local function field(peer, id, name)
	return peer:run(function(id, name) return game:game_object_field(id, name) end, id, name)
end

local function exists(peer, id)
	return peer:run(function(id) return game:game_object_exists(id) end, id)
end

-- Values of every kind. Code, since a peer makes them in its own state.
local function make_everything()
	everything = {
		flag = true, small = 200, wide = -2000000000, ten_bits = 1023, signed = -7, percent = 0.3, smooth = 0.777, exact = 0.1,
		place = Vector3(1.23456, -499.999, 500), point = Vector3(1e-20, 1e20, -0.1),
		facing = Quaternion(Vector3(0.6, 0, 0.8), 1.1), sharp = Quaternion(Vector3(0.6, 0, 0.8), 1.1),
		text = "zero \0 and \255", short = "", hash32 = "a name", hash64 = "a name", unit = "units/beings/player",
		peer = "1100001026fb0cb", object = 131071, list = { 0, 255, 7 }, places = { Vector3(1, 2, 3) }, texts = { "\0", "", "abc" },
		peer_list = { "0", "ffffffffffffffff" },
	}
end

-- All fields of an object as text that tells bit for bit what they are.
local function read_everything(id, kinds)
	local function bits(value)
		if type(value) == "number" then return ("%.17g"):format(value) end
		if type(value) == "table" then
			local parts = {}
			for i, element in ipairs(value) do parts[i] = bits(element) end
			return "{" .. table.concat(parts, " ") .. "}"
		end
		if type(value) ~= "userdata" then return tostring(value) end
		local name = stingray.Script.type_name(value)
		if name == "Vector3" or name == "Quaternion" then
			local parts = { stingray[name].to_elements(value) }
			for i, element in ipairs(parts) do parts[i] = ("%.17g"):format(element) end
			return name .. " " .. table.concat(parts, " ")
		end
		return name .. " " .. stingray[name].to_hex(value)
	end
	local read = {}
	for _, kind in ipairs(kinds) do read[kind] = bits(game:game_object_field(id, kind)) end
	return read
end

describe("GameSession.create_game_object", function()
	for _, topology in ipairs(session.topologies) do
		it("gives all peers the object, with its fields as the callback runs (" .. topology .. ")", function()
			local peers = session.play { count = 3, topology = topology, latency = 0.02 }
			local creator = peers.ids[2]
			for _, i in ipairs { 1, 3 } do
				peers[i]:run(function()
					heard = {}
					function callbacks:game_object_created(id, creator)
						heard[#heard + 1] = {
							self == callbacks, id, creator, game:game_object_field(id, "points"), game:game_object_is_type(id, "avatar"),
							game:game_object_owner(id), game:game_object_owned(id),
						}
					end
				end)
			end
			local id = session.create(peers, 2, "avatar", { owner_peer = creator, points = 12 })
			for _, i in ipairs { 1, 3 } do
				assert.same({ { true, id, creator, 12, true, creator, false } }, peers[i]:run(function() return heard end))
			end
			peers:step(10)
			assert.same({}, peers[2]:events())
		end)

		it("gives every kind of field the same value everywhere, bit for bit (" .. topology .. ")", function()
			local peers = session.play { count = 3, topology = topology }
			peers[2]:run(make_everything)
			local id = peers[2]:run(function() return game:create_game_object("everything", everything) end)
			local own = peers[2]:run(read_everything, id, session.kinds)
			for _, i in ipairs { 1, 3 } do
				session.wait(peers, i, function(id) return game:game_object_exists(id) end, 5, id)
				assert.same(own, peers[i]:run(read_everything, id, session.kinds))
			end
			assert.equal("true", own.flag)
			assert.equal("zero \0 and \255", own.text)
			assert.equal("1100001026fb0cb", own.peer)
			assert.equal("{0 255 7}", own.list)
			assert.equal("{0 ffffffffffffffff}", own.peer_list)
			assert.equal("IdString32 " .. IdString32.to_hex(IdString32("a name")), own.hash32)
			assert.equal("IdString64 " .. IdString64.to_hex(IdString64("units/beings/player")), own.unit)
			assert.near(0.3, tonumber(own.percent), 0.5 / 127 + 1e-9)
			assert.not_equal("0.3", own.percent)
		end)
	end

	it("sets fields that are left out to the value nearest to zero", function()
		local peers = session.play { count = 2 }
		local id = session.create(peers, 1, "everything", { small = 9 })
		for i = 1, 2 do
			local read = peers[i]:run(read_everything, id, session.kinds)
			assert.same({
				flag = "false", small = "9", wide = "0", ten_bits = "0", signed = "-3", percent = "0", exact = "0",
				smooth = read.smooth, place = read.place, point = "Vector3 0 0 0",
				facing = read.facing, sharp = "Quaternion 0 0 0 1", text = "", short = "",
				hash32 = "IdString32 00000000", hash64 = "IdString64 0000000000000000", unit = "IdString64 0000000000000000",
				peer = "0", object = "0", list = "{}", places = "{}", texts = "{}", peer_list = "{}",
			}, read)
			assert.near(0, tonumber(read.smooth), 0.01)
			local place = field(peers[i], id, "place")
			assert.near(0, Vector3.length(place), 0.01)
			assert.near(1, (select(4, Quaternion.to_elements(field(peers[i], id, "facing")))), 1e-6)
		end
	end)

	it("takes no fields for a type without fields", function()
		local peers = session.play { count = 2 }
		local id = session.create(peers, 1, "empty", {})
		assert.equal(true, peers[2]:run(function(id) return game:game_object_is_type(id, "empty") end, id))
	end)

	it("gives small ids from 1, the lowest free one, and no two peers the same", function()
		local peers = session.play { count = 3 }
		local seen = {}
		for i = 1, 3 do
			local made = peers[i]:run(function()
				local made = {}
				for n = 1, 50 do made[n] = game:create_game_object("marker", { number = n }) end
				return made
			end)
			for n, id in ipairs(made) do
				assert.is_nil(seen[id])
				seen[id] = true
				assert(id >= 1 and id < 65536 and id == math.floor(id))
				assert.equal(made[1] + n - 1, id)
			end
			if i == 1 then assert.equal(1, made[1]) end
		end
	end)

	it("does not use an id again while a peer may know its last bearer", function()
		local peers = session.play { count = 2, latency = 0.2 }
		local first, second = peers[1]:run(function()
			local first = game:create_game_object("marker", { number = 1 })
			game:destroy_game_object(first)
			return first, game:create_game_object("marker", { number = 2 })
		end)
		assert.not_equal(first, second)
		peers:step(120)
		assert.equal(first, peers[1]:run(function() return game:create_game_object("marker", {}) end))
		assert.equal(2, field(peers[2], second, "number"))
	end)

	it("clamps a float that is out of range, with one warning a field and second", function()
		local peers = session.play { count = 2 }
		local warning = 'GameSession: field "percent" of "everything": number 1.5 is outside 0 to 1 and was clamped'
		local id = peers[1]:run(function()
			game:create_game_object("everything", { percent = 1.5 })
			return game:create_game_object("everything", { percent = 1.5 })
		end)
		assert.equal(1, field(peers[1], id, "percent"))
		assert.equal(1, session.warnings(peers[1], warning))
		peers:step(61)
		peers[1]:run(function(id) game:set_game_object_field(id, "percent", 1.5) end, id)
		assert.equal(2, session.warnings(peers[1], warning))
	end)

	it("rejects unknown types and fields, with the nearest name", function()
		local peers = session.play { count = 1 }
		session.rejects('GameSession.create_game_object: argument 2: the network config has no object type "avatr"; did you mean `avatar`?',
			peers[1], function() game:create_game_object("avatr", {}) end)
		session.rejects('GameSession.create_game_object: argument 3 (fields): object type "avatar" has no field "pionts"; did you mean `points`?',
			peers[1], function() game:create_game_object("avatar", { pionts = 3 }) end)
		session.rejects('GameSession.create_game_object: argument 3 (fields): object type "avatar" has no field "1"',
			peers[1], function() game:create_game_object("avatar", { 3 }) end)
		assert.same({}, peers[1]:run(function() return game:objects_owned_by(Network.peer_id()) end))
	end)

	it("rejects values that a field cannot hold, and creates nothing then", function()
		local peers = session.play { count = 1 }
		local function refuse(text, kind, value)
			session.rejects("GameSession.create_game_object: " .. text, peers[1], function(kind, value)
				game:create_game_object("everything", { [kind] = value })
			end, kind, value)
		end
		refuse('field "small": expected integer 0 to 255, got number 256', "small", 256)
		refuse('field "small": expected integer 0 to 255, got number -1', "small", -1)
		refuse('field "signed": expected integer -10 to -3, got number 0', "signed", 0)
		refuse('field "flag": expected boolean, got number 1', "flag", 1)
		refuse('field "percent": expected finite numbers, got number nan', "percent", 0 / 0)
		refuse('field "exact": expected finite numbers, got number inf', "exact", math.huge)
		refuse('field "point": expected Vector3, got table', "point", { 1, 2, 3 })
		refuse('field "facing": expected Quaternion, got Vector3', "facing", Vector3(0, 0, 0))
		refuse('field "short": expected string of at most 8 bytes, got 9 bytes', "short", "123456789")
		refuse('field "text": expected string of at most 4000 bytes, got boolean true', "text", true)
		refuse('field "hash32": expected IdString32, name or #hexadecimal, got boolean true', "hash32", true)
		refuse('field "peer": expected 64-bit id (hexadecimal string or integer), got string "somebody"', "peer", "somebody")
		refuse('field "list": expected array of at most 4 values (integer 0 to 255), got 5 values', "list", { 1, 2, 3, 4, 5 })
		refuse('field "list", element 2: expected integer 0 to 255, got string "x"', "list", { 1, "x" })
		refuse('field "list": expected array of at most 4 values (integer 0 to 255), got number 1', "list", 1)
		assert.equal(1, peers[1]:run(function() return game:create_game_object("marker", {}) end))
	end)

	it("rejects to be called outside of a session, and without fields", function()
		local peers = session.meet { count = 1 }
		peers[1]:run(function() game = Network.create_game_session() end)
		session.rejects("GameSession.create_game_object: this peer is not in a game session; a host calls make_game_session_host first, a client waits until in_session() is true",
			peers[1], function() game:create_game_object("marker", {}) end)
		session.rejects("GameSession.create_game_object: argument 3 (fields): expected table, got nothing",
			peers[1], function() game:create_game_object("marker") end)
		peers[1]:run(function()
			game:make_game_session_host()
			game:shutdown_game_session_host()
		end)
		session.rejects("GameSession.create_game_object: this game session is over; call shutdown_game_session and create a new one",
			peers[1], function() game:create_game_object("marker", {}) end)
	end)
end)

describe("GameSession.destroy_game_object", function()
	for _, topology in ipairs(session.topologies) do
		it("ends the object everywhere; the others still read its fields in the callback (" .. topology .. ")", function()
			local peers = session.play { count = 3, topology = topology }
			local owner = peers.ids[2]
			local id = session.create(peers, 2, "marker", { number = 44 })
			for _, i in ipairs { 1, 3 } do
				peers[i]:run(function()
					heard = {}
					function callbacks:game_object_destroyed(id, destroyer)
						heard = { id, destroyer, game:game_object_exists(id), game:game_object_field(id, "number"),
							game:game_object_is_type(id, "marker"), game:game_object_owner(id) }
					end
				end)
			end
			assert.equal(false, peers[2]:run(function(id)
				game:destroy_game_object(id)
				return game:game_object_exists(id)
			end, id))
			for _, i in ipairs { 1, 3 } do
				session.wait(peers, i, function() return #heard > 0 end)
				assert.same({ id, owner, true, 44, true, owner }, peers[i]:run(function() return heard end))
				assert.equal(false, exists(peers[i], id))
			end
			assert.same({}, peers[2]:events())
		end)
	end

	it("is seen behind the creation, however short the object lives", function()
		local peers = session.play { count = 2, latency = 0.1, jitter = 0.1, loss = 0.2, seed = 3 }
		local owner = peers.ids[1]
		local id = peers[1]:run(function()
			local id = game:create_game_object("marker", { number = 1 })
			game:set_game_object_field(id, "number", 2)
			game:destroy_game_object(id)
			return id
		end)
		session.wait_event(peers, 2, "game_object_destroyed")
		assert.same({
			{ name = "game_object_created", n = 2, id, owner }, { name = "game_object_destroyed", n = 2, id, owner },
		}, peers[2]:events())
	end)

	it("rejects objects of others, and ids that do not exist", function()
		local peers = session.play { count = 2 }
		local owner = peers.ids[1]
		local id = session.create(peers, 1, "marker")
		session.rejects(("GameSession.destroy_game_object: object %d is owned by peer %s, not by this peer"):format(id, owner),
			peers[2], function(id) game:destroy_game_object(id) end, id)
		session.rejects("GameSession.destroy_game_object: object 999 does not exist", peers[1], function() game:destroy_game_object(999) end)
		session.rejects("GameSession.destroy_game_object: object 0 does not exist", peers[1], function() game:destroy_game_object(0) end)
		session.rejects("GameSession.destroy_game_object: argument 2 (object_id): expected integer 0 to 4294967295, got number -1",
			peers[1], function() game:destroy_game_object(-1) end)
		session.rejects("GameSession.destroy_game_object: argument 2 (object_id): expected integer 0 to 4294967295, got number 1.5",
			peers[1], function() game:destroy_game_object(1.5) end)
		session.rejects("GameSession.destroy_game_object: argument 2 (object_id): expected integer 0 to 4294967295, got nil",
			peers[1], function() game:destroy_game_object(nil) end)
		assert.equal(true, exists(peers[2], id))
	end)
end)

describe("GameSession.set_game_object_field", function()
	for _, topology in ipairs(session.topologies) do
		it("brings every kind of value to all peers, bit for bit (" .. topology .. ")", function()
			local peers = session.play { count = 3, topology = topology, latency = 0.05, jitter = 0.04, loss = 0.2, seed = 5 }
			local id = session.create(peers, 3, "everything", {})
			peers[3]:run(make_everything)
			peers[3]:run(function(id)
				for name, value in pairs(everything) do game:set_game_object_field(id, name, value) end
			end, id)
			local own = peers[3]:run(read_everything, id, session.kinds)
			assert.equal("200", own.small)
			assert(peers:step_until(function()
				for i = 1, 2 do
					local read = peers[i]:run(read_everything, id, session.kinds)
					for _, kind in ipairs(session.kinds) do
						if read[kind] ~= own[kind] then return false end
					end
				end
				return true
			end, 20))
			-- Changes call nobody.
			assert.same({ { name = "game_object_created", n = 2, id, peers.ids[3] } }, peers[2]:events())
		end)

		it("ends with the last of many values (" .. topology .. ")", function()
			local peers = session.play { count = 3, topology = topology, latency = 0.05, jitter = 0.05, loss = 0.3, seed = 9 }
			local id = session.create(peers, 2, "avatar", {})
			for n = 1, 100 do
				peers[2]:run(function(id, n) game:set_game_object_field(id, "points", n) end, id, n)
				peers:step()
			end
			for _, i in ipairs { 1, 3 } do
				session.wait(peers, i, function(id) return game:game_object_field(id, "points") == 100 end, 10, id)
			end
			peers:step(120)
			for i = 1, 3 do assert.equal(100, field(peers[i], id, "points")) end
		end)
	end

	it("can be called many times between two updates", function()
		local peers = session.play { count = 2 }
		local id = session.create(peers, 1, "marker")
		peers[1]:run(function(id) for n = 1, 1000 do game:set_game_object_field(id, "number", n) end end, id)
		session.wait(peers, 2, function(id) return game:game_object_field(id, "number") == 1000 end, 5, id)
		assert.same({ { name = "game_object_created", n = 2, id, peers.ids[1] } }, peers[2]:events())
	end)

	it("takes numeric strings for numbers, and numbers for strings", function()
		local peers = session.play { count = 1 }
		local id = session.create(peers, 1, "everything")
		assert.same({ 17, 0.5, "12" }, peers[1]:run(function(id)
			game:set_game_object_field(id, "small", "17")
			game:set_game_object_field(tostring(id), "exact", "0.5")
			game:set_game_object_field(id, "text", 12)
			return { game:game_object_field(id, "small"), game:game_object_field(tostring(id), "exact"), game:game_object_field(id, "text") }
		end, id))
	end)

	it("rejects objects of others, unknown objects and fields, and values that do not fit", function()
		local peers = session.play { count = 2 }
		local owner = peers.ids[1]
		local id = session.create(peers, 1, "everything", { small = 3 })
		local function refuse(text, peer, ...)
			session.rejects("GameSession.set_game_object_field: " .. text, peer, function(id, name, value)
				game:set_game_object_field(id, name, value)
			end, ...)
		end
		refuse(("object %d is owned by peer %s, not by this peer"):format(id, owner), peers[2], id, "small", 1)
		refuse("object 999 does not exist", peers[1], 999, "small", 1)
		refuse('argument 3 (field): object type "everything" has no field "smal"; did you mean `small`?', peers[1], id, "smal", 1)
		refuse('field "small": expected integer 0 to 255, got number 300', peers[1], id, "small", 300)
		refuse('field "small": expected integer 0 to 255, got nil', peers[1], id, "small", nil)
		refuse('field "point": expected finite numbers, got Vector3 (inf, 0.0, 0.0)', peers[1], id, "point", Vector3(math.huge, 0, 0))
		refuse("argument 3 (field): expected string, got nil", peers[1], id, nil, 1)
		session.rejects("GameSession.set_game_object_field: argument 4 (value): expected a value, got nothing",
			peers[1], function(id) game:set_game_object_field(id, "small") end, id)
		for i = 1, 2 do assert.equal(3, field(peers[i], id, "small")) end
	end)
end)

describe("GameSession.game_object_field", function()
	it("gives the owner the quantised value, too", function()
		local peers = session.play { count = 2 }
		local id = session.create(peers, 1, "everything", { percent = 0.3, place = Vector3(0.1, 0.2, 0.3) })
		local own, other = field(peers[1], id, "percent"), field(peers[2], id, "percent")
		assert.equal(own, other)
		assert.near(0.3, own, 0.5 / 127)
		assert.not_equal(0.3, own)
		assert.equal(field(peers[1], id, "place"), field(peers[2], id, "place"))
	end)

	it("gives ranges' both ends exactly", function()
		local peers = session.play { count = 1 }
		local id = session.create(peers, 1, "everything", { percent = 1, smooth = -1, place = Vector3(-500, 500, -500) })
		assert.same({ 1, -1, { -500, 500, -500 } },
			{ field(peers[1], id, "percent"), field(peers[1], id, "smooth"), { Vector3.to_elements(field(peers[1], id, "place")) } })
	end)

	it("gives arrays that are the caller's own", function()
		local peers = session.play { count = 1 }
		local id = session.create(peers, 1, "everything", { list = { 1, 2 } })
		assert.same({ 1, 2 }, peers[1]:run(function(id)
			table.insert(game:game_object_field(id, "list"), 3)
			return game:game_object_field(id, "list")
		end, id))
	end)

	it("rejects unknown objects and fields", function()
		local peers = session.play { count = 1 }
		local id = session.create(peers, 1, "avatar")
		session.rejects("GameSession.game_object_field: object 77 does not exist", peers[1], function() game:game_object_field(77, "points") end)
		session.rejects('GameSession.game_object_field: argument 3 (field): object type "avatar" has no field "position"',
			peers[1], function(id) game:game_object_field(id, "position") end, id)
		session.rejects("GameSession.game_object_field: argument 3 (field): expected string, got nothing",
			peers[1], function(id) game:game_object_field(id) end, id)
	end)
end)

describe("GameSession.game_object_exists", function()
	it("tells whether there is such an object here, and never raises for a number", function()
		local peers = session.play { count = 2 }
		local id = session.create(peers, 1, "marker")
		for i = 1, 2 do
			assert.equal(true, exists(peers[i], id))
			assert.equal(true, exists(peers[i], tostring(id)))
			assert.equal(false, exists(peers[i], 0))
			assert.equal(false, exists(peers[i], 65535))
			assert.equal(false, exists(peers[i], 4294967295))
		end
	end)

	it("rejects what is no id", function()
		local peers = session.play { count = 1 }
		session.rejects('GameSession.game_object_exists: argument 2 (object_id): expected integer 0 to 4294967295, got string "one"',
			peers[1], function() game:game_object_exists("one") end)
		session.rejects("GameSession.game_object_exists: argument 2 (object_id): expected integer 0 to 4294967295, got number inf",
			peers[1], function() game:game_object_exists(math.huge) end)
	end)
end)

describe("GameSession.game_object_is_type", function()
	it("compares the object's type", function()
		local peers = session.play { count = 2 }
		local id = session.create(peers, 1, "avatar")
		for i = 1, 2 do
			assert.same({ true, false }, peers[i]:run(function(id)
				return { game:game_object_is_type(id, "avatar"), game:game_object_is_type(id, "marker") }
			end, id))
		end
	end)

	it("rejects unknown objects and types", function()
		local peers = session.play { count = 1 }
		local id = session.create(peers, 1, "avatar")
		session.rejects("GameSession.game_object_is_type: object 55 does not exist", peers[1], function() game:game_object_is_type(55, "avatar") end)
		session.rejects('GameSession.game_object_is_type: argument 3: the network config has no object type "marked"; did you mean `marker`?',
			peers[1], function(id) game:game_object_is_type(id, "marked") end, id)
		session.rejects("GameSession.game_object_is_type: argument 3 (object_type): expected string, got nothing",
			peers[1], function(id) game:game_object_is_type(id) end, id)
	end)
end)

describe("GameSession.game_object_owned", function()
	it("is true for the owner only", function()
		local peers = session.play { count = 2 }
		local id = session.create(peers, 2, "marker")
		assert.equal(false, peers[1]:run(function(id) return game:game_object_owned(id) end, id))
		assert.equal(true, peers[2]:run(function(id) return game:game_object_owned(id) end, id))
	end)

	it("rejects unknown objects", function()
		local peers = session.play { count = 1 }
		session.rejects("GameSession.game_object_owned: object 3 does not exist", peers[1], function() game:game_object_owned(3) end)
	end)
end)

describe("GameSession.game_object_owner", function()
	it("gives the creator's peer id", function()
		local peers = session.play { count = 3 }
		local owner = peers.ids[2]
		local id = session.create(peers, 2, "marker")
		for i = 1, 3 do assert.equal(owner, peers[i]:run(function(id) return game:game_object_owner(id) end, id)) end
	end)

	it("rejects unknown objects", function()
		local peers = session.play { count = 1 }
		session.rejects("GameSession.game_object_owner: object 3 does not exist", peers[1], function() game:game_object_owner(3) end)
	end)
end)

describe("GameSession.objects_owned_by", function()
	it("lists a peer's objects, on every peer the same", function()
		local peers = session.play { count = 3 }
		local owner, other = peers.ids[2], peers.ids[3]
		local first = session.create(peers, 2, "marker")
		local second = session.create(peers, 2, "avatar")
		session.create(peers, 1, "marker")
		for i = 1, 3 do
			assert.same({ first, second }, peers[i]:run(function(id) return game:objects_owned_by(id) end, owner))
			assert.same({}, peers[i]:run(function(id) return game:objects_owned_by(id) end, other))
			assert.same({}, peers[i]:run(function() return game:objects_owned_by("abc123") end))
		end
		peers[2]:run(function(id) game:destroy_game_object(id) end, first)
		session.wait(peers, 3, function(id) return not game:game_object_exists(id) end, 5, first)
		assert.same({ second }, peers[3]:run(function(id) return game:objects_owned_by(id) end, owner))
	end)

	it("rejects what is no peer id", function()
		local peers = session.play { count = 1 }
		session.rejects("GameSession.objects_owned_by: argument 2 (peer_id): expected peer id (hexadecimal string), got nothing",
			peers[1], function() game:objects_owned_by() end)
		session.rejects("GameSession.objects_owned_by: argument 2 (peer_id): expected peer id (hexadecimal string), got number 0.5",
			peers[1], function() game:objects_owned_by(0.5) end)
	end)
end)

describe("GameSession.set_game_object_priority", function()
	it("takes any object and member, also another's object", function()
		local peers = session.play { count = 2 }
		local other = peers.ids[2]
		local id = session.create(peers, 1, "marker")
		peers[1]:run(function(id, other) game:set_game_object_priority(id, other, 0.01) end, id, other)
		peers[2]:run(function(id, other) game:set_game_object_priority(id, other, 2) end, id, peers.ids[1])
		peers[1]:run(function(id) game:set_game_object_field(id, "number", 8) end, id)
		session.wait(peers, 2, function(id) return game:game_object_field(id, "number") == 8 end, 5, id)
	end)

	it("brings the changes of a more urgent object first where the line is thin", function()
		local peers = session.play { count = 2 }
		local other = peers.ids[2]
		local made = peers[1]:run(function()
			local made = {}
			for n = 1, 200 do made[n] = game:create_game_object("everything", {}) end
			return made
		end)
		session.wait(peers, 2, function(id) return game:game_object_exists(id) end, 20, made[#made])
		peers:step(60)
		peers:faults { bandwidth = 20000 }
		local urgent = made[100]
		peers[1]:run(function(made, other, urgent)
			game:set_game_object_priority(urgent, other, 0.0001)
			for _, id in ipairs(made) do game:set_game_object_field(id, "text", ("x"):rep(400)) end
		end, made, other, urgent)
		local function arrived()
			return peers[2]:run(function(made)
				local count = 0
				for _, id in ipairs(made) do
					if game:game_object_field(id, "text") ~= "" then count = count + 1 end
				end
				return count
			end, made)
		end
		assert(peers:step_until(function()
			return peers[2]:run(function(id) return game:game_object_field(id, "text") ~= "" end, urgent)
		end, 20))
		assert(arrived() < 20)
		assert(peers:step_until(function() return arrived() == 200 end, 60))
	end)

	it("rejects unknown objects and peers, and priorities that are none", function()
		local peers = session.play { count = 2 }
		local other = peers.ids[2]
		local id = session.create(peers, 1, "marker")
		local function refuse(text, ...)
			session.rejects("GameSession.set_game_object_priority: " .. text, peers[1], function(id, peer, priority)
				game:set_game_object_priority(id, peer, priority)
			end, ...)
		end
		refuse("object 999 does not exist", 999, other, 1)
		refuse("peer abc123 is not in the session", id, "abc123", 1)
		refuse("expected a priority above 0, got 0.0", id, other, 0)
		refuse("expected a priority above 0, got -1.0", id, other, -1)
		refuse("argument 4 (priority): expected number, got nil", id, other, nil)
	end)
end)

-- Units of a headless world.

local DEAD = "this Unit was destroyed; it cannot be used any more"

local world, unit

before_each(function()
	world = Application.new_world()
	unit = world:spawn_unit("units/box", Vector3(1, 2, 3))
end)

after_each(function()
	for _, other in ipairs(Application.worlds()) do Application.release_world(other) end
	Script.set_index_offset(1)
end)

local function place(x, y, z, vector)
	assert.same({ x, y, z }, { vector.x, vector.y, vector.z })
end

describe("Unit.alive", function()
	it("is true until the unit ends", function()
		assert.is_true(Unit.alive(unit))
		world:destroy_unit(unit)
		assert.is_false(Unit.alive(unit))
		assert.is_false(unit:alive())
	end)

	it("is false once the world is released", function()
		Application.release_world(world)
		assert.is_false(Unit.alive(unit))
	end)

	it("rejects what is no unit", function()
		assert.has_error(function() Unit.alive(nil) end, "Unit.alive: argument 1 (self): expected Unit, got nil")
		assert.has_error(function() Unit.alive(world) end, "Unit.alive: argument 1 (self): expected Unit, got World")
	end)
end)

describe("Unit.name_hash", function()
	it("is the hash of the name", function()
		assert.equal(IdString64.to_hex(IdString64("units/box")), Unit.name_hash(unit))
	end)

	it("rejects dead units", function()
		world:destroy_unit(unit)
		assert.has_error(function() unit:name_hash() end, "Unit.name_hash: " .. DEAD)
	end)
end)

-- Every function that reads the place: what it is called, and how what it gives is compared.
local turned = Quaternion(Vector3.up(), 0.5)

local getters = {
	position = function(value) place(1, 2, 3, value) end,
	rotation = function(value) assert.is_true(Quaternion.equal(turned, value)) end,
	scale = function(value) place(2, 2, 4, value) end,
	pose = function(value)
		place(1, 2, 3, Matrix4x4.translation(value))
		assert.near(1, Quaternion.dot(turned, Matrix4x4.rotation(value)), 1e-6)
		assert.near(4, Matrix4x4.scale(value).z, 1e-5)
	end,
}

for _, name in ipairs { "local_position", "local_rotation", "local_scale", "local_pose", "world_position", "world_rotation", "world_pose" } do
	describe("Unit." .. name, function()
		it("gives what was set", function()
			unit:set_local_rotation(1, turned)
			unit:set_local_scale(1, Vector3(2, 2, 4))
			local check = getters[name:match("_(%a+)$")]
			check(Unit[name](unit, 1))
			check(unit[name](unit))
			Script.set_index_offset(0)
			check(unit[name](unit, 0))
		end)

		it("rejects nodes that are not there, and dead units", function()
			assert.has_error(function() Unit[name](unit, 2) end,
				("Unit.%s: argument 2 (i): the unit has one node, whose index is 1; got number 2"):format(name))
			assert.has_error(function() Unit[name](unit, "root") end,
				('Unit.%s: argument 2 (i): expected integer, got string "root"'):format(name))
			world:destroy_unit(unit)
			assert.has_error(function() Unit[name](unit, 1) end, ("Unit.%s: %s"):format(name, DEAD))
		end)
	end)
end

describe("Unit.set_local_position", function()
	it("moves the unit", function()
		Unit.set_local_position(unit, 1, Vector3(4, 5, 6))
		place(4, 5, 6, unit:local_position(1))
		place(4, 5, 6, unit:world_position(1))
		unit:set_local_position(nil, Vector3(7, 8, 9))
		place(7, 8, 9, unit:local_position())
	end)

	it("rejects what is no place, and dead units", function()
		assert.has_error(function() unit:set_local_position(1, turned) end,
			"Unit.set_local_position: argument 3 (position): expected Vector3, got Quaternion")
		assert.has_error(function() unit:set_local_position(1, Vector3(0, 0, 0 / 0)) end,
			"Unit.set_local_position: argument 3 (position): expected finite numbers, got Vector3(0, 0, nan)")
		assert.has_error(function() unit:set_local_position(0, Vector3(0, 0, 0)) end,
			"Unit.set_local_position: argument 2 (i): the unit has one node, whose index is 1; got number 0")
		world:destroy_unit(unit)
		assert.has_error(function() unit:set_local_position(1, Vector3(0, 0, 0)) end, "Unit.set_local_position: " .. DEAD)
	end)
end)

describe("Unit.set_local_rotation", function()
	it("turns the unit", function()
		Unit.set_local_rotation(unit, 1, turned)
		assert.is_true(Quaternion.equal(turned, unit:local_rotation(1)))
		assert.is_true(Quaternion.equal(turned, unit:world_rotation(1)))
	end)

	it("rejects what is no rotation, and dead units", function()
		assert.has_error(function() unit:set_local_rotation(1, Quaternion.from_elements(0, 0, 0, 0)) end,
			"Unit.set_local_rotation: argument 3 (rotation): expected a rotation, got Quaternion(0, 0, 0, 0)")
		assert.has_error(function() unit:set_local_rotation(1) end,
			"Unit.set_local_rotation: argument 3 (rotation): expected Quaternion, got nothing")
		world:destroy_unit(unit)
		assert.has_error(function() unit:set_local_rotation(1, turned) end, "Unit.set_local_rotation: " .. DEAD)
	end)
end)

describe("Unit.set_local_scale", function()
	it("sets the scale, which place and rotation do not change", function()
		Unit.set_local_scale(unit, 1, Vector3(2, 3, 4))
		unit:set_local_position(1, Vector3(0, 0, 0))
		unit:set_local_rotation(1, turned)
		place(2, 3, 4, unit:local_scale(1))
	end)

	it("rejects what is no scale, and dead units", function()
		assert.has_error(function() unit:set_local_scale(1, 2) end,
			"Unit.set_local_scale: argument 3 (scale): expected Vector3, got number 2")
		world:destroy_unit(unit)
		assert.has_error(function() unit:set_local_scale(1, Vector3(1, 1, 1)) end, "Unit.set_local_scale: " .. DEAD)
	end)
end)

describe("Unit.set_local_pose", function()
	it("sets place, rotation and scale", function()
		local pose = Matrix4x4.from_quaternion_position(turned, Vector3(4, 5, 6))
		Matrix4x4.set_scale(pose, Vector3(2, 2, 4))
		Unit.set_local_pose(unit, 1, pose)
		place(4, 5, 6, unit:local_position())
		assert.near(1, Quaternion.dot(turned, unit:local_rotation()), 1e-6)
		assert.near(4, unit:local_scale().z, 1e-5)
	end)

	it("rejects what is no pose, and dead units", function()
		assert.has_error(function() unit:set_local_pose(1, turned) end,
			"Unit.set_local_pose: argument 3 (pose): expected Matrix4x4, got Quaternion")
		assert.has_error(function() unit:set_local_pose(1, Matrix4x4.from_translation(Vector3(0, 1 / 0, 0))) end,
			"Unit.set_local_pose: argument 3 (pose): expected finite numbers, got Matrix4x4")
		world:destroy_unit(unit)
		assert.has_error(function() unit:set_local_pose(1, Matrix4x4.identity()) end, "Unit.set_local_pose: " .. DEAD)
	end)
end)

describe("Unit.set_data", function()
	it("keeps values of any type", function()
		local list = {}
		for i, value in ipairs { 1, "text", true, false, list, print, world, Vector3(1, 2, 3) } do
			Unit.set_data(unit, i, value)
			assert.equal(value, Unit.get_data(unit, i))
		end
		assert.equal(list, unit:get_data(5))
	end)

	it("takes several keys", function()
		unit:set_data("a", "b", 3, "deep")
		unit:set_data("a", "c", "beside")
		unit:set_data("top", 1)
		assert.equal("deep", unit:get_data("a", "b", 3))
		assert.equal("beside", unit:get_data("a", "c"))
		assert.equal(1, unit:get_data("top"))
		unit:set_data(1, 2, 3, 4, 5, 6, 7, 8, "deepest")
		assert.equal("deepest", unit:get_data(1, 2, 3, 4, 5, 6, 7, 8))
	end)

	it("leads through tables that a script has stored", function()
		local stats = { health = 5 }
		unit:set_data("stats", stats)
		assert.equal(5, unit:get_data("stats", "health"))
		unit:set_data("stats", "armour", 2)
		assert.equal(2, stats.armour)
	end)

	it("takes values away with nil", function()
		unit:set_data("a", "b", 1)
		unit:set_data("a", "b", nil)
		unit:set_data("x", "y", nil)
		assert.is_nil(unit:get_data("a", "b"))
		assert.is_false(unit:has_data("x"))
	end)

	it("keeps a number and its text apart", function()
		unit:set_data(1, "number")
		unit:set_data("1", "text")
		assert.equal("number", unit:get_data(1))
		assert.equal("text", unit:get_data("1"))
	end)

	it("lets the data go with the unit", function()
		local held = setmetatable({}, { __mode = "k" })
		local function store()
			local thing = {}
			held[thing] = true
			unit:set_data("thing", thing)
		end
		store()
		collectgarbage()
		assert.not_nil(next(held))
		world:destroy_unit(unit)
		collectgarbage()
		collectgarbage()
		assert.is_nil(next(held))
	end)

	it("rejects keys that are none, values in the way, and dead units", function()
		assert.has_error(function() unit:set_data({}, 1) end,
			"Unit.set_data: argument 2 (indices): expected integer or string, got table")
		assert.has_error(function() unit:set_data("a", 1.5, 1) end,
			"Unit.set_data: argument 3 (indices): expected integer or string, got number 1.5")
		assert.has_error(function() unit:set_data("a") end, "Unit.set_data: argument 3 (value): expected a value, got nothing")
		assert.has_error(function() unit:set_data(1, 2, 3, 4, 5, 6, 7, 8, 9, "too deep") end,
			"Unit.set_data: expected 1 to 8 keys, got 9")
		unit:set_data("a", 5)
		assert.has_error(function() unit:set_data("a", "b", 6) end,
			"Unit.set_data: argument 2 (indices): under this key is a number, which has no keys of its own")
		assert.equal(5, unit:get_data("a"))
		world:destroy_unit(unit)
		assert.has_error(function() unit:set_data("a", 1) end, "Unit.set_data: " .. DEAD)
	end)
end)

describe("Unit.get_data", function()
	it("gives nil where there is nothing", function()
		assert.is_nil(Unit.get_data(unit, "a"))
		unit:set_data("a", 5)
		assert.is_nil(unit:get_data("a", "b", "c"))
		assert.is_nil(unit:get_data("b"))
		assert.equal(1, select("#", unit:get_data("b")))
	end)

	it("rejects calls without a key, and dead units", function()
		assert.has_error(function() unit:get_data() end, "Unit.get_data: argument 2 (indices): expected a value, got nothing")
		assert.has_error(function() unit:get_data("a", nil) end,
			"Unit.get_data: argument 3 (indices): expected integer or string, got nil")
		world:destroy_unit(unit)
		assert.has_error(function() unit:get_data("a") end, "Unit.get_data: " .. DEAD)
	end)
end)

describe("Unit.has_data", function()
	it("tells whether there is something", function()
		assert.is_false(Unit.has_data(unit, "a"))
		unit:set_data("a", "b", false)
		assert.is_true(unit:has_data("a"))
		assert.is_true(unit:has_data("a", "b"))
		assert.is_false(unit:has_data("a", "c"))
		assert.is_false(unit:has_data("a", "b", "c"))
	end)

	it("rejects calls without a key, and dead units", function()
		assert.has_error(function() unit:has_data() end, "Unit.has_data: argument 2 (indices): expected a value, got nothing")
		world:destroy_unit(unit)
		assert.has_error(function() unit:has_data("a") end, "Unit.has_data: " .. DEAD)
	end)
end)

describe("A Unit", function()
	it("is one userdata as long as a script holds it", function()
		local keyed = { [unit] = "mine" }
		assert.equal("mine", keyed[world:units()[1]])
		assert.equal(unit, world:unit_by_name("units/box"))
	end)

	it("says its name as text", function()
		assert.matches("^Unit %d+ %(units/box%)$", tostring(unit))
		assert.matches("^Unit %d+ %(#0000000000000abc%)$", tostring(world:spawn_unit("#abc")))
		world:destroy_unit(unit)
		assert.matches("^Unit %d+ %(destroyed%)$", tostring(unit))
	end)

	it("lacks other functions, which read as nil", function()
		assert.is_nil(unit.mesh)
	end)
end)

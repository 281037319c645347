-- Headless worlds: `Application.new_world` and its kin, and the functions of World.

local RELEASED = "this World was released; it cannot be used any more"
local DEAD = "this Unit was destroyed; it cannot be used any more"

local world

local function release_all()
	for _, other in ipairs(Application.worlds()) do Application.release_world(other) end
end

before_each(function() world = Application.new_world() end)
after_each(release_all)

describe("Application.new_world", function()
	it("makes a world without units", function()
		assert.equal("World", Script.type_name(world))
		assert.equal(0, World.num_units(world))
		assert.not_equal(world, Application.new_world())
	end)

	it("takes flags, which change nothing", function()
		assert.equal(0, Application.new_world(1, 2, nil, "3"):num_units())
	end)

	it("rejects flags that are no numbers, and too many worlds", function()
		assert.has_error(function() Application.new_world(1, "big") end,
			'Application.new_world: argument 2 (flags): expected integer, got string "big"')
		assert.has_error(function() Application.new_world(1.5) end,
			"Application.new_world: argument 1 (flags): expected integer, got number 1.5")
		assert.has_error(function()
			while true do Application.new_world() end
		end, "Application.new_world: there are too many worlds: at most 64 are possible")
		assert.equal(64, #Application.worlds())
	end)
end)

describe("Application.release_world", function()
	it("ends the world and its units", function()
		local other = Application.new_world()
		local unit, kept = world:spawn_unit("box"), other:spawn_unit("box")
		Application.release_world(world)
		assert.is_false(Unit.alive(unit))
		assert.is_true(Unit.alive(kept))
		assert.same({ other }, Application.worlds())
	end)

	it("rejects a world twice, and what is none", function()
		Application.release_world(world)
		assert.has_error(function() Application.release_world(world) end, "Application.release_world: " .. RELEASED)
		assert.has_error(function() Application.release_world() end,
			"Application.release_world: argument 1 (world): expected World, got nothing")
	end)
end)

describe("Application.main_world", function()
	it("is the oldest world that there is, or nil", function()
		local second = Application.new_world()
		assert.equal(world, Application.main_world())
		Application.release_world(world)
		assert.equal(second, Application.main_world())
		Application.release_world(second)
		assert.is_nil(Application.main_world())
	end)

	it("rejects nothing: arguments too many are ignored", function()
		assert.equal(world, Application.main_world(1))
	end)
end)

describe("Application.worlds", function()
	it("lists the worlds, the oldest first", function()
		local second, third = Application.new_world(), Application.new_world()
		assert.same({ world, second, third }, Application.worlds())
		Application.release_world(second)
		assert.same({ world, third }, Application.worlds())
	end)

	it("rejects nothing: arguments too many are ignored", function()
		assert.same({ world }, Application.worlds("all"))
	end)
end)

describe("World.update", function()
	it("lets time pass", function()
		World.update(world, 0.25)
		world:update(0.5)
		assert.equal(0.75, World.time(world))
		assert.equal(0.5, World.delta_time(world))
		world:update(0)
		assert.equal(0, world:delta_time())
		assert.equal(0.75, world:time())
	end)

	it("takes the time since the last update where none is given", function()
		local peers = simulate.peers { count = 1 }
		peers[1]:run(function()
			level = Application.new_world()
			level:update()
		end)
		assert.equal(0, peers[1]:run(function() return level:time() end))
		peers:step(30)
		assert.near(0.5, peers[1]:run(function()
			level:update()
			return level:delta_time()
		end), 1e-6)
	end)

	it("rejects a world that was released, and times that are none", function()
		assert.has_error(function() world:update(-1) end,
			"World.update: argument 2 (delta_time): expected number 0 to 3600, got number -1")
		assert.has_error(function() world:update("soon") end,
			'World.update: argument 2 (delta_time): expected number 0 to 3600, got string "soon"')
		Application.release_world(world)
		assert.has_error(function() world:update(1) end, "World.update: " .. RELEASED)
	end)
end)

describe("World.time", function()
	it("is 0 at first", function() assert.equal(0, world:time()) end)

	it("rejects what is no world", function()
		assert.has_error(function() World.time({}) end, "World.time: argument 1 (self): expected World, got table")
		Application.release_world(world)
		assert.has_error(function() world:time() end, "World.time: " .. RELEASED)
	end)
end)

describe("World.delta_time", function()
	it("is 0 at first", function() assert.equal(0, world:delta_time()) end)

	it("rejects what is no world", function()
		assert.has_error(function() World.delta_time() end, "World.delta_time: argument 1 (self): expected World, got nothing")
		Application.release_world(world)
		assert.has_error(function() world:delta_time() end, "World.delta_time: " .. RELEASED)
	end)
end)

describe("World.spawn_unit", function()
	it("makes a unit at the origin", function()
		local unit = World.spawn_unit(world, "units/box")
		assert.equal("Unit", Script.type_name(unit))
		assert.is_true(Vector3.equal(Vector3(0, 0, 0), unit:local_position()))
		assert.is_true(Quaternion.equal(Quaternion.identity(), unit:local_rotation()))
		assert.is_true(Vector3.equal(Vector3(1, 1, 1), unit:local_scale()))
	end)

	it("takes a position and an orientation", function()
		local turned = Quaternion(Vector3.up(), 1)
		local unit = world:spawn_unit("box", Vector3(1, 2, 3), turned)
		assert.is_true(Vector3.equal(Vector3(1, 2, 3), unit:local_position(1)))
		assert.is_true(Quaternion.equal(turned, unit:local_rotation(1)))
		assert.is_true(Quaternion.equal(turned, world:spawn_unit("box", nil, turned):local_rotation()))
	end)

	it("takes a pose", function()
		local pose = Matrix4x4.from_quaternion_position(Quaternion(Vector3.up(), 1), Vector3(1, 2, 3))
		local unit = world:spawn_unit("box", pose)
		assert.is_true(Vector3.equal(Vector3(1, 2, 3), unit:local_position()))
		assert.near(1, Quaternion.dot(Quaternion(Vector3.up(), 1), unit:local_rotation()), 1e-6)
	end)

	it("takes a name, an IdString64 and # with digits", function()
		local name = IdString64("units/box")
		local hash = world:spawn_unit("units/box"):name_hash()
		assert.equal(hash, world:spawn_unit(name):name_hash())
		assert.equal(hash, world:spawn_unit("#" .. IdString64.to_hex(name)):name_hash())
	end)

	it("rejects worlds that were released, and what is no name or place", function()
		assert.has_error(function() world:spawn_unit() end,
			"World.spawn_unit: argument 2 (unit_name): expected string or IdString64, got nothing")
		assert.has_error(function() world:spawn_unit("box", 7) end,
			"World.spawn_unit: argument 3 (position): expected Vector3, got number 7")
		assert.has_error(function() world:spawn_unit("box", Vector3(0, 0, 0), Vector3(0, 0, 0)) end,
			"World.spawn_unit: argument 4 (orientation): expected Quaternion, got Vector3")
		assert.has_error(function() world:spawn_unit("box", Vector3(0, 1 / 0, 0)) end,
			"World.spawn_unit: argument 3 (position): expected finite numbers, got Vector3(0, inf, 0)")
		assert.has_error(function() world:spawn_unit("box", nil, Quaternion.from_elements(0, 0, 0, 0)) end,
			"World.spawn_unit: argument 4 (rotation): expected a rotation, got Quaternion(0, 0, 0, 0)")
		assert.has_error(function() world:spawn_unit("#xyz") end,
			'World.spawn_unit: argument 2 (name): expected a name, or # and 1 to 16 hexadecimal digits, got string "#xyz"')
		Application.release_world(world)
		assert.has_error(function() world:spawn_unit("box") end, "World.spawn_unit: " .. RELEASED)
	end)
end)

describe("World.destroy_unit", function()
	it("ends a unit", function()
		local unit, other = world:spawn_unit("box"), world:spawn_unit("box")
		World.destroy_unit(world, unit)
		assert.is_false(Unit.alive(unit))
		assert.is_true(Unit.alive(other))
		assert.same({ other }, world:units())
	end)

	it("never lets a new unit pass for one that was destroyed", function()
		local seen = {}
		for _ = 1, 50 do
			local unit = world:spawn_unit("box")
			assert.is_nil(seen[unit])
			for old in pairs(seen) do
				assert.not_equal(old, unit)
				assert.is_false(Unit.alive(old))
			end
			seen[unit] = true
			world:destroy_unit(unit)
		end
	end)

	it("rejects dead units, those of other worlds, and what is none", function()
		local unit = world:spawn_unit("box")
		assert.has_error(function() Application.new_world():destroy_unit(unit) end,
			"World.destroy_unit: the unit is in another World")
		world:destroy_unit(unit)
		assert.has_error(function() world:destroy_unit(unit) end, "World.destroy_unit: " .. DEAD)
		assert.has_error(function() world:destroy_unit(1) end, "World.destroy_unit: argument 2 (unit): expected Unit, got number 1")
	end)
end)

describe("World.num_units", function()
	it("counts the units of this world", function()
		local unit = world:spawn_unit("box")
		world:spawn_unit("box")
		Application.new_world():spawn_unit("box")
		assert.equal(2, World.num_units(world))
		world:destroy_unit(unit)
		assert.equal(1, world:num_units())
	end)

	it("rejects what is no world", function()
		assert.has_error(function() World.num_units("world") end,
			'World.num_units: argument 1 (self): expected World, got string "world"')
		Application.release_world(world)
		assert.has_error(function() world:num_units() end, "World.num_units: " .. RELEASED)
	end)
end)

describe("World.units", function()
	it("lists the units in the order of their spawning", function()
		local units = {}
		for i = 1, 10 do units[i] = world:spawn_unit("box") end
		assert.same(units, World.units(world))
		world:destroy_unit(table.remove(units, 10))
		world:destroy_unit(table.remove(units, 5))
		world:destroy_unit(table.remove(units, 1))
		units[#units + 1] = world:spawn_unit("box")
		assert.same(units, world:units())
	end)

	it("gives units that no script holds any more", function()
		world:spawn_unit("box", Vector3(4, 5, 6)):set_data("health", 7)
		collectgarbage()
		collectgarbage()
		assert.equal(7, world:units()[1]:get_data("health"))
		assert.equal(4, world:units()[1]:local_position().x)
	end)

	it("rejects what is no world", function()
		assert.has_error(function() World.units() end, "World.units: argument 1 (self): expected World, got nothing")
		Application.release_world(world)
		assert.has_error(function() world:units() end, "World.units: " .. RELEASED)
	end)
end)

describe("World.unit_by_name", function()
	it("finds the first unit of a name", function()
		world:spawn_unit("box")
		local ball = world:spawn_unit("ball")
		world:spawn_unit("ball")
		assert.equal(ball, World.unit_by_name(world, "ball"))
		assert.equal(ball, world:unit_by_name(IdString64("ball")))
		assert.is_nil(world:unit_by_name("tower"))
		assert.is_nil(Application.new_world():unit_by_name("ball"))
	end)

	it("rejects what is no name", function()
		assert.has_error(function() world:unit_by_name() end,
			"World.unit_by_name: argument 2 (name): expected string or IdString64, got nothing")
		Application.release_world(world)
		assert.has_error(function() world:unit_by_name("box") end, "World.unit_by_name: " .. RELEASED)
	end)
end)

describe("A World", function()
	it("is one userdata, with its functions and as text", function()
		assert.matches("^World %d+$", tostring(world))
		assert.is_nil(world.level)
		local keyed = { [world] = true }
		assert.is_true(keyed[Application.main_world()])
	end)
end)

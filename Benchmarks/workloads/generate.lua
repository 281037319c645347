-- Writes the two workloads that scripts/bench plays: NAME.network_config and NAME.lua (what there is to do) for each.
--
--   stingray-lua run generate.lua SEED FOLDER
--
-- The same seed writes the same files on every machine. The sizes are those of two games that were shipped; what the
-- fields and messages hold is drawn.

local seed, folder = tonumber(arg[1]), arg[2]
if not seed or not folder then error("usage: generate.lua SEED FOLDER", 0) end

local WORKLOADS = {
	{
		name = "coop", topology = "peer-to-peer", members = 4,
		object_types = 31, fields = 306, messages = 267, objects = 250,
		-- Each kind of AI: how many types, how many objects, and fields of each type.
		movers = { types = 5, objects = 70, fields = 12, name = "ai", rate = 60, changing = { "position", "rotation", "velocity" } },
		players = true,
		gets = 19000, rpcs = 200, cap = 512,
	},
	{
		name = "battle", topology = "client-server", members = 64,
		object_types = 23, fields = 278, messages = 120, objects = 880,
		movers = {
			types = 1, objects = 64, fields = 18, name = "soldier", rate = 20,
			changing = { "position", "yaw", "pitch", "velocity", "stance", "tick" },
		},
		gets = 2000, rpcs = 5,
	},
}

-- Random numbers ----------------------------------------------------------------------------------------------------

-- The "minimal standard" generator of Park and Miller with the multiplier 48271; exact in doubles.
local state = seed % 2147483646 + 1
local function random(low, high)
	state = state * 48271 % 2147483647
	return low + math.floor(state / 2147483647 * (high - low + 1))
end

local function pick(list) return list[random(1, #list)] end

local function text(length)
	local letters = {}
	for i = 1, length do letters[i] = string.char(random(97, 122)) end
	return table.concat(letters)
end

-- Kinds of values ---------------------------------------------------------------------------------------------------

local function number(low, high)
	return function() return string.format("%.2f", low + random(0, 10000) / 10000 * (high - low)) end
end
local function integer(low, high)
	return function() return string.format("%d", random(low, high)) end
end
local function vector(size)
	local component = number(-size, size)
	return function() return string.format("Vector3(%s, %s, %s)", component(), component(), component()) end
end

-- Each: the type in the network config, a value in Lua, and how often it is drawn.
local KINDS = {
	{ "flag", 'type = "bool"', function() return tostring(random(0, 1) == 1) end, 5 },
	{ "level", 'type = "int" min = 0 max = 15', integer(0, 15), 4 },
	{ "byte", 'type = "int" min = 0 max = 255', integer(0, 255), 4 },
	{ "object_id", 'type = "int" min = 0 max = 65535', integer(0, 65535), 4 },
	{ "number", 'type = "int"', integer(-100000, 100000), 2 },
	{ "ratio", 'type = "float" min = 0 max = 1 bits = 8', number(0, 1), 3 },
	{ "angle", 'type = "float" min = -3.15 max = 3.15 bits = 10', number(-3.1, 3.1), 3 },
	{ "amount", 'type = "float" min = -1000 max = 1000 bits = 16', number(-1000, 1000), 3 },
	{ "exact", 'type = "float"', number(-1000, 1000), 1 },
	{ "place", 'type = "vector3" min = -1000 max = 1000 bits = 17', vector(1000), 2 },
	{ "speed", 'type = "vector3" min = -50 max = 50 bits = 10', vector(50), 1 },
	{ "turn", 'type = "quaternion" bits = 32', function() return "Quaternion.identity()" end, 1 },
	{ "name", 'type = "string" max_size = 24', function() return '"' .. text(random(3, 20)) .. '"' end, 1 },
	{ "sound", 'type = "id_string32"', function() return '"' .. text(8) .. '"' end, 2 },
	{ "asset", 'type = "resource_id"', function() return '"' .. text(12) .. '"' end, 1 },
	{ "peer", 'type = "uint64"', function() return string.format('"%x"', random(1, 2000000000)) end, 1 },
}
local kind_named, urn = {}, {}
for _, kind in ipairs(KINDS) do
	kind_named[kind[1]] = kind
	for _ = 1, kind[4] do urn[#urn + 1] = kind end
end

-- What the script changes all the time.
local CHANGING = {
	position = "place", rotation = "turn", velocity = "speed", yaw = "angle", pitch = "angle", stance = "level",
	tick = "byte",
}

-- Object types and messages -----------------------------------------------------------------------------------------

-- Splits a total into parts of at least `least`, at random.
local function split(total, parts, least)
	local sizes = {}
	for i = 1, parts do sizes[i] = least end
	for _ = 1, total - parts * least do
		local i = random(1, parts)
		sizes[i] = sizes[i] + 1
	end
	return sizes
end

local function drawn_fields(count, fields)
	for _ = 1, count do
		local kind = pick(urn)
		fields[#fields + 1] = { name = string.format("%s_%d", kind[1], #fields + 1), kind = kind }
	end
	return fields
end

local function mover_fields(movers)
	local fields = {}
	for _, name in ipairs(movers.changing) do fields[#fields + 1] = { name = name, kind = kind_named[CHANGING[name]] } end
	return drawn_fields(movers.fields - #fields, fields)
end

local function draw_types(plan)
	local types, movers = {}, plan.movers
	for i = 1, movers.types do
		types[#types + 1] = {
			name = string.format("%s_%d", movers.name, i), fields = mover_fields(movers), is_moving = true, priority = 1,
			count = math.floor(movers.objects / movers.types),
		}
	end
	if plan.players then
		local fields = drawn_fields(14, mover_fields { changing = { "position", "rotation", "velocity" }, fields = 3 })
		types[#types + 1] = { name = "player", fields = fields, is_player = true, priority = 0.5, count = plan.members }
	end
	local fields, objects = plan.fields, plan.objects
	for _, type in ipairs(types) do fields, objects = fields - #type.fields, objects - type.count end
	local rest = plan.object_types - #types
	local sizes, counts = split(fields, rest, 3), split(objects, rest, 1)
	for i = 1, rest do
		types[#types + 1] = {
			name = string.format("thing_%d", i), fields = drawn_fields(sizes[i], {}), priority = random(1, 4), count = counts[i],
		}
	end
	return types
end

local function draw_messages(plan)
	local messages = { { name = "input", is_reliable = false, arguments = { kind_named.byte, kind_named.angle, kind_named.angle } } }
	for i = 2, plan.messages do
		local arguments = {}
		for j = 1, random(0, 8) do arguments[j] = pick(urn) end
		messages[i] = { name = string.format("rpc_%d", i), is_reliable = random(1, 10) <= 9, arguments = arguments }
	end
	return messages
end

-- Files -------------------------------------------------------------------------------------------------------------

local function write(name, lines)
	local file = assert(io.open(folder .. "/" .. name, "w"))
	assert(file:write(table.concat(lines, "\n"), "\n"))
	file:close()
end

local function config_of(plan, types, messages)
	local lines = { "// Generated by generate.lua, seed " .. seed .. ".", string.format('network_type = "%s"', plan.topology), "types = {" }
	for _, kind in ipairs(KINDS) do lines[#lines + 1] = string.format("  %s = { %s }", kind[1], kind[2]) end
	lines[#lines + 1] = "}\nmessages = {"
	for _, message in ipairs(messages) do
		local names = {}
		for i, kind in ipairs(message.arguments) do names[i] = '"' .. kind[1] .. '"' end
		lines[#lines + 1] = string.format(
			"  %s = { args = [%s] reliable = %s session_bound = true }", message.name, table.concat(names, " "),
			tostring(message.is_reliable))
	end
	lines[#lines + 1] = "}\nobjects = {"
	for _, type in ipairs(types) do
		lines[#lines + 1] = string.format("  %s = { priority = %g fields = [", type.name, type.priority)
		for _, field in ipairs(type.fields) do
			lines[#lines + 1] = string.format('    { name = "%s" type = "%s" }', field.name, field.kind[1])
		end
		lines[#lines + 1] = "  ] }"
	end
	lines[#lines + 1] = "}"
	return lines
end

local function names_of(fields)
	local names = {}
	for i, field in ipairs(fields) do names[i] = '"' .. field.name .. '"' end
	return table.concat(names, ", ")
end

-- What the script does: the objects with their values, the calls that it repeats, and how often.
local function work_of(plan, types, messages)
	local lines = {
		"-- Generated by generate.lua, seed " .. seed .. ".",
		"local Vector3, Quaternion = stingray.Vector3, stingray.Quaternion",
		"local work = { objects = {}, messages = {} }",
		string.format("work.members, work.gets, work.rpcs, work.cap = %d, %d, %d, %s", plan.members, plan.gets, plan.rpcs, tostring(plan.cap)),
		string.format("work.mover_rate = %d", plan.movers.rate),
	}
	for _, type in ipairs(types) do
		for _ = 1, type.count do
			local values = {}
			for i, field in ipairs(type.fields) do values[i] = string.format("%s = %s", field.name, field.kind[3]()) end
			lines[#lines + 1] = string.format(
				'work.objects[#work.objects + 1] = { type = "%s", is_moving = %s, is_player = %s, fields = { %s }, values = { %s } }',
				type.name, tostring(type.is_moving or false), tostring(type.is_player or false), names_of(type.fields),
				table.concat(values, ", "))
		end
	end
	for _, message in ipairs(messages) do
		local values = {}
		for i, kind in ipairs(message.arguments) do values[i] = kind[3]() end
		lines[#lines + 1] = string.format(
			'work.messages[#work.messages + 1] = { name = "%s", count = %d, arguments = { %s } }', message.name, #values,
			table.concat(values, ", "))
	end
	lines[#lines + 1] = "return work"
	return lines
end

for _, plan in ipairs(WORKLOADS) do
	local types, messages = draw_types(plan), draw_messages(plan)
	write(plan.name .. ".network_config", config_of(plan, types, messages))
	write(plan.name .. ".lua", work_of(plan, types, messages))
end

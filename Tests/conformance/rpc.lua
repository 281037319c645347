-- Messages between peers: every kind of argument, limits, order, the buffer, and what is refused.

local session = require "support/session"

-- Sends values of one kind from a peer to all peers, itself too, and gives what each of them heard as text that tells
-- it bit for bit. `make` is run in the sender and returns the value.
local function hear(peers, from, kind, make, ...)
	for i = 1, #peers do
		peers[i]:run(function(name)
			heard = nil
			callbacks[name] = function(self, sender, ...)
				local function bits(value)
					if type(value) == "number" then return ("%.17g"):format(value) end
					if type(value) == "table" then
						local parts = {}
						for i, element in ipairs(value) do parts[i] = bits(element) end
						return "{" .. table.concat(parts, " ") .. "}"
					end
					if type(value) ~= "userdata" then return type(value) .. " " .. tostring(value) end
					local name = stingray.Script.type_name(value)
					if name == "Vector3" or name == "Quaternion" then
						local parts = { stingray[name].to_elements(value) }
						for i, element in ipairs(parts) do parts[i] = ("%.17g"):format(element) end
						return name .. " " .. table.concat(parts, " ")
					end
					return name .. " " .. stingray[name].to_hex(value)
				end
				assert(self == callbacks)
				heard = { sender, select("#", ...), bits((...)) }
			end
		end, "send_" .. kind)
	end
	peers[from]:run(function(make, kind, receivers, ...)
		local value = loadstring(make)(...)
		for _, peer in ipairs(receivers) do RPC["send_" .. kind](peer, value) end
	end, string.dump(make), kind, peers.ids, ...)
	local texts = {}
	for i = 1, #peers do
		local heard = session.wait(peers, i, function() return heard end)
		assert.equal(peers.ids[from], heard[1])
		assert.equal(1, heard[2])
		texts[i] = heard[3]
		assert.equal(texts[1], texts[i])
	end
	return texts[1]
end

-- A message with one argument is refused with this text, and nothing is sent.
local function refuse(peers, text, kind, make)
	assert.has_error(function()
		peers[1]:run(function(make, kind, peer) RPC["send_" .. kind](peer, loadstring(make)()) end, string.dump(make), kind, peers.ids[2])
	end, ("RPC.send_%s: %s"):format(kind, text))
end

-- Nothing arrives within half a second.
local function nothing_arrives(peers, i)
	peers:step(30)
	assert.same({}, peers[i]:events())
end

describe("RPC with a bool", function()
	it("carries both values", function()
		local peers = session.meet { count = 2 }
		assert.equal("boolean true", hear(peers, 1, "flag", function() return true end))
		assert.equal("boolean false", hear(peers, 1, "flag", function() return false end))
	end)

	it("rejects other types", function()
		local peers = session.meet { count = 2 }
		refuse(peers, "argument 2 (flag): expected boolean, got nil", "flag", function() return nil end)
		refuse(peers, "argument 2 (flag): expected boolean, got number 0", "flag", function() return 0 end)
		nothing_arrives(peers, 2)
	end)
end)

describe("RPC with an int", function()
	it("carries both ends of each range", function()
		local peers = session.meet { count = 2 }
		local ends = {
			small = { 0, 255 }, wide = { -2147483648, 2147483647 }, ten_bits = { 0, 1023 }, signed = { -10, -3 }, object = { 0, 131071 },
		}
		for kind, range in pairs(ends) do
			for _, value in ipairs(range) do
				assert.equal(("%.17g"):format(value), hear(peers, 1, kind, function(value) return value end, value))
			end
		end
	end)

	it("takes numeric strings, and cuts fractions off, as Lua does", function()
		local peers = session.meet { count = 2 }
		assert.equal("17", hear(peers, 1, "small", function() return "17" end))
		assert.equal("16", hear(peers, 1, "small", function() return " 0x10 " end))
		assert.equal("3", hear(peers, 1, "small", function() return 3.9 end))
		assert.equal("-3", hear(peers, 1, "signed", function() return -3.9 end))
	end)

	it("rejects what is out of range, no number, or not finite", function()
		local peers = session.meet { count = 2 }
		refuse(peers, "argument 2 (small): expected integer 0 to 255, got number 256", "small", function() return 256 end)
		refuse(peers, "argument 2 (small): expected integer 0 to 255, got number -1", "small", function() return -1 end)
		refuse(peers, 'argument 2 (small): expected integer 0 to 255, got string "256"', "small", function() return "256" end)
		refuse(peers, "argument 2 (wide): expected integer -2147483648 to 2147483647, got number 2147483648", "wide", function() return 2147483648 end)
		refuse(peers, "argument 2 (ten_bits): expected integer 0 to 1023, got number 1024", "ten_bits", function() return 1024 end)
		refuse(peers, "argument 2 (signed): expected integer -10 to -3, got number -2", "signed", function() return -2 end)
		refuse(peers, "argument 2 (wide): expected integer -2147483648 to 2147483647, got number 1e+300", "wide", function() return 1e300 end)
		refuse(peers, 'argument 2 (small): expected integer 0 to 255, got string "many"', "small", function() return "many" end)
		refuse(peers, "argument 2 (small): expected integer 0 to 255, got table", "small", function() return {} end)
		refuse(peers, "argument 2 (small): expected integer 0 to 255, got boolean true", "small", function() return true end)
		refuse(peers, "argument 2 (small): expected finite numbers, got number inf", "small", function() return math.huge end)
		nothing_arrives(peers, 2)
	end)
end)

describe("RPC with a float", function()
	it("carries both ends of a range exactly, and steps in between", function()
		local peers = session.meet { count = 2 }
		assert.equal("0", hear(peers, 1, "percent", function() return 0 end))
		assert.equal("1", hear(peers, 1, "percent", function() return 1 end))
		local half = tonumber(hear(peers, 1, "percent", function() return 0.5 end))
		assert.near(0.5, half, 0.5 / 127)
		local third = tonumber(hear(peers, 1, "smooth", function() return 1 / 3 end))
		assert.near(1 / 3, third, 0.01)
		assert.equal("1", hear(peers, 1, "smooth", function() return 1 end))
	end)

	it("gives a value that was received the same value again", function()
		local peers = session.meet { count = 2 }
		local once = hear(peers, 1, "percent", function() return 0.3 end)
		assert.equal(once, hear(peers, 2, "percent", function(value) return value end, tonumber(once)))
	end)

	it("without limits is an exact float32", function()
		local peers = session.meet { count = 2 }
		assert.equal("0.10000000149011612", hear(peers, 1, "exact", function() return 0.1 end))
		assert.equal("-16777216", hear(peers, 1, "exact", function() return -16777216 end))
	end)

	it("clamps, with one warning a field and second", function()
		local peers = session.meet { count = 2 }
		local warning = "RPC.send_percent: argument 2 (percent): number 1.5 is outside 0 to 1 and was clamped"
		for _ = 1, 5 do assert.equal("1", hear(peers, 1, "percent", function() return 1.5 end)) end
		assert.equal(1, session.warnings(peers[1], warning))
		peers:step(61)
		assert.equal("1", hear(peers, 1, "percent", function() return 1.5 end))
		assert.equal(2, session.warnings(peers[1], warning))
		assert.equal("0", hear(peers, 1, "percent", function() return -1e30 end))
		assert.equal(0, session.warnings(peers[2], warning))
	end)

	it("takes numeric strings", function()
		local peers = session.meet { count = 2 }
		assert.equal("0.25", hear(peers, 1, "exact", function() return "0.25" end))
	end)

	it("rejects NaN, infinity and what is no number", function()
		local peers = session.meet { count = 2 }
		refuse(peers, "argument 2 (percent): expected finite numbers, got number inf", "percent", function() return math.huge end)
		refuse(peers, "argument 2 (exact): expected finite numbers, got number -inf", "exact", function() return -math.huge end)
		refuse(peers, "argument 2 (exact): expected finite numbers, got number nan", "exact", function() return 0 / 0 end)
		refuse(peers, "argument 2 (percent): expected number 0 to 1, got nil", "percent", function() return nil end)
		refuse(peers, 'argument 2 (exact): expected number, got string "much"', "exact", function() return "much" end)
		nothing_arrives(peers, 2)
	end)
end)

describe("RPC with a vector3", function()
	it("quantises each component, ends exactly, the same on all peers", function()
		local peers = session.meet { count = 3 }
		assert.equal("Vector3 -500 500 -500", hear(peers, 1, "place", function() return Vector3(-500, 500, -500) end))
		local x, y, z = hear(peers, 1, "place", function() return Vector3(1.2345, -2, 0) end):match("Vector3 (%S+) (%S+) (%S+)")
		local tolerance = 500 / (2 ^ 18 - 1) + 1e-5
		assert.near(1.2345, tonumber(x), tolerance)
		assert.near(-2, tonumber(y), tolerance)
		assert.near(0, tonumber(z), tolerance)
	end)

	it("without limits is exact", function()
		local peers = session.meet { count = 2 }
		assert.equal("Vector3 0.5 -1048576 1.2676506002282294e+30", hear(peers, 1, "point", function() return Vector3(0.5, -1048576, 2 ^ 100) end))
	end)

	it("clamps each component, with a warning", function()
		local peers = session.meet { count = 2 }
		assert.matches("^Vector3 500 %S+ %-500$", hear(peers, 1, "place", function() return Vector3(501, 0, -1e9) end))
		session.has_warned(peers[1], "RPC.send_place: argument 2 (place): Vector3 is outside -500 to 500 and was clamped")
	end)

	it("rejects other types, and components that are not finite", function()
		local peers = session.meet { count = 2 }
		refuse(peers, "argument 2 (place): expected Vector3, got Quaternion", "place", function() return Quaternion.identity() end)
		refuse(peers, "argument 2 (place): expected Vector3, got table", "place", function() return { 1, 2, 3 } end)
		refuse(peers, "argument 2 (point): expected finite numbers, got Vector3 (1.0, inf, 3.0)", "point", function() return Vector3(1, math.huge, 3) end)
		refuse(peers, "argument 2 (place): expected finite numbers, got Vector3 (1.0, -inf, 3.0)", "place", function() return Vector3(1, -math.huge, 3) end)
		nothing_arrives(peers, 2)
	end)
end)

describe("RPC with a quaternion", function()
	local function angle_between(text, x, y, z, w)
		local a, b, c, d = text:match("Quaternion (%S+) (%S+) (%S+) (%S+)")
		local dot = math.abs(a * x + b * y + c * z + d * w)
		return 2 * math.acos(math.min(1, dot))
	end

	it("keeps the rotation within its bits", function()
		local peers = session.meet { count = 2 }
		local half = math.sqrt(0.5)
		assert.near(0, angle_between(hear(peers, 1, "facing", function() return Quaternion.from_elements(0, 0, math.sqrt(0.5), math.sqrt(0.5)) end),
			0, 0, half, half), 0.06)
		assert.near(0, angle_between(hear(peers, 1, "sharp", function() return Quaternion.from_elements(0.5, -0.5, 0.5, -0.5) end),
			0.5, -0.5, 0.5, -0.5), 0.005)
	end)

	it("keeps the identity", function()
		local peers = session.meet { count = 2 }
		assert.equal("Quaternion 0 0 0 1", hear(peers, 1, "sharp", function() return Quaternion.identity() end))
	end)

	it("rejects other types, and components that are not finite", function()
		local peers = session.meet { count = 2 }
		refuse(peers, "argument 2 (facing): expected Quaternion, got Vector3", "facing", function() return Vector3(0, 0, 1) end)
		refuse(peers, "argument 2 (sharp): expected finite numbers, got Quaternion (inf, 0.0, 0.0, 1.0)", "sharp", function() return Quaternion.from_elements(math.huge, 0, 0, 1) end)
		nothing_arrives(peers, 2)
	end)
end)

describe("RPC with a string", function()
	it("carries any bytes, zero bytes and none among them", function()
		local peers = session.meet { count = 2 }
		assert.equal("string ", hear(peers, 1, "text", function() return "" end))
		assert.equal("string \0", hear(peers, 1, "text", function() return "\0" end))
		local all = {}
		for byte = 0, 255 do all[byte + 1] = string.char(byte) end
		all = table.concat(all)
		assert.equal("string " .. all, hear(peers, 1, "text", function(text) return text end, all))
	end)

	it("carries max_size bytes", function()
		local peers = session.meet { count = 2 }
		assert.equal("string " .. ("x"):rep(4000), hear(peers, 1, "text", function() return ("x"):rep(4000) end))
		assert.equal("string 12345678", hear(peers, 1, "short", function() return "12345678" end))
	end)

	it("takes numbers as Lua writes them", function()
		local peers = session.meet { count = 2 }
		assert.equal("string 12.5", hear(peers, 1, "short", function() return 12.5 end))
	end)

	it("rejects longer ones and other types", function()
		local peers = session.meet { count = 2 }
		refuse(peers, "argument 2 (short): expected string of at most 8 bytes, got 9 bytes", "short", function() return "123456789" end)
		refuse(peers, "argument 2 (text): expected string of at most 4000 bytes, got 4001 bytes", "text", function() return ("x"):rep(4001) end)
		refuse(peers, "argument 2 (short): expected string of at most 8 bytes, got nil", "short", function() return nil end)
		nothing_arrives(peers, 2)
	end)
end)

describe("RPC with an id_string or a resource_id", function()
	it("takes a name, an IdString, or # and digits, and gives an IdString", function()
		local peers = session.meet { count = 2 }
		local wide, narrow = "IdString64 48cbfa0723449da0", "IdString32 48cbfa07"
		for _, kind in ipairs { "hash64", "unit" } do
			assert.equal(wide, hear(peers, 1, kind, function() return "units/beings/player" end))
			assert.equal(wide, hear(peers, 1, kind, function() return IdString64("units/beings/player") end))
			assert.equal(wide, hear(peers, 1, kind, function() return "#48cbfa0723449da0" end))
		end
		assert.equal(narrow, hear(peers, 1, "hash32", function() return "units/beings/player" end))
		assert.equal(narrow, hear(peers, 1, "hash32", function() return IdString32("units/beings/player") end))
		assert.equal(narrow, hear(peers, 1, "hash32", function() return "#48CBFA07" end))
	end)

	it("can be sent on as it was received", function()
		local peers = session.meet { count = 2 }
		peers[2]:run(function()
			function callbacks:send_hash64(sender, value) RPC.send_hash64(sender, value) end
		end)
		peers[1]:run(function(peer) RPC.send_hash64(peer, "a/b") end, peers.ids[2])
		assert.same({ { name = "send_hash64", n = 2, peers.ids[2], "a/b" } }, session.wait_event(peers, 1, "send_hash64"))
	end)

	it("rejects other types, and # without digits", function()
		local peers = session.meet { count = 2 }
		refuse(peers, "argument 2 (hash32): expected IdString32, name or #hexadecimal, got number 5", "hash32", function() return 5 end)
		refuse(peers, "argument 2 (hash64): expected IdString64, name or #hexadecimal, got nil", "hash64", function() return nil end)
		refuse(peers, 'argument 2 (unit): expected IdString64, name or #hexadecimal, got string "#xyz"', "unit", function() return "#xyz" end)
		refuse(peers, "argument 2 (hash64): expected IdString64, name or #hexadecimal, got IdString32", "hash64", function() return IdString32("a") end)
		nothing_arrives(peers, 2)
	end)
end)

describe("RPC with a uint64", function()
	it("carries peer ids that compare equal on arrival", function()
		local peers = session.meet { count = 2 }
		for i = 1, 2 do
			peers[i]:run(function()
				function callbacks:send_peer(sender, id)
					compared = { id == sender, id == Network.peer_id(), id == lobby:members()[1], id == lobby:lobby_host(), id }
				end
			end)
		end
		peers[1]:run(function(peer) RPC.send_peer(peer, Network.peer_id()) end, peers.ids[2])
		assert.same({ true, false, true, true, peers.ids[1] }, session.wait(peers, 2, function() return compared end))
		peers[1]:run(function(peer) RPC.send_peer(peer, peer) end, peers.ids[2])
		session.wait(peers, 2, function() return compared[2] end)
	end)

	it("takes hexadecimal strings in any spelling, and gives the unpadded one", function()
		local peers = session.meet { count = 2 }
		assert.equal("string 0", hear(peers, 1, "peer", function() return "0" end))
		assert.equal("string 0", hear(peers, 1, "peer", function() return "0000" end))
		assert.equal("string ab12", hear(peers, 1, "peer", function() return "00AB12" end))
		assert.equal("string 10", hear(peers, 1, "peer", function() return "10" end))
		assert.equal("string ffffffffffffffff", hear(peers, 1, "peer", function() return "ffffffffffffffff" end))
		assert.equal("string 1100001026fb0cb", hear(peers, 1, "peer", function() return "1100001026fb0cb" end))
	end)

	it("takes numbers below 2^53", function()
		local peers = session.meet { count = 2 }
		assert.equal("string a", hear(peers, 1, "peer", function() return 10 end))
		assert.equal("string 1fffffffffffff", hear(peers, 1, "peer", function() return 2 ^ 53 - 1 end))
		assert.equal("string 0", hear(peers, 1, "peer", function() return 0 end))
	end)

	if jit then
		it("takes LuaJIT's uint64_t", function()
			local peers = session.meet { count = 2 }
			assert.equal("string 1100001026fb0cb", hear(peers, 1, "peer", function() return loadstring("return 0x1100001026fb0cbULL")() end))
			assert.equal("string ffffffffffffffff", hear(peers, 1, "peer", function() return require("ffi").cast("uint64_t", loadstring("return -1LL")()) end))
			refuse(peers, "argument 2 (peer): expected 64-bit id (hexadecimal string or integer), got cdata", "peer",
				function() return require("ffi").new("double[1]") end)
		end)
	end

	it("rejects what is none", function()
		local peers = session.meet { count = 2 }
		local text = "argument 2 (peer): expected 64-bit id (hexadecimal string or integer), got "
		refuse(peers, text .. 'string "xyz"', "peer", function() return "xyz" end)
		refuse(peers, text .. 'string ""', "peer", function() return "" end)
		refuse(peers, text .. 'string "12345678901234567"', "peer", function() return "12345678901234567" end)
		refuse(peers, text .. "number -1", "peer", function() return -1 end)
		refuse(peers, text .. "number 0.5", "peer", function() return 0.5 end)
		refuse(peers, text .. "number 9.007199254741e+15", "peer", function() return 2 ^ 53 end)
		refuse(peers, text .. "nil", "peer", function() return nil end)
		nothing_arrives(peers, 2)
	end)
end)

describe("RPC with an array", function()
	it("carries none to max_size elements of each kind", function()
		local peers = session.meet { count = 2 }
		assert.equal("{}", hear(peers, 1, "list", function() return {} end))
		assert.equal("{0 255 7 1}", hear(peers, 1, "list", function() return { 0, 255, 7, 1 } end))
		assert.equal("{string a\0b string }", hear(peers, 1, "texts", function() return { "a\0b", "" } end))
		assert.equal("{string 0 string 1100001026fb0cb}", hear(peers, 1, "peer_list", function() return { "0", "1100001026fb0cb" } end))
		assert.equal("{Vector3 500 500 500}", hear(peers, 1, "places", function() return { Vector3(500, 500, 500) } end))
	end)

	it("takes a table without array part as an empty one", function()
		local peers = session.meet { count = 2 }
		assert.equal("{}", hear(peers, 1, "list", function() return { name = "nobody", [0] = 5 } end))
	end)

	it("gives a table of the receiver's own", function()
		local peers = session.meet { count = 2 }
		peers[2]:run(function()
			function callbacks:send_list(_, list)
				kept = kept or {}
				table.insert(list, 9)
				kept[#kept + 1] = list
			end
		end)
		peers[1]:run(function(peer)
			RPC.send_list(peer, { 1 })
			RPC.send_list(peer, { 2 })
		end, peers.ids[2])
		assert.same({ { 1, 9 }, { 2, 9 } }, session.wait(peers, 2, function() return kept and #kept == 2 and kept end))
	end)

	it("clamps elements, with a warning", function()
		local peers = session.meet { count = 2 }
		assert.equal("{Vector3 500 500 -500}", hear(peers, 1, "places", function() return { Vector3(600, 500, -500) } end))
		session.has_warned(peers[1], "RPC.send_places: argument 2 (places): an element is outside -500 to 500 and was clamped")
	end)

	it("rejects too many elements, wrong elements, holes and other types", function()
		local peers = session.meet { count = 2 }
		refuse(peers, "argument 2 (list): expected array of at most 4 values (integer 0 to 255), got 5 values", "list", function() return { 1, 2, 3, 4, 5 } end)
		refuse(peers, "argument 2 (list), element 3: expected integer 0 to 255, got number 256", "list", function() return { 1, 2, 256 } end)
		refuse(peers, "argument 2 (list), element 2: expected integer 0 to 255, got nil", "list", function() return { 1, nil, 3 } end)
		refuse(peers, "argument 2 (places), element 1: expected finite numbers, got Vector3 (inf, 0.0, 0.0)", "places", function() return { Vector3(math.huge, 0, 0) } end)
		refuse(peers, 'argument 2 (peer_list), element 1: expected 64-bit id (hexadecimal string or integer), got string "x"', "peer_list", function() return { "x" } end)
		refuse(peers, "argument 2 (list): expected array of at most 4 values (integer 0 to 255), got nil", "list", function() return nil end)
		refuse(peers, 'argument 2 (list): expected array of at most 4 values (integer 0 to 255), got string "1"', "list", function() return "1" end)
		nothing_arrives(peers, 2)
	end)
end)

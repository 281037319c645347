-- What the conformance tests of game sessions and messages share.
local lan = require "support/lan"

local session = { id = lan.id, rejects = lan.rejects }

session.topologies = { "peer-to-peer", "client-server" }

-- One type of each kind, with and without limits; a message and a field of each.
local TYPES = [[
types = {
	flag = { type = "bool" }
	small = { type = "int" min = 0 max = 255 }
	wide = { type = "int" }
	ten_bits = { type = "int" bits = 10 }
	signed = { type = "int" min = -10 max = -3 }
	percent = { type = "float" min = 0 max = 1 bits = 7 }
	smooth = { type = "float" min = -1 max = 1 tolerance = 0.01 }
	exact = { type = "float" }
	place = { type = "vector3" min = -500 max = 500 bits = 18 }
	point = { type = "vector3" }
	facing = { type = "quaternion" bits = 20 }
	sharp = { type = "quaternion" }
	text = { type = "string" max_size = 4000 }
	short = { type = "string" max_size = 8 }
	hash32 = { type = "id_string32" }
	hash64 = { type = "id_string64" }
	unit = { type = "resource_id" }
	peer = { type = "uint64" }
	object = { type = "int" bits = 17 }
	list = { type = "array" element = "small" max_size = 4 }
	places = { type = "array" element = "place" max_size = 4 }
	texts = { type = "array" element = "short" max_size = 4 }
	peer_list = { type = "array" element = "peer" max_size = 4 }
}
]]

session.kinds = {
	"flag", "small", "wide", "ten_bits", "signed", "percent", "smooth", "exact", "place", "point", "facing", "sharp",
	"text", "short", "hash32", "hash64", "unit", "peer", "object", "list", "places", "texts", "peer_list",
}

-- The schema of these tests, or a test's own, and what a test adds to its root.
function session.config(topology, more, own)
	local parts = { ('network_type = "%s"'):format(topology or "peer-to-peer"), more or "", own or TYPES }
	if own then return table.concat(parts, "\n") end
	parts[#parts + 1] = "messages = {"
	for _, kind in ipairs(session.kinds) do parts[#parts + 1] = ("\tsend_%s = { args = [%q] }"):format(kind, kind) end
	parts[#parts + 1] = [[
	hello = {}
	say = { args = ["text"] }
	blip = { args = ["small"] reliable = false priority = 2 }
	two = { args = ["small" "percent"] }
	bound = { args = ["object"] session_bound = true }
	bound_say = { args = ["text"] session_bound = true }
	bound_blip = { args = ["object"] session_bound = true reliable = false }
}
objects = {]]
	parts[#parts + 1] = "\teverything = { fields = ["
	for _, kind in ipairs(session.kinds) do
		parts[#parts + 1] = ("\t\t{ name = %q type = %q }"):format(kind, kind)
	end
	parts[#parts + 1] = [[
	] }
	avatar = { fields = [
		{ name = "owner_peer" type = "peer" }
		{ name = "pos" type = "place" }
		{ name = "points" type = "ten_bits" }
	] priority = 0.5 update_rate = 0.05 }
	marker = { fields = [ { name = "number" type = "wide" } ] }
	empty = { fields = [] }
}
]]
	return table.concat(parts, "\n")
end

-- Peers with a running client each, their ids in `peers.ids`. Takes the options of simulate.peers, and `topology`; `root`
-- is added to the schema of these tests, `config` takes its place.
function session.start(options)
	options.config = session.config(options.topology, options.root, options.config)
	options.topology, options.root, options.count = nil, nil, options.count or 2
	local peers = simulate.peers(options)
	peers.ids = {}
	for i = 1, #peers do
		peers[i]:run(function() client = Network.init_lan_client("simulated") end)
		peers.ids[i] = session.id(peers[i])
	end
	return peers
end

-- Peers that all see each other in one lobby and are connected; the first hosts it.
function session.meet(options)
	local peers = session.start(options)
	peers[1]:run(function() lobby = Network.create_lan_lobby(10003, 64) end)
	for i = 2, #peers do session.enter(peers, i) end
	return peers
end

-- Takes a peer into the lobby, and waits until it and those before it are connected to each other.
function session.enter(peers, i)
	peers[i]:run(function() lobby = Network.join_lan_lobby("10.0.0.1:10003") end)
	for k = 1, i do
		if not peers[k].is_dead then
			session.wait(peers, k, function(count)
				return lobby:state() == LanLobby.JOINED and #lobby:members() >= count and #Network.connections() >= count - 1
			end, 20, i)
		end
	end
end

-- Peers that play in one session, everyone synchronized; the first hosts it. Each has it in the global `game`.
function session.play(options)
	local peers = session.meet(options)
	session.host(peers)
	for i = 2, #peers do session.add(peers, i) end
	return peers
end

-- Makes the first peer a session's host.
function session.host(peers)
	peers[1]:run(function()
		game = Network.create_game_session()
		game:make_game_session_host()
		lobby:set_game_session_host(Network.peer_id())
	end)
end

-- Takes a peer into the session, and waits until all members know that it has everything.
function session.add(peers, i)
	peers[i]:run(function() game = Network.create_game_session() end)
	local id = session.id(peers[i])
	peers[1]:run(function(id) game:add_peer(id) end, id)
	session.settle(peers, i, id)
end

function session.settle(peers, i, id)
	session.wait(peers, i, function() return game:in_session() end, 20)
	for k = 1, #peers do
		if k ~= i and not peers[k].is_dead and peers[k]:run(function() return game ~= nil and game:in_session() end) then
			session.wait(peers, k, function(id)
				for _, peer in ipairs(game:synchronized_peers()) do
					if peer == id then return true end
				end
			end, 20, id)
		end
	end
end

-- Steps until a function of one peer gives a true value, which it returns.
function session.wait(peers, i, holds, seconds, ...)
	return lan.wait(peers, peers[i], holds, seconds, ...)
end

-- Steps until a peer's recorder has heard of an event so often; gives those events.
function session.wait_event(peers, i, name, count, seconds)
	return assert(peers:step_until(function()
		local found = peers[i]:events(name)
		return #found >= (count or 1) and found
	end, seconds or 10))
end

-- Creates an object at a peer, and waits until all others have it.
function session.create(peers, i, type, fields)
	local id = peers[i]:run(function(type, fields) return game:create_game_object(type, fields) end, type, fields or {})
	for k = 1, #peers do
		if not peers[k].is_dead then
			session.wait(peers, k, function(id) return game:game_object_exists(id) end, 10, id)
		end
	end
	return id
end

-- How many of a peer's warnings end with a text.
function session.warnings(peer, text)
	local found = 0
	for _, line in ipairs(peer:log("warnings")) do
		if line:sub(-#text) == text then found = found + 1 end
	end
	return found
end

-- The peer has warned so.
function session.has_warned(peer, text)
	if session.warnings(peer, text) > 0 then return end
	error(("expected a warning that ends with:\n%s\nthe warnings are:\n%s"):format(
		text, table.concat(peer:log("warnings"), "\n")), 2)
end

return session

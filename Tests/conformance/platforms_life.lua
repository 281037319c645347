-- A whole life on each platform: lobbies, rooms and sessions made, found and joined, games with drop-ins whose members see the same objects, hosts that
-- leave and die, players who come back or are signed out, on a bad network with a slow service. STINGRAY_SEEDS says how many lives.

local consoles = require "support/consoles"

local SEEDS = tonumber(os.getenv("STINGRAY_SEEDS") or "") or 3

local places = {
	steam = {
		settings = {},
		start = function(peer)
			peer:run(function()
				client = Network.init_steam_client("lan")
				function place_state()
					local state = lobby:state()
					return state == SteamLobby.JOINED and "in" or state == SteamLobby.FAILED and "out" or "working"
				end
				function place_members() return lobby:members() end
				function place_host() return lobby:lobby_host() end
				function place_create()
					lobby = Network.create_steam_lobby(Network.STEAM_LOBBY_PUBLIC, 8)
					lobby:set_data("mode", "life")
				end
				-- True once a lobby was found.
				function place_join()
					local browser = client:lobby_browser()
					if browser:is_refreshing() then return false end
					if browser:num_lobbies() == 0 then
						browser:clear_filters()
						browser:add_filter("mode", "life", SteamLobbyBrowser.EQUAL)
						browser:add_slots_filter(2)
						browser:refresh()
						return false
					end
					lobby = Network.join_steam_lobby(browser:lobby(1).id)
					browser:refresh()
					return true
				end
				function place_leave() Network.leave_steam_lobby(lobby) end
				function place_end() Network.shutdown_steam_client(client) end
			end)
		end,
	},
	psn = {
		settings = {},
		start = function(peer)
			peer:run(function()
				client = Network.init_psn_client("lan")
				function place_state()
					local state = PsnRoom.state(room)
					return state == PsnRoom.JOINED and "in" or state == PsnRoom.FAILED and "out" or "working"
				end
				function place_members()
					local list = {}
					for i = 1, PsnRoom.num_members(room) do list[i] = PsnRoom.member(room, i).peer_id end
					return list
				end
				function place_host() return PsnRoom.owner(room) end
				function place_create() room = Network.create_psn_room("life", 8) end
				-- True once a room was found.
				function place_join()
					local browser = client:room_browser()
					if browser:is_refreshing() then return false end
					if browser:num_rooms() == 0 then
						browser:refresh()
						return false
					end
					room = Network.join_psn_room(browser:room(1).id)
					browser:refresh()
					return true
				end
				function place_leave() Network.leave_psn_room(room) end
				function place_end() Network.shutdown_psn_client(client) end
			end)
		end,
	},
	xbox = {
		settings = consoles.settings,
		start = function(peer)
			peer:run(function()
				Network.init_xboxlive_client("lan")
				local user = XboxLive.users().id
				function place_state()
					local status = MultiplayerSession.status(place)
					return status == MultiplayerSession.READY and "in" or status == MultiplayerSession.WORKING and "working" or "out"
				end
				function place_members()
					local list = {}
					for i, member in ipairs(MultiplayerSession.members(place)) do list[i] = member.peer end
					return list
				end
				function place_host() return MultiplayerSession.host_peer(place) end
				function place_create() place = Network.create_multiplayer_session_host(user, "life", "lobby") end
				function place_join()
					place = Network.create_multiplayer_session_client(user, "life", "lobby")
					return true
				end
				function place_leave() MultiplayerSession.leave(place) end
				function place_end() Network.shutdown_xboxlive_client() end
			end)
		end,
	},
}

local function wait(peers, holds, what)
	if peers:step_until(holds, 60) then return end
	local lines = { "not so within 60 virtual seconds: " .. what }
	for i = 1, #peers do
		for _, line in ipairs(peers[i]:log("messages")) do lines[#lines + 1] = line end
	end
	error(table.concat(lines, "\n"), 2)
end

-- Enters the place, again and again where that fails.
local function enter(peers, peer)
	wait(peers, function() return peer:run(function() return place_join() end) end, "a place is found")
	wait(peers, function()
		local state = peer:run(function() return place_state() end)
		if state == "out" then
			peer:run(function()
				place_leave()
				place_join_again = true
			end)
		end
		if peer:run(function() return place_join_again end) then
			peer:run(function() place_join_again = not place_join() end)
			return false
		end
		return state == "in"
	end, "the place is entered")
end

-- Peers see just each other, with the same host, and are connected.
local function together(peers, group)
	local ids = {}
	for i, peer in ipairs(group) do ids[i] = consoles.id(peer) end
	table.sort(ids)
	wait(peers, function()
		local host = group[1]:run(function() return place_host() end)
		for _, peer in ipairs(group) do
			local fine = peer:run(function(ids, host)
				local members = place_members()
				table.sort(members)
				if place_host() ~= host or #members ~= #ids or #Network.connections() ~= #ids - 1 then return false end
				for i = 1, #ids do if members[i] ~= ids[i] then return false end end
				return true
			end, ids, host)
			if not fine then return false end
		end
		return true
	end, #group .. " are together")
end

-- All of a group see just these notes on objects, and agree on whose each object is; the owners are members.
local function agree(peers, group, notes)
	table.sort(notes)
	local expected = table.concat(notes, ", ")
	local seen
	local fine = peers:step_until(function()
		seen = {}
		for i, peer in ipairs(group) do
			seen[i] = peer:run(function()
				local notes, owners = {}, {}
				for _, member in ipairs(session:peers()) do
					for _, id in ipairs(session:objects_owned_by(member)) do
						notes[#notes + 1] = session:game_object_field(id, "note")
						owners[#owners + 1] = id .. " of " .. member
					end
				end
				table.sort(notes)
				table.sort(owners)
				return { notes = table.concat(notes, ", "), owners = table.concat(owners, ", ") }
			end)
		end
		for i = 1, #group do
			if seen[i].notes ~= expected or seen[i].owners ~= seen[1].owners then return false end
		end
		return true
	end, 30)
	assert.same({}, fine and {} or { expected = expected, seen = seen })
end

-- What an owner changes, everybody sees.
local function write(peer, note) peer:run(function(note) session:set_game_object_field(object, "note", note) end, note) end

-- The first of a group hosts a session that the others are in.
local function play(peers, group)
	for i, peer in ipairs(group) do
		peer:run(function(is_host)
			session = Network.create_game_session()
			if is_host then session:make_game_session_host() end
		end, i == 1)
		if i > 1 then group[1]:run(function(id) session:add_peer(id) end, consoles.id(peer)) end
	end
	for i, peer in ipairs(group) do
		wait(peers, function() return peer:run(function() return session:in_session() end) end, "the session is joined")
		peer:run(function(i) object = session:create_game_object("marker", { note = "of " .. i }) end, i)
	end
end

local function live(place, seed)
	local peers = simulate.peers {
		count = 4, config = "lan", seed = seed, latency = 0.03, jitter = 0.02, loss = 0.05, duplication = 0.02, reordering = 0.02,
		online = { settings = place.settings, latency = { 0.02, 0.3 } },
	}
	for i = 1, 4 do place.start(peers[i]) end
	peers[1]:run(function() place_create() end)
	wait(peers, function() return peers[1]:run(function() return place_state() == "in" end) end, "the place is made")
	enter(peers, peers[2])
	enter(peers, peers[3])
	together(peers, { peers[1], peers[2], peers[3] })
	play(peers, { peers[1], peers[2], peers[3] })
	agree(peers, { peers[1], peers[2], peers[3] }, { "of 1", "of 2", "of 3" })
	-- Drop-in.
	enter(peers, peers[4])
	together(peers, { peers[1], peers[2], peers[3], peers[4] })
	peers[4]:run(function() session = Network.create_game_session() end)
	peers[1]:run(function(id) session:add_peer(id) end, consoles.id(peers[4]))
	wait(peers, function() return peers[4]:run(function() return session:in_session() end) end, "the fourth drops in")
	peers[4]:run(function() object = session:create_game_object("marker", { note = "of 4" }) end)
	agree(peers, { peers[1], peers[2], peers[3], peers[4] }, { "of 1", "of 2", "of 3", "of 4" })
	-- A short outage changes nothing, and the game goes on in it.
	peers:online { lost = true }
	peers:step(60 * 2)
	write(peers[2], "in the outage")
	agree(peers, { peers[1], peers[2], peers[3], peers[4] }, { "of 1", "in the outage", "of 3", "of 4" })
	peers:online { lost = false }
	together(peers, { peers[1], peers[2], peers[3], peers[4] })
	-- The host ends its game and leaves, or dies, and the game goes on with another one.
	local old = consoles.id(peers[1])
	if seed % 2 == 0 then
		peers[1]:run(function()
			session:shutdown_game_session_host()
			Network.shutdown_game_session()
			place_leave()
		end)
	else
		for i = 2, 4 do peers[i]:run(function() Network.set_pong_timeout(3) end) end
		peers[1]:kill()
		wait(peers, function()
			local count = 0
			for i = 2, 4 do
				local fine = peers[i]:run(function(old)
					if session:host_error() then session:migrate_game_session_host() end
					local host = session:game_session_host()
					return session:in_session() and host ~= nil and host ~= old
				end, old)
				if fine then count = count + 1 end
			end
			return count == 3
		end, "another host is found")
		agree(peers, { peers[2], peers[3], peers[4] }, { "of 1", "in the outage", "of 3", "of 4" })
		write(peers[3], "after the host")
		agree(peers, { peers[2], peers[3], peers[4] }, { "of 1", "in the outage", "after the host", "of 4" })
		for i = 2, 4 do peers[i]:run(function() Network.shutdown_game_session() end) end
	end
	together(peers, { peers[2], peers[3], peers[4] })
	-- Back again, where it only left.
	if seed % 2 == 0 then
		enter(peers, peers[1])
		together(peers, { peers[2], peers[3], peers[4], peers[1] })
	end
	-- One is signed out as if it played elsewhere; its program begins anew.
	peers:sign_out(3)
	wait(peers, function() return peers[3]:run(function() return Network.fatal_error() and place_state() == "out" end) end, "the sign-out is seen")
	together(peers, seed % 2 == 0 and { peers[2], peers[4], peers[1] } or { peers[2], peers[4] })
	peers[3]:run(function() place_end() end)
	place.start(peers[3])
	enter(peers, peers[3])
	assert(not peers[3]:run(function() return Network.fatal_error() end))
	together(peers, seed % 2 == 0 and { peers[2], peers[4], peers[1], peers[3] } or { peers[2], peers[4], peers[3] })
end

for name, place in pairs(places) do
	describe("A life on " .. name, function()
		for seed = 1, SEEDS do
			it("has a good end, seed " .. seed, function() live(place, seed) end)
		end
	end)
end

-- A server with players that come, go, die and come back, and that dies itself.
local function serve(seed)
	local names = { "anna", "bob", "carl", "dora" }
	local peers = simulate.peers {
		count = 4, config = "lan", seed = seed, latency = 0.03, jitter = 0.02, loss = 0.05, duplication = 0.02, reordering = 0.02,
		online = { users = names, latency = { 0.02, 0.3 } },
	}
	peers[1]:run(function()
		here = {}
		handlers = {}
		function handlers:server_member_added(peer) here[peer] = true end
		function handlers:server_member_kicked(peer) here[peer] = nil end
		function handlers:server_disconnected() was_lost = true end
		server = Network.init_steam_server("lan", { server_name = "Life", max_players = 3 })
		session = Network.create_game_session()
		session:make_game_session_host()
		function update(dt)
			Network.update(dt, callbacks)
			server:run_callbacks(handlers)
			for _, id in ipairs(server:members()) do
				if here[id] then
					session:add_peer(id)
					here[id] = nil
				end
			end
			for _, poll in ipairs { session.wants_to_leave, session.broken_connection } do
				local id = poll(session)
				if id then session:remove_peer(id, callbacks) end
			end
		end
	end)
	local function enter(peer)
		peer:run(function()
			client = client or Network.init_steam_client("lan")
			browser = client:server_browser()
			function find()
				if browser:is_refreshing() then return false end
				if browser:num_servers() == 0 then
					browser:refresh(SteamServerBrowser.INTERNET)
					return false
				end
				local info = browser:server(1)
				lobby = Network.join_steam_server(info.ip_address, info.query_port)
				return true
			end
		end)
		wait(peers, function() return peer:run(function() return find() end) end, "the server is found")
		wait(peers, function() return peer:run(function() return lobby:state() == SteamGameServerLobby.JOINED end) end, "the server is entered")
		peer:run(function() session = Network.create_game_session() end)
		wait(peers, function()
			return peer:run(function() return session:in_session() and session:game_session_host() == lobby:game_session_host() end)
		end, "the session is joined")
	end
	local function count(expected)
		wait(peers, function() return peers[1]:run(function() return #server:members() end) == expected end, expected .. " players are there")
	end
	for i = 2, 4 do enter(peers[i]) end
	count(3)
	peers:online { lost = true }
	peers:step(60 * 4)
	peers:online { lost = false }
	peers:step(60)
	count(3)
	assert(peers[1]:run(function() return was_lost end))
	peers[2]:run(function()
		session:leave()
		Network.shutdown_game_session()
		Network.leave_steam_server(lobby)
	end)
	count(2)
	enter(peers[2])
	count(3)
	peers[3]:kill()
	count(2)
	peers[1]:kill()
	for _, i in ipairs { 2, 4 } do
		wait(peers, function() return peers[i]:run(function() return lobby:state() == SteamGameServerLobby.FAILED end) end, "the server's end is seen")
	end
end

describe("A life on a Steam server", function()
	for seed = 1, SEEDS do
		it("has a good end, seed " .. seed, function() serve(seed) end)
	end
end)

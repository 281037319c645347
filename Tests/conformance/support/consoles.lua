-- What the conformance tests of PSN and Xbox Live share.
local lan = require "support/lan"

local consoles = { wait = lan.wait, rejects = lan.rejects, has_logged = lan.has_logged, id = lan.id }

-- PSN ----------------------------------------------------------------------------------------------

-- Peers with a PSN client each, in the global `client`.
function consoles.psn(options)
	options.config = options.config or "lan"
	local peers = simulate.peers(options)
	for i = 1, #peers do
		peers[i]:run(function() client = Network.init_psn_client("lan") end)
	end
	return peers
end

-- The first peer's room, in its global `room`, once it is there.
function consoles.host_room(peers, max_members)
	peers[1]:run(function(max) room = Network.create_psn_room("a room", max) end, max_members or 8)
	lan.wait(peers, peers[1], function() return PsnRoom.state(room) == PsnRoom.JOINED end)
end

-- The id of the first peer's room, as another peer's browser shows it.
function consoles.find_room(peers, peer)
	return lan.wait(peers, peer, function()
		local browser = client:room_browser()
		if browser:is_refreshing() then return nil end
		if browser:num_rooms() > 0 then return browser:room(1).id end
		browser:refresh()
	end)
end

function consoles.join_room(peers, peer)
	peer:run(function(id) room = Network.join_psn_room(id) end, consoles.find_room(peers, peer))
end

-- Peers that are all in the first one's room, and connected to each other.
function consoles.meet(options)
	local peers = consoles.psn(options)
	consoles.host_room(peers, options.max_members)
	for i = 2, #peers do
		consoles.join_room(peers, peers[i])
		consoles.wait(peers, peers[i], function() return PsnRoom.state(room) == PsnRoom.JOINED end)
	end
	for i = 1, #peers do
		consoles.wait(peers, peers[i], function(count)
			return PsnRoom.num_members(room) == count and #Network.connections() == count - 1
		end, 20, #peers)
	end
	return peers
end

-- Xbox Live ----------------------------------------------------------------------------------------

consoles.settings = {
	xboxlive = {
		service_config_id = "tests",
		title_id = 7,
		users = { "anna", { name = "guest", guest = true }, "zoe" },
		templates = {
			lobby = { max_members = 8 },
			duel = { max_members = 2, min_members = 2, initialization_timeout = 5 },
		},
		hoppers = {
			any = { min_players = 2, max_players = 4 },
			ranked = {
				min_players = 2, max_players = 2,
				rules = { { attribute = "mode", same = true }, { attribute = "skill", difference = 10 } },
			},
		},
	},
}

-- Peers with an Xbox Live client each; their players are anna, bob and so on.
function consoles.xbox(options)
	options.config = options.config or "lan"
	options.online = options.online or {}
	options.online.users = options.online.users or { unpack({ "anna", "bob", "cleo", "dan" }, 1, options.count) }
	options.online.settings = options.online.settings or consoles.settings
	local peers = simulate.peers(options)
	for i = 1, #peers do
		peers[i]:run(function()
			Network.init_xboxlive_client("lan")
			user = XboxLive.users().id
		end)
	end
	return peers
end

-- The first peer's session "game", in its global `session`, once it is ready.
function consoles.host_session(peers, template)
	peers[1]:run(function(template)
		session = Network.create_multiplayer_session_host(user, "game", template, { "test" })
	end, template or "lobby")
	consoles.ready(peers, peers[1])
end

function consoles.ready(peers, peer)
	consoles.wait(peers, peer, function() return MultiplayerSession.status(session) == MultiplayerSession.READY end)
end

-- Peers that are all in one session, and connected to each other.
function consoles.gather(options)
	local peers = consoles.xbox(options)
	consoles.host_session(peers, options.template)
	for i = 2, #peers do
		peers[i]:run(function(template)
			session = Network.create_multiplayer_session_client(user, "game", template)
		end, options.template or "lobby")
		consoles.ready(peers, peers[i])
	end
	for i = 1, #peers do
		consoles.wait(peers, peers[i], function(count)
			return #MultiplayerSession.members(session) == count and #Network.connections() == count - 1
		end, 20, #peers)
	end
	return peers
end

return consoles

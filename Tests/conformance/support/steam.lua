-- What the conformance tests of Steam share.
local lan = require "support/lan"

local steam = {}

steam.names = { "anna", "bob", "carl", "dora", "emil", "fred" }

-- Peers with the online service; each is a user, in the order of `names`.
function steam.users(options)
	options.config = options.config or "lan"
	options.online = options.online or {}
	options.online.users = options.online.users or { unpack(steam.names, 1, math.min(options.count or 2, #steam.names)) }
	return simulate.peers(options)
end

-- The same with a running client each, in the global `client`.
function steam.start(options)
	local peers = steam.users(options)
	for i = 1, #peers do steam.init(peers[i]) end
	return peers
end

function steam.init(peer)
	peer:run(function() client = Network.init_steam_client("lan") end)
end

-- Makes a lobby, which the peer then has in the global `lobby`, and waits until it is there.
function steam.host(peers, peer, kind, max_members)
	peer:run(function(kind, max) lobby = Network.create_steam_lobby(Network[kind], max) end, kind or "STEAM_LOBBY_PUBLIC", max_members or 16)
	steam.joined(peers, peer)
end

function steam.joined(peers, peer)
	lan.wait(peers, peer, function() return lobby:state() == SteamLobby.JOINED end)
end

-- What a peer's lobby browser finds: tables with the id and the name.
function steam.lobbies(peers, peer)
	peer:run(function() client:lobby_browser():refresh() end)
	lan.wait(peers, peer, function() return not client:lobby_browser():is_refreshing() end, 15)
	return peer:run(function()
		local found, browser = {}, client:lobby_browser()
		for i = 1, browser:num_lobbies() do found[i] = browser:lobby(i) end
		return found
	end)
end

-- The id of the one lobby that a peer finds.
function steam.lobby_id(peers, peer)
	local found = steam.lobbies(peers, peer)
	assert.equal(1, #found, "lobbies found")
	return found[1].id
end

function steam.join(peer, id)
	peer:run(function(id) lobby = Network.join_steam_lobby(id) end, id)
end

-- Clients that are all in one public lobby and connected; the first hosts it.
function steam.meet(options)
	local peers = steam.start(options)
	steam.host(peers, peers[1], options.kind)
	for i = 2, #peers do steam.join(peers[i], steam.lobby_id(peers, peers[i])) end
	steam.settle(peers, #peers)
	return peers
end

-- Steps until `count` peers, all of those given, see `count` members and are connected to them.
function steam.settle(peers, count)
	for i = 1, #peers do
		if not peers[i].is_dead then
			lan.wait(peers, peers[i], function(count)
				return lobby:state() == SteamLobby.JOINED and #lobby:members() == count and #Network.connections() == count - 1
			end, 20, count)
		end
	end
end

-- A server on the first peer, in its global `server`; the others have a client each.
function steam.serve(options, settings)
	local peers = steam.users(options)
	steam.start_server(peers, settings)
	for i = 2, #peers do steam.init(peers[i]) end
	return peers
end

-- A server on the first peer, which notes in its global `calls` what it is called with.
function steam.start_server(peers, settings)
	settings = settings or {}
	settings.server_name = settings.server_name or "Castle"
	settings.max_players = settings.max_players or 8
	peers[1]:run(function(settings)
		calls = {}
		handlers = {}
		for _, name in ipairs { "server_member_added", "server_member_kicked", "server_disconnected" } do
			handlers[name] = function(self, ...)
				calls[#calls + 1] = { name, ... }
				assert(self == handlers)
			end
		end
		server = Network.init_steam_server("lan", settings)
		function update(dt)
			Network.update(dt, callbacks)
			if server then server:run_callbacks(handlers) end
		end
	end, settings)
	lan.wait(peers, peers[1], function() return server:state() == SteamGameServer.CONNECTED end)
end

-- Enters the server of the first peer; `lobby` is the place there.
function steam.enter(peer, password)
	peer:run(function(password) lobby = Network.join_steam_server("10.0.0.1:27016", password) end, password)
end

function steam.entered(peers, peer)
	lan.wait(peers, peer, function() return lobby:state() == SteamGameServerLobby.JOINED end, 20)
end

-- A server with everybody else on it.
function steam.gather(options, settings)
	local peers = steam.serve(options, settings)
	for i = 2, #peers do
		steam.enter(peers[i])
		steam.entered(peers, peers[i])
	end
	lan.wait(peers, peers[1], function(count) return #server:members() == count end, 5, #peers - 1)
	return peers
end

-- What the server's handlers were called with.
function steam.calls(peer, name)
	local found = {}
	for _, call in ipairs(peer:run(function() return calls end)) do
		if call[1] == name then found[#found + 1] = call[2] or true end
	end
	return found
end

-- How many servers a peer's browser finds.
function steam.servers(peers, peer, kind)
	peer:run(function(kind) client:server_browser():refresh(SteamServerBrowser[kind or "INTERNET"]) end, kind)
	lan.wait(peers, peer, function() return not client:server_browser():is_refreshing() end, 15)
	return peer:run(function() return client:server_browser():num_servers() end)
end

return steam

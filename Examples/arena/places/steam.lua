-- A Steam lobby.

local Network, Steam, SteamLobby, SteamLobbyBrowser =
	stingray.Network, stingray.Steam, stingray.SteamLobby, stingray.SteamLobbyBrowser

local Place = {}
Place.__index = Place

function Place.new(options)
	if not Steam or not Steam.connected() then error("Steam is not running; see --online", 0) end
	local client = Network.init_steam_client("arena")
	local self = setmetatable({ client = client, browser = client:lobby_browser(), port = options.port }, Place)
	self.browser:add_filter("game", "arena", SteamLobbyBrowser.EQUAL)
	self.browser:add_filter("port", tonumber(options.port), SteamLobbyBrowser.EQUAL)
	self.browser:add_slots_filter(1)
	return self
end

function Place:ready() return true end

function Place:create(name, max_players)
	self.lobby = Network.create_steam_lobby(Network.STEAM_LOBBY_PUBLIC, max_players)
	self.lobby:set_data("game", "arena")
	self.lobby:set_data("port", tostring(self.port))
	self.lobby:set_data("name", name)
end

function Place:find()
	if self.browser:is_refreshing() then return end
	if self.browser:num_lobbies() > 0 then
		local info = self.browser:lobby(1)
		return info.id, self.browser:data(1, "name")
	end
	self.browser:refresh()
end

function Place:join(id) self.lobby = Network.join_steam_lobby(id) end

function Place:state()
	local state = self.lobby:state()
	return state == SteamLobby.JOINED and "joined" or state == SteamLobby.FAILED and "failed" or "working"
end

function Place:host() return self.lobby:lobby_host() end

function Place:session_host() return self.lobby:game_session_host() end

function Place:set_session_host(peer) self.lobby:set_game_session_host(peer) end

function Place:leave()
	if self.lobby then
		Network.leave_steam_lobby(self.lobby)
		self.browser:refresh()
	end
	self.lobby = nil
end

function Place:close()
	self:leave()
	Network.shutdown_steam_client(self.client)
end

return Place

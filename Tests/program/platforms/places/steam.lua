-- A Steam lobby, found by its data.

local Network, SteamLobby, SteamLobbyBrowser = stingray.Network, stingray.SteamLobby, stingray.SteamLobbyBrowser

local Place = {}
Place.__index = Place

function Place.new()
	local client = Network.init_steam_client("play")
	return setmetatable({ client = client, browser = client:lobby_browser() }, Place)
end

function Place:ready() return true end

function Place:create(mode, max_members)
	self.lobby = Network.create_steam_lobby(Network.STEAM_LOBBY_PUBLIC, max_members)
	self.lobby:set_data("mode", mode)
	self.lobby:set_data("level", mode == "duel" and "5" or "2")
end

-- The ids of lobbies of a mode with room for one more; nil while they are being looked for.
function Place:list(mode)
	local browser = self.browser
	if browser:is_refreshing() then return end
	local found
	if self.asked == mode then
		found = {}
		for i = 1, browser:num_lobbies() do
			assert(browser:data(i, "mode") == mode, "a lobby of another mode was listed")
			found[i] = browser:lobby(i).id
		end
	end
	browser:clear_filters()
	browser:add_filter("mode", mode, SteamLobbyBrowser.EQUAL)
	browser:add_filter("level", mode == "duel" and 5 or 1, SteamLobbyBrowser.GREATER_OR_EQUAL)
	browser:add_near_filter("level", 4)
	browser:add_distance_filter(SteamLobbyBrowser.WORLD)
	browser:add_slots_filter(1)
	browser:refresh()
	self.asked = mode
	return found
end

function Place:join(id) self.lobby = Network.join_steam_lobby(id) end

function Place:state()
	local state = self.lobby:state()
	return state == SteamLobby.JOINED and "joined" or state == SteamLobby.FAILED and "failed" or "working"
end

function Place:host() return self.lobby:lobby_host() end
function Place:members() return self.lobby:members() end
function Place:session_host() return self.lobby:game_session_host() end
function Place:set_session_host(peer) self.lobby:set_game_session_host(peer) end

function Place:set_count(count) self.lobby:set_data("count", tostring(count)) end
function Place:count() return tonumber(self.lobby:data "count") end

function Place:leave()
	Network.leave_steam_lobby(self.lobby)
	self.lobby = nil
end

function Place:update() end
function Place:close() Network.shutdown_steam_client(self.client) end

return Place

-- A lobby on the local network.

local LanLobby, Network = stingray.LanLobby, stingray.Network

local Lan = {}
Lan.__index = Lan

function Lan.new(options)
	local client = Network.init_lan_client("arena")
	return setmetatable({ client = client, browser = client:lobby_browser(), port = options.port }, Lan)
end

function Lan:ready() return true end

function Lan:create(name, max_players)
	self.lobby = Network.create_lan_lobby(self.port, max_players)
	if self.lobby:state() == LanLobby.FAILED then return end
	self.lobby:set_data("game", "arena")
	self.lobby:set_data("name", name)
end

-- The address and the name of a game, or nil while none is found.
function Lan:find()
	for i = 1, self.browser:num_lobbies() do
		local info = self.browser:lobby(i)
		if info.game == "arena" then return info.address, info.name end
	end
	if not self.browser:is_refreshing() then self.browser:refresh(self.port) end
end

function Lan:join(address) self.lobby = Network.join_lan_lobby(address) end

function Lan:state()
	local state = self.lobby:state()
	return state == LanLobby.JOINED and "joined" or state == LanLobby.FAILED and "failed" or "working"
end

function Lan:host() return self.lobby:lobby_host() end

function Lan:session_host() return self.lobby:game_session_host() end

function Lan:set_session_host(peer) self.lobby:set_game_session_host(peer) end

function Lan:leave()
	if self.lobby then Network.leave_lan_lobby(self.lobby) end
	self.lobby = nil
end

function Lan:close()
	self:leave()
	Network.shutdown_lan_client(self.client)
end

return Lan

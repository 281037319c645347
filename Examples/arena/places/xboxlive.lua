-- An Xbox Live multiplayer session; players find each other by its name.

local MultiplayerSession, Network, XboxLive = stingray.MultiplayerSession, stingray.Network, stingray.XboxLive

local Place = {}
Place.__index = Place

function Place.new(options)
	Network.init_xboxlive_client("arena")
	return setmetatable({ name = "arena" .. options.port, ended = {} }, Place)
end

-- Somebody has to be signed in.
function Place:ready()
	self:free()
	local user = XboxLive.users()
	self.user = user and user.signed_in and user.id
	return self.user ~= nil
end

function Place:create(name, max_players)
	self.session =
		Network.create_multiplayer_session_host(self.user, self.name, "arena", { "arena" }, 0, max_players)
end

-- A session cannot be seen from outside; a wrong guess is told by `state`.
function Place:find()
	self:free()
	return self.name, self.name
end

function Place:join(name)
	self.session = Network.create_multiplayer_session_client(self.user, name, "arena")
end

function Place:state()
	local state = MultiplayerSession.status(self.session)
	return state == MultiplayerSession.READY and "joined" or state == MultiplayerSession.WORKING and "working"
		or "failed"
end

function Place:host() return MultiplayerSession.host_peer(self.session) end

-- Here whoever hosts the session hosts the game.
function Place:session_host() return MultiplayerSession.host_peer(self.session) end

function Place:set_session_host() end

function Place:leave()
	if self.session then
		MultiplayerSession.leave(self.session)
		table.insert(self.ended, self.session)
	end
	self.session = nil
end

-- A session that was left is freed once it has ended.
function Place:free()
	for i = #self.ended, 1, -1 do
		if MultiplayerSession.status(self.ended[i]) == MultiplayerSession.SHUTDOWN then
			Network.free_multiplayer_session(table.remove(self.ended, i))
		end
	end
end

function Place:close()
	self:leave()
	Network.shutdown_xboxlive_client()
end

return Place

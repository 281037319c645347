-- A PSN room.

local Network, PsnRoom = stingray.Network, stingray.PsnRoom

local Place = {}
Place.__index = Place

function Place.new(options)
	local client = Network.init_psn_client("arena")
	return setmetatable({ client = client, browser = client:room_browser(), mark = "arena " .. options.port }, Place)
end

-- Rooms can be made and found once the handshake is over.
function Place:ready() return self.client:ready() end

function Place:create(name, max_players)
	self.room = Network.create_psn_room(name, max_players)
	PsnRoom.set_data(self.room, self.mark)
end

function Place:find()
	if self.browser:is_refreshing() then return end
	for i = 1, self.browser:num_rooms() do
		local info = self.browser:room(i)
		if info.data == self.mark and info.id ~= self.left then return info.id, info.name end
	end
	self.left = nil
	self.browser:refresh()
end

function Place:join(id)
	self.room, self.id = Network.join_psn_room(id), id
end

function Place:state()
	local state = PsnRoom.state(self.room)
	return state == PsnRoom.JOINED and "joined" or state == PsnRoom.FAILED and "failed" or "working"
end

function Place:host() return PsnRoom.owner(self.room) end

function Place:session_host() return PsnRoom.game_session_host(self.room) end

function Place:set_session_host(peer) PsnRoom.set_game_session_host(self.room, peer) end

function Place:leave()
	if self.room then Network.leave_psn_room(self.room) end
	self.room, self.left = nil, self.id
end

function Place:close()
	self:leave()
	Network.shutdown_psn_client(self.client)
end

return Place

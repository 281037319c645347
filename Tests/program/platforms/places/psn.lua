-- A PSN room, found by its data.

local Network, PsnRoom = stingray.Network, stingray.PsnRoom

local Place = {}
Place.__index = Place

function Place.new()
	local client = Network.init_psn_client("play")
	return setmetatable({ client = client, browser = client:room_browser() }, Place)
end

function Place:ready() return self.client:ready() end

function Place:create(mode, max_members)
	self.room = Network.create_psn_room(mode .. " room", max_members)
	PsnRoom.set_data(self.room, mode)
end

function Place:list(mode)
	local browser = self.browser
	if browser:is_refreshing() then return end
	local found
	if self.asked then
		found = {}
		for i = 1, browser:num_rooms() do
			local info = browser:room(i)
			if info.data:match "^%a+" == mode then found[#found + 1] = info.id end
		end
	end
	browser:refresh()
	self.asked = true
	return found
end

function Place:join(id) self.room = Network.join_psn_room(id) end

function Place:state()
	local state = PsnRoom.state(self.room)
	return state == PsnRoom.JOINED and "joined" or state == PsnRoom.FAILED and "failed" or "working"
end

function Place:host() return PsnRoom.owner(self.room) end

function Place:members()
	local peers = {}
	for i = 1, PsnRoom.num_members(self.room) do peers[i] = PsnRoom.member(self.room, i).peer_id end
	return peers
end

function Place:session_host() return PsnRoom.game_session_host(self.room) end
function Place:set_session_host(peer) PsnRoom.set_game_session_host(self.room, peer) end

-- A room has one text for all that is to be known of it.
function Place:set_count(count) PsnRoom.set_data(self.room, "keep " .. count) end

-- Only who looks for rooms sees their data.
function Place:count()
	local browser = self.browser
	if browser:is_refreshing() then return end
	local count
	for i = 1, self.asked and browser:num_rooms() or 0 do
		count = count or tonumber(browser:room(i).data:match "^keep (%d+)")
	end
	browser:refresh()
	self.asked = true
	return count
end

function Place:leave()
	Network.leave_psn_room(self.room)
	self.room = nil
end

function Place:update() end
function Place:close() Network.shutdown_psn_client(self.client) end

return Place

-- An Xbox Live session, found by what its members show that they are playing.

local MultiplayerSession, Network, SessionJobStatus, XboxLive =
	stingray.MultiplayerSession, stingray.Network, stingray.SessionJobStatus, stingray.XboxLive

local Place = {}
Place.__index = Place

function Place.new()
	Network.init_xboxlive_client("play")
	return setmetatable({ ended = {}, others = {} }, Place)
end

-- Somebody has to be signed in.
function Place:ready()
	local user = XboxLive.users()
	if not user or not user.signed_in then return false end
	self.user, self.account = user.id, user.xbox_user_id
	return true
end

function Place:create(mode, max_members)
	-- Who knows a session's name is in the same one, so each has its own.
	local session_name = string.format("%s-%x", mode, math.random(2 ^ 31 - 1))
	self.session = Network.create_multiplayer_session_host(self.user, session_name, "duel", { mode }, 1, max_members)
end

function Place:list(mode)
	local found
	if self.lookup then
		local status = Network.get_activity_details_status(self.lookup)
		if status == SessionJobStatus.WORKING then return end
		if status == SessionJobStatus.COMPLETE then
			local is_found = {}
			found = {}
			for _, details in ipairs { Network.get_activity_details_result(self.lookup) } do
				local session_name = details.session_name
				if session_name:match "^%a+" == mode and not is_found[session_name] then
					is_found[session_name] = true
					found[#found + 1] = session_name
				end
			end
		end
		Network.free_get_activity_details(self.lookup)
		self.lookup = nil
	end
	self.lookup = Network.get_activity_details(self.user, self.others)
	return found
end

function Place:join(name) self.session = Network.create_multiplayer_session_client(self.user, name, "duel") end

function Place:state()
	local state = MultiplayerSession.status(self.session)
	return state == MultiplayerSession.READY and "joined" or state == MultiplayerSession.WORKING and "working"
		or "failed"
end

function Place:host() return MultiplayerSession.host_peer(self.session) end

function Place:members()
	local peers = {}
	for i, member in ipairs(MultiplayerSession.members(self.session)) do peers[i] = member.peer end
	return peers
end

-- Here whoever hosts the session hosts the game.
function Place:session_host() return MultiplayerSession.host_peer(self.session) end
function Place:set_session_host() end

function Place:set_count(count) MultiplayerSession.set_custom_property_json(self.session, "count", tostring(count)) end

-- What the service has.
function Place:count()
	local count
	if self.counting then
		local status = MultiplayerSession.custom_property_json_status(self.counting)
		if status == SessionJobStatus.WORKING then return end
		if status == SessionJobStatus.COMPLETE then
			count = tonumber(MultiplayerSession.custom_property_json_result(self.counting))
		end
		MultiplayerSession.free_custom_property_json(self.counting)
		self.counting = nil
	end
	if self:state() == "joined" then
		self.counting = MultiplayerSession.custom_property_json(self.session, "count")
	end
	return count
end

function Place:leave()
	MultiplayerSession.leave(self.session)
	self.ended[#self.ended + 1], self.session, self.is_shown = self.session, nil, false
end

-- Shows the session that this player is in, and frees those that it has left.
function Place:update()
	if self.session and not self.is_shown and self:state() == "joined" then
		Network.set_activity(self.user, self.session)
		self.is_shown = true
	end
	for i = #self.ended, 1, -1 do
		if MultiplayerSession.status(self.ended[i]) == MultiplayerSession.SHUTDOWN then
			Network.free_multiplayer_session(table.remove(self.ended, i))
		end
	end
end

function Place:close() Network.shutdown_xboxlive_client() end

return Place

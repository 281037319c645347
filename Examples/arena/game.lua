-- The rules, on top of one game session. A Game is also the callback object of Network.update: the network calls
-- its methods when objects come and go and when messages arrive.

local GameSession, Network, RPC = stingray.GameSession, stingray.Network, stingray.RPC

local COLUMNS, ROWS = 60, 16
local STEPS = { [0] = { 0, -1 }, { 1, 0 }, { 0, 1 }, { -1, 0 } } -- up, right, down, left
local FACINGS = { up = 0, right = 1, down = 2, left = 3 }
local SHOT_LIFE = 0.15 -- seconds that a shot is drawn

local Game = { COLUMNS = COLUMNS, ROWS = ROWS }
Game.__index = Game

-- `scores` is what an earlier session of this lobby ended with: name and points by peer.
function Game.new(connection, host, scores)
	local self = setmetatable({
		connection = connection,
		host = host,
		is_host = host == Network.peer_id(),
		session = Network.game_session(),
		avatars = {}, -- object ids of everybody's avatar
		score_of = {}, -- object id of a peer's score
		shots = {},
		old_scores = scores or {},
	}, Game)
	if self.is_host then self:add_score(host, connection.options.name) end
	return self
end

-- Every frame -------------------------------------------------------------------------------------------------------

function Game:update(dt)
	if self.session:in_session() and not self.avatar and not self.disconnected then self:enter() end
	for i = #self.shots, 1, -1 do
		local shot = self.shots[i]
		shot.life = shot.life - dt
		if shot.life <= 0 then table.remove(self.shots, i) end
	end
	if self.final_points and self:total() == self.final_points and not self.connection.ending then
		self.connection:say_goodbye()
	end
end

function Game:enter()
	self.avatar = self.session:create_game_object("avatar", {
		peer = Network.peer_id(),
		name = self.connection.options.name,
		column = math.random(0, COLUMNS - 1),
		row = math.random(0, ROWS - 1),
		facing = math.random(0, 3),
	})
	self.avatars[self.avatar] = true
end

function Game:field(id, name)
	return self.session:game_object_field(id, name)
end

-- What the player does: "up", "right", "down", "left" or "fire".
function Game:steer(order)
	if not self.avatar or self.final_points then return end
	if order == "fire" then return self:fire() end
	local facing = FACINGS[order]
	local step = STEPS[facing]
	self.session:set_game_object_field(self.avatar, "facing", facing)
	self.session:set_game_object_field(self.avatar, "column",
		math.max(0, math.min(COLUMNS - 1, self:field(self.avatar, "column") + step[1])))
	self.session:set_game_object_field(self.avatar, "row",
		math.max(0, math.min(ROWS - 1, self:field(self.avatar, "row") + step[2])))
end

function Game:fire()
	local column, row, facing = self:field(self.avatar, "column"), self:field(self.avatar, "row"), self:field(self.avatar, "facing")
	self:show_shot(column, row, facing)
	for _, peer in ipairs(self.session:other_peers()) do
		RPC.shot(peer, column, row, facing)
	end
	local victim = self:first_in_line(column, row, facing)
	if victim then
		if self.is_host then self:hit(Network.peer_id(), victim) else RPC.hit(self.host, victim) end
	end
end

function Game:first_in_line(column, row, facing)
	local step, best, best_distance = STEPS[facing], nil, math.huge
	for id in pairs(self.avatars) do
		local dx, dy = self:field(id, "column") - column, self:field(id, "row") - row
		local along, across = dx * step[1] + dy * step[2], math.abs(dx * step[2]) + math.abs(dy * step[1])
		if id ~= self.avatar and across == 0 and along > 0 and along < best_distance then
			best, best_distance = id, along
		end
	end
	return best
end

function Game:show_shot(column, row, facing)
	table.insert(self.shots, { column = column, row = row, step = STEPS[facing], life = SHOT_LIFE })
end

-- Host --------------------------------------------------------------------------------------------------------------

function Game:add_score(peer, name)
	local old = self.old_scores[peer]
	self.score_of[peer] = self.session:create_game_object("score", { peer = peer, name = name, points = old and old.points or 0 })
end

-- Lets a peer out of the session, and its avatar and its score with it.
function Game:forget(peer)
	self.session:remove_peer(peer, self)
	if self.score_of[peer] and not self.whistled then
		self.session:destroy_game_object(self.score_of[peer])
		self.score_of[peer] = nil
	end
end

-- The end: nobody scores any more, and everybody learns how many points were made, to know when the last has arrived.
function Game:whistle()
	self.whistled = true
	self.final_points = self:total()
	for _, peer in ipairs(self.session:synchronized_peers()) do
		RPC.game_over(peer, self.final_points)
	end
end

-- Messages ----------------------------------------------------------------------------------------------------------
-- Anybody can send any message: each handler checks whether its sender may.

function Game:ask_to_join(sender, name)
	if not self.is_host or self.whistled or self.score_of[sender] then return end
	self.connection:tell("%s joins", name)
	self.session:add_peer(sender)
	self:add_score(sender, name)
end

function Game:is_from_host(sender)
	return sender == self.host
end

function Game:shot(sender, column, row, facing)
	self:show_shot(column, row, facing)
end

function Game:hit(sender, victim)
	if not self.is_host or self.whistled or not self.avatars[victim] or not self.score_of[sender] then return end
	local score = self.score_of[sender]
	self.session:set_game_object_field(score, "points", self:field(score, "points") + 1)
	local peer = self:field(victim, "peer")
	if peer == Network.peer_id() then
		self:knocked_out(self.host, self:name_of(sender))
	else
		RPC.knocked_out(peer, self:name_of(sender))
	end
end

function Game:knocked_out(sender, by)
	if not self.avatar or not self:is_from_host(sender) then return end
	self.session:set_game_object_field(self.avatar, "column", math.random(0, COLUMNS - 1))
	self.session:set_game_object_field(self.avatar, "row", math.random(0, ROWS - 1))
end

function Game:game_over(sender, points)
	if self:is_from_host(sender) then self.final_points = points end
end

-- Objects -----------------------------------------------------------------------------------------------------------

function Game:game_object_created(id, creator)
	if self.session:game_object_is_type(id, "avatar") then
		self.avatars[id] = true
	elseif self:is_from_host(creator) then
		self.score_of[self:field(id, "peer")] = id
	end
end

function Game:game_object_destroyed(id, destroyer)
	self.avatars[id] = nil
	local peer = self.session:game_object_is_type(id, "score") and self:field(id, "peer")
	if peer and self.score_of[peer] == id then self.score_of[peer] = nil end
end

function Game:game_object_sync_done(peer)
	self.connection:tell("%s has everything and plays", self:name_of(peer))
end

function Game:game_session_disconnect(host)
	self.connection:tell("the session is over")
	self.disconnected = true
end

-- Scores ------------------------------------------------------------------------------------------------------------

function Game:name_of(peer)
	return self.score_of[peer] and self:field(self.score_of[peer], "name") or peer
end

function Game:scores()
	local scores = {}
	for peer, id in pairs(self.score_of) do
		scores[peer] = { name = self:field(id, "name"), points = self:field(id, "points") }
	end
	return scores
end

function Game:total()
	local total = 0
	for _, score in pairs(self:scores()) do total = total + score.points end
	return total
end

-- The scores as one line, the same on every peer.
function Game:score_line()
	local list = {}
	for _, score in pairs(self:scores()) do table.insert(list, score) end
	table.sort(list, function(a, b) return a.points > b.points or a.points == b.points and a.name < b.name end)
	for i, score in ipairs(list) do list[i] = score.name .. " " .. score.points end
	return (table.concat(list, ", "):gsub("%c", "?"))
end

function Game:print_scores()
	self.connection.last_line = "final score: " .. self:score_line()
end

return Game

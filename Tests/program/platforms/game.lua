-- A session of players, each with a token that everybody sees.

local Network, RPC = stingray.Network, stingray.RPC

local Game = {}
Game.__index = Game

function Game.new(name) return setmetatable({ name = name, tokens = {}, cheers = {} }, Game) end

function Game:host()
	self.session = Network.create_game_session()
	self.session:make_game_session_host()
	self:make_token()
end

-- Asks those who may be the session's host; who is not does not answer.
function Game:join(peers)
	self.session, self.ended, self.tokens = Network.create_game_session(), false, {}
	for _, peer in ipairs(peers) do
		if peer ~= Network.peer_id() then RPC.ask_to_join(peer, self.name) end
	end
end

function Game:make_token()
	self.token = self.session:create_game_object("token", { name = self.name, number = #self.name })
	self.tokens[self.token] = true
end

-- The names on all tokens, in order.
function Game:names()
	local names = {}
	for id in pairs(self.tokens) do names[#names + 1] = self.session:game_object_field(id, "name") end
	table.sort(names)
	return table.concat(names, " ")
end

-- What has to be done each frame.
function Game:update()
	local session = self.session
	if not session then return end
	if session:in_session() and not self.token then self:make_token() end
	if session:game_session_host() == Network.peer_id() then
		local peer = session:wants_to_leave() or session:broken_connection()
		while peer do
			session:remove_peer(peer, self)
			peer = session:wants_to_leave() or session:broken_connection()
		end
	end
end

function Game:cheer_all()
	for _, peer in ipairs(self.session:other_peers()) do RPC.cheer(peer, self.name) end
end

-- Gives the session up, once it has ended or was left.
function Game:close()
	Network.shutdown_game_session()
	self.session, self.token, self.tokens, self.cheers = nil, nil, {}, {}
end

-- Callbacks ---------------------------------------------------------------------------------------------------------

function Game:ask_to_join(sender)
	if self.session and self.session:game_session_host() == Network.peer_id() then self.session:add_peer(sender) end
end

function Game:cheer(_, name) self.cheers[name] = true end
function Game:game_object_created(id) self.tokens[id] = true end
function Game:game_object_destroyed(id) self.tokens[id] = nil end
function Game:game_object_migrated_to_me() end
function Game:game_object_migrated_away() end
function Game:game_object_sync_done() end
function Game:game_session_disconnect() self.ended = true end

return Game

-- From the first packet to the last: finding a lobby, joining it, entering the session, and leaving again.
-- `Connection.step` names where we are; each step is one function, called every frame.

local Game = require "game"

local Network, RPC = stingray.Network, stingray.RPC

local MAX_PLAYERS = 8
local PONG_TIMEOUT = 3 -- seconds of silence until a player counts as gone
local LAST_WORDS = 3 -- seconds that the host waits for the others to leave after the game
local RETRY = 0.5 -- seconds between two attempts to join

local Connection = {}
Connection.__index = Connection

-- Where the players meet is a file each in places/: a LAN lobby, or a platform's lobby, room or session.
function Connection.new(options)
	Network.set_pong_timeout(PONG_TIMEOUT)
	local place = require("places/" .. options.place).new(options)
	return setmetatable({
		options = options, place = place, news = {}, time = 0, step = Connection.get_ready, next_try = 0,
	}, Connection)
end

function Connection:tell(...)
	-- Names come from other machines: nothing in them may move the cursor.
	local line = string.format(...):gsub("%c", "?")
	table.insert(self.news, line)
	if #self.news > 4 then table.remove(self.news, 1) end
	io.stderr:write(self.options.name, ": ", line, "\n")
end

-- Callbacks of the network go to the game while there is one; what must work before that stands here.
local Callbacks = {}

function Connection:update(dt)
	self.time = self.time + dt
	Network.update(dt, self.game or Callbacks)
	self:step()
end

-- Lobby -------------------------------------------------------------------------------------------------------------

function Connection:get_ready()
	if not self.place:ready() then return end
	if not self.options.host then
		self.step = self.browse
		return
	end
	self.place:create(self.options.name .. "'s arena", MAX_PLAYERS)
	self.step = self.open_lobby
end

function Connection:open_lobby()
	local state = self.place:state()
	if state == "failed" then
		return self:give_up("cannot open a game on port " .. self.options.port .. "; is another one using it?")
	elseif state == "joined" then
		self:host_session()
	end
end

function Connection:browse()
	if self.time < self.next_try then return end
	local found, name = self.place:find()
	if not found then return end
	self:tell("joining %s", name)
	self.place:join(found)
	self.step = self.join_lobby
end

function Connection:join_lobby()
	local state = self.place:state()
	if state == "failed" then
		self:tell("could not join; looking on")
		self.place:leave()
		self.next_try, self.step = self.time + RETRY, self.browse
	elseif state == "joined" then
		self.step = self.wait_for_session
	end
end

-- In the lobby, between sessions: either somebody hosts a session, or the lobby's host died and we are the next.
function Connection:wait_for_session()
	if self.place:state() == "failed" then return self:give_up("the lobby is gone") end

	local host = self.place:session_host()
	if self.place:host() == Network.peer_id() then
		self:tell("we host the lobby now")
		self:host_session()
	elseif host and host ~= self.lost_host then
		Network.create_game_session()
		RPC.ask_to_join(host, self.options.name)
		self.game = Game.new(self, host, self.scores)
		self.step = self.play
	end
end

-- Session -----------------------------------------------------------------------------------------------------------

function Connection:host_session()
	local session = Network.create_game_session()
	session:make_game_session_host()
	self.game = Game.new(self, Network.peer_id(), self.scores)
	self.place:set_session_host(Network.peer_id())
	self.step = self.play
end

function Connection:play()
	local game, session = self.game, Network.game_session()

	if game.is_host then
		local peer = session:wants_to_leave() or session:broken_connection()
		while peer do
			self:tell("%s %s", game:name_of(peer), session:wants_to_leave() == peer and "leaves" or "broke off")
			game:forget(peer)
			peer = session:wants_to_leave() or session:broken_connection()
		end
	elseif session:host_error() then
		self:tell("host_error: the host is gone")
		self.lost_host = game.host
		session:disconnect_from_host()
		self:leave_session()
	elseif game.disconnected then
		self.lost_host = game.host
		self:leave_session()
	end
end

function Connection:leave_session()
	self.scores = self.game:scores()
	self.game = nil
	Network.shutdown_game_session()
	self.step = self.ending and self.end_all or self.wait_for_session
end

-- Leaving -----------------------------------------------------------------------------------------------------------

-- Ends the game for everybody where we host it, and leaves it where we do not.
function Connection:finish()
	if self.ending then return end
	self.ending = true
	if not self.game then
		self:end_all()
	elseif self.game.is_host then
		self.game:whistle()
		self.deadline = self.time + LAST_WORDS
		self.step = self.wait_for_goodbyes
	else
		self:say_goodbye()
	end
end

function Connection:wait_for_goodbyes()
	self:play()
	if #Network.game_session():other_peers() == 0 or self.time > self.deadline then
		self.game:print_scores()
		Network.game_session():shutdown_game_session_host()
		self:leave_session()
	end
end

function Connection:say_goodbye()
	self.ending = true
	Network.game_session():leave()
	self.deadline = self.time + LAST_WORDS
	self.step = self.wait_to_be_let_out
end

function Connection:wait_to_be_let_out()
	local session = Network.game_session()
	if session:in_session() and self.time > self.deadline then session:disconnect_from_host() end
	if not session:in_session() then
		self.game:print_scores()
		self:leave_session()
	end
end

function Connection:end_all()
	self:close()
	self.done = true
end

function Connection:give_up(reason)
	self:tell("%s", reason)
	self.failed = true
	self:end_all()
end

function Connection:close()
	if self.place then self.place:close() end
	self.place = nil
	self.step = function() end
end

-- Callbacks while there is no game: messages of one that has just ended may still arrive.
for _, name in ipairs { "ask_to_join", "shot", "hit", "knocked_out", "game_over", "game_object_created",
	"game_object_destroyed", "game_object_sync_done", "game_session_disconnect" } do
	Callbacks[name] = function() end
end

return Connection

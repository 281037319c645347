-- One of four players a, b, c and d: stingray-lua run platforms PLATFORM NAME FOLDER [again]
-- They meet on a platform, lose a host twice, and two of them come back. Each ends with "NAME: all well".

local platform, name, folder, again = ...
local Game, Steps = require "game", require "steps"
local Network = stingray.Network

local steps, game = Steps.new(folder, name), Game.new(name)
local place

local function find(mode)
	return steps:wait("a lobby to be listed", function()
		local list = place:list(mode)
		if not list or #list == 0 then return end
		assert(#list == 1, "there is more than one")
		return list[1]
	end)
end

-- Into the lobby: what was listed may be gone by the time it is asked for.
local function enter()
	local attempts = 0
	repeat
		attempts = attempts + 1
		assert(attempts < 10, "the lobby cannot be joined")
		place:join(find("duel"))
		steps:wait("an answer to the attempt to join", function() return place:state() ~= "working" end)
		local is_in = place:state() == "joined"
		if not is_in then place:leave() end
	until is_in
end

local function create(mode)
	place:create(mode, 8)
	steps:wait("the new lobby", function() return place:state() == "joined" end)
end

local function play_along()
	steps:wait("somebody to host", function()
		local host = place:session_host()
		return host and host ~= "0" and host ~= Network.peer_id()
	end)
	game:join(place:members())
	steps:wait("to be let into the session", function() return game.session:in_session() end)
end

local function host()
	game:host()
	place:set_session_host(Network.peer_id())
end

local function see(names)
	steps:wait(function() return "the tokens of " .. names .. "; there are those of " .. game:names() end, function()
		return game:names() == names
	end)
end

-- Each hears each of the others.
local function cheer(step, others)
	steps:mark(step .. "-sees")
	steps:await(others, step .. "-sees")
	game:cheer_all()
	for other in others:gmatch("%a+") do
		steps:wait(other .. "'s cheer", function() return game.cheers[other] end)
	end
	game.cheers = {}
end

local function is_lobby_host() return place:host() == Network.peer_id() end

-- The session's host is gone without a word: somebody has to take over.
local function survive()
	steps:wait("the host to be missed", function() return game.session:host_error() end)
	game.session:migrate_game_session_host()
	steps:wait("another host", function() return not game.session:host_error() and game.session:in_session() end)
	see "a b c d"
end

local function finish()
	steps:mark "done"
	steps:await("a b c d", "done")
	game.session = nil
	place:close()
	print(name .. ": all well")
end

local plays = {}

function plays.a()
	steps:await("d", "decoy")
	create "duel"
	host()
	steps:mark "open"
	see "a b c d"
	cheer("first", "b c d")

	steps:await("b c d", "first-heard")
	game.session:shutdown_game_session_host()
	game:close()
	place:leave()
	steps:mark "left"
	steps:await("b", "hosts")
	enter()
	play_along()
	see "a b c d"
	steps:mark "back"

	survive()
	steps:mark "survived"
	see "a b b c d"
	cheer("second", "b c d")
	finish()
end

function plays.b()
	steps:await("a", "open")
	enter()
	play_along()
	steps:mark "in"
	see "a b c d"
	cheer("first", "a c d")
	steps:mark "first-heard"

	steps:wait("the end of the session", function() return game.ended end)
	game:close()
	steps:wait("to be the lobby's host", is_lobby_host)
	host()
	steps:mark "hosts"
	see "a b c d"
	steps:await("a c d", "back")
	steps:mark "dies"
	steps:pause(60)
end

-- The second life of b.
function plays.b_again()
	steps:await("a c d", "survived")
	enter()
	play_along()
	see "a b b c d"
	cheer("second", "a c d")
	finish()
end

local function follower(others)
	see "a b c d"
	cheer("first", others)
	steps:mark "first-heard"
	steps:wait("the end of the session", function() return game.ended end)
	game:close()
	steps:await("b", "hosts")
	play_along()
	see "a b c d"
	steps:mark "back"
	survive()
end

function plays.c()
	steps:await("b", "in")
	enter()
	play_along()
	steps:mark "in"
	follower "a b d"
	-- The longest-standing member follows the dead host.
	steps:wait("to be the lobby's host", is_lobby_host)
	steps:mark "survived"
	see "a b b c d"
	cheer("second", "a b d")
	finish()
end

-- Opens a lobby that nobody wants, and drops in late.
function plays.d()
	create "other"
	steps:mark "decoy"
	steps:await("c", "in")
	place:leave()
	enter()
	play_along()
	follower "a b c"
	steps:mark "survived"
	see "a b b c d"
	cheer("second", "a b c")
	finish()
end

local function play()
	place = require("places/" .. platform).new()
	steps:wait("the platform", function() return place:ready() end)
	-- Who knows accounts by number needs those of the others.
	local life = again and "-again" or ""
	steps:mark("here" .. life, place.account)
	place.others = {}
	for _, other in ipairs { "a", "b", "c", "d" } do
		if other ~= name then place.others[#place.others + 1] = steps:await(other, "here") end
	end
	plays[again and name .. "_again" or name]()
end

function init()
	Network.set_pong_timeout(3)
	steps:start(play)
end

function update(dt)
	Network.update(dt, game)
	game:update()
	if place then
		place:update()
		-- The lobby names the session's host, whoever that is by now.
		local session = game.session
		local session_host = session and session:in_session() and session:game_session_host()
		if session_host and is_lobby_host() and place:session_host() ~= session_host then
			place:set_session_host(session_host)
		end
	end
	if steps:go_on(dt) then Application.quit() end
end

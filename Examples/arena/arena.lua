-- Arena: a shooting game for 2 to 8 players, drawn in the terminal.
--
--   stingray-lua Examples/arena --host      opens a game
--   stingray-lua Examples/arena             finds a game and joins it
--
-- --steam, --psn or --xboxlive meets the others there instead of on the local network (give each player its own --user).
-- --name NAME, --port N (the lobby port), --bot (plays by itself), --frames N (the host ends the game, a client leaves, after N frames).

local Connection = require "connection"
local Game = require "game"
local Pilot = require "pilot"
local Screen = require "screen"

local Application, Network = stingray.Application, stingray.Network

local function read_options(arguments)
	local options = { port = 7777, name = "player", place = "lan" }
	local i = 1
	while i <= #arguments do
		local key = arguments[i]:match("^%-%-(%w+)$")
		if key == "host" or key == "bot" then
			options[key] = true
		elseif key == "steam" or key == "psn" or key == "xboxlive" then
			options.place = key
		elseif key == "name" or key == "port" or key == "frames" then
			i = i + 1
			options[key] = arguments[i] or error("--" .. key .. " needs a value", 0)
		else
			error("unknown option " .. arguments[i]
				.. "; known are --host --bot --steam --psn --xboxlive --name NAME --port N --frames N", 0)
		end
		i = i + 1
	end
	options.name = options.name:sub(1, 12)
	return options
end

local options = read_options(arg)
local frames_left = tonumber(options.frames)
local connection, pilot

function init()
	math.randomseed(os.time() + #options.name * 7919 + options.name:byte(1, 1) * 104729 + options.name:byte(-1, -1))
	connection = Connection.new(options)
	pilot = options.bot and Pilot.bot() or Pilot.keyboard()
	Screen.open(options)
end

function update(dt)
	connection:update(dt)

	local game = connection.game
	if game then
		local order = pilot(game)
		if order == "quit" then
			connection:finish()
		elseif order and not connection.ending then
			game:steer(order)
		end
		game:update(dt)
	elseif pilot(nil) == "quit" then
		connection:finish()
	end

	if frames_left then
		frames_left = frames_left - 1
		if frames_left == 0 then connection:finish() end
	end
	if connection.done then Application.quit(connection.failed and 1 or 0) end
end

function render()
	Screen.draw(connection)
end

function shutdown()
	Screen.close()
	if connection then connection:close() end
end

-- Draws the arena with ANSI escape sequences; says nothing but the final score where standard output is no terminal.

local Game = require "game"

local COLOURS = { 36, 33, 35, 32, 31, 34, 96, 93 }
local FACES = { [0] = "^", ">", "v", "<" }

local Screen = {}
local is_terminal, last

function Screen.open(options)
	is_terminal = stingray.Terminal.size() ~= nil
	-- Another screen, no cursor, and lines that are cut off where the terminal is narrow.
	if is_terminal then io.write("\27[?1049h\27[?25l\27[?7l") end
end

function Screen.close()
	if is_terminal then io.write("\27[?7h\27[?25h\27[?1049l") end
	if last and last.last_line then print(last.last_line) end
end

local function empty_arena()
	local cells = {}
	for row = 0, Game.ROWS - 1 do
		cells[row] = {}
		for column = 0, Game.COLUMNS - 1 do cells[row][column] = " " end
	end
	return cells
end

local function draw_shots(cells, game)
	for _, shot in ipairs(game.shots) do
		local column, row = shot.column + shot.step[1], shot.row + shot.step[2]
		while cells[row] and cells[row][column] do
			cells[row][column] = shot.step[1] ~= 0 and "\27[90m-\27[0m" or "\27[90m|\27[0m"
			column, row = column + shot.step[1], row + shot.step[2]
		end
	end
end

local function colour(id)
	return COLOURS[id % #COLOURS + 1]
end

local function draw_avatars(cells, game)
	for id in pairs(game.avatars) do
		cells[game:field(id, "row")][game:field(id, "column")] =
			("\27[%s%dm%s\27[0m"):format(id == game.avatar and "1;" or "", colour(id), FACES[game:field(id, "facing")])
	end
end

function Screen.draw(connection)
	last = connection
	if not is_terminal then return end

	local lines = {}
	local game = connection.game
	table.insert(lines, "\27[1mARENA\27[0m  " .. (game and game:score_line() or "looking for a game on port " .. connection.options.port))
	table.insert(lines, "+" .. ("-"):rep(Game.COLUMNS) .. "+")
	local cells = empty_arena()
	if game then
		draw_shots(cells, game)
		draw_avatars(cells, game)
	end
	for row = 0, Game.ROWS - 1 do
		table.insert(lines, "|" .. table.concat(cells[row], "", 0, Game.COLUMNS - 1) .. "|")
	end
	table.insert(lines, "+" .. ("-"):rep(Game.COLUMNS) .. "+")
	table.insert(lines, "w a s d move, space fires, q leaves")
	for _, line in ipairs(connection.news) do table.insert(lines, "\27[90m" .. line .. "\27[0m") end
	local _, rows = stingray.Terminal.size()
	for i = #lines, (rows or #lines) + 1, -1 do lines[i] = nil end
	io.write("\27[H", table.concat(lines, "\27[K\r\n"), "\27[J")
	io.flush()
end

return Screen

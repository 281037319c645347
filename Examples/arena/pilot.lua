-- Who steers: a pilot is a function that looks at the game (nil while there is none) and returns an order or nil.

local Pilot = {}

local KEYS = {
	w = "up", a = "left", s = "down", d = "right", up = "up", left = "left", down = "down", right = "right",
	space = "fire", f = "fire", q = "quit", escape = "quit",
}

function Pilot.keyboard()
	return function()
		local order
		for _, key in ipairs(stingray.Terminal.keys()) do order = KEYS[key] or order end
		return order
	end
end

-- Goes where it can shoot at the nearest other player, and shoots.
function Pilot.bot()
	local wait = 0
	return function(game)
		for _, key in ipairs(stingray.Terminal.keys()) do
			if KEYS[key] == "quit" then return "quit" end
		end
		wait = wait - 1
		if not game or not game.avatar or wait > 0 then return nil end
		wait = math.random(4, 9)

		local column, row = game:field(game.avatar, "column"), game:field(game.avatar, "row")
		if game:first_in_line(column, row, game:field(game.avatar, "facing")) then return "fire" end
		local dx, dy, nearest = 0, 0, math.huge
		for id in pairs(game.avatars) do
			local x, y = game:field(id, "column") - column, game:field(id, "row") - row
			if id ~= game.avatar and math.abs(x) + math.abs(y) < nearest then
				dx, dy, nearest = x, y, math.abs(x) + math.abs(y)
			end
		end
		if math.random() < 0.2 then return ({ "up", "right", "down", "left" })[math.random(4)] end
		if dy ~= 0 and (dx == 0 or math.abs(dy) < math.abs(dx)) then return dy > 0 and "down" or "up" end
		if dx ~= 0 then return dx > 0 and "right" or "left" end
	end
end

return Pilot

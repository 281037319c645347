-- Players that come and go and are killed: stingray-lua run --settings ... chaos.lua PLATFORM NAME FOLDER wander|check SEED
-- A wanderer goes from lobby to lobby for ever. The checker looks at what the dead have left: each lobby that is listed
-- has to let it in, or to go away. It ends with "checker: N lobbies, M seconds".

local platform, name, folder, role, seed = ...
local Steps = require "steps"
local Network = stingray.Network

local steps = Steps.new(folder, name)
local place

local function join(id)
	place:join(id)
	local deadline = steps.time + 6
	while place:state() == "working" and steps.time < deadline do coroutine.yield() end
	local is_in = place:state() == "joined"
	if not is_in then place:leave() end
	return is_in
end

local function list() return steps:wait("a list", function() return place:list "duel" end, 60) end

local function wander()
	while true do
		local ids = list()
		local is_in
		if #ids > 0 and math.random() < 0.7 then
			is_in = join(ids[math.random(#ids)])
		else
			place:create("duel", 16)
			local deadline = steps.time + 6
			while place:state() == "working" and steps.time < deadline do coroutine.yield() end
			is_in = place:state() == "joined"
			if not is_in then place:leave() end
		end
		if is_in then
			steps:pause(math.random() * 3)
			place:leave()
		end
		steps:pause(math.random() * 0.3)
	end
end

-- Those that wander on make new lobbies; of interest are those that were there when the last player died.
local function check()
	local open, count = {}, 0
	for _, id in ipairs(list()) do open[id], count = true, count + 1 end
	while next(open) do
		local listed = {}
		for _, id in ipairs(list()) do listed[id] = true end
		for id in pairs(open) do
			if not listed[id] then
				open[id] = nil
			elseif join(id) then
				open[id] = nil
				place:leave()
			end
		end
		steps:pause(0.1)
	end
	print(string.format("checker: %d lobbies, %.1f seconds", count, steps.time))
	Application.quit()
end

local function play()
	place = require("places/" .. platform).new()
	steps:wait("the platform", function() return place:ready() end, 60)
	steps:mark("here", place.account)
	place.others = {}
	for _, other in ipairs { "e", "f", "g", "h", "i", "j" } do
		if other ~= name then place.others[#place.others + 1] = steps:await(other, "here") end
	end
	if role == "check" then check() else wander() end
end

function init()
	math.randomseed(tonumber(seed))
	Network.set_pong_timeout(3)
	steps:start(play)
end

function update(dt)
	Network.update(dt, {})
	if place then place:update() end
	steps:go_on(dt)
end

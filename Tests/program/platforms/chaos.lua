-- Players that are killed while they play: stingray-lua run --settings ... chaos.lua PLATFORM NAME FOLDER ROLE SEED
--   wander  goes from lobby to lobby for ever
--   hold    wanders, and stays where it is from the mark all.hold on: it must not lose its place
--   keep    is in one lobby with the other keepers, whose host counts: what was seen of that never goes back
--   check   looks at what the dead have left: each lobby that is listed lets it in or goes away, and who holds a place
--           is there; ends with "checker: N lobbies, M seconds"
-- All but the first end with the mark all.over.

local platform, name, folder, role, seed = ...
local Steps = require "steps"
local Network = stingray.Network

local WANDERERS, HOLDERS, KEEPERS = "e g i", "f h j", "k l m"

local steps = Steps.new(folder, name)
local place

local function has(list, value)
	for _, one in ipairs(list) do
		if one == value then return true end
	end
	return false
end

-- Whether what was asked for is there in time; else it is given up.
local function settle(seconds)
	local deadline = steps.time + seconds
	while place:state() == "working" and steps.time < deadline do coroutine.yield() end
	local is_in = place:state() == "joined"
	if not is_in then place:leave() end
	return is_in
end

local function join(id, seconds)
	place:join(id)
	return settle(seconds or 6)
end

local function list(mode) return steps:wait("a list", function() return place:list(mode) end, 60) end

local function enter_any()
	local ids = list "duel"
	if #ids > 0 and math.random() < 0.7 then return join(ids[math.random(#ids)]) end
	place:create("duel", 12)
	return settle(6)
end

local function hold()
	repeat until enter_any()
	steps:mark("holds", Network.peer_id())
	while not steps:has("all", "over") do
		assert(place:state() == "joined", "the place was lost")
		coroutine.yield()
	end
end

local function wander()
	while not (role == "hold" and steps:has("all", "hold")) do
		if enter_any() then
			local deadline = steps.time + math.random() * 3
			while steps.time < deadline do
				assert(place:state() == "joined", "the place was lost")
				coroutine.yield()
			end
			place:leave()
		end
		steps:pause(math.random() * 0.3)
	end
	hold()
end

local function enter_kept()
	if name == "k" and not steps:has("k", "keeps") then
		place:create("keep", 12)
		assert(settle(20), "no lobby was made")
		place:set_count(1)
	else
		steps:await("k", "keeps")
		steps:wait("the kept lobby", function()
			local ids = list "keep"
			assert(#ids < 2, "there are two of the kept lobby")
			return ids[1] and join(ids[1])
		end, 60)
	end
	steps:mark("keeps", Network.peer_id())
end

-- k alone is killed: l and m have to be there all the time, and so has what the host counted.
local function keep()
	enter_kept()
	local l, m = steps:await("l", "keeps"), steps:await("m", "keeps")
	steps:wait("the keepers", function() return has(place:members(), l) and has(place:members(), m) end)
	local seen, needed, next_time = 0, nil, 0
	while not needed or seen <= needed do
		assert(place:state() == "joined", "the place was lost")
		local count = place:count()
		if count then
			assert(count >= seen, count .. " was counted, after " .. seen)
			seen = count
			if place:host() == Network.peer_id() and steps.time >= next_time then
				place:set_count(count + 1)
				next_time = steps.time + 0.05
			end
		end
		local members = place:members()
		assert(has(members, l) and has(members, m), "a member that lives is gone")
		if steps:has("all", "over") then needed = needed or seen end
		coroutine.yield()
	end
	steps:mark "counted"
	steps:await("l m", "counted")
	print(name .. " counted to " .. seen)
end

-- Those that come later are not of interest: they are nobody's who died.
local function check()
	local open, missing, count, round = {}, {}, 0, 0
	for _, id in ipairs(list "duel") do open[id], count = true, count + 1 end
	for holder in HOLDERS:gmatch "%a" do missing[steps:await(holder, "holds")] = true end
	while next(open) or next(missing) do
		local listed = {}
		for _, id in ipairs(list "duel") do
			listed[id] = true
			-- Patient with those that are slow, but none of them shall hold up the others.
			if (open[id] or next(missing)) and join(id, 1.5 + 0.5 * round) then
				open[id] = nil
				for _, peer in ipairs(place:members()) do missing[peer] = nil end
				place:leave()
			end
		end
		for id in pairs(open) do
			if not listed[id] then open[id] = nil end
		end
		round = round + 1
		steps:pause(0.1)
	end
	print(string.format("checker: %d lobbies, %.1f seconds", count, steps.time))
end

local roles = { wander = wander, hold = wander, keep = keep, check = check }

local function play()
	place = require("places/" .. platform).new()
	steps:wait("the platform", function() return place:ready() end, 60)
	-- Who knows accounts by number needs those of the others.
	steps:mark("here", place.account)
	place.others = {}
	for other in (WANDERERS .. HOLDERS .. KEEPERS):gmatch "%a" do
		if other ~= name then place.others[#place.others + 1] = steps:await(other, "here") end
	end
	roles[role]()
	place:close()
end

function init()
	math.randomseed(tonumber(seed))
	Network.set_pong_timeout(6)
	steps:start(play)
end

function update(dt)
	Network.update(dt, {})
	if place then place:update() end
	if steps:go_on(dt) then Application.quit() end
end

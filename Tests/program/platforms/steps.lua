-- A play is a coroutine: it waits for what has to happen, and for the other players, who leave marks in a common folder.

local Steps = {}
Steps.__index = Steps

local PATIENCE = 25 -- seconds: a dead player is out after 15

function Steps.new(folder, name)
	return setmetatable({ folder = folder, name = name, time = 0 }, Steps)
end

-- Waits until the function gives something, and returns that. What is waited for is a text, or a function that gives it.
function Steps:wait(what, holds, seconds)
	local deadline = self.time + (seconds or PATIENCE)
	while true do
		local result = holds()
		if result then return result end
		if self.time > deadline then
			if type(what) == "function" then what = what() end
			error(self.name .. " waited in vain: " .. what, 2)
		end
		coroutine.yield()
	end
end

-- Lets some time pass.
function Steps:pause(seconds)
	local deadline = self.time + seconds
	while self.time < deadline do coroutine.yield() end
end

-- Tells the others that this player has come so far; the mark may carry a text.
function Steps:mark(step, text)
	local path = self.folder .. "/" .. self.name .. "." .. step
	local file = assert(io.open(path .. ".new", "w"))
	file:write(text or "", "\n")
	file:close()
	assert(os.rename(path .. ".new", path))
	io.stderr:write(string.format("%6.2f %s: %s\n", self.time, self.name, step))
end

function Steps:has(name, step)
	local file = io.open(self.folder .. "/" .. name .. "." .. step)
	if file then file:close() end
	return file ~= nil
end

-- Waits for the marks of others; returns the text of the last one.
function Steps:await(names, step)
	local text
	for name in names:gmatch("%a+") do
		text = self:wait(name .. " to have come to " .. step, function()
			local file = io.open(self.folder .. "/" .. name .. "." .. step)
			if not file then return end
			local line = file:read("*l")
			file:close()
			return line
		end, 2 * PATIENCE)
	end
	return text
end

function Steps:start(body) self.thread = coroutine.create(body) end

-- Goes on for a frame; true once the play is over.
function Steps:go_on(dt)
	self.time = self.time + dt
	local ok, problem = coroutine.resume(self.thread)
	if not ok then error(debug.traceback(self.thread, problem), 0) end
	return coroutine.status(self.thread) == "dead"
end

return Steps

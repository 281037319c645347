-- SmartMatch: looking for others with a session of Xbox Live.

local consoles = require "support/consoles"

-- Each peer with a session of its own, "game1" and so on, ready.
local function alone(options)
	local peers = consoles.xbox(options)
	for i = 1, #peers do
		peers[i]:run(function(name) session = Network.create_multiplayer_session_host(user, name, "lobby") end, "game" .. i)
		consoles.ready(peers, peers[i])
	end
	return peers
end

local function search(peer, hopper, mode, attributes, timeout)
	peer:run(function(hopper, mode, attributes, timeout)
		MultiplayerSession.start_smartmatch(session, hopper, timeout, mode, attributes)
	end, hopper, mode, attributes, timeout or 30)
end

local function until_status(peers, peer, status, seconds)
	consoles.wait(peers, peer, function(status) return MultiplayerSession.smartmatch_status(session) == status end, seconds or 10, status)
end

local function result(peer)
	return peer:run(function()
		local name, template, seconds = MultiplayerSession.smartmatch_result(session)
		return { name, template, seconds }
	end)
end

describe("MultiplayerSession.start_smartmatch", function()
	it("brings two together, who meet in one session", function()
		local peers = alone { count = 2 }
		for i = 1, 2 do search(peers[i], "any", PreserveSessionMode.NEVER) end
		for i = 1, 2 do until_status(peers, peers[i], SmartMatchStatus.FOUND) end
		local found = result(peers[1])
		assert.same(found, result(peers[2]))
		assert.equal("lobby", found[2])
		for i = 1, 2 do
			if found[1] ~= "game" .. i then
				peers[i]:run(function(name) session = Network.create_multiplayer_session_client(user, name, "lobby") end, found[1])
				consoles.ready(peers, peers[i])
			end
		end
		for i = 1, 2 do
			consoles.wait(peers, peers[i], function() return #MultiplayerSession.members(session) == 2 and #Network.connections() == 1 end)
		end
	end)

	it("meets in the session that is to be kept", function()
		local peers = alone { count = 2 }
		search(peers[1], "any", PreserveSessionMode.NEVER)
		search(peers[2], "any", PreserveSessionMode.ALWAYS)
		for i = 1, 2 do
			until_status(peers, peers[i], SmartMatchStatus.FOUND)
			assert.same({ "game2", "lobby", 0 }, result(peers[i]))
		end
	end)

	it("keeps those apart whom the hopper's rules do not fit", function()
		local peers = alone { count = 3 }
		search(peers[1], "ranked", PreserveSessionMode.NEVER, '{ "mode": "ctf", "skill": 50 }')
		search(peers[2], "ranked", PreserveSessionMode.NEVER, '{ "mode": "ctf", "skill": 80 }')
		peers:step(120)
		for i = 1, 2 do until_status(peers, peers[i], SmartMatchStatus.SEARCHING) end
		search(peers[3], "ranked", PreserveSessionMode.NEVER, '{ "mode": "ctf", "skill": 72.5 }')
		for i = 2, 3 do until_status(peers, peers[i], SmartMatchStatus.FOUND) end
		until_status(peers, peers[1], SmartMatchStatus.SEARCHING)
	end)

	it("can begin again once it has ended", function()
		local peers = alone { count = 1 }
		search(peers[1], "any", PreserveSessionMode.NEVER, nil, 1)
		until_status(peers, peers[1], SmartMatchStatus.EXPIRED)
		search(peers[1], "any", PreserveSessionMode.NEVER)
		until_status(peers, peers[1], SmartMatchStatus.SEARCHING)
	end)

	it("rejects hoppers that settings.ini does not name", function()
		local peers = alone { count = 1 }
		consoles.rejects("MultiplayerSession.start_smartmatch: settings.ini names no hopper `rankd`; did you mean `ranked`?", peers[1],
			function() MultiplayerSession.start_smartmatch(session, "rankd", 10, PreserveSessionMode.NEVER) end)
		local others = consoles.xbox { count = 1, online = { settings = { xboxlive = { templates = { lobby = { max_members = 8 } } } } } }
		consoles.host_session(others)
		consoles.rejects("MultiplayerSession.start_smartmatch: settings.ini names no hopper; add xboxlive = { hoppers = { NAME = "
			.. "{ min_players = 2 } } }", others[1],
			function() MultiplayerSession.start_smartmatch(session, "any", 10, PreserveSessionMode.NEVER) end)
	end)

	it("rejects attributes that are no JSON object of numbers and strings, or that the rules lack", function()
		local peers = alone { count = 1 }
		local function rejects(text, attributes)
			consoles.rejects("MultiplayerSession.start_smartmatch: " .. text, peers[1], function(attributes)
				MultiplayerSession.start_smartmatch(session, "ranked", 10, PreserveSessionMode.NEVER, attributes)
			end, attributes)
		end
		rejects("expected a JSON object of ticket attributes, got an array", "[]")
		rejects("expected JSON text; expected a JSON value, got `mode` at byte 1", "mode = 1")
		rejects('ticket attribute "mode": expected a number or a string, got a boolean', '{ "mode": true }')
		rejects('the rules of hopper "ranked" compare the ticket attribute "skill", which is not given or of another type',
			'{ "mode": "ctf", "skill": "high" }')
		rejects('the rules of hopper "ranked" compare the ticket attribute "mode", which is not given or of another type', nil)
	end)

	it("rejects a second search, wrong times and modes, and sessions that are not READY", function()
		local peers = alone { count = 1 }
		consoles.rejects("MultiplayerSession.start_smartmatch: expected a timeout of 1 to 86400 seconds", peers[1],
			function() MultiplayerSession.start_smartmatch(session, "any", 0, PreserveSessionMode.NEVER) end)
		consoles.rejects("MultiplayerSession.start_smartmatch: argument 4 (preserve_mode): expected integer 0 to 1, got nothing", peers[1],
			function() MultiplayerSession.start_smartmatch(session, "any", 10) end)
		search(peers[1], "any", PreserveSessionMode.NEVER)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.start_smartmatch_result(session) ~= "" end)
		local ticket = peers[1]:run(function() return (MultiplayerSession.start_smartmatch_result(session)) end)
		consoles.rejects(('MultiplayerSession.start_smartmatch: session 1 is searching already, with ticket "%s"; call '
			.. "MultiplayerSession.delete_smartmatch_ticket first"):format(ticket), peers[1],
			function() MultiplayerSession.start_smartmatch(session, "any", 10, PreserveSessionMode.NEVER) end)
		peers[1]:run(function() MultiplayerSession.leave(session) end)
		consoles.rejects("MultiplayerSession.start_smartmatch: session 1 is WORKING, and has to be READY; wait until "
			.. "MultiplayerSession.status gives READY", peers[1],
			function() MultiplayerSession.start_smartmatch(session, "any", 10, PreserveSessionMode.NEVER) end)
	end)
end)

describe("MultiplayerSession.start_smartmatch_result", function()
	it("is the ticket once the service has it, and the time that is left", function()
		local peers = alone { count = 1 }
		peers[1]:run(function()
			local ticket, seconds = MultiplayerSession.start_smartmatch_result(session)
			assert(ticket == "" and seconds == 0)
		end)
		search(peers[1], "any", PreserveSessionMode.NEVER)
		peers[1]:run(function() assert(MultiplayerSession.start_smartmatch_result(session) == "") end)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.start_smartmatch_result(session) ~= "" end)
		peers:step(60)
		peers[1]:run(function()
			local ticket, seconds = MultiplayerSession.start_smartmatch_result(session)
			assert(ticket:match("^%x+$") and seconds > 25 and seconds < 29.1)
		end)
	end)

	it("rejects ids of no session", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("MultiplayerSession.start_smartmatch_result: there is no session 3: it was freed, or never created", peers[1],
			function() MultiplayerSession.start_smartmatch_result(3) end)
	end)
end)

describe("MultiplayerSession.smartmatch_status", function()
	it("is UNKNOWN, SEARCHING and EXPIRED", function()
		local peers = alone { count = 1 }
		until_status(peers, peers[1], SmartMatchStatus.UNKNOWN)
		search(peers[1], "any", PreserveSessionMode.NEVER, nil, 2)
		until_status(peers, peers[1], SmartMatchStatus.SEARCHING)
		peers:step(60)
		until_status(peers, peers[1], SmartMatchStatus.SEARCHING)
		until_status(peers, peers[1], SmartMatchStatus.EXPIRED, 3)
	end)

	it("is EXPIRED in the end when the service is lost", function()
		local peers = alone { count = 1 }
		search(peers[1], "any", PreserveSessionMode.NEVER, nil, 2)
		peers:step(30)
		peers:online { lost = true }
		until_status(peers, peers[1], SmartMatchStatus.EXPIRED, 40)
	end)

	it("rejects ids of no session", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("MultiplayerSession.smartmatch_status: there is no session 3: it was freed, or never created", peers[1],
			function() MultiplayerSession.smartmatch_status(3) end)
	end)
end)

describe("MultiplayerSession.smartmatch_result", function()
	it("is the own session for whom the others come to", function()
		local peers = alone { count = 2 }
		search(peers[1], "any", PreserveSessionMode.ALWAYS)
		search(peers[2], "any", PreserveSessionMode.NEVER)
		until_status(peers, peers[1], SmartMatchStatus.FOUND)
		assert.same({ "game1", "lobby", 0 }, result(peers[1]))
	end)

	it("rejects a search that has found nobody", function()
		local peers = alone { count = 1 }
		consoles.rejects("MultiplayerSession.smartmatch_result: session 1 has found no match: MultiplayerSession.smartmatch_status gives "
			.. "UNKNOWN, and has to give FOUND", peers[1], function() MultiplayerSession.smartmatch_result(session) end)
		search(peers[1], "any", PreserveSessionMode.NEVER)
		consoles.rejects("MultiplayerSession.smartmatch_result: session 1 has found no match: MultiplayerSession.smartmatch_status gives "
			.. "SEARCHING, and has to give FOUND", peers[1], function() MultiplayerSession.smartmatch_result(session) end)
	end)
end)

describe("MultiplayerSession.delete_smartmatch_ticket", function()
	it("ends the search, so that nobody is found", function()
		local peers = alone { count = 2 }
		search(peers[1], "any", PreserveSessionMode.NEVER)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.start_smartmatch_result(session) ~= "" end)
		peers[1]:run(function()
			MultiplayerSession.delete_smartmatch_ticket(session, "any", (MultiplayerSession.start_smartmatch_result(session)))
			assert(MultiplayerSession.smartmatch_status(session) == SmartMatchStatus.UNKNOWN)
		end)
		peers:step(30)
		search(peers[2], "any", PreserveSessionMode.NEVER)
		peers:step(120)
		until_status(peers, peers[2], SmartMatchStatus.SEARCHING)
		until_status(peers, peers[1], SmartMatchStatus.UNKNOWN)
	end)

	it("rejects tickets and hoppers that the session does not have", function()
		local peers = alone { count = 1 }
		consoles.rejects("MultiplayerSession.delete_smartmatch_ticket: session 1 has no ticket; call MultiplayerSession.start_smartmatch first",
			peers[1], function() MultiplayerSession.delete_smartmatch_ticket(session, "any", "ab") end)
		search(peers[1], "any", PreserveSessionMode.NEVER)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.start_smartmatch_result(session) ~= "" end)
		local ticket = peers[1]:run(function() return (MultiplayerSession.start_smartmatch_result(session)) end)
		local text = ('MultiplayerSession.delete_smartmatch_ticket: session 1 has the ticket "%s" in hopper "any", and no other'):format(ticket)
		consoles.rejects(text, peers[1], function() MultiplayerSession.delete_smartmatch_ticket(session, "any", "ab") end)
		consoles.rejects(text, peers[1], function(ticket) MultiplayerSession.delete_smartmatch_ticket(session, "ranked", ticket) end, ticket)
	end)
end)

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

	it("can begin again after others were found, as often as one likes", function()
		local peers = alone { count = 2 }
		for _ = 1, 6 do
			for i = 1, 2 do search(peers[i], "any", PreserveSessionMode.NEVER) end
			for i = 1, 2 do until_status(peers, peers[i], SmartMatchStatus.FOUND) end
		end
	end)

	it("keeps places for who was found, and gives them back when the search is over", function()
		local settings = { xboxlive = {
			service_config_id = "tests", templates = { lobby = { max_members = 2 } }, hoppers = { any = { min_players = 2 } },
		} }
		local peers = alone { count = 3, online = { settings = settings } }
		for i = 1, 2 do search(peers[i], "any", i == 1 and PreserveSessionMode.ALWAYS or PreserveSessionMode.NEVER, nil, 5) end
		for i = 1, 2 do until_status(peers, peers[i], SmartMatchStatus.FOUND) end
		peers[3]:run(function() other = Network.create_multiplayer_session_client(user, "game1", "lobby") end)
		consoles.wait(peers, peers[3], function() return MultiplayerSession.status(other) == MultiplayerSession.BROKEN end)
		consoles.has_logged(peers[3], "it is full (2 members)")
		-- Bob does not come: 30 seconds after the time of the search his place is free again.
		peers:step(60 * 36)
		peers[3]:run(function() other = Network.create_multiplayer_session_client(user, "game1", "lobby") end)
		consoles.wait(peers, peers[3], function() return MultiplayerSession.status(other) == MultiplayerSession.READY end)
	end)

	it("gives a place back at once when who was found deletes the ticket, but not when it leaves its session", function()
		local settings = { xboxlive = {
			service_config_id = "tests", templates = { lobby = { max_members = 2 } }, hoppers = { any = { min_players = 2 } },
		} }
		for _, deletes in ipairs { true, false } do
			local peers = alone { count = 3, online = { settings = settings } }
			search(peers[1], "any", PreserveSessionMode.ALWAYS)
			search(peers[2], "any", PreserveSessionMode.NEVER)
			until_status(peers, peers[2], SmartMatchStatus.FOUND)
			peers[2]:run(function(deletes)
				local ticket = MultiplayerSession.start_smartmatch_result(session)
				if deletes then MultiplayerSession.delete_smartmatch_ticket(session, "any", ticket) end
				MultiplayerSession.leave(session)
			end, deletes)
			peers:step(30)
			peers[3]:run(function() other = Network.create_multiplayer_session_client(user, "game1", "lobby") end)
			local expected = deletes and MultiplayerSession.READY or MultiplayerSession.BROKEN
			consoles.wait(peers, peers[3], function(status) return MultiplayerSession.status(other) == status end, 10, expected)
			if not deletes then
				peers[2]:run(function() session = Network.create_multiplayer_session_client(user, "game1", "lobby") end)
				consoles.ready(peers, peers[2])
			end
		end
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
		rejects("ticket_attributes_json: expected a JSON object, got an array", "[]")
		rejects("ticket_attributes_json: expected JSON text; expected a JSON value, got `mode` at byte 1", "mode = 1")
		rejects('ticket_attributes_json: "mode": expected a number or a string, got a boolean', '{ "mode": true }')
		local compared = ', which the rules of hopper "ranked" compare, got '
		rejects('ticket_attributes_json: "skill": expected a number' .. compared .. "a string", '{ "mode": "ctf", "skill": "high" }')
		rejects('ticket_attributes_json: "skill": expected a number' .. compared .. "nothing", '{ "mode": "ctf" }')
		rejects('ticket_attributes_json: "mode": expected a number or a string' .. compared .. "nothing", nil)
		local many = {}
		for i = 1, 33 do many[i] = ('"a%d": 1'):format(i) end
		rejects("ticket_attributes_json: expected at most 32 attributes, got 33", "{" .. table.concat(many, ",") .. "}")
		rejects("ticket_attributes_json: expected at most 4096 bytes, got 4097 bytes", '"' .. ("x"):rep(4095) .. '"')
	end)

	it("rejects a second search, wrong times and modes, and sessions that are not READY", function()
		local peers = alone { count = 1 }
		for time, shown in pairs { [0] = "0", [0.5] = "0.5", [86401] = "86401", [-1] = "-1" } do
			consoles.rejects("MultiplayerSession.start_smartmatch: timeout: expected 1 to 86400 seconds, got " .. shown, peers[1],
				function(time) MultiplayerSession.start_smartmatch(session, "any", time, PreserveSessionMode.NEVER) end, time)
		end
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

	it("is EXPIRED when the user was signed out, and when it left the session", function()
		local peers = alone { count = 2 }
		for i = 1, 2 do
			search(peers[i], "ranked", PreserveSessionMode.NEVER, ('{ "mode": "m%d", "skill": 1 }'):format(i))
			until_status(peers, peers[i], SmartMatchStatus.SEARCHING)
		end
		peers:step(30)
		peers:sign_out(1)
		until_status(peers, peers[1], SmartMatchStatus.EXPIRED, 1)
		peers[1]:run(function() assert(MultiplayerSession.status(session) == MultiplayerSession.BROKEN) end)
		peers[2]:run(function()
			MultiplayerSession.leave(session)
			assert(select(2, MultiplayerSession.start_smartmatch_result(session)) == 0)
			assert(MultiplayerSession.smartmatch_status(session) == SmartMatchStatus.EXPIRED)
		end)
	end)

	it("is told to all who are in the session, at whatever machine", function()
		local peers = consoles.xbox { count = 3 }
		consoles.host_session(peers)
		peers[1]:run(function() XboxLive.show_account_picker(2) end)
		consoles.wait(peers, peers[1], function() return XboxLive.user_info(2).signed_in end)
		peers[1]:run(function() second = Network.join_local_multiplayer_session(2, session) end)
		peers[2]:run(function() session = Network.create_multiplayer_session_client(user, "game", "lobby") end)
		consoles.ready(peers, peers[2])
		peers[3]:run(function() session = Network.create_multiplayer_session_host(user, "other", "lobby") end)
		consoles.ready(peers, peers[3])
		consoles.wait(peers, peers[1], function() return MultiplayerSession.status(second) == MultiplayerSession.READY end)
		search(peers[1], "any", PreserveSessionMode.NEVER)
		for i = 1, 2 do until_status(peers, peers[i], SmartMatchStatus.SEARCHING) end
		consoles.wait(peers, peers[1], function() return MultiplayerSession.smartmatch_status(second) == SmartMatchStatus.SEARCHING end)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.start_smartmatch_result(session) ~= "" end)
		local ticket = peers[1]:run(function() return (MultiplayerSession.start_smartmatch_result(session)) end)
		assert.equal(ticket, peers[2]:run(function() return (MultiplayerSession.start_smartmatch_result(session)) end))
		search(peers[3], "any", PreserveSessionMode.ALWAYS)
		for i = 1, 3 do
			until_status(peers, peers[i], SmartMatchStatus.FOUND)
			assert.same({ "other", "lobby", 0 }, result(peers[i]))
		end
		consoles.wait(peers, peers[1], function() return MultiplayerSession.smartmatch_status(second) == SmartMatchStatus.FOUND end)
		peers[1]:run(function() assert(MultiplayerSession.smartmatch_result(second) == "other") end)
	end)

	it("is EXPIRED for all when who began the search ends it, and UNKNOWN for who has deleted it", function()
		local peers = consoles.gather { count = 3 }
		search(peers[1], "any", PreserveSessionMode.NEVER)
		for i = 1, 3 do until_status(peers, peers[i], SmartMatchStatus.SEARCHING) end
		-- Another member forgets it for itself alone.
		local ticket = peers[3]:run(function() return (MultiplayerSession.start_smartmatch_result(session)) end)
		peers[3]:run(function(ticket) MultiplayerSession.delete_smartmatch_ticket(session, "any", ticket) end, ticket)
		peers:step(60)
		for i = 1, 2 do until_status(peers, peers[i], SmartMatchStatus.SEARCHING) end
		peers[1]:run(function(ticket) MultiplayerSession.delete_smartmatch_ticket(session, "any", ticket) end, ticket)
		until_status(peers, peers[2], SmartMatchStatus.EXPIRED)
		peers:step(60)
		for _, i in ipairs { 1, 3 } do until_status(peers, peers[i], SmartMatchStatus.UNKNOWN) end
		-- Whoever likes may begin anew.
		search(peers[2], "any", PreserveSessionMode.NEVER)
		for i = 1, 3 do until_status(peers, peers[i], SmartMatchStatus.SEARCHING) end
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
		local text = ('MultiplayerSession.delete_smartmatch_ticket: expected the ticket_id "%s" and the hopper_name "any" of session 1, got ')
			:format(ticket)
		consoles.rejects(text .. '"ab" and "any"', peers[1], function() MultiplayerSession.delete_smartmatch_ticket(session, "any", "ab") end)
		consoles.rejects(('%s"%s" and "ranked"'):format(text, ticket), peers[1], function(ticket) MultiplayerSession.delete_smartmatch_ticket(session, "ranked", ticket) end, ticket)
	end)
end)

-- Lookups of Xbox Live: handles and activities.

local consoles = require "support/consoles"

-- The second peer asks for something and waits for its end.
local function complete(peers, peer, status)
	consoles.wait(peers, peer, function(name) return Network[name](lookup) == SessionJobStatus.COMPLETE end, 10, status)
end

-- A session of the first peer, which shows it as its activity.
local function shown()
	local peers = consoles.xbox { count = 2 }
	consoles.host_session(peers)
	peers[1]:run(function() Network.set_activity(user, session) end)
	peers:step(30)
	return peers
end

-- Asks for the first peer's activities at the second one.
local function ask(peers)
	peers[2]:run(function(anna) lookup = Network.get_activity_details(user, { anna }) end, consoles.id(peers[1]))
	complete(peers, peers[2], "get_activity_details_status")
	return peers[2]:run(function()
		local list = { Network.get_activity_details_result(lookup) }
		Network.free_get_activity_details(lookup)
		return list
	end)
end

describe("Network.set_activity", function()
	it("shows others where a user plays", function()
		local peers = shown()
		assert.equal("game", ask(peers)[1].session_name)
	end)

	it("ends with the session", function()
		local peers = shown()
		peers[1]:run(function() MultiplayerSession.leave(session) end)
		peers:step(30)
		assert.same({}, ask(peers))
	end)

	it("rejects a session that is not ready, and another user's", function()
		local peers = consoles.gather { count = 1 }
		peers[1]:run(function() XboxLive.show_account_picker(2) end)
		consoles.wait(peers, peers[1], function() return XboxLive.user_info(2).signed_in end)
		consoles.rejects("Network.set_activity: session 1 is user 1's, not user 2's; Network.join_local_multiplayer_session gives "
			.. "each user a session id of its own", peers[1], function() Network.set_activity(2, session) end)
		peers[1]:run(function() MultiplayerSession.leave(session) end)
		consoles.rejects("Network.set_activity: session 1 is WORKING, and has to be READY; wait until MultiplayerSession.status "
			.. "gives READY", peers[1], function() Network.set_activity(user, session) end)
	end)
end)

describe("Network.clear_activity", function()
	it("shows nothing any more", function()
		local peers = shown()
		peers[1]:run(function() Network.clear_activity(user) end)
		consoles.wait(peers, peers[1], function() return Network.clear_activity_status(user) == SessionJobStatus.COMPLETE end)
		assert.same({}, ask(peers))
	end)

	it("is carried out though another one is under way", function()
		local peers = consoles.xbox { count = 2, online = { latency = 0.2 } }
		consoles.host_session(peers)
		peers[1]:run(function()
			Network.clear_activity(user)
			Network.set_activity(user, session)
			Network.clear_activity(user)
		end)
		consoles.wait(peers, peers[1], function() return Network.clear_activity_status(user) == SessionJobStatus.COMPLETE end)
		assert.same({}, ask(peers))
		peers[1]:run(function()
			Network.clear_activity(user)
			Network.set_activity(user, session)
		end)
		peers:step(60)
		assert.equal("game", ask(peers)[1].session_name)
	end)

	it("rejects ids of nobody", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("Network.clear_activity: there is no user 5; XboxLive.users gives 1", peers[1], function() Network.clear_activity(5) end)
	end)
end)

describe("Network.clear_activity_status", function()
	it("is a user's own", function()
		local peers = consoles.xbox { count = 1 }
		peers[1]:run(function()
			assert(Network.clear_activity_status(user) == SessionJobStatus.NOT_RUNNING)
			Network.clear_activity(user)
			assert(Network.clear_activity_status(user) == SessionJobStatus.WORKING)
			XboxLive.show_account_picker(2)
			assert(Network.clear_activity_status(2) == SessionJobStatus.NOT_RUNNING)
		end)
	end)

	it("rejects ids of nobody", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("Network.clear_activity_status: there is no user 5; XboxLive.users gives 1", peers[1],
			function() Network.clear_activity_status(5) end)
	end)
end)

describe("Network.get_activity_details", function()
	it("tells all about a session", function()
		local peers = shown()
		local id = consoles.id(peers[1])
		assert.same({ {
			xbox_user_id = id, session_name = "game", session_template_name = "lobby", closed = false, members = 1, max_members = 8,
			title_id = 7, join_restriction = MultiplayerSessionRestriction.NONE, visibility = MultiplayerSessionVisibility.OPEN,
		} }, ask(peers))
		peers[1]:run(function() MultiplayerSession.set_closed(session, true) end)
		peers:step(30)
		local details = ask(peers)[1]
		assert.is_true(details.closed)
		assert.equal(MultiplayerSessionVisibility.VISIBLE, details.visibility)
	end)

	it("tells of more users than are asked for at a time", function()
		local peers = consoles.xbox { count = 20, online = { users = {} } }
		local ids = {}
		for i = 1, 20 do
			ids[i] = consoles.id(peers[i])
			peers[i]:run(function(name) session = Network.create_multiplayer_session_host(user, name, "lobby") end, "game" .. i)
			consoles.ready(peers, peers[i])
			peers[i]:run(function() Network.set_activity(user, session) end)
		end
		peers:step(30)
		peers[2]:run(function(ids) lookup = Network.get_activity_details(user, ids) end, ids)
		complete(peers, peers[2], "get_activity_details_status")
		local found = peers[2]:run(function() return { Network.get_activity_details_result(lookup) } end)
		assert.equal(20, #found)
		for i = 1, 20 do assert.same({ ids[i], "game" .. i }, { found[i].xbox_user_id, found[i].session_name }) end
	end)

	it("leaves out who has no activity, and takes an empty list", function()
		local peers = consoles.xbox { count = 2 }
		assert.same({}, ask(peers))
		peers[2]:run(function() lookup = Network.get_activity_details(user, {}) end)
		complete(peers, peers[2], "get_activity_details_status")
	end)

	it("rejects what is no list of users, and too many of them", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("Network.get_activity_details: argument 2 (xuids): expected table, got nothing", peers[1],
			function() Network.get_activity_details(user) end)
		consoles.rejects("Network.get_activity_details: argument 2 (xuids): element 1: expected user id (hexadecimal string), "
			.. "got boolean true", peers[1], function() Network.get_activity_details(user, { true }) end)
		consoles.rejects("Network.get_activity_details: argument 2 (xuids): expected at most 128 elements, got 129", peers[1],
			function()
				local ids = {}
				for i = 1, 129 do ids[i] = i end
				Network.get_activity_details(user, ids)
			end)
	end)
end)

describe("Network.get_activity_details_status", function()
	it("is WORKING, COMPLETE, and NOT_RUNNING once it was freed", function()
		local peers = consoles.xbox { count = 2 }
		peers[2]:run(function(anna)
			lookup = Network.get_activity_details(user, { anna })
			assert(Network.get_activity_details_status(lookup) == SessionJobStatus.WORKING)
		end, consoles.id(peers[1]))
		complete(peers, peers[2], "get_activity_details_status")
		peers[2]:run(function()
			Network.free_get_activity_details(lookup)
			assert(Network.get_activity_details_status(lookup) == SessionJobStatus.NOT_RUNNING)
		end)
	end)

	it("rejects lookups of another function", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("Network.get_activity_details_status: lookup 1 was begun by Network.handle_to_description; expected one "
			.. "that Network.get_activity_details began", peers[1],
			function() Network.get_activity_details_status(Network.handle_to_description(user, "ab")) end)
	end)
end)

describe("Network.get_activity_details_result", function()
	it("gives a table for each user", function()
		local peers = consoles.gather { count = 3 }
		local ids = {}
		for i = 1, 3 do
			ids[i] = consoles.id(peers[i])
			peers[i]:run(function() Network.set_activity(user, session) end)
		end
		peers:step(30)
		peers[3]:run(function(ids) lookup = Network.get_activity_details(user, ids) end, ids)
		complete(peers, peers[3], "get_activity_details_status")
		local found = peers[3]:run(function() return { Network.get_activity_details_result(lookup) } end)
		assert.equal(3, #found)
		for i = 1, 3 do assert.equal(3, found[i].members) end
	end)

	it("rejects a lookup that is not COMPLETE, and one that was freed", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("Network.get_activity_details_result: lookup 1 is WORKING; wait until its status is COMPLETE or FAILED", peers[1],
			function()
				lookup = Network.get_activity_details(user, {})
				Network.get_activity_details_result(lookup)
			end)
		complete(peers, peers[1], "get_activity_details_status")
		peers[1]:run(function() Network.free_get_activity_details(lookup) end)
		consoles.rejects("Network.get_activity_details_result: there is no lookup 1: it was freed, or never begun", peers[1],
			function() Network.get_activity_details_result(lookup) end)
	end)
end)

describe("Network.free_get_activity_details", function()
	it("frees what has ended", function()
		local peers = consoles.xbox { count = 1 }
		peers[1]:run(function() lookup = Network.get_activity_details(user, {}) end)
		complete(peers, peers[1], "get_activity_details_status")
		peers[1]:run(function() Network.free_get_activity_details(lookup) end)
	end)

	it("rejects a lookup that goes on, and one that was freed", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("Network.free_get_activity_details: lookup 1 is WORKING; wait until its status is COMPLETE or FAILED", peers[1],
			function()
				lookup = Network.get_activity_details(user, {})
				Network.free_get_activity_details(lookup)
			end)
		complete(peers, peers[1], "get_activity_details_status")
		consoles.rejects("Network.free_get_activity_details: there is no lookup 1: it was freed, or never begun", peers[1],
			function()
				Network.free_get_activity_details(lookup)
				Network.free_get_activity_details(lookup)
			end)
	end)
end)

describe("Network.handle_to_description", function()
	it("fails for a handle of nothing", function()
		local peers = consoles.xbox { count = 1 }
		peers[1]:run(function() lookup = Network.handle_to_description(user, "no such session") end)
		consoles.wait(peers, peers[1], function() return Network.handle_to_description_status(lookup) == SessionJobStatus.FAILED end)
		consoles.rejects("Network.handle_to_description_result: lookup 1 is FAILED; wait until its status is COMPLETE, a failed one can "
			.. "only be freed", peers[1], function() Network.handle_to_description_result(lookup) end)
		peers[1]:run(function() Network.free_handle_to_description(lookup) end)
	end)

	it("rejects handles that are empty or too long, and more than 256 lookups", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("Network.handle_to_description: handle: expected 1 to 63 bytes, got 0 bytes", peers[1],
			function() Network.handle_to_description(user, "") end)
		consoles.rejects("Network.handle_to_description: handle: expected 1 to 63 bytes, got 64 bytes", peers[1],
			function() Network.handle_to_description(user, ("h"):rep(64)) end)
		peers[1]:run(function() for i = 1, 256 do Network.handle_to_description(user, "ab") end end)
		consoles.rejects("Network.handle_to_description: there are 256 lookups that were not freed; call the free function of those "
			.. "that are done", peers[1], function() Network.handle_to_description(user, "ab") end)
	end)
end)

describe("Network.handle_to_description of another game's session", function()
	it("fails, rejects to give a result and says why", function()
		local other = { xboxlive = { service_config_id = "others", templates = { lobby = { max_members = 8 } } } }
		local peers = consoles.xbox { count = 2, online = { settings = { consoles.settings, other } } }
		consoles.host_session(peers)
		-- The other game shows no invitation to it; players may tell each other handles in another way.
		peers[1]:run(function(bob) Network.invite_friends_list(user, session, { bob }) end, consoles.id(peers[2]))
		peers:step(60)
		peers[2]:run(function() assert(not XboxLive.has_new_game_invite()) end)
		local handle
		for _, line in ipairs(peers[1]:log("messages")) do handle = handle or line:match("created Xbox Live session (%x+)") end
		peers[2]:run(function(handle) lookup = Network.handle_to_description(user, handle) end, handle)
		consoles.wait(peers, peers[2], function() return Network.handle_to_description_status(lookup) == SessionJobStatus.FAILED end)
		local why = 'the handle names a session of another game; xboxlive.service_config_id in settings.ini says "others"'
		consoles.has_logged(peers[2], ("handle %s: %s"):format(handle, why))
		consoles.rejects("Network.handle_to_description_result: lookup 1 is FAILED, and can only be freed: " .. why, peers[2],
			function() Network.handle_to_description_result(lookup) end)
		peers[2]:run(function() Network.free_handle_to_description(lookup) end)
	end)
end)

-- A lookup of the handle of an invitation.
local function invited()
	local peers = consoles.xbox { count = 2 }
	consoles.host_session(peers)
	peers[1]:run(function(bob) Network.invite_friends_list(user, session, { bob }) end, consoles.id(peers[2]))
	consoles.wait(peers, peers[2], function() return XboxLive.has_new_game_invite() end)
	peers[2]:run(function() lookup = Network.handle_to_description(user, XboxLive.last_game_invite().handle) end)
	return peers
end

describe("Network.handle_to_description_status", function()
	it("is WORKING, then COMPLETE", function()
		local peers = invited()
		peers[2]:run(function() assert(Network.handle_to_description_status(lookup) == SessionJobStatus.WORKING) end)
		complete(peers, peers[2], "handle_to_description_status")
	end)

	it("rejects what is no lookup", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("Network.handle_to_description_status: argument 1 (session_lookup_id): expected integer, got nil", peers[1],
			function() Network.handle_to_description_status(nil) end)
	end)
end)

describe("Network.handle_to_description_result", function()
	it("gives the session's name and its template's", function()
		local peers = invited()
		complete(peers, peers[2], "handle_to_description_status")
		assert.same({ "game", "lobby" }, peers[2]:run(function() return { Network.handle_to_description_result(lookup) } end))
	end)

	it("rejects a lookup that goes on", function()
		local peers = invited()
		consoles.rejects("Network.handle_to_description_result: lookup 1 is WORKING; wait until its status is COMPLETE or FAILED", peers[2],
			function() Network.handle_to_description_result(lookup) end)
	end)
end)

describe("Network.free_handle_to_description", function()
	it("frees what has ended", function()
		local peers = invited()
		complete(peers, peers[2], "handle_to_description_status")
		peers[2]:run(function()
			Network.free_handle_to_description(lookup)
			assert(Network.handle_to_description_status(lookup) == SessionJobStatus.NOT_RUNNING)
		end)
	end)

	it("rejects a lookup that goes on", function()
		local peers = invited()
		consoles.rejects("Network.free_handle_to_description: lookup 1 is WORKING; wait until its status is COMPLETE or FAILED", peers[2],
			function() Network.free_handle_to_description(lookup) end)
	end)
end)

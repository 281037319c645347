-- `MultiplayerSession`: what a session is, and what its members change.

local consoles = require "support/consoles"

local function gone(number) return ("there is no session %d: it was freed, or never created"):format(number) end

describe("MultiplayerSession.status", function()
	it("goes from WORKING over READY and WORKING to SHUTDOWN", function()
		local peers = consoles.xbox { count = 1 }
		peers[1]:run(function() session = Network.create_multiplayer_session_host(user, "game", "lobby") end)
		local seen = {}
		local function look()
			local status = peers[1]:run(function() return MultiplayerSession.status(session) end)
			if seen[#seen] ~= status then seen[#seen + 1] = status end
			return status
		end
		assert(peers:step_until(function() return look() == MultiplayerSession.READY end))
		peers[1]:run(function() MultiplayerSession.leave(session) end)
		assert(peers:step_until(function() return look() == MultiplayerSession.SHUTDOWN end))
		assert.same({ MultiplayerSession.WORKING, MultiplayerSession.READY, MultiplayerSession.WORKING, MultiplayerSession.SHUTDOWN }, seen)
	end)

	it("rejects ids of no session", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("MultiplayerSession.status: " .. gone(1), peers[1], function() MultiplayerSession.status(1) end)
		consoles.rejects("MultiplayerSession.status: argument 1 (session_id): expected integer, got nil", peers[1],
			function() MultiplayerSession.status(nil) end)
		assert.has_error(function() MultiplayerSession.status(1) end,
			"MultiplayerSession.status: no Xbox Live client is running; call Network.init_xboxlive_client first")
	end)
end)

describe("MultiplayerSession.members", function()
	it("are tables with gamertag, peer and xbox_user_id, in the order of joining", function()
		local peers = consoles.gather { count = 2 }
		local anna, bob = consoles.id(peers[1]), consoles.id(peers[2])
		for i = 1, 2 do
			assert.same({ { gamertag = "anna", peer = anna, xbox_user_id = anna }, { gamertag = "bob", peer = bob, xbox_user_id = bob } },
				peers[i]:run(function() return MultiplayerSession.members(session) end))
		end
	end)

	it("are none before the session was joined", function()
		local peers = consoles.xbox { count = 1 }
		assert.same({}, peers[1]:run(function()
			session = Network.create_multiplayer_session_client(user, "game", "lobby")
			return MultiplayerSession.members(session)
		end))
	end)

	it("rejects ids of no session", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("MultiplayerSession.members: " .. gone(2), peers[1], function() MultiplayerSession.members(2) end)
	end)
end)

describe("MultiplayerSession.host_peer", function()
	it("is the host, and the next member once that has left", function()
		local peers = consoles.gather { count = 2 }
		for i = 1, 2 do
			assert.equal(consoles.id(peers[1]), peers[i]:run(function() return MultiplayerSession.host_peer(session) end))
		end
		peers[1]:run(function() MultiplayerSession.leave(session) end)
		consoles.wait(peers, peers[2], function() return MultiplayerSession.host_peer(session) == Network.peer_id() end)
	end)

	it("is nil while it is not known", function()
		local peers = consoles.xbox { count = 1 }
		peers[1]:run(function()
			session = Network.create_multiplayer_session_client(user, "game", "lobby")
			assert(MultiplayerSession.host_peer(session) == nil)
		end)
	end)

	it("rejects ids of no session", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("MultiplayerSession.host_peer: " .. gone(2), peers[1], function() MultiplayerSession.host_peer(2) end)
	end)
end)

describe("MultiplayerSession.group_id", function()
	it("is one for the users of a machine, and another for another session", function()
		local peers = consoles.gather { count = 1 }
		peers[1]:run(function() XboxLive.show_account_picker(2) end)
		consoles.wait(peers, peers[1], function() return XboxLive.user_info(2).signed_in end)
		peers[1]:run(function()
			local local_session = Network.join_local_multiplayer_session(2, session)
			local other = Network.create_multiplayer_session_host(user, "other", "lobby")
			assert(MultiplayerSession.group_id(session) == MultiplayerSession.group_id(local_session))
			assert(MultiplayerSession.group_id(session) ~= MultiplayerSession.group_id(other))
		end)
	end)

	it("rejects ids of no session", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("MultiplayerSession.group_id: " .. gone(2), peers[1], function() MultiplayerSession.group_id(2) end)
	end)
end)

describe("MultiplayerSession.has_session_changed", function()
	it("is true once for each change", function()
		local peers = consoles.gather { count = 2 }
		peers[2]:run(function()
			MultiplayerSession.has_session_changed(session)
			assert(not MultiplayerSession.has_session_changed(session))
		end)
		peers[1]:run(function() MultiplayerSession.set_keywords(user, session, { "fun" }) end)
		consoles.wait(peers, peers[2], function() return MultiplayerSession.has_session_changed(session) end)
		peers[2]:run(function() assert(not MultiplayerSession.has_session_changed(session)) end)
	end)

	it("rejects ids of no session", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("MultiplayerSession.has_session_changed: " .. gone(2), peers[1], function() MultiplayerSession.has_session_changed(2) end)
	end)
end)

describe("MultiplayerSession.leave", function()
	it("is heard by the others, and may be called twice", function()
		local peers = consoles.gather { count = 2 }
		peers[2]:run(function()
			MultiplayerSession.leave(session)
			MultiplayerSession.leave(session)
		end)
		consoles.wait(peers, peers[1], function() return #MultiplayerSession.members(session) == 1 and #Network.connections() == 0 end)
		consoles.wait(peers, peers[2], function() return MultiplayerSession.status(session) == MultiplayerSession.SHUTDOWN end)
	end)

	it("also ends a session that is BROKEN, or that the service does not answer for", function()
		local peers = consoles.xbox { count = 1 }
		peers[1]:run(function() session = Network.create_multiplayer_session_client(user, "none", "lobby") end)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.status(session) == MultiplayerSession.BROKEN end)
		peers[1]:run(function() MultiplayerSession.leave(session) end)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.status(session) == MultiplayerSession.SHUTDOWN end)
		peers:online { lost = true }
		peers[1]:run(function()
			session = Network.create_multiplayer_session_host(user, "late", "lobby")
			MultiplayerSession.leave(session)
		end)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.status(session) == MultiplayerSession.SHUTDOWN end, 31)
	end)

	it("of a session that was BROKEN does not end a later stay in the same one", function()
		local peers = consoles.xbox { count = 2 }
		peers[2]:run(function() former = Network.create_multiplayer_session_client(user, "game", "lobby") end)
		consoles.wait(peers, peers[2], function() return MultiplayerSession.status(former) == MultiplayerSession.BROKEN end)
		consoles.host_session(peers)
		peers[2]:run(function() session = Network.create_multiplayer_session_client(user, "game", "lobby") end)
		consoles.ready(peers, peers[2])
		peers[2]:run(function() MultiplayerSession.leave(former) end)
		consoles.wait(peers, peers[2], function() return MultiplayerSession.status(former) == MultiplayerSession.SHUTDOWN end)
		peers:step(60)
		peers[2]:run(function() assert(MultiplayerSession.status(session) == MultiplayerSession.READY) end)
		assert.equal(2, #peers[1]:run(function() return MultiplayerSession.members(session) end))
	end)

	it("rejects ids of no session", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("MultiplayerSession.leave: " .. gone(2), peers[1], function() MultiplayerSession.leave(2) end)
	end)
end)

describe("MultiplayerSession.set_closed", function()
	it("keeps others out until it is opened again; any member may", function()
		local peers = consoles.xbox { count = 3 }
		consoles.host_session(peers)
		peers[2]:run(function() session = Network.create_multiplayer_session_client(user, "game", "lobby") end)
		consoles.ready(peers, peers[2])
		peers[2]:run(function() MultiplayerSession.set_closed(session, true) end)
		peers:step(30)
		peers[3]:run(function() session = Network.create_multiplayer_session_client(user, "game", "lobby") end)
		consoles.wait(peers, peers[3], function() return MultiplayerSession.status(session) == MultiplayerSession.BROKEN end)
		peers[1]:run(function() MultiplayerSession.set_closed(session, false) end)
		peers:step(30)
		peers[3]:run(function() session = Network.create_multiplayer_session_client(user, "game", "lobby") end)
		consoles.ready(peers, peers[3])
	end)

	it("rejects a session that is not READY", function()
		local peers = consoles.gather { count = 1 }
		consoles.rejects("MultiplayerSession.set_closed: argument 2 (closed): expected boolean, got nothing", peers[1],
			function() MultiplayerSession.set_closed(session) end)
		peers[1]:run(function() MultiplayerSession.leave(session) end)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.status(session) == MultiplayerSession.SHUTDOWN end)
		consoles.rejects("MultiplayerSession.set_closed: session 1 is SHUTDOWN, and has to be READY; it was left; call "
			.. "Network.free_multiplayer_session", peers[1], function() MultiplayerSession.set_closed(session, true) end)
	end)

	it("rejects a session that is BROKEN, and says what to call", function()
		local peers = consoles.xbox { count = 1 }
		peers[1]:run(function() session = Network.create_multiplayer_session_client(user, "none", "lobby") end)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.status(session) == MultiplayerSession.BROKEN end)
		consoles.rejects("MultiplayerSession.set_closed: session 1 is BROKEN, and has to be READY; call MultiplayerSession.leave, wait "
			.. "for SHUTDOWN, and call Network.free_multiplayer_session", peers[1], function() MultiplayerSession.set_closed(session, true) end)
	end)
end)

describe("MultiplayerSession.keywords", function()
	it("are those that the host gave", function()
		local peers = consoles.gather { count = 2 }
		for i = 1, 2 do
			assert.same({ "test" }, peers[i]:run(function() return MultiplayerSession.keywords(session) end))
		end
	end)

	it("rejects ids of no session", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("MultiplayerSession.keywords: " .. gone(2), peers[1], function() MultiplayerSession.keywords(2) end)
	end)
end)

describe("Lists of Xbox Live", function()
	it("count from 1, as all lists of Lua do, whatever the index offset is", function()
		local peers = consoles.gather { count = 1 }
		peers[1]:run(function()
			Script.set_index_offset(0)
			MultiplayerSession.set_keywords(user, session, { "a", "b" })
			local words, members = MultiplayerSession.keywords(session), MultiplayerSession.members(session)
			assert(words[0] == nil and words[1] == "a" and words[2] == "b")
			assert(members[0] == nil and members[1].gamertag == "anna")
		end)
		consoles.rejects("MultiplayerSession.set_keywords: argument 3 (session_keywords): element 1: expected string, got boolean true", peers[1],
			function() MultiplayerSession.set_keywords(user, session, { true }) end)
	end)
end)

describe("MultiplayerSession.set_keywords", function()
	it("replaces them, at any member", function()
		local peers = consoles.gather { count = 2 }
		peers[2]:run(function()
			MultiplayerSession.set_keywords(user, session, { "a", "b" })
			assert(#MultiplayerSession.keywords(session) == 2)
		end)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.keywords(session)[2] == "b" end)
		peers[1]:run(function() MultiplayerSession.set_keywords(user, session) end)
		consoles.wait(peers, peers[2], function() return #MultiplayerSession.keywords(session) == 0 end)
	end)

	it("rejects wrong keywords", function()
		local peers = consoles.gather { count = 1 }
		consoles.rejects('MultiplayerSession.set_keywords: session_keywords: element 1: expected 1 to 63 bytes in lower case, got "BIG"', peers[1],
			function() MultiplayerSession.set_keywords(user, session, { "BIG" }) end)
		consoles.rejects("MultiplayerSession.set_keywords: argument 3 (session_keywords): expected at most 32 elements, got 33", peers[1],
			function()
				local words = {}
				for i = 1, 33 do words[i] = "w" .. i end
				MultiplayerSession.set_keywords(user, session, words)
			end)
	end)
end)

-- What a property is, as the peer reads it.
local function read(peers, peer, key)
	peer:run(function(key) lookup = MultiplayerSession.custom_property_json(session, key) end, key)
	consoles.wait(peers, peer, function()
		return MultiplayerSession.custom_property_json_status(lookup) == SessionJobStatus.COMPLETE
	end)
	return peer:run(function()
		local text = MultiplayerSession.custom_property_json_result(lookup)
		MultiplayerSession.free_custom_property_json(lookup)
		return text
	end)
end

describe("MultiplayerSession.set_custom_property_json", function()
	it("is read by all members, also what a member that is not the host has set", function()
		local peers = consoles.gather { count = 2 }
		peers[1]:run(function() MultiplayerSession.set_custom_property_json(session, "map", '{ "name": "arena", "size": [1, 2] }') end)
		peers[2]:run(function() MultiplayerSession.set_custom_property_json(session, "mode", '"ctf"') end)
		peers:step(30)
		for i = 1, 2 do
			assert.equal('{ "name": "arena", "size": [1, 2] }', read(peers, peers[i], "map"))
			assert.equal('"ctf"', read(peers, peers[i], "mode"))
		end
	end)

	it("takes a property away by null", function()
		local peers = consoles.gather { count = 1 }
		peers[1]:run(function()
			MultiplayerSession.set_custom_property_json(session, "map", "1")
			MultiplayerSession.set_custom_property_json(session, "map", "null")
		end)
		assert.equal("null", read(peers, peers[1], "map"))
	end)

	it("rejects what is no JSON, too long texts and wrong keys", function()
		local peers = consoles.gather { count = 1 }
		consoles.rejects("MultiplayerSession.set_custom_property_json: custom_property_json: expected JSON text; expected a key between quotation marks, got `map` at byte 2",
			peers[1], function() MultiplayerSession.set_custom_property_json(session, "map", "{map = 1}") end)
		consoles.rejects("MultiplayerSession.set_custom_property_json: custom_property_json: expected at most 4096 bytes, got 4097 bytes", peers[1],
			function() MultiplayerSession.set_custom_property_json(session, "map", '"' .. ("x"):rep(4095) .. '"') end)
		consoles.rejects("MultiplayerSession.set_custom_property_json: custom_property_key: expected 1 to 63 bytes, got 64 bytes", peers[1],
			function() MultiplayerSession.set_custom_property_json(session, ("k"):rep(64), "1") end)
		consoles.rejects("MultiplayerSession.set_custom_property_json: " .. gone(4), peers[1],
			function() MultiplayerSession.set_custom_property_json(4, "map", "1") end)
	end)
end)

describe("MultiplayerSession.set_current_user_member_custom_property_json", function()
	it("is told as a change of the session", function()
		local peers = consoles.gather { count = 2 }
		peers[1]:run(function() MultiplayerSession.has_session_changed(session) end)
		peers[2]:run(function() MultiplayerSession.set_current_user_member_custom_property_json(session, "ready", "true") end)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.has_session_changed(session) end)
	end)

	it("rejects what is no JSON", function()
		local peers = consoles.gather { count = 1 }
		consoles.rejects("MultiplayerSession.set_current_user_member_custom_property_json: custom_property_json: expected JSON text; expected a JSON value, "
			.. "got `yes` at byte 1", peers[1],
			function() MultiplayerSession.set_current_user_member_custom_property_json(session, "ready", "yes") end)
	end)
end)

describe("MultiplayerSession.custom_property_json", function()
	it("is null where nothing was set", function()
		local peers = consoles.gather { count = 1 }
		assert.equal("null", read(peers, peers[1], "nothing"))
	end)

	it("rejects empty keys, and sessions that are not READY", function()
		local peers = consoles.gather { count = 1 }
		consoles.rejects("MultiplayerSession.custom_property_json: custom_property_key: expected 1 to 63 bytes, got 0 bytes", peers[1],
			function() MultiplayerSession.custom_property_json(session, "") end)
		peers[1]:run(function() MultiplayerSession.leave(session) end)
		consoles.rejects("MultiplayerSession.custom_property_json: session 1 is WORKING, and has to be READY; wait until "
			.. "MultiplayerSession.status gives READY", peers[1], function() MultiplayerSession.custom_property_json(session, "a") end)
	end)
end)

describe("MultiplayerSession.custom_property_json_status", function()
	it("is WORKING first, and NOT_RUNNING once it was freed", function()
		local peers = consoles.gather { count = 1 }
		peers[1]:run(function()
			lookup = MultiplayerSession.custom_property_json(session, "a")
			assert(MultiplayerSession.custom_property_json_status(lookup) == SessionJobStatus.WORKING)
		end)
		read(peers, peers[1], "a")
		peers[1]:run(function() assert(MultiplayerSession.custom_property_json_status(lookup) == SessionJobStatus.NOT_RUNNING) end)
	end)

	it("rejects what is no lookup", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects('MultiplayerSession.custom_property_json_status: argument 1 (session_lookup_id): expected integer, got string "a"',
			peers[1], function() MultiplayerSession.custom_property_json_status("a") end)
	end)
end)

describe("MultiplayerSession.custom_property_json_result", function()
	it("can be asked again until it is freed", function()
		local peers = consoles.gather { count = 1 }
		peers[1]:run(function() lookup = MultiplayerSession.custom_property_json(session, "a") end)
		consoles.wait(peers, peers[1], function()
			return MultiplayerSession.custom_property_json_status(lookup) == SessionJobStatus.COMPLETE
		end)
		peers[1]:run(function()
			for _ = 1, 2 do assert(MultiplayerSession.custom_property_json_result(lookup) == "null") end
		end)
	end)

	it("rejects lookups that go on", function()
		local peers = consoles.gather { count = 1 }
		consoles.rejects("MultiplayerSession.custom_property_json_result: lookup 1 is WORKING; wait until its status is COMPLETE or FAILED",
			peers[1], function()
				MultiplayerSession.custom_property_json_result(MultiplayerSession.custom_property_json(session, "a"))
			end)
	end)
end)

describe("MultiplayerSession.free_custom_property_json", function()
	it("gives the id back, so that there is room for another lookup", function()
		local peers = consoles.gather { count = 1 }
		peers[1]:run(function()
			for i = 1, 256 do lookup = MultiplayerSession.custom_property_json(session, "a") end
		end)
		consoles.rejects("MultiplayerSession.custom_property_json: there are 256 lookups that were not freed; call the free function of "
			.. "those that are done", peers[1], function() MultiplayerSession.custom_property_json(session, "a") end)
		consoles.wait(peers, peers[1], function()
			return MultiplayerSession.custom_property_json_status(lookup) == SessionJobStatus.COMPLETE
		end)
		peers[1]:run(function()
			MultiplayerSession.free_custom_property_json(lookup)
			assert(MultiplayerSession.custom_property_json_status(lookup) == SessionJobStatus.NOT_RUNNING)
			other = MultiplayerSession.custom_property_json(session, "a")
			assert(other ~= lookup)
			assert(MultiplayerSession.custom_property_json_status(other) == SessionJobStatus.WORKING)
		end)
	end)

	it("rejects lookups that were freed", function()
		local peers = consoles.gather { count = 1 }
		read(peers, peers[1], "a")
		consoles.rejects("MultiplayerSession.free_custom_property_json: there is no lookup 1: it was freed, or never begun", peers[1],
			function() MultiplayerSession.free_custom_property_json(lookup) end)
	end)
end)

describe("MultiplayerSession.session_id_to_uri", function()
	it("is how the service addresses a session", function()
		local peers = consoles.gather { count = 1 }
		assert.equal("/serviceconfigs/tests/sessionTemplates/lobby/sessions/game",
			peers[1]:run(function() return MultiplayerSession.session_id_to_uri(session) end))
	end)

	it("rejects ids of no session", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("MultiplayerSession.session_id_to_uri: " .. gone(2), peers[1], function() MultiplayerSession.session_id_to_uri("2") end)
	end)
end)

describe("MultiplayerSession.session_uri_to_description", function()
	it("gives the session's name and its template's", function()
		local peers = consoles.gather { count = 1 }
		assert.same({ "game", "lobby" }, peers[1]:run(function()
			return { MultiplayerSession.session_uri_to_description(MultiplayerSession.session_id_to_uri(session)) }
		end))
	end)

	it("rejects other texts", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects('MultiplayerSession.session_uri_to_description: session_uri: expected a text like "/serviceconfigs/ID/sessionTemplates/TEMPLATE'
			.. '/sessions/NAME", got "game"', peers[1], function() MultiplayerSession.session_uri_to_description("game") end)
	end)
end)

describe("MultiplayerSessionGroup.all_sessions_have_status", function()
	it("asks the sessions of all users", function()
		local peers = consoles.gather { count = 1 }
		peers[1]:run(function() XboxLive.show_account_picker(2) end)
		consoles.wait(peers, peers[1], function() return XboxLive.user_info(2).signed_in end)
		peers[1]:run(function()
			group = MultiplayerSession.group_id(session)
			assert(MultiplayerSessionGroup.all_sessions_have_status(group, MultiplayerSession.READY))
			other = Network.join_local_multiplayer_session(2, session)
			assert(not MultiplayerSessionGroup.all_sessions_have_status(group, MultiplayerSession.READY))
		end)
		consoles.wait(peers, peers[1], function()
			return MultiplayerSessionGroup.all_sessions_have_status(group, MultiplayerSession.READY)
		end)
	end)

	it("rejects groups that are none, and numbers that are no status", function()
		local peers = consoles.gather { count = 1 }
		consoles.rejects("MultiplayerSessionGroup.all_sessions_have_status: there is no session group 9; MultiplayerSession.group_id gives a "
			.. "session's", peers[1], function() MultiplayerSessionGroup.all_sessions_have_status(9, 0) end)
		consoles.rejects("MultiplayerSessionGroup.all_sessions_have_status: argument 2 (session_status): expected integer 0 to 3, got number 4",
			peers[1], function() MultiplayerSessionGroup.all_sessions_have_status(1, 4) end)
	end)
end)

describe("MultiplayerSessionGroup.master_session", function()
	it("is the first user's, and nil once that was freed", function()
		local peers = consoles.gather { count = 1 }
		peers[1]:run(function() XboxLive.show_account_picker(2) end)
		consoles.wait(peers, peers[1], function() return XboxLive.user_info(2).signed_in end)
		peers[1]:run(function()
			group = MultiplayerSession.group_id(session)
			other = Network.join_local_multiplayer_session(2, session)
			assert(MultiplayerSessionGroup.master_session(group) == session)
			MultiplayerSession.leave(session)
		end)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.status(session) == MultiplayerSession.SHUTDOWN end)
		peers[1]:run(function()
			Network.free_multiplayer_session(session)
			assert(MultiplayerSessionGroup.master_session(group) == nil)
		end)
	end)

	it("rejects groups that are none", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("MultiplayerSessionGroup.master_session: there is no session group 1; MultiplayerSession.group_id gives a session's",
			peers[1], function() MultiplayerSessionGroup.master_session(1) end)
	end)
end)

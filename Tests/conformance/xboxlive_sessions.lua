-- Functions of `Network` that make, enter and free sessions of Xbox Live.

local consoles = require "support/consoles"

local NONE = "no Xbox Live client is running; call Network.init_xboxlive_client first"
local NAME = 'session_name: expected 1 to 100 lower-case letters, digits and signs without "/", got '

local function broken(peers, peer, text)
	consoles.wait(peers, peer, function() return MultiplayerSession.status(session) == MultiplayerSession.BROKEN end)
	local lines = peer:log("warnings")
	for _, line in ipairs(lines) do if line:find(text, 1, true) then return end end
	error("no warning has " .. text .. " in " .. table.concat(lines, "\n"))
end

describe("Network.create_multiplayer_session_host", function()
	it("makes a session that is ready once the service has it", function()
		local peers = consoles.xbox { count = 1 }
		peers[1]:run(function()
			session = Network.create_multiplayer_session_host(user, "game", "lobby", { "fast", "fun" })
			assert(type(session) == "number")
			assert(MultiplayerSession.status(session) == MultiplayerSession.WORKING)
		end)
		consoles.ready(peers, peers[1])
		peers[1]:run(function()
			assert(MultiplayerSession.host_peer(session) == Network.peer_id())
			assert(#MultiplayerSession.keywords(session) == 2)
		end)
	end)

	it("waits for the members that it needs", function()
		local peers = consoles.xbox { count = 2 }
		peers[1]:run(function() session = Network.create_multiplayer_session_host(user, "game", "duel") end)
		peers:step(120)
		peers[1]:run(function() assert(MultiplayerSession.status(session) == MultiplayerSession.WORKING) end)
		peers[2]:run(function() session = Network.create_multiplayer_session_client(user, "game", "duel") end)
		for i = 1, 2 do consoles.ready(peers, peers[i]) end
	end)

	it("waits the fraction of a second, too, that settings.ini says", function()
		local settings = { xboxlive = { templates = { duel = { max_members = 2, min_members = 2, initialization_timeout = 2.5 } } } }
		local peers = consoles.xbox { count = 1, online = { settings = settings } }
		peers[1]:run(function() session = Network.create_multiplayer_session_host(user, "game", "duel") end)
		consoles.wait(peers, peers[1], function() return #MultiplayerSession.members(session) == 1 end)
		peers:step(140)
		peers[1]:run(function() assert(MultiplayerSession.status(session) == MultiplayerSession.WORKING) end)
		peers:step(20)
		peers[1]:run(function() assert(MultiplayerSession.status(session) == MultiplayerSession.BROKEN) end)
		consoles.has_logged(peers[1], "session 1 is BROKEN: it needs 2 members, and 1 came within 2.5 seconds")
	end)

	it("is left where these do not come in time, so that others find nobody there", function()
		local peers = consoles.xbox { count = 2 }
		peers[1]:run(function() session = Network.create_multiplayer_session_host(user, "game", "duel") end)
		-- Nobody asks for its status meanwhile.
		peers:step(60 * 6)
		peers[2]:run(function() session = Network.create_multiplayer_session_client(user, "game", "duel") end)
		broken(peers, peers[2], "any more")
		peers[1]:run(function()
			assert(MultiplayerSession.status(session) == MultiplayerSession.BROKEN)
			MultiplayerSession.leave(session)
		end)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.status(session) == MultiplayerSession.SHUTDOWN end)
		peers[1]:run(function()
			Network.free_multiplayer_session(session)
			session = Network.create_multiplayer_session_host(user, "game", "duel", nil, 1)
		end)
		consoles.ready(peers, peers[1])
	end)

	it("is BROKEN where these do not come in time", function()
		local peers = consoles.xbox { count = 1 }
		peers[1]:run(function() session = Network.create_multiplayer_session_host(user, "game", "duel") end)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.status(session) == MultiplayerSession.BROKEN end)
		peers[1]:run(function() other = Network.create_multiplayer_session_host(user, "other", "duel", nil, 1) end)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.status(other) == MultiplayerSession.READY end)
	end)

	it("keeps to its limit of members", function()
		local peers = consoles.xbox { count = 2 }
		peers[1]:run(function() session = Network.create_multiplayer_session_host(user, "game", "lobby", nil, 0, 1) end)
		consoles.ready(peers, peers[1])
		peers[2]:run(function() session = Network.create_multiplayer_session_client(user, "game", "lobby") end)
		broken(peers, peers[2], "it is full (1 member)")
	end)

	it("keeps places for users", function()
		local peers = consoles.xbox { count = 3 }
		peers[1]:run(function(cleo)
			session = Network.create_multiplayer_session_host(user, "game", "lobby", nil, 0, 2, { cleo })
		end, consoles.id(peers[3]))
		consoles.ready(peers, peers[1])
		peers[2]:run(function() session = Network.create_multiplayer_session_client(user, "game", "lobby") end)
		broken(peers, peers[2], "it is full (2 members)")
		peers[3]:run(function() session = Network.create_multiplayer_session_client(user, "game", "lobby") end)
		consoles.ready(peers, peers[3])
	end)

	it("rejects who comes to a full session, with the number of its members", function()
		local peers = consoles.xbox { count = 3 }
		peers[1]:run(function() session = Network.create_multiplayer_session_host(user, "game", "duel") end)
		peers:step(30)
		peers[2]:run(function() session = Network.create_multiplayer_session_client(user, "game", "duel") end)
		for i = 1, 2 do consoles.ready(peers, peers[i]) end
		peers[3]:run(function() session = Network.create_multiplayer_session_client(user, "game", "duel") end)
		consoles.wait(peers, peers[3], function() return MultiplayerSession.status(session) == MultiplayerSession.BROKEN end)
		consoles.has_logged(peers[3], "failed: it is full (2 members)")
	end)

	it("is BROKEN where another user's session has the name", function()
		local peers = consoles.xbox { count = 2 }
		consoles.host_session(peers)
		peers[2]:run(function() session = Network.create_multiplayer_session_host(user, "game", "lobby") end)
		broken(peers, peers[2], "there is an entry with the id")
	end)

	it("rejects templates that settings.ini does not name", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("Network.create_multiplayer_session_host: settings.ini names no session template `loby`; did you mean `lobby`?",
			peers[1], function() Network.create_multiplayer_session_host(user, "game", "loby") end)
		consoles.rejects("Network.create_multiplayer_session_host: settings.ini names no session template `tournament`; it names `duel`, `lobby`",
			peers[1], function() Network.create_multiplayer_session_host(user, "game", "tournament") end)
		local others = consoles.xbox { count = 1, online = { settings = {} } }
		consoles.rejects("Network.create_multiplayer_session_host: settings.ini names no session template; add xboxlive = "
			.. "{ templates = { NAME = { max_members = 8 } } }", others[1],
			function() Network.create_multiplayer_session_host(user, "game", "lobby") end)
	end)

	it("rejects wrong names and keywords", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("Network.create_multiplayer_session_host: " .. NAME .. '"Game"', peers[1],
			function() Network.create_multiplayer_session_host(user, "Game", "lobby") end)
		consoles.rejects("Network.create_multiplayer_session_host: " .. NAME .. '""', peers[1],
			function() Network.create_multiplayer_session_host(user, "", "lobby") end)
		consoles.rejects('Network.create_multiplayer_session_host: session_keywords: element 2: expected 1 to 63 bytes in lower case, got "Fast"', peers[1],
			function() Network.create_multiplayer_session_host(user, "game", "lobby", { "fun", "Fast" }) end)
		consoles.rejects('Network.create_multiplayer_session_host: session_keywords: element 1: expected 1 to 63 bytes in lower case, got ""', peers[1],
			function() Network.create_multiplayer_session_host(user, "game", "lobby", { "" }) end)
		consoles.rejects("Network.create_multiplayer_session_host: argument 4 (session_keywords): element 1: expected string, got table",
			peers[1], function() Network.create_multiplayer_session_host(user, "game", "lobby", { {} }) end)
	end)

	it("rejects limits that do not fit", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("Network.create_multiplayer_session_host: expected 0 <= min_number_members <= max_number_members "
			.. "<= 8, got 1 and 9", peers[1], function() Network.create_multiplayer_session_host(user, "game", "lobby", nil, 0, 9) end)
		consoles.rejects("Network.create_multiplayer_session_host: expected 0 <= min_number_members <= max_number_members "
			.. "<= 8, got 3 and 2", peers[1], function() Network.create_multiplayer_session_host(user, "game", "lobby", nil, 3, 2) end)
		consoles.rejects("Network.create_multiplayer_session_host: argument 7 (xbox_user_id_member_reservation): element 1: expected "
			.. "user id (hexadecimal string), got number 0", peers[1],
			function() Network.create_multiplayer_session_host(user, "game", "lobby", nil, 0, 0, { 0 }) end)
	end)

	it("rejects users that are none, and a session that the user is in", function()
		local peers = consoles.gather { count = 1 }
		consoles.rejects("Network.create_multiplayer_session_host: there is no user 3; XboxLive.users gives 1", peers[1],
			function() Network.create_multiplayer_session_host(3, "game", "lobby") end)
		consoles.rejects("Network.create_multiplayer_session_host: user 1 is in this session already: that is session 1", peers[1],
			function() Network.create_multiplayer_session_host(user, "game", "lobby") end)
		assert.has_error(function() Network.create_multiplayer_session_host(1, "game", "lobby") end,
			"Network.create_multiplayer_session_host: " .. NONE)
	end)

	it("rejects more than 16 sessions of one user, once the service has answered", function()
		local peers = consoles.xbox { count = 1 }
		peers[1]:run(function()
			for i = 1, 17 do session = Network.create_multiplayer_session_host(user, "game" .. i, "lobby") end
		end)
		broken(peers, peers[1], "failed: the player is in 16 entries already; more are not possible")
		peers[1]:run(function() assert(MultiplayerSession.status(session - 1) == MultiplayerSession.READY) end)
	end)

	it("rejects more than 64 sessions that were not freed", function()
		local peers = consoles.xbox { count = 1 }
		peers[1]:run(function()
			for i = 1, 64 do Network.create_multiplayer_session_host(user, "game" .. i, "lobby") end
		end)
		consoles.rejects("Network.create_multiplayer_session_host: there are 64 sessions that were not freed; call "
			.. "Network.free_multiplayer_session for those that are SHUTDOWN", peers[1],
			function() Network.create_multiplayer_session_host(user, "more", "lobby") end)
	end)
end)

describe("Network.create_multiplayer_session_client", function()
	it("enters the session of a name, and connects its members", function()
		local peers = consoles.gather { count = 3 }
		peers[3]:run(function(host) RPC.say(host, "hello") end, consoles.id(peers[1]))
		assert(peers:step_until(function() return #peers[1]:events("say") > 0 end))
	end)

	it("is BROKEN where there is none of the name and the template", function()
		local peers = consoles.xbox { count = 2 }
		consoles.host_session(peers)
		peers[2]:run(function() session = Network.create_multiplayer_session_client(user, "game", "duel") end)
		broken(peers, peers[2], "any more")
		peers[2]:run(function() session = Network.create_multiplayer_session_client(user, "other", "lobby") end)
		broken(peers, peers[2], "any more")
	end)

	it("keeps places for users, once it is in", function()
		local peers = consoles.xbox { count = 4 }
		peers[1]:run(function() session = Network.create_multiplayer_session_host(user, "game", "lobby", nil, 0, 3) end)
		consoles.ready(peers, peers[1])
		peers[2]:run(function(cleo)
			session = Network.create_multiplayer_session_client(user, "game", "lobby", { cleo })
		end, consoles.id(peers[3]))
		consoles.ready(peers, peers[2])
		peers:step(30)
		peers[4]:run(function() session = Network.create_multiplayer_session_client(user, "game", "lobby") end)
		broken(peers, peers[4], "it is full (3 members)")
		peers[3]:run(function() session = Network.create_multiplayer_session_client(user, "game", "lobby") end)
		consoles.ready(peers, peers[3])
	end)

	it("comes back to a session that it has left", function()
		local peers = consoles.gather { count = 2 }
		peers[2]:run(function()
			MultiplayerSession.leave(session)
			session = Network.create_multiplayer_session_client(user, "game", "lobby")
		end)
		consoles.ready(peers, peers[2])
		for i = 1, 2 do
			consoles.wait(peers, peers[i], function() return #MultiplayerSession.members(session) == 2 and #Network.connections() == 1 end)
		end
	end)

	it("rejects wrong names, templates and users", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("Network.create_multiplayer_session_client: " .. NAME .. '"a/b"', peers[1],
			function() Network.create_multiplayer_session_client(user, "a/b", "lobby") end)
		consoles.rejects("Network.create_multiplayer_session_client: settings.ini names no session template `loby`; did you mean `lobby`?",
			peers[1], function() Network.create_multiplayer_session_client(user, "game", "loby") end)
		consoles.rejects("Network.create_multiplayer_session_client: argument 4 (xbox_user_id_member_reservation): expected table, got string \"ab\"",
			peers[1], function() Network.create_multiplayer_session_client(user, "game", "lobby", "ab") end)
		consoles.rejects("Network.create_multiplayer_session_client: there is no user 0; XboxLive.users gives 1", peers[1],
			function() Network.create_multiplayer_session_client(0, "game", "lobby") end)
	end)
end)

describe("Network.create_multiplayer_session", function()
	it("makes a session as host, and enters it as client", function()
		local peers = consoles.xbox { count = 2 }
		peers[1]:run(function() session = Network.create_multiplayer_session(user, "game", "lobby", true, { "fun" }) end)
		consoles.ready(peers, peers[1])
		peers[2]:run(function() session = Network.create_multiplayer_session(user, "game", "lobby", false) end)
		consoles.ready(peers, peers[2])
		assert.same({ "fun" }, peers[2]:run(function() return MultiplayerSession.keywords(session) end))
	end)

	it("rejects a call that does not say whether as host", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("Network.create_multiplayer_session: argument 4 (create_as_host): expected boolean, got nothing", peers[1],
			function() Network.create_multiplayer_session(user, "game", "lobby") end)
	end)
end)

-- One machine with a second user who is signed in, and its session.
local function two_users(count)
	local peers = consoles.gather { count = count or 1 }
	peers[1]:run(function() XboxLive.show_account_picker(2) end)
	consoles.wait(peers, peers[1], function() return XboxLive.user_info(2).signed_in end)
	return peers
end

describe("Network.join_local_multiplayer_session", function()
	it("brings another user in, as a member with the same peer", function()
		local peers = two_users(2)
		peers[1]:run(function() other = Network.join_local_multiplayer_session(2, session) end)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.status(other) == MultiplayerSession.READY end)
		consoles.wait(peers, peers[2], function() return #MultiplayerSession.members(session) == 3 end)
		local members = peers[2]:run(function() return MultiplayerSession.members(session) end)
		assert.same({ "anna", "bob", "guest" }, { members[1].gamertag, members[2].gamertag, members[3].gamertag })
		assert.equal(members[1].peer, members[3].peer)
		assert.not_equal(members[1].xbox_user_id, members[3].xbox_user_id)
	end)

	it("stays in when the first user leaves", function()
		local peers = two_users(2)
		peers[1]:run(function() other = Network.join_local_multiplayer_session(2, session) end)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.status(other) == MultiplayerSession.READY end)
		peers[1]:run(function() MultiplayerSession.leave(session) end)
		consoles.wait(peers, peers[2], function() return #MultiplayerSession.members(session) == 2 end)
		peers:step(60)
		peers[1]:run(function()
			assert(MultiplayerSession.status(other) == MultiplayerSession.READY)
			assert(#Network.connections() == 1)
		end)
	end)

	it("rejects a session that is not ready, and a user who is in it", function()
		local peers = two_users()
		consoles.rejects("Network.join_local_multiplayer_session: user 1 is in this session already: that is session 1", peers[1],
			function() Network.join_local_multiplayer_session(user, session) end)
		consoles.rejects("Network.join_local_multiplayer_session: session 2 is WORKING, and has to be READY; wait until "
			.. "MultiplayerSession.status gives READY", peers[1], function()
				session = Network.create_multiplayer_session_host(user, "new", "lobby")
				Network.join_local_multiplayer_session(2, session)
			end)
	end)
end)

describe("Network.free_multiplayer_session", function()
	it("frees what was left", function()
		local peers = consoles.gather { count = 1 }
		peers[1]:run(function() MultiplayerSession.leave(session) end)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.status(session) == MultiplayerSession.SHUTDOWN end)
		peers[1]:run(function() Network.free_multiplayer_session(session) end)
		consoles.rejects("MultiplayerSession.status: there is no session 1: it was freed, or never created", peers[1],
			function() MultiplayerSession.status(session) end)
	end)

	it("rejects a session that is not SHUTDOWN, and says what to call", function()
		local peers = consoles.gather { count = 1 }
		consoles.rejects("Network.free_multiplayer_session: session 1 is READY, and has to be SHUTDOWN; call MultiplayerSession.leave "
			.. "first, and wait until MultiplayerSession.status gives SHUTDOWN", peers[1], function() Network.free_multiplayer_session(session) end)
		peers[1]:run(function() MultiplayerSession.leave(session) end)
		consoles.rejects("Network.free_multiplayer_session: session 1 is WORKING, and has to be SHUTDOWN; wait; where it was not left, "
			.. "call MultiplayerSession.leave first", peers[1], function() Network.free_multiplayer_session(session) end)
		consoles.rejects("Network.free_multiplayer_session: there is no session 5: it was freed, or never created", peers[1],
			function() Network.free_multiplayer_session(5) end)
	end)
end)

-- The Xbox Live client: its beginning and end, constants, cleaning up, presence.

local consoles = require "support/consoles"

local NONE = "no Xbox Live client is running; call Network.init_xboxlive_client first"

describe("Constants of Xbox Live", function()
	it("count from 0", function()
		assert.same({ 0, 1, 2, 3 }, { SessionJobStatus.COMPLETE, SessionJobStatus.FAILED, SessionJobStatus.NOT_RUNNING, SessionJobStatus.WORKING })
		assert.same({ 0, 1, 2, 3 }, { MultiplayerSession.BROKEN, MultiplayerSession.READY, MultiplayerSession.SHUTDOWN, MultiplayerSession.WORKING })
		assert.same({ 0, 1, 2, 3 }, { SmartMatchStatus.EXPIRED, SmartMatchStatus.FOUND, SmartMatchStatus.SEARCHING, SmartMatchStatus.UNKNOWN })
		assert.same({ 0, 1 }, { PreserveSessionMode.ALWAYS, PreserveSessionMode.NEVER })
		assert.same({ 0, 1, 2 }, { XboxOne.OFFLINE, XboxOne.ONLINE, XboxOne.UNKNOWN })
		assert.same({ 0, 1, 2, 3 }, { MultiplayerSessionRestriction.FOLLOWED, MultiplayerSessionRestriction.LOCAL,
			MultiplayerSessionRestriction.NONE, MultiplayerSessionRestriction.UNKNOWN })
		assert.same({ 0, 1, 2 }, { MultiplayerSessionVisibility.ANY, MultiplayerSessionVisibility.FULL, MultiplayerSessionVisibility.OPEN })
		assert.same({ 3, 4, 5 }, { MultiplayerSessionVisibility.PRIVATE, MultiplayerSessionVisibility.UNKNOWN, MultiplayerSessionVisibility.VISIBLE })
	end)
end)

describe("Network.init_xboxlive_client", function()
	it("starts networking; this peer's id is its first user's", function()
		Network.init_xboxlive_client("lan")
		assert.is_true(Network.xboxlive_client_exists())
		assert.equal(XboxLive.users().xbox_user_id, Network.peer_id())
		Network.shutdown_xboxlive_client()
	end)

	it("rejects a second client, and other wrong uses", function()
		Network.init_xboxlive_client("lan")
		assert.has_error(function() Network.init_xboxlive_client("lan") end,
			"Network.init_xboxlive_client: an Xbox Live client is running already; call Network.shutdown_xboxlive_client first")
		Network.shutdown_xboxlive_client()
		assert.has_error(function() Network.init_xboxlive_client() end,
			"Network.init_xboxlive_client: argument 1 (config): expected string, got nothing")
	end)
end)

describe("Network.shutdown_xboxlive_client", function()
	it("leaves all sessions", function()
		local peers = consoles.gather { count = 2 }
		peers[1]:run(function() Network.shutdown_xboxlive_client() end)
		consoles.wait(peers, peers[2], function() return #MultiplayerSession.members(session) == 1 end)
		consoles.wait(peers, peers[2], function() return MultiplayerSession.host_peer(session) == Network.peer_id() end)
		peers[1]:run(function()
			assert(not Network.xboxlive_client_exists())
			Network.init_xboxlive_client("lan")
		end)
	end)

	it("ends what the ids stood for; the next client's are others", function()
		local peers = consoles.gather { count = 1 }
		peers[1]:run(function()
			lookup = Network.handle_to_description(user, "ab")
			job = Network.set_presence(user, "in_menu")
			Network.shutdown_xboxlive_client()
			Network.init_xboxlive_client("lan")
			assert(Network.create_multiplayer_session_host(user, "game", "lobby") == session + 1)
			assert(Network.handle_to_description(user, "ab") == lookup + 1)
			assert(Network.set_presence(user, "in_menu") == job + 1)
			assert(Network.handle_to_description_status(lookup) == SessionJobStatus.NOT_RUNNING)
			assert(Network.set_presence_status(job) == SessionJobStatus.NOT_RUNNING)
		end)
		consoles.rejects("MultiplayerSession.status: there is no session 1: it was freed, or never created", peers[1],
			function() MultiplayerSession.status(session) end)
	end)

	it("rejects a call without a client, and with another platform's", function()
		assert.has_error(function() Network.shutdown_xboxlive_client() end, "Network.shutdown_xboxlive_client: " .. NONE)
		local client = Network.init_psn_client("lan")
		assert.has_error(function() Network.shutdown_xboxlive_client() end,
			"Network.shutdown_xboxlive_client: it needs an Xbox Live client, and a PSN client is running; call "
			.. "Network.shutdown_psn_client, then Network.init_xboxlive_client")
		Network.shutdown_psn_client(client)
	end)
end)

describe("Network.xboxlive_client_exists", function()
	it("tells whether there is one", function()
		assert.is_false(Network.xboxlive_client_exists())
		local client = Network.init_psn_client("lan")
		assert.is_false(Network.xboxlive_client_exists())
		Network.shutdown_psn_client(client)
		Network.init_xboxlive_client("lan")
		assert.is_true(Network.xboxlive_client_exists())
		Network.shutdown_xboxlive_client()
	end)

	it("rejects nothing: arguments too many are ignored, with a client and without one", function()
		assert.is_false(Network.xboxlive_client_exists(1, "two", {}))
		Network.init_xboxlive_client("lan")
		assert.is_true(Network.xboxlive_client_exists(false, nil, {}))
		Network.shutdown_xboxlive_client()
		assert.is_false(Network.xboxlive_client_exists(true))
	end)
end)

describe("Network.fatal_error on Xbox Live", function()
	it("is true once the user was signed out, and sessions are BROKEN", function()
		local peers = consoles.gather { count = 2 }
		peers[1]:run(function() assert(not Network.fatal_error()) end)
		peers:sign_out(1)
		consoles.wait(peers, peers[1], function() return Network.fatal_error() end)
		consoles.wait(peers, peers[1], function()
			return MultiplayerSession.status(session) == MultiplayerSession.BROKEN and XboxLive.online_state() == XboxOne.OFFLINE
		end)
		consoles.rejects("Network.create_multiplayer_session_host: user 1 is not signed in", peers[1],
			function() Network.create_multiplayer_session_host(user, "other", "lobby") end)
	end)
end)

describe("Network.fatal_error after an outage", function()
	it("is false: the player is signed in again, though it has lost its sessions", function()
		local peers = consoles.xbox { count = 1 }
		consoles.host_session(peers)
		peers:online { lost = true }
		peers:step(60 * 14)
		peers[1]:run(function() assert(not Network.fatal_error()) end)
		peers:online { lost = false }
		consoles.wait(peers, peers[1], function() return MultiplayerSession.status(session) == MultiplayerSession.BROKEN end, 5)
		consoles.wait(peers, peers[1], function() return XboxLive.online_state() == XboxOne.ONLINE end, 5)
		peers[1]:run(function()
			assert(not Network.fatal_error())
			session = Network.create_multiplayer_session_host(user, "another", "lobby", {})
		end)
		consoles.ready(peers, peers[1])
	end)

	it("stays false when only another user was signed out", function()
		local settings = { xboxlive = { service_config_id = "tests", users = { "zoe" } } }
		local peers = consoles.xbox { count = 2, online = { settings = settings } }
		for i = 1, 2 do
			peers[i]:run(function() XboxLive.show_account_picker(2) end)
			consoles.wait(peers, peers[i], function() return XboxLive.user_info(2).signed_in end)
		end
		consoles.wait(peers, peers[1], function() return not XboxLive.user_info(2).signed_in end)
		peers:step(60)
		peers[1]:run(function() assert(not Network.fatal_error()) end)
	end)
end)

describe("Network.clean_sessions", function()
	it("takes a while, and needs no freeing", function()
		local peers = consoles.xbox { count = 1 }
		peers[1]:run(function()
			assert(Network.clean_sessions_status() == SessionJobStatus.NOT_RUNNING)
			Network.clean_sessions(user)
			assert(Network.clean_sessions_status() == SessionJobStatus.WORKING)
			Network.clean_sessions(user)
		end)
		consoles.wait(peers, peers[1], function() return Network.clean_sessions_status() == SessionJobStatus.COMPLETE end)
	end)

	it("rejects a user with sessions, and users that are none", function()
		local peers = consoles.gather { count = 1 }
		consoles.rejects("Network.clean_sessions: user 1 still has session 1, which is READY; call MultiplayerSession.leave, "
			.. "wait until MultiplayerSession.status gives SHUTDOWN, and call Network.free_multiplayer_session first", peers[1],
			function() Network.clean_sessions(user) end)
		consoles.rejects("Network.clean_sessions: there is no user 9; XboxLive.users gives 1", peers[1],
			function() Network.clean_sessions(9) end)
		consoles.rejects("Network.clean_sessions: argument 1 (user_id): expected integer, got nothing", peers[1],
			function() Network.clean_sessions() end)
		assert.has_error(function() Network.clean_sessions(1) end, "Network.clean_sessions: " .. NONE)
	end)
end)

describe("Network.clean_sessions_status", function()
	it("is FAILED when the service does not answer", function()
		local peers = consoles.xbox { count = 1 }
		peers:online { lost = true }
		peers[1]:run(function() Network.clean_sessions(user) end)
		consoles.wait(peers, peers[1], function() return Network.clean_sessions_status() == SessionJobStatus.FAILED end, 31)
	end)

	it("rejects a call without a client", function()
		assert.has_error(function() Network.clean_sessions_status() end, "Network.clean_sessions_status: " .. NONE)
	end)
end)

describe("Network.set_presence", function()
	it("gives a job that is NOT_RUNNING once it has ended", function()
		local peers = consoles.xbox { count = 1 }
		peers[1]:run(function()
			job = Network.set_presence(user, "in_menu")
			assert(Network.set_presence_status(job) == SessionJobStatus.WORKING)
			other = Network.set_presence(user, "playing", false)
			assert(other ~= job)
		end)
		consoles.wait(peers, peers[1], function()
			return Network.set_presence_status(job) == SessionJobStatus.NOT_RUNNING
				and Network.set_presence_status(other) == SessionJobStatus.NOT_RUNNING
		end)
	end)

	it("rejects ids of presence that are empty or too long", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("Network.set_presence: presence_id: expected 1 to 63 bytes, got 0 bytes", peers[1],
			function() Network.set_presence(user, "") end)
		consoles.rejects("Network.set_presence: presence_id: expected 1 to 63 bytes, got 64 bytes", peers[1],
			function() Network.set_presence(user, ("p"):rep(64)) end)
		consoles.rejects("Network.set_presence: argument 3 (is_active_in_title): expected boolean, got number 1", peers[1],
			function() Network.set_presence(user, "p", 1) end)
	end)
end)

describe("Network.set_presence_status", function()
	it("is NOT_RUNNING for what was never begun", function()
		local peers = consoles.xbox { count = 1 }
		peers[1]:run(function() assert(Network.set_presence_status(77) == SessionJobStatus.NOT_RUNNING) end)
	end)

	it("rejects what is no job", function()
		assert.has_error(function() Network.set_presence_status("job") end,
			'Network.set_presence_status: argument 1 (set_presence_job_id): expected integer, got string "job"')
	end)
end)

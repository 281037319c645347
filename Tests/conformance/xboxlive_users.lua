-- `XboxLive`: the users of a machine, and invitations to them.

local consoles = require "support/consoles"

local OFF = "the online service cannot be used: this program runs without one; start it with --online FILE or --online http://HOST:PORT"

local function without_service(name, body)
	local peers = simulate.peers { count = 1, config = "lan", online = false }
	consoles.rejects(("XboxLive.%s: %s"):format(name, OFF), peers[1], body)
end

describe("XboxLive.users", function()
	it("gives a table for each user, with or without a client", function()
		local peers = simulate.peers { count = 1, config = "lan", online = { users = { "anna" }, settings = consoles.settings } }
		local user = peers[1]:run(function() return XboxLive.users() end)
		assert.equal(1, user.id)
		assert.is_true(user.signed_in)
		assert.is_false(user.guest)
		assert.matches("^%x+$", user.xbox_user_id)
		assert.equal(1, peers[1]:run(function() return select("#", XboxLive.users()) end))
	end)

	it("rejects to work without an online service", function()
		without_service("users", function() XboxLive.users() end)
	end)
end)

describe("XboxLive.num_users", function()
	it("counts them", function()
		local peers = consoles.xbox { count = 1 }
		peers[1]:run(function()
			assert(XboxLive.num_users() == 1)
			XboxLive.show_account_picker(2)
			assert(XboxLive.num_users() == 2)
		end)
	end)

	it("rejects to work without an online service", function()
		without_service("num_users", function() XboxLive.num_users() end)
	end)
end)

describe("XboxLive.user_info", function()
	it("is what users gives", function()
		local peers = consoles.xbox { count = 1 }
		local first, second = peers[1]:run(function() return XboxLive.users(), XboxLive.user_info(1) end)
		assert.same(first, second)
	end)

	it("rejects ids of nobody", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("XboxLive.user_info: there is no user 4; XboxLive.users gives 1", peers[1], function() XboxLive.user_info(4) end)
		consoles.rejects("XboxLive.user_info: argument 1 (user_id): expected integer, got string \"anna\"", peers[1],
			function() XboxLive.user_info("anna") end)
	end)
end)

describe("XboxLive.show_account_picker", function()
	it("signs in the next user that the settings name", function()
		local peers = consoles.xbox { count = 1 }
		peers[1]:run(function() XboxLive.show_account_picker(2) end)
		consoles.wait(peers, peers[1], function() return select(2, XboxLive.users()).signed_in end)
		local first, guest = peers[1]:run(function() return XboxLive.users() end)
		assert.same({ 1, 2, false, true }, { first.id, guest.id, first.guest, guest.guest })
		assert.not_equal(first.xbox_user_id, guest.xbox_user_id)
	end)

	it("takes the place of another user, whose sessions are BROKEN then", function()
		local peers = consoles.gather { count = 1 }
		peers[1]:run(function() XboxLive.show_account_picker(2) end)
		consoles.wait(peers, peers[1], function() return XboxLive.user_info(2).signed_in end)
		peers[1]:run(function() other = Network.join_local_multiplayer_session(2, session) end)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.status(other) == MultiplayerSession.READY end)
		peers[1]:run(function()
			XboxLive.show_account_picker(2)
			assert(XboxLive.num_users() == 2)
			assert(select(2, XboxLive.users()).id == 3)
		end)
		consoles.wait(peers, peers[1], function()
			return MultiplayerSession.status(other) == MultiplayerSession.BROKEN and #MultiplayerSession.members(session) == 1
		end)
	end)

	it("makes a guest of each machine another player", function()
		local peers = consoles.xbox { count = 2 }
		local ids = {}
		for i = 1, 2 do
			ids[i] = peers[i]:run(function()
				XboxLive.show_account_picker(2)
				local _, second = XboxLive.users()
				return second.xbox_user_id
			end)
		end
		assert.not_equal(ids[1], ids[2])
	end)

	it("signs in who was signed out, as a new user", function()
		local settings = { xboxlive = { service_config_id = "tests", users = { "zoe" }, templates = { lobby = { max_members = 8 } } } }
		local peers = consoles.xbox { count = 2, online = { settings = settings } }
		consoles.host_session(peers)
		peers[1]:run(function() XboxLive.show_account_picker(2) end)
		consoles.wait(peers, peers[1], function() return XboxLive.user_info(2).signed_in end)
		peers[1]:run(function() former = Network.join_local_multiplayer_session(2, session) end)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.status(former) == MultiplayerSession.READY end)
		-- Zoe signs in at the other machine, and then here again.
		peers[2]:run(function() XboxLive.show_account_picker(2) end)
		consoles.wait(peers, peers[1], function() return not XboxLive.user_info(2).signed_in end)
		peers[1]:run(function()
			XboxLive.show_account_picker(3)
			assert(XboxLive.num_users() == 2)
			local _, zoe = XboxLive.users()
			assert(zoe.id == 3)
		end)
		consoles.wait(peers, peers[1], function() return XboxLive.user_info(3).signed_in end)
		consoles.wait(peers, peers[2], function() return not XboxLive.user_info(2).signed_in end)
		peers[1]:run(function() other = Network.join_local_multiplayer_session(3, session) end)
		consoles.wait(peers, peers[1], function() return MultiplayerSession.status(other) == MultiplayerSession.READY end)
		peers[1]:run(function() assert(MultiplayerSession.status(former) == MultiplayerSession.BROKEN) end)
		consoles.rejects("XboxLive.user_info: there is no user 2; XboxLive.users gives 1, 3", peers[1], function() XboxLive.user_info(2) end)
	end)

	it("signs in who was signed out in its own place, and in another's", function()
		local settings = { xboxlive = { service_config_id = "tests", users = { "zoe", { name = "guest", guest = true } } } }
		local peers = consoles.xbox { count = 2, online = { settings = settings } }
		local function ids() return peers[1]:run(function() local _, b, c = XboxLive.users() return { b.id, c and c.id or 0 } end) end
		local function lose_zoe(id)
			consoles.wait(peers, peers[1], function(id) return XboxLive.user_info(id).signed_in end, 10, id)
			peers[2]:run(function() XboxLive.show_account_picker(2) end)
			consoles.wait(peers, peers[1], function(id) return not XboxLive.user_info(id).signed_in end, 10, id)
		end
		peers[1]:run(function()
			XboxLive.show_account_picker(2)
			XboxLive.show_account_picker(3)
		end)
		lose_zoe(2)
		peers[1]:run(function() XboxLive.show_account_picker(2) end)
		assert.same({ 4, 3 }, ids())
		lose_zoe(4)
		peers[1]:run(function() XboxLive.show_account_picker(3) end)
		assert.same({ 5, 0 }, ids())
		consoles.wait(peers, peers[1], function() return XboxLive.user_info(5).signed_in end)
	end)

	it("counts from the index offset", function()
		local peers = consoles.xbox { count = 1 }
		peers[1]:run(function()
			Script.set_index_offset(0)
			XboxLive.show_account_picker(1)
			assert(XboxLive.num_users() == 2)
		end)
		consoles.rejects("XboxLive.show_account_picker: argument 1 (user_index): expected 0 to 2, got number 3", peers[1],
			function() XboxLive.show_account_picker(3) end)
	end)

	it("leaves the first user, and warns where nobody is left", function()
		local peers = consoles.xbox { count = 1 }
		peers[1]:run(function()
			XboxLive.show_account_picker(1)
			assert(XboxLive.num_users() == 1)
			XboxLive.show_account_picker(2)
			XboxLive.show_account_picker(3)
			XboxLive.show_account_picker(4)
			assert(XboxLive.num_users() == 3)
		end)
		consoles.has_logged(peers[1], "the first user stays: this program runs for it; nobody was signed in")
		consoles.has_logged(peers[1], "xboxlive.users in settings.ini names nobody else; nobody was signed in")
	end)

	it("rejects an index out of range", function()
		local peers = consoles.xbox { count = 1 }
		consoles.rejects("XboxLive.show_account_picker: argument 1 (user_index): expected 1 to 2, got number 3", peers[1],
			function() XboxLive.show_account_picker(3) end)
		consoles.rejects("XboxLive.show_account_picker: argument 1 (user_index): expected integer, got nothing", peers[1],
			function() XboxLive.show_account_picker() end)
	end)
end)

describe("XboxLive.user_cache_changed", function()
	it("is true once after somebody has signed in", function()
		local peers = consoles.xbox { count = 1 }
		peers[1]:run(function()
			assert(XboxLive.user_cache_changed())
			assert(not XboxLive.user_cache_changed())
			XboxLive.show_account_picker(2)
		end)
		consoles.wait(peers, peers[1], function() return XboxLive.user_info(2).signed_in end)
		peers[1]:run(function()
			assert(XboxLive.user_cache_changed())
			assert(not XboxLive.user_cache_changed())
		end)
	end)

	it("rejects to work without an online service", function()
		without_service("user_cache_changed", function() XboxLive.user_cache_changed() end)
	end)
end)

describe("XboxLive.online_state", function()
	it("is UNKNOWN while the first user signs in", function()
		local peers = simulate.peers { count = 1, config = "lan", online = { users = { "anna" }, latency = 0.2 } }
		peers[1]:run(function() assert(XboxLive.online_state() == XboxOne.UNKNOWN) end)
		consoles.wait(peers, peers[1], function() return XboxLive.online_state() ~= XboxOne.UNKNOWN end)
		assert.equal(XboxOne.ONLINE, peers[1]:run(function() return XboxLive.online_state() end))
	end)

	it("follows the service", function()
		local peers = consoles.xbox { count = 1 }
		consoles.wait(peers, peers[1], function() return XboxLive.online_state() == XboxOne.ONLINE end)
		peers:online { lost = true }
		consoles.wait(peers, peers[1], function() return XboxLive.online_state() == XboxOne.OFFLINE end)
		peers:online { lost = false }
		consoles.wait(peers, peers[1], function() return XboxLive.online_state() == XboxOne.ONLINE end)
	end)

	it("rejects to work without an online service", function()
		without_service("online_state", function() XboxLive.online_state() end)
	end)
end)

-- Anna and Bob are friends; Anna has a session.
local function friends(options)
	options.online = { users = options.users, friends = "all", settings = consoles.settings }
	options.users = nil
	local peers = consoles.xbox(options)
	consoles.host_session(peers)
	return peers
end

describe("XboxLive.has_new_game_invite", function()
	it("is true until the invitation was read", function()
		local peers = friends { count = 2 }
		peers[2]:run(function() assert(not XboxLive.has_new_game_invite()) end)
		peers[1]:run(function(bob) Network.invite_friends_list(user, session, { bob }, "hello") end, consoles.id(peers[2]))
		consoles.wait(peers, peers[2], function() return XboxLive.has_new_game_invite() end)
		peers[2]:run(function()
			assert(XboxLive.has_new_game_invite())
			XboxLive.last_game_invite()
			assert(not XboxLive.has_new_game_invite())
		end)
	end)

	it("rejects to work without an online service", function()
		without_service("has_new_game_invite", function() XboxLive.has_new_game_invite() end)
	end)
end)

describe("XboxLive.last_game_invite", function()
	it("is nil, then the last invitation, whose handle leads to the session", function()
		local peers = friends { count = 2 }
		peers[2]:run(function() assert(XboxLive.last_game_invite() == nil) end)
		peers[1]:run(function(bob) MultiplayerSession.invite_friends_list(user, session, { bob }, "hello") end, consoles.id(peers[2]))
		consoles.wait(peers, peers[2], function() return XboxLive.has_new_game_invite() end)
		local invite = peers[2]:run(function()
			invite = XboxLive.last_game_invite()
			assert(XboxLive.last_game_invite().handle == invite.handle)
			lookup = Network.handle_to_description(user, invite.handle)
			return invite
		end)
		assert.same({ invite.handle, consoles.id(peers[1]), consoles.id(peers[2]), "hello" },
			{ invite.handle, invite.senderXuid, invite.invitedXuid, invite.customInviteId })
		consoles.wait(peers, peers[2], function() return Network.handle_to_description_status(lookup) == SessionJobStatus.COMPLETE end)
		peers[2]:run(function()
			local name, template = Network.handle_to_description_result(lookup)
			Network.free_handle_to_description(lookup)
			session = Network.create_multiplayer_session_client(user, name, template)
		end)
		consoles.ready(peers, peers[2])
	end)

	it("rejects to work without an online service", function()
		without_service("last_game_invite", function() XboxLive.last_game_invite() end)
	end)
end)

for _, namespace in ipairs { "Network", "MultiplayerSession" } do
	describe(namespace .. ".invite_friends", function()
		it("invites friends who are online, by their names, up to the maximum", function()
			local peers = friends { count = 3, users = { "anna", "cleo", "bob" } }
			peers[1]:run(function(namespace) _G[namespace].invite_friends(user, session, 0, 1) end, namespace)
			consoles.wait(peers, peers[3], function() return XboxLive.has_new_game_invite() end)
			peers:step(60)
			peers[2]:run(function() assert(not XboxLive.has_new_game_invite()) end)
			assert.is_nil(peers[3]:run(function() return XboxLive.last_game_invite().customInviteId end))
		end)

		it("invites nobody where fewer than the minimum are online, and warns", function()
			local peers = friends { count = 2 }
			peers[1]:run(function(namespace) _G[namespace].invite_friends(user, session, 2, 4) end, namespace)
			peers:step(60)
			consoles.has_logged(peers[1], "nobody was invited: 1 friends are online, and 2 are to be selected")
			peers[2]:run(function() assert(not XboxLive.has_new_game_invite()) end)
		end)

		it("finds no friends of a user beside the first one", function()
			local peers = friends { count = 2 }
			peers[1]:run(function() XboxLive.show_account_picker(2) end)
			consoles.wait(peers, peers[1], function() return XboxLive.user_info(2).signed_in end)
			peers[1]:run(function() other = Network.join_local_multiplayer_session(2, session) end)
			consoles.wait(peers, peers[1], function() return MultiplayerSession.status(other) == MultiplayerSession.READY end)
			peers[1]:run(function(namespace) _G[namespace].invite_friends(2, other, 1, 4) end, namespace)
			peers:step(60)
			consoles.has_logged(peers[1], "nobody was invited: 0 friends are online, and 1 are to be selected")
		end)

		it("rejects a minimum above the maximum, and sessions that are none", function()
			local peers = friends { count = 1 }
			consoles.rejects(namespace .. ".invite_friends: expected 0 <= min_selection <= max_selection, got 3 and 2", peers[1],
				function(namespace) _G[namespace].invite_friends(user, session, 3, 2) end, namespace)
			consoles.rejects(namespace .. ".invite_friends: there is no session 9: it was freed, or never created", peers[1],
				function(namespace) _G[namespace].invite_friends(user, 9, 0, 2) end, namespace)
		end)
	end)

	describe(namespace .. ".invite_friends_list", function()
		it("invites those that are named, strangers too", function()
			local peers = consoles.xbox { count = 2 }
			consoles.host_session(peers)
			peers[1]:run(function(namespace, bob) _G[namespace].invite_friends_list(user, session, { bob }) end, namespace, consoles.id(peers[2]))
			consoles.wait(peers, peers[2], function() return XboxLive.has_new_game_invite() end)
		end)

		it("rejects lists of what is no user", function()
			local peers = friends { count = 1 }
			consoles.rejects(namespace .. ".invite_friends_list: argument 3 (friend_xuids): element 2: expected user id "
				.. '(hexadecimal string), got string "bob!"', peers[1],
				function(namespace) _G[namespace].invite_friends_list(user, session, { "ab", "bob!" }) end, namespace)
			consoles.rejects(namespace .. ".invite_friends_list: argument 3 (friend_xuids): expected table, got string \"ab\"", peers[1],
				function(namespace) _G[namespace].invite_friends_list(user, session, "ab") end, namespace)
		end)
	end)
end

-- `Friends`: who is what to the user, what they play, and invitations.

local lan = require "support/lan"
local steam = require "support/steam"

-- Users with these ids, who have heard of each other.
local function users(online, count)
	local peers = steam.users { count = count or 4, online = online }
	local ids = {}
	for i = 1, #peers do ids[i] = peers[i]:run(function() return Steam.user_id() end) end
	peers:step(60)
	return peers, ids
end

local known = { friends = { { "anna", "bob" } }, asking = { { "anna", "carl" }, { "dora", "anna" } } }

describe("Friends' constants", function()
	it("are Valve's", function()
		local relationships = { "NONE", "BLOCKED", "REQUEST_RECIPIENT", "FRIEND", "REQUEST_INITIATOR", "IGNORED", "IGNORED_FRIEND", "SUGGESTED" }
		for i, name in ipairs(relationships) do assert.equal(i - 1, Friends[name], name) end
		local states = { "OFFLINE", "ONLINE", "BUSY", "AWAY", "SNOOZE", "TRADING", "LOOKING_TO_PLAY" }
		for i, name in ipairs(states) do assert.equal(i - 1, Friends[name], name) end
		for i, name in ipairs { "NO_INVITE", "INVITE_LOBBY", "INVITE_SERVER" } do assert.equal(i - 1, Friends[name], name) end
	end)

	it("can be told apart, and flags can be added", function()
		local values = {
			Friends.BLOCKED_FLAG, Friends.FRIENDSHIP_REQUESTED_FLAG, Friends.FRIEND_FLAG, Friends.CLAN_MEMBER_FLAG,
			Friends.ON_GAME_SERVER_FLAG, Friends.REQUESTING_FRIENDSHIP_FLAG, Friends.REQUESTING_INFO_FLAG, Friends.IGNORED_FLAG,
			Friends.IGNORED_FRIEND_FLAG, Friends.SUGGESTED_FLAG,
		}
		assert.same({ 1, 2, 4, 8, 0x10, 0x80, 0x100, 0x200, 0x400, 0x800 }, values)
		local relationships = {
			Friends.NONE, Friends.BLOCKED, Friends.REQUEST_RECIPIENT, Friends.FRIEND, Friends.REQUEST_INITIATOR, Friends.IGNORED,
			Friends.IGNORED_FRIEND, Friends.SUGGESTED,
		}
		local states = {
			Friends.OFFLINE, Friends.ONLINE, Friends.BUSY, Friends.AWAY, Friends.SNOOZE, Friends.TRADING, Friends.LOOKING_TO_PLAY,
		}
		local invites = { Friends.NO_INVITE, Friends.INVITE_LOBBY, Friends.INVITE_SERVER }
		assert.equal(28, #values + #relationships + #states + #invites)
	end)
end)

describe("Friends.num_friends", function()
	it("counts friends, or the categories that are asked for", function()
		local peers = users(known)
		peers[1]:run(function()
			assert(Friends.num_friends() == 1)
			assert(Friends.num_friends(Friends.FRIEND_FLAG) == 1)
			assert(Friends.num_friends(Friends.FRIENDSHIP_REQUESTED_FLAG) == 1)
			assert(Friends.num_friends(Friends.FRIEND_FLAG + Friends.REQUESTING_FRIENDSHIP_FLAG) == 2)
			assert(Friends.num_friends(0) == 0 and Friends.num_friends(Friends.BLOCKED_FLAG) == 0)
		end)
	end)

	it("rejects what is no mask", function()
		assert.has_error(function() Friends.num_friends("all") end,
			'Friends.num_friends: argument 1 (category_mask): expected integer, got string "all"')
	end)
end)

describe("Friends.id", function()
	it("gives those that were counted last", function()
		local peers, ids = users(known)
		peers[1]:run(function(bob, dora)
			assert(Friends.num_friends() == 1 and Friends.id(1) == bob)
			assert(Friends.num_friends(Friends.FRIENDSHIP_REQUESTED_FLAG) == 1 and Friends.id(1) == dora)
			Script.set_index_offset(0)
			assert(Friends.id(0) == dora)
		end, ids[2], ids[4])
	end)

	it("rejects an index out of range", function()
		local peers = users(known)
		lan.rejects("Friends.id: argument 1 (index): expected 1 to 1, got number 2", peers[1], function() Friends.id(2) end)
		lan.rejects("Friends.id: argument 1 (index): there are none, got number 1", peers[2], function()
			Friends.num_friends(Friends.BLOCKED_FLAG)
			Friends.id(1)
		end)
	end)
end)

describe("Friends.name", function()
	it("is a friend's name, the user's own, and a stranger's after a while", function()
		local peers, ids = users({ friends = { { "anna", "bob" } } }, 3)
		peers[1]:run(function(anna, bob) assert(Friends.name(anna) == "anna" and Friends.name(bob) == "bob") end, ids[1], ids[2])
		lan.wait(peers, peers[1], function(carl) return Friends.name(carl) == "carl" end, 2, ids[3])
	end)

	it("rejects what is no id", function()
		assert.has_error(function() Friends.name() end, "Friends.name: argument 1 (id): expected peer id (hexadecimal string), got nothing")
	end)
end)

describe("Friends.relationship", function()
	it("is what both sides say", function()
		local peers, ids = users({
			friends = { { "anna", "bob" } }, asking = { { "anna", "carl" }, { "dora", "anna" }, { "emil", "anna" } },
			blocked = { { "anna", "fred" } }, ignored = { { "anna", "emil" } },
		}, 6)
		peers[1]:run(function(ids)
			assert(Friends.relationship(ids[1]) == Friends.NONE)
			assert(Friends.relationship(ids[2]) == Friends.FRIEND)
			assert(Friends.relationship(ids[3]) == Friends.REQUEST_INITIATOR)
			assert(Friends.relationship(ids[4]) == Friends.REQUEST_RECIPIENT)
			assert(Friends.relationship(ids[5]) == Friends.IGNORED_FRIEND)
			assert(Friends.relationship(ids[6]) == Friends.BLOCKED)
			assert(Friends.relationship("abc") == Friends.NONE)
		end, ids)
		peers[3]:run(function(anna) assert(Friends.relationship(anna) == Friends.REQUEST_RECIPIENT) end, ids[1])
	end)

	it("rejects what is no id", function()
		assert.has_error(function() Friends.relationship("anna") end,
			'Friends.relationship: argument 1 (id): expected peer id (hexadecimal string), got string "anna"')
	end)
end)

describe("Friends.status", function()
	it("is ONLINE while the friend is there", function()
		local peers, ids = users({ friends = "all" }, 2)
		peers[1]:run(function(ids)
			assert(Friends.status(ids[1]) == Friends.ONLINE and Friends.status(ids[2]) == Friends.ONLINE)
			assert(Friends.status("abc") == Friends.OFFLINE)
		end, ids)
		peers[2]:kill()
		lan.wait(peers, peers[1], function(bob) return Friends.status(bob) == Friends.OFFLINE end, 15, ids[2])
	end)

	it("rejects what is no id", function()
		assert.has_error(function() Friends.status({}) end, "Friends.status: argument 1 (id): expected peer id (hexadecimal string), got table")
	end)
end)

describe("Friends.in_category", function()
	it("says whether a user is in any of the categories", function()
		local peers, ids = users(known)
		peers[1]:run(function(bob, carl)
			assert(Friends.in_category(bob, Friends.FRIEND_FLAG))
			assert(Friends.in_category(bob, Friends.FRIEND_FLAG + Friends.BLOCKED_FLAG))
			assert(not Friends.in_category(bob, Friends.BLOCKED_FLAG))
			assert(Friends.in_category(carl, Friends.REQUESTING_FRIENDSHIP_FLAG))
			assert(not Friends.in_category("abc", Friends.FRIEND_FLAG))
		end, ids[2], ids[3])
	end)

	it("knows who is on the same server", function()
		local peers = steam.gather { count = 3 }
		peers:step(10)
		peers[2]:run(function(carl)
			assert(Friends.in_category(carl, Friends.ON_GAME_SERVER_FLAG))
			assert(not Friends.in_category(Network.peer_id(), Friends.ON_GAME_SERVER_FLAG))
		end, lan.id(peers[3]))
	end)

	it("rejects a call without a category", function()
		assert.has_error(function() Friends.in_category("abc") end, "Friends.in_category: argument 2 (category): expected integer, got nothing")
	end)
end)

describe("Friends.playing_game", function()
	it("is the game, the lobby, and the server of a friend", function()
		local peers = steam.serve { count = 3, online = { friends = { { "bob", "carl" } } } }
		local bob = lan.id(peers[2])
		lan.wait(peers, peers[3], function(bob) return Friends.playing_game(bob) end, 2, bob)
		assert.same({ app_id = "480" }, peers[3]:run(function(bob) return Friends.playing_game(bob) end, bob))
		steam.host(peers, peers[2])
		local id = steam.lobby_id(peers, peers[3])
		lan.wait(peers, peers[3], function(bob, id) return Friends.playing_game(bob).lobby == id end, 2, bob, id)
		peers[2]:run(function() Network.leave_steam_lobby(lobby) end)
		steam.enter(peers[2])
		steam.entered(peers, peers[2])
		lan.wait(peers, peers[3], function(bob) return Friends.playing_game(bob).ip end, 2, bob)
		local game = peers[3]:run(function(bob) return Friends.playing_game(bob) end, bob)
		assert.equal("10.0.0.1", game.ip)
		assert.equal(27016, game.query_port)
		assert.is_number(game.server_port)
		assert.is_nil(game.lobby)
		peers[2]:kill()
		lan.wait(peers, peers[3], function(bob) return Friends.playing_game(bob) == nil end, 15, bob)
	end)

	it("rejects what is no id", function()
		assert.has_error(function() Friends.playing_game() end,
			"Friends.playing_game: argument 1 (id): expected peer id (hexadecimal string), got nothing")
	end)
end)

describe("Friends.invite", function()
	it("leads into a private lobby", function()
		local peers = steam.start { count = 3 }
		steam.host(peers, peers[1], "STEAM_LOBBY_PRIVATE")
		peers[1]:run(function(bob) Friends.invite(bob, lobby, "team=red", "hush") end, lan.id(peers[2]))
		lan.wait(peers, peers[2], function()
			kind, place, parameters, password = Friends.next_invite()
			return kind == Friends.INVITE_LOBBY
		end)
		peers[2]:run(function()
			assert(parameters == "team=red" and password == "hush")
			lobby = Network.join_steam_lobby(place)
			assert(Friends.next_invite() == Friends.NO_INVITE)
		end)
		steam.joined(peers, peers[2])
		local id = peers[2]:run(function() return place end)
		steam.join(peers[3], id)
		lan.wait(peers, peers[3], function() return lobby:state() == SteamLobby.FAILED end)
	end)

	it("leads to a server", function()
		local peers = steam.gather { count = 3 }
		peers[2]:run(function(carl) Friends.invite(carl, "10.0.0.1:27016") end, lan.id(peers[3]))
		lan.wait(peers, peers[3], function()
			kind, place, parameters, password = Friends.next_invite()
			return kind == Friends.INVITE_SERVER
		end)
		peers[3]:run(function() assert(place == "10.0.0.1:27016" and parameters == "" and password == "") end)
	end)

	it("waits for who is not there yet", function()
		local peers = steam.start { count = 1, online = { users = { "anna" } } }
		steam.host(peers, peers[1], "STEAM_LOBBY_PRIVATE")
		peers[1]:run(function() Friends.invite("abc", lobby) end)
		peers:step(30)
	end)

	it("rejects what is neither a lobby nor an address", function()
		local peers = steam.start { count = 1 }
		lan.rejects('Friends.invite: argument 2 (game): expected SteamLobby or a server\'s address such as "192.168.0.5:27016", got string "castle"',
			peers[1], function() Friends.invite("abc", "castle") end)
		lan.rejects("Friends.invite: argument 2 (game): expected SteamLobby or string, got nothing", peers[1], function() Friends.invite("abc") end)
		steam.host(peers, peers[1])
		peers[1]:run(function() Network.leave_steam_lobby(lobby) end)
		lan.rejects("Friends.invite: this SteamLobby was left; it cannot be used any more", peers[1], function() Friends.invite("abc", lobby) end)
	end)
end)

describe("Friends.next_invite", function()
	it("is NO_INVITE and empty where none waits", function()
		local peers = users({}, 1)
		peers[1]:run(function()
			local kind, place, parameters, password = Friends.next_invite()
			assert(kind == Friends.NO_INVITE and place == "" and parameters == "" and password == "")
		end)
	end)

	it("gives them in their order, and those to other games not", function()
		local peers = steam.start { count = 3, online = { settings = { {}, {}, { steam = { app_id = 7 } } } } }
		local anna = lan.id(peers[1])
		for i, peer in ipairs { peers[2], peers[3], peers[2] } do
			peer:run(function(anna, i) Friends.invite(anna, "10.0.0.1:" .. i) end, anna, i)
			peers:step(30)
		end
		peers[1]:run(function()
			assert(select(2, Friends.next_invite()) == "10.0.0.1:1")
			assert(select(2, Friends.next_invite()) == "10.0.0.1:3")
			assert(Friends.next_invite() == Friends.NO_INVITE)
		end)
	end)

	it("rejects a program without a service", function()
		local peers = simulate.peers { count = 1, online = false }
		lan.rejects("Friends.next_invite: the online service cannot be used: this program runs without one; start it with --online FILE or --online http://HOST:PORT",
			peers[1], function() Friends.next_invite() end)
	end)
end)

describe("Friends.boot_invite", function()
	it("is NO_INVITE where the program was not started by one", function()
		local kind, place = Friends.boot_invite()
		assert.equal(Friends.NO_INVITE, kind)
		assert.equal("", place)
	end)

	it("rejects nothing: arguments are ignored", function() assert.equal(Friends.NO_INVITE, (Friends.boot_invite("x"))) end)
end)

-- `Presence`: what friends are shown of the user.

local lan = require "support/lan"
local steam = require "support/steam"

local function friends(options)
	options = options or {}
	options.count = options.count or 2
	options.online = { friends = "all" }
	local peers = steam.start(options)
	peers:step(30)
	return peers, lan.id(peers[1]), lan.id(peers[2])
end

describe("Presence.set_presence", function()
	it("shows friends a text, until it is taken away", function()
		local peers, anna = friends()
		peers[1]:run(function()
			Presence.set_presence("status", "in the hall")
			Presence.set_presence("level", 3)
		end)
		lan.wait(peers, peers[2], function(anna)
			return Presence.presence(anna, "status") == "in the hall" and Presence.presence(anna, "level") == "3"
		end, 2, anna)
		peers[1]:run(function() Presence.set_presence("status", "") end)
		lan.wait(peers, peers[2], function(anna) return Presence.presence(anna, "status") == nil end, 2, anna)
	end)

	it("rejects what is no text", function()
		assert.has_error(function() Presence.set_presence("status") end,
			"Presence.set_presence: argument 2 (value): expected string, got nothing")
	end)
end)

describe("Presence.presence", function()
	it("is nil for strangers and for other keys, and one's own is there at once", function()
		local peers = steam.start { count = 2 }
		peers[1]:run(function()
			Presence.set_presence("status", "here")
			assert(Presence.presence(Network.peer_id(), "status") == "here")
			assert(Presence.presence(Network.peer_id(), "other") == nil)
		end)
		peers:step(60)
		peers[2]:run(function(anna) assert(Presence.presence(anna, "status") == nil) end, lan.id(peers[1]))
	end)

	it("is nil for a user who has not named this one, too", function()
		local peers = steam.start { count = 2, online = { asking = { { "bob", "anna" } } } }
		peers[1]:run(function() Presence.set_presence("status", "here") end)
		peers:step(60)
		peers[2]:run(function(anna)
			assert(Friends.relationship(anna) == Friends.REQUEST_INITIATOR)
			assert(Presence.presence(anna, "status") == nil and Friends.playing_game(anna) == nil)
		end, lan.id(peers[1]))
	end)

	it("rejects what is no id", function()
		assert.has_error(function() Presence.presence("anna", "status") end,
			'Presence.presence: argument 1 (friend): expected peer id (hexadecimal string), got string "anna"')
	end)
end)

describe("Presence.advertise_playing", function()
	it("shows a lobby, whatever its type", function()
		local peers, anna = friends()
		steam.host(peers, peers[1], "STEAM_LOBBY_PRIVATE")
		peers:step(60)
		assert.is_nil(peers[2]:run(function(anna) return Friends.playing_game(anna).lobby end, anna))
		peers[1]:run(function() Presence.advertise_playing(lobby, "team=red", "hush") end)
		lan.wait(peers, peers[2], function(anna) return Friends.playing_game(anna).lobby end, 2, anna)
	end)

	it("shows a server", function()
		local peers, anna = friends()
		peers[1]:run(function() Presence.advertise_playing("192.168.3.4:27016") end)
		lan.wait(peers, peers[2], function(anna) return Friends.playing_game(anna).ip == "192.168.3.4" end, 2, anna)
	end)

	it("rejects what is neither a lobby nor an address", function()
		local peers = steam.start { count = 1 }
		lan.rejects('Presence.advertise_playing: argument 1 (game): expected SteamLobby or a server\'s address such as "192.168.0.5:27016", got string "castle"',
			peers[1], function() Presence.advertise_playing("castle") end)
	end)
end)

describe("Presence.stop_advertise_playing", function()
	it("shows again what the user plays by itself", function()
		local peers, anna = friends()
		peers[1]:run(function() Presence.advertise_playing("192.168.3.4:27016") end)
		lan.wait(peers, peers[2], function(anna) return Friends.playing_game(anna).ip end, 2, anna)
		peers[1]:run(function() Presence.stop_advertise_playing() end)
		lan.wait(peers, peers[2], function(anna) return Friends.playing_game(anna).ip == nil end, 2, anna)
		peers[1]:run(function() Presence.stop_advertise_playing() end)
	end)

	it("rejects a program without a service", function()
		local peers = simulate.peers { count = 1, online = false }
		lan.rejects("Presence.stop_advertise_playing: the online service cannot be used: this program runs without one; start it with --online FILE or --online http://HOST:PORT",
			peers[1], function() Presence.stop_advertise_playing() end)
	end)
end)

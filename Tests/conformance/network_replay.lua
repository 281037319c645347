-- Recording and replay: Network.create_replay_session, shutdown_replay_session and write_dump_tag.

local session = require "support/session"

-- A file's whole content.
local function content(path)
	local file = assert(io.open(path, "rb"))
	local bytes = file:read("*a")
	file:close()
	return bytes
end

-- Plays a dump at a peer: events as lists in the global `seen`.
local function replay(path, frames)
	local peers = simulate.peers { count = 1, config = session.config() }
	peers[1]:run(function(path)
		game = Network.create_replay_session(path)
		function update(dt) Network.update(dt, callbacks) end
	end, path)
	peers:step(frames or 1)
	return peers
end

describe("a replay", function()
	local files

	before_each(function() files = { os.tmpname(), os.tmpname() } end)
	after_each(function() for _, path in ipairs(files) do os.remove(path) end end)

	-- A short game of two peers in which both have objects and talk.
	local function record(topology)
		local peers = session.play { topology = topology, dumps = files }
		local id = session.create(peers, 1, "avatar", { points = 3, pos = Vector3(1, 2, 3) })
		local other = session.create(peers, 2, "marker", { number = 17 })
		peers[1]:run(function(id) game:set_game_object_field(id, "points", 44) end, id)
		session.wait(peers, 2, function(id) return game:game_object_field(id, "points") == 44 end, 5, id)
		peers[2]:run(function(to) RPC.say(to, "hello") end, peers.ids[1])
		session.wait_event(peers, 1, "say")
		peers[1]:run(function() Network.write_dump_tag("half time") end)
		peers:step(5)
		return peers, id, other
	end

	for _, topology in ipairs(session.topologies) do
		it("shows all that the recorded peer saw and did (" .. topology .. ")", function()
			local live, id, other = record(topology)
			local one, two = live.ids[1], live.ids[2]
			local again = replay(files[1])
			assert(again:step_until(function() return #again[1]:events("say") > 0 end, live:time()))
			assert.same({
				{ name = "game_object_sync_done", n = 1, two },
				{ name = "game_object_created", n = 2, id, one },
				{ name = "game_object_created", n = 2, other, two },
				{ name = "say", n = 2, two, "hello" },
			}, again[1]:events())
			assert.same({ one, one, { one, two }, { two }, true, one, two, 44, 17, "1" },
				again[1]:run(function(id, other, two)
					return {
						Network.peer_id(), game:game_session_host(), game:peers(), game:synchronized_peers(),
						game:in_session(), game:game_object_owner(id), game:game_object_owner(other),
						game:game_object_field(id, "points"), game:game_object_field(other, "number"),
						tostring(#game:objects_owned_by(two)),
					}
				end, id, other, two))
			assert.same({ 1, 2, 3 }, again[1]:run(function(id)
				local at = game:game_object_field(id, "pos")
				local function round(x) return math.floor(x + 0.5) end
				return { round(at.x), round(at.y), round(at.z) }
			end, id))
		end)
	end

	it("calls back for destroyed objects of the recorded peer, whose fields can be read then", function()
		local live, id = record()
		live[1]:run(function(id) game:destroy_game_object(id) end, id)
		live:step(30)
		local again = replay(files[1], 0)
		again[1]:run(function()
			function callbacks:game_object_destroyed(id, peer) last = { id, peer, game:game_object_field(id, "points") } end
		end)
		again:step(math.ceil(live:time() * 60))
		assert.same({ id, live.ids[1], 44 }, again[1]:run(function() return last end))
		assert.is_false(again[1]:run(function(id) return game:game_object_exists(id) end, id))
	end)

	it("plays at the pace of the time it is given, and ends", function()
		local live, id = record()
		local time = live:time()
		local again = replay(files[1], 0)
		again:step(math.floor(time * 30), 1 / 60)
		assert.is_false(again[1]:run(function(id) return game:game_object_exists(id) end, id))
		again:step(1, time)
		assert.is_true(again[1]:run(function(id) return game:game_object_exists(id) end, id))
		assert.is_false(again[1]:run(function() return game:in_session() end))
	end)

	it("knows the recorded schema", function()
		record()
		local again = replay(files[2])
		assert.same({ 3, 0.5, 23 }, again[1]:run(function()
			return {
				Network.type_info("place").type, Network.object_info("avatar").priority,
				#Network.object_info("everything").fields,
			}
		end))
		assert.equal("function", again[1]:run(function() return type(RPC.say) end))
	end)

	it("ignores what the script does, and sends nothing", function()
		local live, id = record()
		local again = replay(files[1], math.ceil(live:time() * 60) - 3)
		assert.same({ 0, 44, 2 }, again[1]:run(function(id, peer)
			local created = game:create_game_object("avatar", {})
			game:set_game_object_field(created, "points", 1)
			game:set_game_object_field(id, "points", 1)
			game:destroy_game_object(id)
			game:remove_peer(peer, {})
			game:add_peer(peer)
			game:leave()
			game:disconnect_from_host()
			game:make_game_session_host()
			game:shutdown_game_session_host()
			RPC.say(peer, "nobody hears this")
			Network.shutdown_game_session()
			return { created, game:game_object_field(id, "points"), #game:peers() }
		end, id, live.ids[2]))
	end)

	it("rejects fields that no object of the type has, as live play does", function()
		local live, id = record()
		local again = replay(files[1], math.ceil(live:time() * 60) - 3)
		session.rejects(
			'GameSession.set_game_object_field: argument 3 (field): object type "avatar" has no field "pionts"; did you mean `points`?',
			again[1], function(id) game:set_game_object_field(id, "pionts", 3) end, id)
		again[1]:run(function() game:set_game_object_field(999, "pionts", 3) end)
	end)

	it("lets a client run beside it, whose schema comes back", function()
		record()
		local peers = session.start { count = 1, seed = 77 }
		peers[1]:run(function(path) game = Network.create_replay_session(path) end, files[1])
		assert.not_equal(peers.ids[1], session.id(peers[1]))
		peers:step(10)
		peers[1]:run(function() Network.shutdown_replay_session() end)
		assert.equal(peers.ids[1], session.id(peers[1]))
		assert.is_true(peers[1]:run(function() return Network.type_info("place") ~= nil and Network.game_session() == nil end))
		peers[1]:run(function() Network.create_game_session():make_game_session_host() end)
	end)
end)

describe("Network.create_replay_session", function()
	it("gives the session of a recording that has just begun", function()
		local path = os.tmpname()
		local peers = session.play { dumps = { path } }
		local again = replay(path)
		assert.is_true(again[1]:run(function()
			return Network.game_session() == game and game:in_session() == false and #game:peers() == 0
		end))
		os.remove(path)
	end)

	it("rejects files that are no dumps", function()
		local peer = simulate.peers({ count = 1 })[1]
		session.rejects(
			"Network.create_replay_session: cannot read the dump /nowhere/game.ndp: No such file or directory", peer,
			function() Network.create_replay_session("/nowhere/game.ndp") end)
		local path = os.tmpname()
		session.rejects(
			("Network.create_replay_session: %s is no network dump: it does not begin with \"SLNDUMP\"; "
				.. "expected a file that --dump or network.log wrote"):format(path), peer,
			function(path) Network.create_replay_session(path) end, path)
		local file = assert(io.open(path, "wb"))
		file:write("SLNDUMP\n\9\0", ("\0"):rep(10))
		file:close()
		session.rejects(
			("Network.create_replay_session: %s is a network dump of version 9; this program reads version 1: "
				.. "record it anew"):format(path), peer,
			function(path) Network.create_replay_session(path) end, path)
		local file = assert(io.open(path, "wb"))
		file:write("SLNDUMP\n\1\0", ("\0"):rep(10))
		file:close()
		session.rejects(
			("Network.create_replay_session: the dump %s has no network client in it: nothing was recorded, "
				.. "or its first frame is damaged"):format(path), peer,
			function(path) Network.create_replay_session(path) end, path)
		os.remove(path)
	end)

	it("rejects a second replay, a session beside it, and a client that begins meanwhile", function()
		local path = os.tmpname()
		local peers = session.play { dumps = { path } }
		peers:step(5)
		session.rejects(
			"Network.create_replay_session: a game session exists already; call Network.shutdown_game_session first",
			peers[2], function(path) Network.create_replay_session(path) end, path)
		local again = replay(path)
		local busy = "a recording is being replayed; call Network.shutdown_replay_session first"
		session.rejects("Network.create_replay_session: " .. busy, again[1],
			function(path) Network.create_replay_session(path) end, path)
		session.rejects("Network.init_lan_client: " .. busy, again[1], function() Network.init_lan_client("simulated") end)
		session.rejects("Network.create_game_session: " .. busy, again[1], function() Network.create_game_session() end)
		os.remove(path)
	end)

	it("rejects what is no path", function()
		local peer = simulate.peers({ count = 1 })[1]
		session.rejects("Network.create_replay_session: argument 1 (dump_file): expected string, got nil", peer,
			function() Network.create_replay_session(nil) end)
	end)
end)

describe("Network.shutdown_replay_session", function()
	it("ends the replay, and another can begin", function()
		local path = os.tmpname()
		local peers = session.play { dumps = { path } }
		local again = replay(path, 30)
		again[1]:run(function(path)
			Network.shutdown_replay_session()
			old, game = game, Network.create_replay_session(path)
		end, path)
		session.rejects("GameSession.in_session: this GameSession was shut down; it cannot be used any more", again[1],
			function() old:in_session() end)
		again[1]:run(function() Network.shutdown_replay_session() end)
		assert.is_true(again[1]:run(function() return Network.peer_id() == nil and Network.game_session() == nil end))
		os.remove(path)
	end)

	it("rejects being called without a replay", function()
		local peer = simulate.peers({ count = 1 })[1]
		session.rejects(
			"Network.shutdown_replay_session: no recording is being replayed; Network.create_replay_session starts a replay",
			peer, function() Network.shutdown_replay_session() end)
	end)
end)

describe("Network.write_dump_tag", function()
	it("writes a mark into the recording", function()
		local path = os.tmpname()
		local peers = session.start { count = 1, dumps = { path } }
		peers[1]:run(function() Network.write_dump_tag("round 2 begins") end)
		peers:step(10)
		assert.truthy(content(path):find("round 2 begins", 1, true))
		os.remove(path)
	end)

	it("does nothing without a recording", function()
		simulate.peers({ count = 1 })[1]:run(function() Network.write_dump_tag("nobody reads this") end)
	end)

	it("rejects what is no text", function()
		local peer = simulate.peers({ count = 1 })[1]
		session.rejects("Network.write_dump_tag: argument 1 (details): expected string, got table", peer,
			function() Network.write_dump_tag({}) end)
	end)
end)

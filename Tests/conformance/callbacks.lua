-- How callbacks are found and called, what they may do, and what happens when one fails or is missing.

local session = require "support/session"

-- Lets a message come in that was sent before: the recorder is out of the way until then.
local function send(peers, count)
	peers[1]:run(function(peer, count)
		for n = 1, count do RPC.send_small(peer, n) end
	end, peers.ids[2], count)
	peers[2]:run(function() function update() end end)
	peers:step(5)
end

describe("The callback object", function()
	it("is looked up with metamethods, and only for what happens", function()
		local peers = session.play { count = 2 }
		send(peers, 2)
		peers[1]:run(function() game:create_game_object("marker", { number = 3 }) end)
		peers:step(5)
		local looked, heard = peers[2]:run(function()
			local looked, heard = {}, {}
			local handler = setmetatable({}, {
				__index = function(self, name)
					looked[#looked + 1] = name
					return function(object, ...) heard[#heard + 1] = { object == self, ... } end
				end,
			})
			Network.update(0, handler)
			Network.update(0, handler)
			return looked, heard
		end)
		assert.same({ "send_small", "send_small", "game_object_created" }, looked)
		assert.same({ { true, peers.ids[1], 1 }, { true, peers.ids[1], 2 }, { true, 1, peers.ids[1] } }, heard)
	end)

	it("may raise an error for every name that it does not know", function()
		local peers = session.play { count = 2 }
		peers[2]:run(function()
			callbacks = setmetatable({ send_small = function(_, _, value) heard = value end }, {
				__index = function(_, name) error("there is no callback called " .. name) end,
			})
		end)
		peers:step(60)
		peers[1]:run(function(peer) RPC.send_small(peer, 9) end, peers.ids[2])
		assert.equal(9, session.wait(peers, 2, function() return heard end))
		peers[1]:run(function(peer) RPC.hello(peer) end, peers.ids[2])
		assert.error_matches(function() peers:step(10) end, "callbacks%.lua:%d+: there is no callback called hello")
		peers[1]:run(function(peer) RPC.send_small(peer, 10) end, peers.ids[2])
		session.wait(peers, 2, function() return heard == 10 end)
	end)

	it("may be an instance of a class", function()
		local peers = session.play { count = 2 }
		peers[2]:run(function()
			local Base = {}
			Base.__index = Base
			function Base:send_small(sender, value) self.heard = { sender, value } end
			local Game = setmetatable({}, { __index = Base })
			Game.__index = Game
			instance = setmetatable({ heard = false }, Game)
			function update(dt) Network.update(dt, instance) end
		end)
		peers[1]:run(function(peer) RPC.send_small(peer, 4) end, peers.ids[2])
		assert.same({ peers.ids[1], 4 }, session.wait(peers, 2, function() return instance.heard end))
	end)

	it("may hold callable tables", function()
		local peers = session.play { count = 2 }
		peers[2]:run(function()
			callbacks.send_small = setmetatable({}, { __call = function(_, object, _, value) heard = { object == callbacks, value } end })
		end)
		peers[1]:run(function(peer) RPC.send_small(peer, 4) end, peers.ids[2])
		assert.same({ true, 4 }, session.wait(peers, 2, function() return heard end))
	end)

	it("may be another one in each call", function()
		local peers = session.play { count = 2 }
		send(peers, 1)
		assert.same({ "first 1", "second 2", "third 3" }, peers[2]:run(function(host)
			local heard = {}
			local function handler(name)
				return { send_small = function(_, _, value) heard[#heard + 1] = name .. " " .. value end }
			end
			local own = Network.peer_id()
			Network.update(0, handler "first")
			RPC.send_small(own, 2)
			Network.update_receive(0, handler "second")
			RPC.send_small(own, 3)
			Network.update_transmit()
			Network.update(0, handler "third")
			return heard
		end, peers.ids[1]))
	end)

	it("sees handlers that other handlers have put into it", function()
		local peers = session.play { count = 2 }
		send(peers, 2)
		assert.same({ "old 1", "new 2" }, peers[2]:run(function()
			local heard = {}
			local handler = {}
			function handler:send_small(_, value)
				heard[#heard + 1] = "old " .. value
				function self:send_small(_, value) heard[#heard + 1] = "new " .. value end
			end
			Network.update(0, handler)
			return heard
		end))
	end)

	it("rejects what cannot be indexed", function()
		local peers = session.start { count = 1 }
		session.rejects("Network.update: argument 2 (callback_object): expected callback object (table), got nothing", peers[1], function() Network.update(0) end)
		session.rejects("Network.update_receive: argument 2 (callback_object): expected callback object (table), got nil", peers[1], function() Network.update_receive(0, nil) end)
		session.rejects('Network.update: argument 2 (callback_object): expected callback object (table), got string "x"', peers[1], function() Network.update(0, "x") end)
	end)
end)

describe("A missing handler", function()
	it("is an error that names it; the events behind it come with the next update", function()
		local peers = session.play { count = 2 }
		send(peers, 3)
		local text, heard = peers[2]:run(function()
			local heard = {}
			local _, text = pcall(Network.update, 0, {})
			Network.update(0, { send_small = function(_, _, value) heard[#heard + 1] = value end })
			return text, heard
		end)
		assert.equal('Network.update: the callback object has no function "send_small"', text:match("^[^\n]*"))
		assert.same({ 2, 3 }, heard)
	end)

	it("is told for each event", function()
		local peers = session.meet { count = 2 }
		local id = peers.ids[2]
		local function missing(i, name)
			local text = session.wait(peers, i, function()
				function update() end
				local fine, text = pcall(Network.update, 0, {})
				return not fine and text
			end)
			assert.equal('Network.update: the callback object has no function "' .. name .. '"', text:match("^[^\n]*"))
			peers[i]:run(function() update = nil end)
		end
		session.host(peers)
		peers[2]:run(function() game = Network.create_game_session() end)
		peers[1]:run(function(id) game:add_peer(id) end, id)
		missing(1, "game_object_sync_done")
		peers[1]:run(function() thing = game:create_game_object("marker", {}) end)
		missing(2, "game_object_created")
		peers[1]:run(function() game:destroy_game_object(thing) end)
		missing(2, "game_object_destroyed")
		peers[1]:run(function(id) game:remove_peer(id, {}) end, id)
		missing(2, "game_session_disconnect")
	end)

	it("is told by remove_peer, which has removed the peer all the same", function()
		local peers = session.play { count = 2 }
		session.create(peers, 2, "marker")
		assert.error_matches(function() peers[1]:run(function(id) game:remove_peer(id, {}) end, peers.ids[2]) end,
			'^peer 1: [^\n]*GameSession%.remove_peer: the callback object has no function "game_object_destroyed"\n')
		assert.equal(1, peers[1]:run(function() return #game:peers() end))
	end)

	it("does not matter while nothing happens", function()
		local peers = session.play { count = 1 }
		peers[1]:run(function()
			for _ = 1, 10 do Network.update(1 / 60, {}) end
		end)
	end)
end)

describe("A handler that is no function", function()
	it("is an error that says what it is", function()
		local peers = session.play { count = 2 }
		send(peers, 3)
		local first, second, heard = peers[2]:run(function()
			local _, first = pcall(Network.update, 0, { send_small = 5 })
			local _, second = pcall(Network.update, 0, { send_small = {} })
			local heard
			Network.update(0, { send_small = function(_, _, value) heard = value end })
			return first, second, heard
		end)
		assert.equal('Network.update: "send_small" of the callback object is a number, not a function', first:match("^[^\n]*"))
		assert.equal('Network.update: "send_small" of the callback object is a table, not a function', second:match("^[^\n]*"))
		assert.equal(3, heard)
	end)
end)

describe("An error in a handler", function()
	it("leaves update with its traceback; the events behind it come with the next update", function()
		local peers = session.play { count = 2 }
		send(peers, 4)
		local text, heard = peers[2]:run(function()
			local heard = {}
			local handler = {}
			function handler:send_small(_, value)
				heard[#heard + 1] = value
				if value == 2 then error("not this one") end
			end
			local _, text = pcall(Network.update, 0, handler)
			local count = #heard
			Network.update(0, handler)
			return text, { count, heard }
		end)
		assert.matches("^[^\n]*callbacks%.lua:%d+: not this one\nstack traceback:\n", text)
		assert.matches("in function [^\n]*callbacks%.lua:%d+>", text)
		assert.same({ 2, { 1, 2, 3, 4 } }, heard)
	end)

	it("does not keep update from transmitting", function()
		local peers = session.play { count = 2 }
		send(peers, 1)
		peers[2]:run(function(host)
			RPC.say(host, "sent before")
			local handler = {}
			function handler:send_small()
				RPC.say(host, "sent inside")
				error("and then this")
			end
			assert(not pcall(Network.update, 0, handler))
		end, peers.ids[1])
		-- Peer 2 does not update any more.
		local events = session.wait_event(peers, 1, "say", 2)
		assert.same({ "sent before", "sent inside" }, { events[1][2], events[2][2] })
	end)

	it("may be a value of any type, which stays as it is", function()
		local peers = session.play { count = 2 }
		send(peers, 3)
		assert.same({ { code = 7 }, "nil", false }, peers[2]:run(function()
			local thrown = { { code = 7 }, nil, false }
			local caught = {}
			for n = 1, 3 do
				local _, value = pcall(Network.update, 0, { send_small = function() error(thrown[n]) end })
				caught[n] = value == nil and "nil" or value
			end
			return caught
		end))
	end)

	it("leaves objects and fields as they arrived", function()
		local peers = session.play { count = 2 }
		peers[2]:run(function()
			function callbacks:game_object_created(id)
				if not failed then
					failed = true
					error("no room")
				end
				created = id
			end
			function update(dt) pcall(Network.update, dt, callbacks) end
		end)
		local first, second = peers[1]:run(function()
			return game:create_game_object("marker", { number = 11 }), game:create_game_object("marker", { number = 12 })
		end)
		assert.equal(second, session.wait(peers, 2, function() return created end))
		assert.same({ 11, 12 }, peers[2]:run(function(first, second)
			return { game:game_object_field(first, "number"), game:game_object_field(second, "number") }
		end, first, second))
		peers[1]:run(function(id) game:set_game_object_field(id, "number", 13) end, first)
		session.wait(peers, 2, function(id) return game:game_object_field(id, "number") == 13 end, 5, first)
	end)

	it("is safe in any number of frames", function()
		local peers = session.play { count = 2 }
		peers[2]:run(function()
			heard, errors = {}, 0
			local handler = {}
			function handler:send_wide(_, value)
				heard[#heard + 1] = value
				error("each time")
			end
			function update(dt)
				if not pcall(Network.update, dt, handler) then errors = errors + 1 end
			end
		end)
		for frame = 0, 19 do
			peers[1]:run(function(peer, frame) for n = 1, 3 do RPC.send_wide(peer, frame * 3 + n) end end, peers.ids[2], frame)
			peers:step()
		end
		peers:step(120)
		local heard, errors = peers[2]:run(function() return heard, errors end)
		assert.equal(60, errors)
		for n = 1, 60 do assert.equal(n, heard[n]) end
	end)
end)

describe("Inside a callback", function()
	it("the network cannot be updated", function()
		local peers = session.play { count = 2 }
		send(peers, 1)
		local texts = peers[2]:run(function()
			local texts = {}
			local handler = {}
			function handler:send_small()
				texts[1] = select(2, pcall(Network.update, 0, handler))
				texts[2] = select(2, pcall(Network.update_receive, 0, handler))
				texts[3] = select(2, pcall(Network.update_transmit))
			end
			Network.update(0, handler)
			return texts
		end)
		local why = ": called inside a network callback; update once a frame, outside callbacks"
		assert.same({ "Network.update" .. why, "Network.update_receive" .. why, "Network.update_transmit" .. why }, texts)
	end)

	it("messages can be sent, objects created, changed and destroyed", function()
		local peers = session.play { count = 2 }
		peers[2]:run(function()
			function callbacks:hello(sender)
				local id = game:create_game_object("marker", { number = 1 })
				game:set_game_object_field(id, "number", 2)
				RPC.bound(sender, id)
				local short = game:create_game_object("marker", { number = 3 })
				game:destroy_game_object(short)
				kept, gone = id, short
			end
		end)
		peers[1]:run(function(peer)
			function callbacks:bound(sender, id) read = { game:game_object_exists(id), game:game_object_owner(id) == sender } end
			RPC.hello(peer)
		end, peers.ids[2])
		assert.same({ true, true }, session.wait(peers, 1, function() return read end))
		local kept, gone = peers[2]:run(function() return kept, gone end)
		session.wait_event(peers, 1, "game_object_destroyed")
		assert.same({ { name = "game_object_destroyed", n = 2, gone, peers.ids[2] } }, peers[1]:events("game_object_destroyed"))
		session.wait(peers, 1, function(id) return game:game_object_field(id, "number") == 2 end, 5, kept)
	end)

	it("an object's creation can be answered with a message that speaks of it", function()
		local peers = session.play { count = 2 }
		peers[2]:run(function()
			function callbacks:game_object_created(id, creator) RPC.bound(creator, id) end
		end)
		local id = peers[1]:run(function() return game:create_game_object("marker", {}) end)
		assert.same({ { name = "bound", n = 2, peers.ids[2], id } }, session.wait_event(peers, 1, "bound"))
	end)

	it("peers can be added, as they ask for it", function()
		local peers = session.meet { count = 3 }
		peers[1]:run(function()
			game = Network.create_game_session()
			game:make_game_session_host()
			function callbacks:hello(sender) game:add_peer(sender) end
		end)
		for i = 2, 3 do
			peers[i]:run(function(host)
				game = Network.create_game_session()
				RPC.hello(host)
			end, peers.ids[1])
		end
		for i = 2, 3 do session.settle(peers, i, peers.ids[i]) end
	end)

	it("the host can remove the peer whose message it handles", function()
		local peers = session.play { count = 3 }
		local thing = session.create(peers, 2, "marker", { number = 5 })
		peers[1]:run(function()
			heard = {}
			function callbacks:send_small(sender, value)
				heard[#heard + 1] = "before"
				game:remove_peer(sender, callbacks)
				heard[#heard + 1] = "after"
			end
			function callbacks:game_object_destroyed(id) heard[#heard + 1] = game:game_object_field(id, "number") end
		end)
		peers[2]:run(function(host)
			RPC.send_small(host, 1)
		end, peers.ids[1])
		session.wait_event(peers, 2, "game_session_disconnect")
		assert.same({ "before", 5, "after" }, peers[1]:run(function() return heard end))
		assert.equal(false, peers[1]:run(function(id) return game:game_object_exists(id) end, thing))
		session.wait_event(peers, 3, "game_object_destroyed")
	end)

	it("the host can remove a peer whose object's destruction it is told of", function()
		local peers = session.play { count = 2 }
		local first = session.create(peers, 2, "marker", { number = 1 })
		local second = session.create(peers, 2, "marker", { number = 2 })
		peers[1]:run(function()
			heard = {}
			function callbacks:game_object_destroyed(id, destroyer)
				heard[#heard + 1] = { id, game:game_object_field(id, "number") }
				if #heard == 1 then
					game:remove_peer(destroyer, callbacks)
					heard[#heard + 1] = { "still", game:game_object_field(id, "number") }
				end
			end
		end)
		peers[2]:run(function(id) game:destroy_game_object(id) end, first)
		session.wait_event(peers, 2, "game_session_disconnect")
		assert.same({ { first, 1 }, { second, 2 }, { "still", 1 } }, peers[1]:run(function() return heard end))
		assert.equal(false, peers[1]:run(function(a, b) return game:game_object_exists(a) or game:game_object_exists(b) end, first, second))
	end)

	it("the session can be shut down: what is behind comes no more", function()
		local peers = session.play { count = 2 }
		peers[2]:run(function()
			function callbacks:hello() Network.shutdown_game_session() end
		end)
		peers[1]:run(function(peer)
			RPC.hello(peer)
			game:create_game_object("marker", {})
			RPC.bound(peer, 1)
			RPC.send_small(peer, 5)
		end, peers.ids[2])
		session.wait_event(peers, 2, "send_small")
		peers:step(30)
		assert.same({ { name = "send_small", n = 2, peers.ids[1], 5 } }, peers[2]:events())
	end)

	it("the lobby can be left and the client shut down", function()
		local peers = session.play { count = 2 }
		peers[2]:run(function()
			function callbacks:hello()
				Network.shutdown_game_session()
				Network.leave_lan_lobby(lobby)
				Network.shutdown_lan_client(client)
			end
		end)
		peers[1]:run(function(peer)
			RPC.hello(peer)
			RPC.hello(peer)
		end, peers.ids[2])
		session.wait(peers, 2, function() return Network.peer_id() == nil end)
		peers:step(60)
		assert.equal(peers.ids[2], peers[1]:run(function() return game:broken_connection() end))
		peers[2]:run(function() client = Network.init_lan_client("simulated") end)
		peers:step(10)
	end)

	it("a session that has just ended can be replaced by the next one", function()
		local peers = session.play { count = 2 }
		peers[2]:run(function()
			function callbacks:game_session_disconnect(host)
				Network.shutdown_game_session()
				game = Network.create_game_session()
			end
		end)
		peers[1]:run(function(id)
			game:remove_peer(id, callbacks)
			game:add_peer(id)
			thing = game:create_game_object("marker", { number = 21 })
		end, peers.ids[2])
		session.wait(peers, 2, function() return game:in_session() end)
		assert.equal(21, session.wait(peers, 2, function(id)
			return game:game_object_exists(id) and game:game_object_field(id, "number")
		end, 5, peers[1]:run(function() return thing end)))
	end)

	it("game_object_sync_done may send a burst of messages that speak of objects", function()
		local peers = session.meet { count = 2, latency = 0.05, loss = 0.1, seed = 2 }
		local id = peers.ids[2]
		session.host(peers)
		peers[1]:run(function()
			things = {}
			for n = 1, 100 do things[n] = game:create_game_object("marker", { number = n }) end
			function callbacks:game_object_sync_done(peer)
				synced = peer
				for n = 1, 100 do RPC.bound(peer, things[n]) end
				RPC.bound(peer, game:create_game_object("marker", { number = 101 }))
			end
		end)
		peers[2]:run(function()
			game = Network.create_game_session()
			order, problems = {}, 0
			function callbacks:game_object_created() end
			function callbacks:bound(_, id)
				order[#order + 1] = game:game_object_field(id, "number")
			end
		end)
		peers[1]:run(function(id) game:add_peer(id) end, id)
		local order = session.wait(peers, 2, function() return #order == 101 and order end, 30)
		for n = 1, 101 do assert.equal(n, order[n]) end
		assert.equal(id, peers[1]:run(function() return synced end))
	end)
end)

describe("Callbacks", function()
	it("do not come for what this peer does itself", function()
		local peers = session.play { count = 2 }
		peers[1]:run(function(id)
			local id = game:create_game_object("marker", {})
			game:set_game_object_field(id, "number", 2)
			game:destroy_game_object(id)
		end)
		peers:step(60)
		assert.same({ "game_object_sync_done" }, { peers[1]:events()[1].name, peers[1]:events()[2] })
	end)

	it("get peer ids as strings and object ids as numbers", function()
		local peers = session.play { count = 2 }
		local id = session.create(peers, 1, "marker")
		local event = session.wait_event(peers, 2, "game_object_created")[1]
		assert.number(event[1])
		assert.string(event[2])
		assert.equal(id, event[1])
	end)

	it("come from a peer in the order of its doing", function()
		local peers = session.play { count = 2, latency = 0.05, jitter = 0.05, loss = 0.2, seed = 12 }
		local wanted = peers[1]:run(function(peer)
			local wanted = {}
			for n = 1, 20 do
				local id = game:create_game_object("marker", {})
				RPC.bound(peer, id)
				wanted[#wanted + 1] = "game_object_created " .. id
				wanted[#wanted + 1] = "bound " .. id
				if n % 2 == 0 then
					game:destroy_game_object(id)
					wanted[#wanted + 1] = "game_object_destroyed " .. id
				end
			end
			return wanted
		end, peers.ids[2])
		assert(peers:step_until(function() return #peers[2]:events() == #wanted end, 20))
		local heard = {}
		for n, event in ipairs(peers[2]:events()) do heard[n] = event.name .. " " .. (event.name == "bound" and event[2] or event[1]) end
		assert.same(wanted, heard)
	end)
end)

-- What the conformance tests of lobbies and connections share.
local lan = {}

-- The lobby port of every test.
lan.port = 10003

-- Peers with a running client each, in the global `client`.
function lan.start(options)
	options.config = options.config or "lan"
	local peers = simulate.peers(options)
	for i = 1, #peers do
		peers[i]:run(function() client = Network.init_lan_client("lan") end)
	end
	return peers
end

-- Where the first peer's lobby is.
lan.address = "10.0.0.1:10003"

function lan.host(peer, max_members)
	peer:run(function(max) lobby = Network.create_lan_lobby(10003, max) end, max_members or 16)
end

function lan.join(peer, address)
	peer:run(function(address) lobby = Network.join_lan_lobby(address) end, address or lan.address)
end

function lan.id(peer)
	return peer:run(function() return Network.peer_id() end)
end

function lan.state(peer)
	return peer:run(function() return lobby:state() end)
end

function lan.members(peer)
	return peer:run(function() return lobby:members() end)
end

-- Puts the first two peers into a session, which they have in the global `session`; the first hosts it.
function lan.play(peers)
	peers[1]:run(function(guest)
		session = Network.create_game_session()
		session:make_game_session_host()
		session:add_peer(guest)
	end, lan.id(peers[2]))
	peers[2]:run(function() session = Network.create_game_session() end)
	lan.wait(peers, peers[2], function() return session:in_session() end)
end

-- Steps until a function of one peer gives a true value, which it returns.
function lan.wait(peers, peer, holds, seconds, ...)
	local arguments, count = { ... }, select("#", ...)
	return assert(peers:step_until(function()
		return peer:run(holds, unpack(arguments, 1, count))
	end, seconds or 10))
end

-- Peers that all see each other in one lobby, connected; the first hosts it.
function lan.meet(options)
	local peers = lan.start(options)
	lan.host(peers[1])
	for i = 2, #peers do lan.join(peers[i]) end
	lan.settle(peers, #peers)
	return peers
end

-- Some of the peers, as something to wait for.
function lan.part(peers, ...)
	local some = { ... }
	some.step_until = function(_, ...) return peers:step_until(...) end
	return some
end

-- Steps until `count` peers, all of those given, see `count` members and are connected to them.
function lan.settle(peers, count)
	for i = 1, #peers do
		if not peers[i].is_dead then
			lan.wait(peers, peers[i], function(count)
				return lobby:state() == LanLobby.JOINED and #lobby:members() == count and #Network.connections() == count - 1
			end, 20, count)
		end
	end
end

-- The peer's log holds a line that ends with this text.
function lan.has_logged(peer, text)
	local lines = peer:log("warnings")
	for _, line in ipairs(lines) do
		if line:sub(-#text) == text then return end
	end
	error(("expected a warning that ends with:\n%s\nthe warnings are:\n%s"):format(text, table.concat(lines, "\n")), 2)
end

-- Code in a peer raises exactly this error.
function lan.rejects(text, peer, body, ...)
	local arguments, count = { ... }, select("#", ...)
	assert.has_error(function() peer:run(body, unpack(arguments, 1, count)) end, text)
end

return lan

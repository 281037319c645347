-- Records a match of eight players on the simulator: scripts/record-match runs it. The dumps go to match-1.ndp (the
-- host's) to match-8.ndp in the present folder.

describe("a match of eight", function()
	it("is recorded", function()
		local seconds = tonumber(os.getenv("MATCH_SECONDS") or 600)
		local players = tonumber(os.getenv("MATCH_PLAYERS") or 8)
		local files = {}
		for i = 1, players do files[i] = ("%s-%d.ndp"):format(os.getenv("MATCH_DUMP") or "match", i) end
		local peers = simulate.peers {
			count = players, config = "match", seed = 11, dumps = files,
			latency = 0.03, jitter = 0.01, loss = 0.01,
		}
		for i = 1, players do
			peers[i]:run(function() client = Network.init_lan_client("match") end)
			peers[i]:dofile("player.lua")
		end
		local ids = {}
		peers[1]:run(function() lobby = Network.create_lan_lobby(7777, 16) end)
		for i = 2, players do peers[i]:run(function() lobby = Network.join_lan_lobby("10.0.0.1:7777") end) end
		for i = 1, players do
			assert(peers:step_until(function()
				return peers[i]:run(function() return lobby:state() == LanLobby.JOINED end)
			end))
			ids[i] = peers[i]:run(function() return Network.peer_id() end)
		end
		peers[1]:run(function() start(1, true) end)

		-- What happens when, in seconds.
		local plan = {}
		for i = 2, players do
			plan[#plan + 1] = { (i <= 4 and 3 + i or 12 * i) * seconds / 600, function()
				peers[i]:run(function(index) start(index, false) end, i)
				peers[1]:run(function(peer) admit(peer) end, ids[i])
			end }
		end
		local last = ids[players]
		plan[#plan + 1] = { 0.5 * seconds, function()
			peers[1]:run(function() tag("the line gets bad") end)
			peers:faults { loss = 0.08, jitter = 0.04 }
		end }
		plan[#plan + 1] = { 0.58 * seconds, function()
			peers[1]:run(function() tag("and good again") end)
			peers:faults { loss = 0.01, jitter = 0.01 }
		end }
		plan[#plan + 1] = { 0.7 * seconds, function() peers[1]:run(function(peer) dismiss(peer) end, last) end }
		plan[#plan + 1] = { 0.7 * seconds + 1, function() peers[players]:run(function() leave() end) end }
		plan[#plan + 1] = { 0.75 * seconds, function()
			peers[players]:run(function(index) start(index, false) end, players)
			peers[1]:run(function(peer) admit(peer) end, last)
		end }
		table.sort(plan, function(a, b) return a[1] < b[1] end)

		local begin = peers:time()
		for _, step in ipairs(plan) do
			while peers:time() - begin < math.min(step[1], seconds) do peers:step() end
			if step[1] < seconds then step[2]() end
		end
		while peers:time() - begin < seconds do peers:step(60) end
	end)
end)

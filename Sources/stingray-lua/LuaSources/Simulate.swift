extension LuaSources {
  /// The table `simulate`. Gets the functions of `SimulatorHost`, `encode`, `decode` and what `settingsText` gives as
  /// its arguments.
  static let simulate = #"""
    local host, encode, decode, settings_text = ...

    simulate = {}

    local FRAME = 1 / 60 -- seconds

    local faults = { "latency", "jitter", "loss", "duplication", "reordering", "bandwidth" }
    local known = {
      count = "number", config = "string", seed = "number", log = "string",
      from = "number", to = "number", peer = "number", secrets = "table",
      dumps = "table", online = "table or false",
    }
    for _, name in ipairs(faults) do known[name] = "number" end

    local function check_options(what, options, allowed)
      if type(options) ~= "table" then error(what .. ": expected a table of options", 3) end
      local names = {}
      for _, name in ipairs(allowed) do names[name] = true end
      for _, name in ipairs(faults) do names[name] = true end
      for name, value in pairs(options) do
        if not names[name] then error(("%s: unknown option \"%s\""):format(what, tostring(name)), 3) end
        local fits = type(value) == known[name] or name == "online" and (value == false or type(value) == "table")
        if not fits then
          error(("%s: option \"%s\": expected %s, got %s"):format(what, name, known[name], type(value)), 3)
        end
      end
    end

    local function fault_values(options)
      local values = {}
      for i, name in ipairs(faults) do values[i] = options[name] or -1 end
      return unpack(values)
    end

    -- What happens inside another state comes back as a value or as an error with that state's traceback.
    local function checked(fine, result)
      if not fine then error(result, 0) end
      return result
    end

    -- One peer ------------------------------------------------------------------------------------

    local Peer = {}
    Peer.__index = Peer

    -- Refuses what a function would lack in another state: its upvalues.
    local function portable_code(body)
      if type(body) ~= "function" then error("run: expected a function, got " .. type(body), 3) end
      if debug.getinfo(body, "S").what == "C" then error("run: a function written in Lua is needed", 3) end
      local names, i = {}, 1
      while true do
        local name = debug.getupvalue(body, i)
        if not name then break end
        names[i] = name
        i = i + 1
      end
      if #names > 0 then
        local text = "run: the function uses local variables from outside of it: %s; it runs in another peer's state, "
          .. "so hand their values over as arguments, or read them from globals inside it"
        error(text:format(table.concat(names, ", ")), 3)
      end
      return string.dump(body)
    end

    -- Runs a function in the peer's own state: peers[1]:run(function(a, b) ... end, a, b)
    function Peer:run(body, ...)
      return decode(checked(host.run(self.simulation, self.index, portable_code(body), encode("run: argument", ...))))
    end

    -- What the peer's recorder has heard: a list of { name = ..., arguments... }
    function Peer:events(name)
      return decode(checked(host.events(self.simulation, self.index, name or "")))
    end

    function Peer:dofile(path)
      checked(host.dofile(self.simulation, self.index, path))
    end

    -- Ends the peer's process without a word.
    function Peer:kill()
      host.kill(self.simulation, self.index)
      self.is_dead = true
    end

    -- Pulls the peer's cable, or plugs it in again.
    function Peer:cut_off(is_cut_off)
      host.cut_off(self.simulation, self.index, is_cut_off ~= false)
    end

    -- The peer's sockets die for good, as on a machine that takes its network down.
    function Peer:lose_sockets()
      host.lose_sockets(self.simulation, self.index)
    end

    -- The lines of the peer's log up to a level ("warnings" when none is given).
    function Peer:log(level)
      local text = host.log(self.simulation, self.index, level or "warnings")
      local lines = {}
      for line in text:gmatch("[^\n]+") do lines[#lines + 1] = line end
      return lines
    end

    -- All of them ---------------------------------------------------------------------------------

    local Peers = {}
    Peers.__index = Peers

    function Peers:step(frames, dt)
      for _ = 1, frames or 1 do checked(host.step(self.simulation, dt or FRAME)) end
    end

    -- Steps until the function gives a true value, which it returns. Gives false and a text after too many virtual
    -- seconds.
    function Peers:step_until(holds, max_seconds)
      if type(holds) ~= "function" then error("step_until: expected a function, got " .. type(holds), 2) end
      local limit = max_seconds or 10
      local start = self:time()
      while true do
        local result = holds()
        if result then return result end
        if self:time() - start >= limit then return false, ("not so within %g virtual seconds"):format(limit) end
        self:step()
      end
    end

    -- Seconds on the virtual clock.
    function Peers:time()
      return host.time(self.simulation)
    end

    -- Changes what the network does: for everybody, for one `peer`, or for the way `from` one `to` another.
    function Peers:faults(options)
      check_options("faults", options, { "from", "to", "peer" })
      if (options.from == nil) ~= (options.to == nil) then error("faults: `from` and `to` belong together", 2) end
      host.faults(self.simulation, options.from or 0, options.to or 0, options.peer or 0, fault_values(options))
    end

    -- Changes the online service: how long it takes, whether it can be reached, by one `peer` or by all.
    function Peers:online(options)
      if type(options) ~= "table" then error("online: expected a table of options", 2) end
      for name in pairs(options) do
        if name ~= "latency" and name ~= "lost" and name ~= "peer" then
          error(("online: unknown option \"%s\""):format(tostring(name)), 2)
        end
      end
      local latency = options.latency
      if latency ~= nil then
        local least, most = latency, latency
        if type(latency) == "table" then least, most = latency[1], latency[2] end
        if type(least) ~= "number" or type(most) ~= "number" then
          error("online: latency: expected seconds, or { least, most }", 2)
        end
        host.online_latency(self.simulation, least, most)
      end
      if options.lost ~= nil then host.online_lost(self.simulation, options.lost, options.peer or 0) end
    end

    -- Signs a peer's player out, as if it had signed in elsewhere.
    function Peers:sign_out(peer)
      host.sign_out(self.simulation, peer)
    end

    local function online_text(options)
      if options == false then return "off = true" end
      local fine, text = pcall(settings_text, options or {}, "online")
      if not fine then error("simulate.peers: " .. text, 3) end
      return text
    end

    -- Makes peers that meet on a network of their own.
    function simulate.peers(options)
      check_options("simulate.peers", options, { "count", "config", "seed", "log", "secrets", "dumps", "online" })
      local count, seed, values = options.count or 2, options.seed or 1, { fault_values(options) }
      -- Each peer's shared secret, then each one's recording; "" and nil for none.
      local limit = math.min(count, 64)
      for i = 1, limit do
        values[#faults + i] = options.secrets and options.secrets[i] or ""
        values[#faults + limit + i] = options.dumps and options.dumps[i] or ""
      end
      local simulation = checked(host.create(count, options.config or "", seed, options.log or "silent",
        online_text(options.online), unpack(values)))
      local peers = setmetatable({ simulation = simulation }, Peers)
      for i = 1, count do
        peers[i] = setmetatable({ simulation = simulation, index = i }, Peer)
      end
      return peers
    end
    """#
}

extension LuaSources {
  /// The table `assert`, which can also be called as Lua's own function.
  static let assertions = #"""
    local plain_assert = assert

    -- Values as failures show them ---------------------------------------------------------------

    local function show(value, depth, seen)
      if type(value) == "string" then
        return '"' .. value:gsub("[%c\"\\]", function(c)
          local short = { ["\n"] = "\\n", ["\t"] = "\\t", ["\r"] = "\\r", ['"'] = '\\"', ["\\"] = "\\\\" }
          return short[c] or ("\\%03d"):format(c:byte())
        end) .. '"'
      elseif type(value) == "number" then
        local short = ("%.14g"):format(value)
        return tonumber(short) == value and short or ("%.17g"):format(value)
      elseif type(value) ~= "table" or (getmetatable(value) or {}).__tostring then
        return tostring(value)
      end
      seen = seen or {}
      if seen[value] then return "{...}" end
      seen[value] = true
      local keys, parts = {}, {}
      for key in pairs(value) do keys[#keys + 1] = key end
      table.sort(keys, function(a, b)
        if type(a) == type(b) and (type(a) == "number" or type(a) == "string") then return a < b end
        return type(a) < type(b)
      end)
      for i, key in ipairs(keys) do
        if i > 50 then
          parts[i] = ("... %d more"):format(#keys - 50)
          break
        end
        local text = depth == 0 and type(value[key]) == "table" and "{...}" or show(value[key], (depth or 6) - 1, seen)
        if key == i then
          parts[i] = text
        elseif type(key) == "string" and key:match("^[%a_][%w_]*$") then
          parts[i] = key .. " = " .. text
        else
          parts[i] = "[" .. show(key) .. "] = " .. text
        end
      end
      seen[value] = nil
      return "{ " .. table.concat(parts, ", ") .. " }"
    end

    -- Gives nil, or where two values differ first: a path such as .players[2].name
    local function difference(a, b, path, seen)
      if a == b or (a ~= a and b ~= b) then return nil end
      if type(a) ~= "table" or type(b) ~= "table" then return path end
      if seen[a] == b then return nil end
      seen[a] = b
      for key, value in pairs(a) do
        local step = type(key) == "string" and "." .. key or "[" .. show(key) .. "]"
        local found = difference(value, b[key], path .. step, seen)
        if found then return found end
      end
      for key in pairs(b) do
        if a[key] == nil then
          return path .. (type(key) == "string" and "." .. key or "[" .. show(key) .. "]")
        end
      end
      return nil
    end

    -- Assertions: each gives whether it holds, and the text for when it does not ----------------

    local checks = {}

    local function compared(expected, actual, note)
      return ("expected: %s\nactual:   %s%s"):format(show(expected), show(actual), note or "")
    end

    function checks.equal(expected, actual)
      return expected == actual, compared(expected, actual)
    end

    function checks.same(expected, actual)
      local where = difference(expected, actual, "", {})
      local note = where and where ~= "" and "\nthey differ at " .. where or ""
      return where == nil, compared(expected, actual, note)
    end

    function checks.near(expected, actual, tolerance)
      if type(tolerance) ~= "number" then error("near(expected, actual, tolerance): the tolerance is a number", 4) end
      local fine = type(actual) == "number" and math.abs(expected - actual) <= tolerance
      return fine, compared(expected, actual, "\nallowed:  within " .. show(tolerance))
    end

    function checks.matches(pattern, text)
      local fine = type(text) == "string" and text:find(pattern) ~= nil
      return fine, ("expected: text that matches %s\nactual:   %s"):format(show(pattern), show(text))
    end

    function checks.truthy(value)
      return value and true or false, ("expected: a value that counts as true\nactual:   %s"):format(show(value))
    end

    function checks.falsy(value)
      return not value, ("expected: false or nil\nactual:   %s"):format(show(value))
    end

    checks["true"] = function(value) return value == true, compared(true, value) end
    checks["false"] = function(value) return value == false, compared(false, value) end
    checks["nil"] = function(value) return value == nil, compared(nil, value) end

    for _, name in ipairs { "table", "string", "number", "boolean", "userdata", "thread" } do
      checks[name] = function(value)
        return type(value) == name, ("expected: a %s\nactual:   %s"):format(name, show(value))
      end
    end
    checks["function"] = function(value)
      return type(value) == "function", ("expected: a function\nactual:   %s"):format(show(value))
    end

    -- An error's text without the position that `error` put in front and without a traceback.
    local function bare(text)
      if type(text) ~= "string" then return text end
      text = text:gsub("\nstack traceback:.*", "")
      return (text:gsub("^peer %d+: ", "", 1):gsub("^[^\n:]+:%d+: ", "", 1))
    end

    local function thrown_by(body)
      if type(body) ~= "function" then error("the first argument is a function that is to raise an error", 5) end
      local fine, thrown = pcall(body)
      if type(thrown) == "table" and thrown.is_failure then thrown = thrown.text end
      return not fine, thrown
    end

    function checks.error(body, expected)
      local raised, thrown = thrown_by(body)
      local wanted = expected == nil and "" or " " .. show(expected)
      if not raised then return false, "expected: an error" .. wanted .. "\nactual:   none was raised" end
      local fine = expected == nil or difference(expected, thrown, "", {}) == nil or expected == bare(thrown)
      return fine, compared(expected, bare(thrown)), bare(thrown)
    end

    function checks.error_matches(body, pattern)
      local raised, thrown = thrown_by(body)
      local expected = "expected: an error that matches " .. show(pattern)
      if not raised then return false, expected .. "\nactual:   none was raised" end
      local fine = type(thrown) == "string" and thrown:find(pattern) ~= nil
      return fine, expected .. "\nactual:   " .. show(bare(thrown)), bare(thrown)
    end

    checks.equals = checks.equal
    checks.match = checks.matches
    checks.errors = checks.error

    -- assert.is_not.equal(...), assert.is_nil(...), assert.are.same(...): words that say nothing are skipped ---------

    local fillers = {}
    for word in ("is are was has have does a an be to"):gmatch("%l+") do fillers[word] = true end
    local negations = { ["not"] = true, no = true }

    -- A failure carries the place of the test that failed, not of the framework or of a helper in another file.
    local function fail(text, message)
      local place, file, line
      for level = 3, 40 do
        local info = debug.getinfo(level, "Sl")
        if not info then break end
        if info.source:sub(1, 1) == "@" and info.currentline > 0 then
          place = place or info.source:sub(2) .. ":" .. info.currentline .. ": "
          file, line = file or info.source:sub(2), line or info.currentline
        end
      end
      if message ~= nil then text = tostring(message) .. "\n" .. text end
      text = (place or "") .. "assertion failed\n" .. text
      local failure = { is_failure = true, text = text, file = file, line = line }
      error(setmetatable(failure, { __tostring = function(self) return self.text end }), 0)
    end

    -- How many arguments an assertion has; the one behind them is a message of the test's own.
    local arguments_of = {
      equal = 2, equals = 2, same = 2, near = 3, matches = 2, match = 2, error = 2, errors = 2, error_matches = 2,
    }

    local function assertion(name, negated)
      local check, message_at = checks[name], (arguments_of[name] or 1) + 1
      return function(...)
        local fine, text, result = check(...)
        if negated then
          fine = not fine
          text = "expected the opposite of: " .. (negated .. "_" .. name) .. "\n" .. text
        end
        if not fine then fail(text, (select(message_at, ...))) end
        if result ~= nil then return result end
        return ...
      end
    end

    local function words(negated, path)
      return setmetatable({}, {
        __index = function(_, key)
          if type(key) ~= "string" then return nil end
          local rest, negation = key, negated
          while true do
            if checks[rest] then return assertion(rest, negation) end
            local word, after = rest:match("^(%l+)_?(.*)$")
            if negations[word] then
              negation = not negation and "not" or nil
            elseif not fillers[word] then
              error(("there is no assertion \"%s%s\""):format(path, key), 2)
            end
            if after == "" then return words(negation, path .. key .. ".") end
            rest = after
          end
        end,
        __call = function(_, ...)
          return plain_assert(...)
        end,
      })
    end

    assert = words(nil, "")
    """#
}

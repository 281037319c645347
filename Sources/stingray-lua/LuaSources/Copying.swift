extension LuaSources {
  /// Values as bytes, to carry them from one Lua state to another. Gives `encode` and `decode`.
  static let copying = #"""
    local encode_value

    local function refuse(value, path)
      local allowed = "nil, booleans, numbers, strings, Vector3, Quaternion and tables of them"
      error(("%s is a %s; only %s can be copied between peers"):format(path, type(value), allowed), 0)
    end

    local type_name = stingray.Script.type_name

    local function encode_engine_value(value, path)
      local name = type(value) == "userdata" and type_name(value)
      if name ~= "Vector3" and name ~= "Quaternion" then refuse(value, path) end
      local elements = { stingray[name].to_elements(value) }
      for i, element in ipairs(elements) do elements[i] = ("%.17g"):format(element) end
      return (name == "Vector3" and "V" or "Q") .. table.concat(elements, ",") .. ";"
    end

    local function encode_table(value, path, seen)
      if seen[value] then error(path .. " contains itself; it cannot be copied between peers", 0) end
      seen[value] = true
      local parts = {}
      for key, element in pairs(value) do
        local inner = ("%s[%s]"):format(path, type(key) == "string" and ("%q"):format(key) or tostring(key))
        parts[#parts + 1] = encode_value(key, inner .. " as a key", seen)
        parts[#parts + 1] = encode_value(element, inner, seen)
      end
      seen[value] = nil
      return "{" .. table.concat(parts) .. "}"
    end

    function encode_value(value, path, seen)
      local kind = type(value)
      if kind == "nil" then return "-" end
      if kind == "boolean" then return value and "T" or "F" end
      if kind == "number" then return ("N%.17g;"):format(value) end
      if kind == "string" then return ("S%d:"):format(#value) .. value end
      if kind == "table" then return encode_table(value, path, seen) end
      return encode_engine_value(value, path)
    end

    -- Any number of values, nil among them too; `what` names them in errors.
    local function encode(what, ...)
      local parts = {}
      for i = 1, select("#", ...) do
        parts[i] = encode_value((select(i, ...)), what .. " " .. i, {})
      end
      return table.concat(parts)
    end

    local special = { inf = math.huge, ["-inf"] = -math.huge, nan = 0 / 0, ["-nan"] = 0 / 0 }

    local function number(text)
      return special[text] or tonumber(text)
    end

    -- Gives the value that starts at a position, and the position behind it.
    local function decode_value(text, at)
      local mark = text:sub(at, at)
      if mark == "-" then return nil, at + 1 end
      if mark == "T" then return true, at + 1 end
      if mark == "F" then return false, at + 1 end
      if mark == "S" then
        local colon = text:find(":", at, true)
        local last = colon + tonumber(text:sub(at + 1, colon - 1))
        return text:sub(colon + 1, last), last + 1
      end
      if mark == "{" then
        local value, key, element = {}, nil, nil
        at = at + 1
        while text:sub(at, at) ~= "}" do
          key, at = decode_value(text, at)
          element, at = decode_value(text, at)
          value[key] = element
        end
        return value, at + 1
      end
      local stop = text:find(";", at, true)
      local body = text:sub(at + 1, stop - 1)
      if mark == "N" then return number(body), stop + 1 end
      local elements = {}
      for element in body:gmatch("[^,]+") do elements[#elements + 1] = number(element) end
      if mark == "V" then return stingray.Vector3(unpack(elements)), stop + 1 end
      return stingray.Quaternion.from_elements(unpack(elements)), stop + 1
    end

    local function decode(text)
      local values, count, at = {}, 0, 1
      while at <= #text do
        count = count + 1
        values[count], at = decode_value(text, at)
      end
      return unpack(values, 1, count)
    end

    return encode, decode
    """#

  /// What each simulated peer's state starts with. Gets `encode` and `decode`; gives the function that the simulator
  /// calls.
  static let peer = #"""
    local encode, decode = ...

    -- Takes every callback of Network.update and remembers it; a test may put an object of its own in its place.
    events = {}
    callbacks = setmetatable({}, {
      __index = function(_, name)
        return function(_, ...)
          events[#events + 1] = { name = name, n = select("#", ...), ... }
        end
      end,
    })

    local peer = {}

    -- One frame, as the host program calls it.
    function peer.frame(dt)
      if type(update) == "function" then
        update(dt)
      else
        stingray.Network.update(dt, callbacks)
      end
    end

    function peer.call(code, arguments)
      local body, problem = loadstring(code)
      if not body then error(problem, 0) end
      return encode("result", body(decode(arguments)))
    end

    -- Values that cannot leave this state are told as text.
    local function portable(event)
      local copy = {}
      for key, value in pairs(event) do
        copy[key] = pcall(encode, "", value) and value or tostring(value)
      end
      return copy
    end

    function peer.events(name)
      local found = {}
      for _, event in ipairs(events) do
        if name == "" or event.name == name then found[#found + 1] = portable(event) end
      end
      return encode("events", found)
    end

    return function(what, ...) return peer[what](...) end
    """#
}

extension LuaSources {
  /// Gives a function that writes a table as SJSON: what a settings file with these values has in it.
  static let settingsText = #"""
    local write

    local function write_string(text)
      local escaped = text:gsub('[%c"\\]', function(character) return ("\\u%04x"):format(character:byte()) end)
      return '"' .. escaped .. '"'
    end

    local function is_list(value)
      local count = 0
      for _ in pairs(value) do count = count + 1 end
      return count == #value and count > 0
    end

    local function write_entries(value, path)
      local names = {}
      for name in pairs(value) do
        if type(name) ~= "string" then error(("%s: a key is a %s; expected a string"):format(path, type(name)), 0) end
        names[#names + 1] = name
      end
      table.sort(names)
      for i, name in ipairs(names) do
        names[i] = ("%s = %s"):format(write_string(name), write(value[name], ("%s.%s"):format(path, name)))
      end
      return table.concat(names, "\n")
    end

    local function write_list(value, path)
      local parts = {}
      for i, element in ipairs(value) do parts[i] = write(element, ("%s[%d]"):format(path, i)) end
      return "[ " .. table.concat(parts, ", ") .. " ]"
    end

    function write(value, path)
      local kind = type(value)
      if kind == "string" then return write_string(value) end
      if kind == "boolean" then return tostring(value) end
      if kind == "number" then return ("%.17g"):format(value) end
      if kind ~= "table" then error(("%s is a %s; settings cannot have that"):format(path, kind), 0) end
      if is_list(value) then return write_list(value, path) end
      return "{ " .. write_entries(value, path) .. " }"
    end

    return write_entries
    """#
}

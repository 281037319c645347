extension LuaSources {
  /// describe, it and their kin: collects the tests of one file and runs them. Gets the functions of `TestHost` as
  /// its argument.
  static let framework = #"""
    local host = ...

    -- The tests of a file form a tree of blocks. Blocks run at once, while the file is loaded; tests run afterwards.
    local root = { name = "", items = {}, before_each = {}, after_each = {}, setup = {}, teardown = {} }
    local block = root
    local loading = true

    local function definition(name, level)
      local info = debug.getinfo(level + 1, "Sl")
      return { name = name, parent = block, file = info.source:gsub("^@", ""), line = info.currentline }
    end

    local function check(what, name, body)
      if not loading then error(what .. " inside a test; it belongs beside the others", 3) end
      if type(name) ~= "string" then error(what .. ": the first argument is the name, a string", 3) end
      if body ~= nil and type(body) ~= "function" then error(what .. ": the second argument is a function", 3) end
    end

    function describe(name, body)
      check("describe", name, body or false)
      local new = definition(name, 2)
      new.items, new.before_each, new.after_each, new.setup, new.teardown = {}, {}, {}, {}, {}
      table.insert(block.items, new)
      local outer = block
      block = new
      body()
      block = outer
    end

    function it(name, body)
      check("it", name, body or false)
      local test = definition(name, 2)
      test.body = body
      table.insert(block.items, test)
    end

    function pending(name)
      check("pending", name)
      table.insert(block.items, definition(name, 2))
    end

    for _, when in ipairs { "before_each", "after_each", "setup", "teardown" } do
      _G[when] = function(body)
        check(when, when, body or false)
        table.insert(block[when], body)
      end
    end

    local function full_name(item)
      local names = {}
      while item and item ~= root do
        table.insert(names, 1, item.name)
        item = item.parent
      end
      return table.concat(names, " ")
    end

    local function each_test(item, visit)
      for _, child in ipairs(item.items) do
        if child.items then each_test(child, visit) else visit(child) end
      end
    end

    -- A filter that is a test's whole name means just that test; else it is a part of the name, or a Lua pattern.
    local function selector(filter)
      if filter == "" then return function() return true end end
      local exact = false
      each_test(root, function(test) exact = exact or full_name(test) == filter end)
      if exact then return function(name) return name == filter end end
      return function(name)
        if name:find(filter, 1, true) then return true end
        local fine, found = pcall(string.find, name, filter)
        return fine and found ~= nil
      end
    end

    -- Turns what was thrown into { text, file, line }: a failed assertion knows its place, an error has it in front.
    local function failure_of(thrown)
      if type(thrown) == "table" and thrown.is_failure then return thrown end
      local text = type(thrown) == "string" and thrown or "error: " .. tostring(thrown)
      if type(thrown) == "string" and not text:find("\nstack traceback:", 1, true) then
        text = debug.traceback(text, 2)
      end
      -- Our own part of the call stack helps nobody.
      text = text:gsub("\n\t%[C%]: in function 'xpcall'\n\ttest:.*", "")
      text = text:gsub("\n\tsimulate:[^\n]*", ""):gsub("\n\t%[C%]: at 0x%x+$", "")
      local file, line = text:gsub("^peer %d+: ", "", 1):match("^([^\n]-):(%d+): ")
      return { is_failure = true, text = text, file = file, line = tonumber(line) }
    end

    local function protected(body)
      local fine, failure = xpcall(body, failure_of)
      if not fine then return failure end
    end

    -- Runs the outermost block's functions first.
    local function run_before(item, when)
      if item.parent then
        local failure = run_before(item.parent, when)
        if failure then return failure end
      end
      for _, body in ipairs(item[when] or {}) do
        local failure = protected(body)
        if failure then return failure end
      end
    end

    -- Runs the innermost block's functions first, all of them, and gives the first failure.
    local function run_after(item, when)
      local first
      while item do
        for _, body in ipairs(item[when] or {}) do
          local failure = protected(body)
          first = first or failure
        end
        item = item.parent
      end
      return first
    end

    -- Lua cuts the front of long paths off in error positions.
    local function same_file(position, file)
      if position == file then return true end
      return position ~= nil and position:sub(1, 3) == "..." and file:sub(4 - #position) == position:sub(4)
    end

    local function run_test(test, broken)
      local name = full_name(test)
      if not test.body then
        host.report("pending", name, test.file, test.line, 0, "")
        return
      end
      host.begin(name, test.file, test.line)
      local failure = broken or run_before(test.parent, "before_each") or protected(test.body)
      failure = run_after(test.parent, "after_each") or failure
      local seconds = host.finish()
      if not failure then
        host.report("passed", name, test.file, test.line, seconds, "")
        return
      end
      local here = same_file(failure.file, test.file)
      host.report("failed", name, test.file, here and failure.line or test.line, seconds, failure.text)
    end

    local function run_block(item, selected, broken)
      local any = false
      each_test(item, function(test) any = any or selected(full_name(test)) end)
      if not any then return end
      for _, body in ipairs(item.setup) do
        if not broken then
          host.begin(full_name(item) .. " (setup)", item.file or "", item.line or 0)
          broken = protected(body)
          host.finish()
        end
      end
      for _, child in ipairs(item.items) do
        if child.items then
          run_block(child, selected, broken)
        elseif selected(full_name(child)) then
          run_test(child, broken)
        end
      end
      for _, body in ipairs(item.teardown) do
        host.begin(full_name(item) .. " (teardown)", item.file or "", item.line or 0)
        local failure = protected(body)
        host.finish()
        if failure then
          local file, line = item.file or failure.file or "", item.line or 0
          host.report("failed", full_name(item) .. " (teardown)", file, line, 0, failure.text)
        end
      end
    end

    local framework = {}

    function framework.load(chunk)
      local failure = protected(chunk)
      loading = false
      return failure and failure.text
    end

    function framework.run(filter)
      run_block(root, selector(filter))
    end

    -- Tells the host of every test, without running one.
    function framework.list()
      each_test(root, function(test) host.list(full_name(test.parent), test.name) end)
    end

    return function(what, ...) return framework[what](...) end
    """#
}

/// The parts of the test runner and the simulator that are written in Lua.
enum LuaSources {}

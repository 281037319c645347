import CLua
import NetRuntime

extension LuaState {
  /// Makes `require` and `dofile` find files beside the script that calls them and in `scriptHost.dataDirectories`,
  /// adds `table.clear`, and under PUC Lua 5.1 gives `string.format` LuaJIT's courtesy of applying `tostring`. To be
  /// called once, before scripts run.
  /// - Throws: When memory is short.
  public func installScriptEnvironment() throws(ScriptError) {
    let search = bind(ScriptEnvironment.search, "")
    let compile = bind(ScriptEnvironment.compile, "")
    try run { program in
      program.push("=stingray")
      program.push(ScriptEnvironment.source)
      program.load()
      program.push(function: search)
      program.push(function: compile)
      program.call(arguments: 2, results: 0)
    }
  }
}

extension Staging {
  /// Pops Lua text and the chunk's name below it; pushes the compiled function.
  func load() {
    clua_stage_op(runtime, CLUA_OP_LOAD, 0, 0, 0)
  }

  func push(function: BoundEntry) {
    clua_stage_function(runtime, function.native)
  }
}

enum ScriptEnvironment {
  /// What `require` asks for a module: gives its compiled function, or the places that were tried.
  static var search: Entry {
    Entry("require", [Parameter("name", .string)], returns: ["any"], summary: "Finds a module.") {
      call throws(ScriptError) in
      let paths = ScriptFiles.candidates(
        module: call.string(1), beside: call.callerFolder, call.lua.scriptHost.dataDirectories)
      guard let file = try ScriptFiles.readFirst(of: paths) else {
        return call.push(paths.map { "\n\tno file '\($0)'" }.joined())
      }
      call.push("@" + file.path)
      call.push(bytes: file.contents)
      call.load()
    }
  }

  /// What `dofile` runs: gives a file's compiled function, or nil and what is wrong.
  static var compile: Entry {
    Entry("dofile", [Parameter("path", .any, optional: true)], returns: ["any"], summary: "Reads a script.") {
      call throws(ScriptError) in
      do throws(ScriptError) {
        guard call.type(1) == LUA_TSTRING else {
          throw ScriptError("argument 1 (path): expected string, got \(call.describe(1))")
        }
        let paths = ScriptFiles.candidates(
          file: call.string(1), beside: call.callerFolder, call.lua.scriptHost.dataDirectories)
        guard let file = try ScriptFiles.readFirst(of: paths) else {
          throw ScriptError("there is no file \(paths.map { "'\($0)'" }.joined(separator: " or "))")
        }
        call.push("@" + file.path)
        call.push(bytes: file.contents)
        call.load()
      } catch {
        // Raised by Lua, so that the error bears the line of the script that called.
        call.pushNil()
        call.push("dofile: \(error.description)")
      }
    }
  }

  static let source = """
    local search, compile = ...
    table.insert(package.loaders, 2, search)

    function dofile(...)
      local chunk, problem = compile(...)
      if not chunk then error(problem, 2) end
      return chunk()
    end

    local found, clear = pcall(require, "table.clear")
    if not found then
      function clear(t)
        if type(t) ~= "table" then
          error("bad argument #1 to 'clear' (table expected, got " .. (t == nil and "no value" or type(t)) .. ")", 2)
        end
        for key in next, t do t[key] = nil end
      end
      package.loaded["table.clear"] = clear
    end
    table.clear = clear

    if not jit then
      local format, gmatch, type, tostring, select, unpack = string.format, string.gmatch, type, tostring, select, unpack
      function string.format(text, ...)
        local count, values = select("#", ...)
        for i = 1, count do
          local kind = type((select(i, ...)))
          if kind ~= "string" and kind ~= "number" then values = {...} break end
        end
        if values and type(text) == "string" then
          local i = 0
          for spec in gmatch(text, "%%[-+ #0]*%d*%.?%d*(.?)") do
            if spec ~= "%" then
              i = i + 1
              if i <= count and (spec == "s" or spec == "q") then values[i] = tostring(values[i]) end
            end
          end
          local result = format(text, unpack(values, 1, count))
          return result
        end
        local result = format(text, ...)
        return result
      end
    end
    """
}

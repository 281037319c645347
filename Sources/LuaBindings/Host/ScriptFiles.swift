import CLua
import Glibc
import NetRuntime

/// Finds and reads the files that scripts name.
enum ScriptFiles {
  /// Where a module can be, in the order of the search.
  static func candidates(module name: String, beside folder: String?, _ directories: [String]) -> [String] {
    var stems = [name]
    if name.utf8.contains(UInt8(ascii: ".")), !name.utf8.contains(UInt8(ascii: "/")) {
      stems.append(String(name.map { $0 == "." ? "/" : $0 }))
    }
    return places(folder, directories).flatMap { place in
      stems.flatMap { stem in
        let path = join(place, stem)
        return stem.hasSuffix(".lua") ? [path, path + ".lua"] : [path + ".lua", path + "/init.lua"]
      }
    }.withoutRepeats()
  }

  /// Where a file can be, in the order of the search; at last in the folder that the program was started in.
  static func candidates(file name: String, beside folder: String?, _ directories: [String]) -> [String] {
    (places(folder, directories).map { join($0, name) } + [name]).withoutRepeats()
  }

  /// The contents of the first file of a list that exists; nil when none does.
  /// - Throws: When it exists and cannot be read.
  static func readFirst(of paths: [String]) throws(ScriptError) -> (path: String, contents: [UInt8])? {
    for path in paths {
      if let contents = try read(path) { return (path, contents) }
    }
    return nil
  }

  /// The contents of a file; nil when there is none, or when it is a folder.
  /// - Throws: When it cannot be read, or has more than `Limits.scriptFileSize` bytes.
  static func read(_ path: String) throws(ScriptError) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      if errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG { return nil }
      throw ScriptError("cannot read \(path): \(String(cString: strerror(errno)))")
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else { return nil }
    var contents: [UInt8] = []
    while contents.count <= Limits.scriptFileSize {
      var code: Int32 = 0
      let part = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
        let taken = Glibc.read(file, buffer.baseAddress, buffer.count)
        code = taken < 0 ? errno : 0
        count = max(0, taken)
      }
      if code == EINTR { continue }
      guard code == 0 else { throw ScriptError("cannot read \(path): \(String(cString: strerror(code)))") }
      if part.isEmpty { return contents }
      contents += part
    }
    throw ScriptError("\(path) has more than \(Limits.scriptFileSize) bytes")
  }

  private static func places(_ folder: String?, _ directories: [String]) -> [String] {
    (folder.map { [$0] } ?? []) + directories
  }

  private static func join(_ folder: String, _ name: String) -> String {
    if folder.isEmpty || folder == "." || name.hasPrefix("/") { return name }
    return folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }
}

extension Array where Element: Hashable {
  /// The elements in order, each at its first place only.
  fileprivate func withoutRepeats() -> [Element] {
    var seen = Set<Element>()
    return filter { seen.insert($0).inserted }
  }
}

extension Call {
  /// The folder of the script file that called, "" for the folder that the program was started in; nil when no file
  /// did.
  var callerFolder: String? {
    var record = lua_Debug()
    // Between this function and the script there are Lua's own `require`, and perhaps `pcall`.
    for level in 1...Int32(16) where lua_getstack(state, level, &record) != 0 {
      guard lua_getinfo(state, "S", &record) != 0, let source = record.source, source[0] == UInt8(ascii: "@") else {
        continue
      }
      let path = String(cString: source + 1)
      guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
      return slash == path.startIndex ? "/" : String(path[..<slash])
    }
    return nil
  }
}

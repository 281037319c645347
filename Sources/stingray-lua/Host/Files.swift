import Glibc

/// A file that cannot be read or written, in words for the user.
struct FileError: Error, CustomStringConvertible {
  let description: String

  init(_ path: String, _ code: Int32) {
    description = "\(path): \(String(cString: strerror(code)))"
  }
}

/// The few things that the program does with files and paths.
enum Files {
  /// The whole content.
  static func read(_ path: String) throws(FileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path, errno) }
    defer { close(descriptor) }
    var content: [UInt8] = []
    var room = 65_536
    while true {
      var code: Int32 = 0
      let part = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
        let taken = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        code = taken < 0 ? errno : 0
        count = max(0, taken)
      }
      if code == EINTR { continue }
      guard code == 0 else { throw FileError(path, code) }
      if part.isEmpty { return content }
      content += part
      room = min(room * 2, 1 << 24)
    }
  }

  static func write(_ text: String, to path: String) throws(FileError) {
    guard let file = fopen(path, "we") else { throw FileError(path, errno) }
    var text = text
    let written = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, file) == $0.count }
    let code = errno
    guard fclose(file) == 0, written else { throw FileError(path, code) }
  }

  static func isFile(_ path: String) -> Bool {
    mode(path).map { $0 & S_IFMT == S_IFREG || $0 & S_IFMT == S_IFIFO } ?? false
  }

  static func isFolder(_ path: String) -> Bool { mode(path).map { $0 & S_IFMT == S_IFDIR } ?? false }

  /// Whether two paths lead to one file that is there.
  static func isSame(_ one: String, _ other: String) -> Bool {
    var (first, second) = (stat(), stat())
    guard stat(one, &first) == 0, stat(other, &second) == 0 else { return false }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  private static func mode(_ path: String) -> mode_t? {
    var facts = stat()
    return stat(path, &facts) == 0 ? facts.st_mode : nil
  }

  /// The folder that a file is in, as the path has it; "." when the path has none.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// A file in a folder; short where the folder is the current one, so that error positions stay short.
  static func join(_ folder: String, _ name: String) -> String {
    if folder == "." || folder.isEmpty { return name }
    return folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// The files below a folder whose names end so, sorted; the path itself when it is a file.
  static func all(_ path: String, ending: String) -> [String] {
    guard isFolder(path) else { return [path] }
    guard let handle = opendir(path) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != "..", name.hasSuffix(ending) { names.append(name) }
    }
    return names.sorted().map { join(path, $0) }
  }
}

import Glibc

/// A `stingray-lua serve` on one core, with a database of its own.
struct ServerUnderTest {
  let process: pid_t
  let port: UInt16
  private let folder: String

  /// Starts it; nil where it does not start.
  init?(program: String, core: Int) {
    var pattern = Array("/tmp/online-benchmark-XXXXXX".utf8CString)
    guard mkdtemp(&pattern) != nil else { return nil }
    folder = String(decoding: pattern.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let command = [
      "/usr/bin/env", "taskset", "-c", "\(core)", program, "serve", "--listen", "127.0.0.1:0", "--database",
      "\(folder)/directory.sqlite", "--player-rate", "1000", "--address-rate", "100000",
    ]
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child = pid_t()
    guard posix_spawn(&child, command[0], &actions, nil, &words, environ) == 0 else { return nil }
    close(ends[1])
    process = child
    var line = ""
    var byte: UInt8 = 0
    while read(ends[0], &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(Character(Unicode.Scalar(byte))) }
    guard let port = line.split(separator: ":").last.flatMap({ UInt16($0) }) else { return nil }
    self.port = port
  }

  /// Seconds of processor time that it has used.
  var processorSeconds: Double {
    let fields = text("/proc/\(process)/stat").split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// The most memory that it has had, in MB.
  var megabytes: Double {
    let line = text("/proc/\(process)/status").split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line.flatMap { Double($0.split(whereSeparator: { $0 == " " || $0 == "\t" })[1]) } ?? 0) / 1024
  }

  private func text(_ path: String) -> String {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { return "" }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = read(file, &bytes, bytes.count)
    return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
  }

  /// Ends it, and takes its files away.
  func stop() {
    kill(process, SIGTERM)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    for name in ["", "-wal", "-shm", ".serve"] { unlink("\(folder)/directory.sqlite\(name)") }
    rmdir(folder)
  }
}

import Foundation

/// Takes away what the tests would leave behind when their process is killed: a shell that waits for its end.
enum Janitor {
  /// What the names of the folders of this process begin with.
  static let prefix = "online-\(ProcessInfo.processInfo.processIdentifier)-"

  /// A file for each process that has to be ended; nil where there is no janitor.
  private static let processes: URL? = {
    let folder = FileManager.default.temporaryDirectory.appending(path: prefix + "processes")
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = [
      "-c",
      """
      while kill -0 "$1"; do sleep 1; done
      for process in "$2"processes/*; do [ -e "$process" ] && kill -KILL "${process##*/}"; done
      rm -rf "$2"*
      """, "janitor", "\(ProcessInfo.processInfo.processIdentifier)",
      FileManager.default.temporaryDirectory.appending(path: prefix).path,
    ]
    // Who reads what the tests print must not have to wait for it.
    shell.standardInput = FileHandle.nullDevice
    shell.standardOutput = FileHandle.nullDevice
    shell.standardError = FileHandle.nullDevice
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try shell.run()
    } catch {
      return nil
    }
    return folder
  }()

  static func start() { _ = processes }

  /// A process began that has to end with this one.
  static func note(_ process: Int32) {
    guard let processes else { return }
    _ = FileManager.default.createFile(atPath: processes.appending(path: "\(process)").path, contents: nil)
  }

  /// It has ended, and its number may be another one's.
  static func forget(_ process: Int32) {
    guard let processes else { return }
    try? FileManager.default.removeItem(at: processes.appending(path: "\(process)"))
  }
}

import Foundation

/// A folder that lives as long as the value; no longer than this process.
final class TemporaryFolder {
  let path: String

  init() throws {
    Janitor.start()
    let name = Janitor.prefix + "\(UInt64.random(in: 0 ... .max))"
    let url = FileManager.default.temporaryDirectory.appending(path: name)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }
}

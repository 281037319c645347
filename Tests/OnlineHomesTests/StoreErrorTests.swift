import Foundation
import GRDB
import NetRuntime
import Testing

@testable import OnlineHomes

@Suite("Files that are no store")
struct StoreErrorTests {
  private let folder: TemporaryFolder
  private var path: String { folder.file("online.sqlite") }

  init() throws { folder = try TemporaryFolder() }

  private func problem(_ path: String) -> String {
    do {
      let store = try SQLiteStore(path: path, busyTime: 0.05)
      _ = try store.exchange(since: 0) { _, _ in [] }
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test func anotherProgramsFileIsLeftAsItIs() throws {
    let text = Data("Dear diary, this is no database, and I want to keep it.\n".utf8)
    try text.write(to: URL(filePath: path))
    let expected = "\(path) is not an online file of stingray-lua; choose another with --online, or take it away"
    #expect(problem(path) == expected)
    #expect(try Data(contentsOf: URL(filePath: path)) == text)

    let database = folder.file("other.sqlite")
    try DatabaseQueue(path: database).write { try $0.execute(sql: "CREATE TABLE thing (x)") }
    let before = try Data(contentsOf: URL(filePath: database))
    #expect(problem(database) == expected.replacing(path, with: database))
    #expect(try Data(contentsOf: URL(filePath: database)) == before)
  }

  @Test func aNewerFormatIsRefused() throws {
    try SQLiteStore(path: path).close()
    try DatabaseQueue(path: path).write { try $0.execute(sql: "PRAGMA user_version = 7") }
    #expect(
      problem(path) == """
        the online file \(path) is of a newer stingray-lua (format 7, this one knows 1); choose another with --online, \
        or take it away
        """)
  }

  @Test func aDamagedFileIsToldAndKept() throws {
    let store = try SQLiteStore(path: path)
    _ = try store.exchange(since: 0) { _, _ in
      (0..<200).map { DirectoryRecord(.notes, "\($0)", .notes(["text": Bytes(String(repeating: "x", count: 500))])) }
    }
    store.close()
    var bytes = try Data(contentsOf: URL(filePath: path))
    for index in 4096..<bytes.count { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
    try bytes.write(to: URL(filePath: path))
    #expect(problem(path).contains("the online file \(path) is damaged ("))
    #expect(problem(path).hasSuffix("); take it away to begin with an empty one"))
    #expect(try Data(contentsOf: URL(filePath: path)).count == bytes.count)
  }

  @Test(arguments: [
    "UPDATE record SET content = '{}'", "UPDATE record SET kind = 'thing'", "UPDATE record SET content = x'ff'",
    "UPDATE record SET kind = 'heartbeat'", "UPDATE record SET content = CAST(zeroblob(5000000) AS TEXT)",
    "DELETE FROM position", "UPDATE position SET revision = -1", "UPDATE position SET forgotten = 9",
    "UPDATE position SET revision = 'x'", "DROP TABLE record", "PRAGMA user_version = 0",
  ])
  func contentsThatMakeNoSenseAreDamage(change: String) throws {
    let store = try SQLiteStore(path: path)
    _ = try store.exchange(since: 0) { _, _ in [DirectoryRecord(.notes, "1", .notes([:]))] }
    store.close()
    try DatabaseQueue(path: path).write { try $0.execute(sql: change) }
    #expect(problem(path).hasPrefix("the online file \(path) "))
  }

  @Test func aPlaceThatCannotBeWrittenIsNamed() throws {
    #expect(problem(folder.path) == "cannot open the online file \(folder.path): it is a folder")
    let deep = folder.file("no/such/online.sqlite")
    #expect(problem(deep) == "cannot open the online file \(deep): the folder: No such file or directory")
    #expect(problem("/dev/null") == "cannot open the online file /dev/null: it is no ordinary file")
  }

  @Test func aFileThatAnotherProgramHoldsIsBusy() throws {
    let store = try SQLiteStore(path: path, busyTime: 0.05)
    let holder = try DatabaseQueue(path: path)
    try holder.writeWithoutTransaction { database in
      try database.inTransaction(.immediate) {
        #expect(throws: StoreError.busy(path: path)) { _ = try store.exchange(since: 0) { _, _ in [] } }
        return .rollback
      }
    }
    #expect(try store.exchange(since: 0) { _, _ in [] } == 0)
  }
}

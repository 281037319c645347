import Foundation
import GRDB
import NetRuntime

/// A directory's contents in an SQLite file, which all programs of a machine may share. Whatever `exchange` wrote is
/// there after the program was killed.
///
/// One thread at a time may use a store. After an error the caller goes on from the revision that it had.
public final class SQLiteStore: DirectoryStore {
  /// Who takes what was committed from the log into the file.
  public enum Checkpoints: Sendable {
    /// Who commits when the log has 1,000 pages. For programs that share the file.
    case byCommits
    /// A queue of the store's own every so many seconds, so that commits do not wait for the disk while the log has fewer
    /// pages than this. For a server.
    case beside(interval: Double = 1, pages: Int = Limits.storeLogPages)
  }

  /// The number of the file's format, which grows with each change of it.
  public static let format = 1

  private let path: String
  private let busyTime: Double
  private let keptRemovals: Int
  private let checkpoints: Checkpoints
  private var database: DatabaseQueue
  private var checkpointer: Checkpointer?
  private var file: FileIdentity?
  /// What the last exchange saw; nil when everything has to be read again.
  private var seen: (revision: UInt64, dataVersion: Int64)?
  private let encoder = JSONEncoder()
  private let decoder = JSONDecoder()

  /// Opens a file, or makes one; its folder has to exist.
  /// - Parameters:
  ///   - busyTime: Seconds to wait while another program writes.
  ///   - keptRemovals: Changes after which a removed record is forgotten.
  ///   - checkpoints: Who waits for the disk.
  public init(
    path: String, busyTime: Double = Limits.storeBusyTime, keptRemovals: Int = Limits.storeRemovedRecords,
    checkpoints: Checkpoints = .byCommits
  ) throws(StoreError) {
    self.path = path
    self.busyTime = busyTime
    self.keptRemovals = keptRemovals
    self.checkpoints = checkpoints
    (database, checkpointer) = try SQLiteStore.open(path, busyTime: busyTime, checkpoints: checkpoints)
    file = FileIdentity(path)
  }

  public func exchange(
    since revision: UInt64, _ body: (_ changed: [DirectoryRecord], _ isWhole: Bool) throws -> [DirectoryRecord]
  ) throws -> UInt64 {
    let isReplaced = try reopenIfReplaced()
    seen = nil
    do {
      let now = try database.writeWithoutTransaction { database in
        var result: (revision: UInt64, dataVersion: Int64) = (revision, 0)
        try database.inTransaction(.immediate) {
          result.dataVersion = try database.dataVersion()
          result.revision = try exchange(in: database, since: isReplaced ? 0 : revision, body)
          return .commit
        }
        return result
      }
      seen = now
      return now.revision
    } catch let error as DatabaseError {
      throw StoreError(error, path: path)
    }
  }

  public func hasChanged(since revision: UInt64) -> Bool {
    guard let seen, seen.revision == revision, FileIdentity(path) == file else { return true }
    // What cannot be read is told by the exchange that follows.
    return (try? database.writeWithoutTransaction { try $0.dataVersion() }) != seen.dataVersion
  }

  /// Gives the file back to others; no function may be called after it.
  public func close() {
    // Before the other connection, whose end takes the log away.
    checkpointer = nil
    try? database.close()
  }

  /// Somebody who deletes the file, or puts another in its place, wants that one used.
  private func reopenIfReplaced() throws(StoreError) -> Bool {
    guard FileIdentity(path) != file else { return false }
    let new = try SQLiteStore.open(path, busyTime: busyTime, checkpoints: checkpoints)
    close()
    (database, checkpointer) = new
    file = FileIdentity(path)
    return true
  }

  private func exchange(
    in database: Database, since revision: UInt64,
    _ body: (_ changed: [DirectoryRecord], _ isWhole: Bool) throws -> [DirectoryRecord]
  ) throws -> UInt64 {
    let position = try Position(database)
    let isWhole = revision == 0 || revision < position.forgotten || revision > position.revision
    let written = try body(try records(in: database, since: isWhole ? nil : revision), isWhole)
    guard !written.isEmpty else { return position.revision }
    var next = position
    for record in written {
      next.revision += 1
      try write(record, revision: next.revision, in: database)
    }
    // Rarely: it looks through an index.
    let interval = UInt64(max(1, keptRemovals / 8))
    if next.revision / interval != position.revision / interval, next.revision > keptRemovals {
      next.forgotten = next.revision - UInt64(keptRemovals)
      try database.cachedStatement(sql: "DELETE FROM record WHERE content IS NULL AND revision <= ?")
        .execute(arguments: [next.forgotten])
    }
    try next.write(to: database)
    return next.revision
  }

  private func records(in database: Database, since revision: UInt64?) throws -> [DirectoryRecord] {
    let statement: Statement
    if let revision {
      statement = try database.cachedStatement(
        sql: "SELECT kind, key, content FROM record WHERE revision > ? ORDER BY revision")
      statement.arguments = [revision]
    } else {
      statement = try database.cachedStatement(
        sql: "SELECT kind, key, content FROM record WHERE content IS NOT NULL ORDER BY revision")
    }
    var records: [DirectoryRecord] = []
    let rows = try Row.fetchCursor(statement)
    while let row = try rows.next() { records.append(try record(row)) }
    return records
  }

  private func record(_ row: Row) throws -> DirectoryRecord {
    guard let name = String.fromDatabaseValue(row[0]), let key = String.fromDatabaseValue(row[1]),
      let kind = DirectoryRecord.Kind(rawValue: name)
    else { throw StoreError.damaged(path: path, what: "a record of an unknown kind") }
    guard !row.hasNull(atIndex: 2) else { return DirectoryRecord(kind, key, nil) }
    guard let text = Data.fromDatabaseValue(row[2]), text.count <= Limits.storeRecordSize,
      let content = try? decoder.decode(DirectoryRecord.Content.self, from: text), content.kind == kind
    else { throw StoreError.damaged(path: path, what: "the \(kind) \(key) cannot be read") }
    return DirectoryRecord(kind, key, content)
  }

  private func write(_ record: DirectoryRecord, revision: UInt64, in database: Database) throws {
    let content = try record.content.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
    guard content?.utf8.count ?? 0 <= Limits.storeRecordSize else {
      throw StoreError.tooLarge(path: path, record: "the \(record.kind) \(record.key)")
    }
    try database.cachedStatement(
      sql: """
        INSERT INTO record (kind, key, revision, content) VALUES (?, ?, ?, ?)
        ON CONFLICT (kind, key) DO UPDATE SET revision = excluded.revision, content = excluded.content
        """
    ).execute(arguments: [record.kind.rawValue, record.key, revision, content])
  }
}

extension DirectoryRecord.Content {
  /// What the content tells of.
  fileprivate var kind: DirectoryRecord.Kind {
    switch self {
    case .player: .player
    case .heartbeat: .heartbeat
    case .entry: .entry
    case .invitations: .invitations
    case .ticket: .ticket
    case .notes: .notes
    }
  }
}

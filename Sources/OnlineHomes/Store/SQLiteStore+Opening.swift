import GRDB
import Glibc
import NetRuntime

extension SQLiteStore {
  /// Written in the file's head, so that no other program's database is taken for ours: "STLO".
  private static let applicationID: Int64 = 0x5354_4C4F

  /// - Throws: Where the file cannot be opened or is none of ours; then it is as it was before.
  static func open(
    _ path: String, busyTime: Double, checkpoints: Checkpoints
  ) throws(StoreError) -> (DatabaseQueue, Checkpointer?) {
    if let why = problem(path) ?? make(path) { throw .cannotOpen(path: path, why: why) }
    var configuration = Configuration()
    configuration.busyMode = .timeout(busyTime)
    configuration.prepareDatabase { database in
      // A killed program loses nothing by it; a machine that loses its power may lose the last moments.
      try database.execute(sql: "PRAGMA synchronous = NORMAL")
      if case .beside(_, let pages) = checkpoints {
        try database.execute(sql: "PRAGMA wal_autocheckpoint = \(pages)")
      }
    }
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.writeWithoutTransaction { database in
        var isPrepared = false
        try database.inTransaction(.deferred) {
          isPrepared = try isReady(database, path: path)
          return .commit
        }
        if !isPrepared { try prepare(database, path: path) }
        try shareByLog(database, busyTime: busyTime)
      }
      guard case .beside(let interval, _) = checkpoints else { return (queue, nil) }
      return (queue, try Checkpointer(path: path, interval: interval))
    } catch let error as StoreError {
      throw error
    } catch let error as DatabaseError {
      throw StoreError(error, path: path)
    } catch {
      throw .cannotOpen(path: path, why: "\(error)")
    }
  }

  /// What SQLite would only call "unable to open database file".
  private static func problem(_ path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno != ENOENT { return String(cString: strerror(errno)) }
      let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
      return access(folder.isEmpty ? "/" : folder, W_OK) == 0 ? nil : "the folder: \(String(cString: strerror(errno)))"
    }
    if status.st_mode & S_IFMT == S_IFDIR { return "it is a folder" }
    if status.st_mode & S_IFMT != S_IFREG { return "it is no ordinary file" }
    return access(path, R_OK | W_OK) == 0 ? nil : String(cString: strerror(errno))
  }

  /// Makes an empty file for its owner alone where there is none: a server's file holds what tokens and the relay's keys
  /// are made with, and all have passwords in them. SQLite gives the files beside it the same mode.
  private static func make(_ path: String) -> String? {
    // Not `open`: to close a file that another thread uses already would take SQLite's locks away.
    if mknod(path, S_IFREG | 0o600, 0) == 0 || errno == EEXIST { return nil }
    return String(cString: strerror(errno))
  }

  /// Whether other users of the machine may read a file.
  public static func isReadableByOthers(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & (S_IRGRP | S_IROTH) != 0
  }

  /// Whether the file is one of ours; false for an empty one. Inside a transaction, for another program may just be
  /// preparing it.
  private static func isReady(_ database: Database, path: String) throws -> Bool {
    let application = try Int64.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard application == applicationID else {
      let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
      if application == 0, version == 0, tables == 0 { return false }
      throw StoreError.foreign(path: path)
    }
    if version > format { throw StoreError.newer(path: path, format: version) }
    guard version == format else { throw StoreError.damaged(path: path, what: "its format is \(version)") }
    return true
  }

  private static func prepare(_ database: Database, path: String) throws {
    try database.inTransaction(.immediate) {
      // Another program may have been quicker.
      if try isReady(database, path: path) { return .commit }
      try database.execute(
        sql: """
          CREATE TABLE record (
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            revision INTEGER NOT NULL,
            content TEXT,
            UNIQUE (kind, key));
          CREATE INDEX record_by_revision ON record (revision);
          CREATE INDEX removed_record ON record (revision) WHERE content IS NULL;
          CREATE TABLE position (revision INTEGER NOT NULL, forgotten INTEGER NOT NULL);
          INSERT INTO position VALUES (0, 0);
          PRAGMA application_id = \(applicationID);
          PRAGMA user_version = \(format);
          """)
      return .commit
    }
  }

  /// A write-ahead log: readers and a writer do not wait for each other, and a commit is one write.
  private static func shareByLog(_ database: Database, busyTime: Double) throws {
    let deadline = SharedClock.now + busyTime
    while true {
      do {
        try database.execute(sql: "PRAGMA journal_mode = WAL")
        return
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && SharedClock.now < deadline {
        // Where two programs want this at once SQLite refuses one of them without waiting.
        usleep(10_000)
      }
    }
  }
}

/// How far a file's records go.
struct Position {
  /// The number of the last change.
  var revision: UInt64
  /// Up to this change removed records may be missing.
  var forgotten: UInt64

  init(_ database: Database) throws {
    guard let row = try Row.fetchOne(database.cachedStatement(sql: "SELECT revision, forgotten FROM position")),
      let revision = UInt64.fromDatabaseValue(row[0]), let forgotten = UInt64.fromDatabaseValue(row[1]),
      // Nobody writes so often.
      revision < 1 << 62, forgotten <= revision
    else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "its position is missing") }
    self.revision = revision
    self.forgotten = forgotten
  }

  func write(to database: Database) throws {
    try database.cachedStatement(sql: "UPDATE position SET revision = ?, forgotten = ?")
      .execute(arguments: [revision, forgotten])
  }
}

extension Database {
  /// Changes whenever another connection has committed.
  func dataVersion() throws -> Int64 {
    try Int64.fetchOne(cachedStatement(sql: "PRAGMA data_version")) ?? 0
  }
}

/// Tells a file from another that takes its name.
struct FileIdentity: Equatable {
  private let device: UInt64
  private let number: UInt64

  /// Nil where there is none.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt64(status.st_dev)
    number = UInt64(status.st_ino)
  }
}

/// Asks the directory in one player's name. Answers come in later frames.
struct SteamAsk {
  typealias Answer = Result<DirectoryAnswer, DirectoryError>

  let perform: (DirectoryRequest, @escaping (Answer) -> Void) -> Void

  /// A request whose answer nobody waits for; `refused` is told what came instead of one.
  func tell(_ request: DirectoryRequest, refused: @escaping (DirectoryError) -> Void = { _ in }) {
    perform(request) { answer in
      if case .failure(let error) = answer { refused(error) }
    }
  }

  /// Nothing found where the directory refuses.
  func list(_ query: EntryQuery, then: @escaping ([DirectoryEntry]) -> Void) {
    perform(.list(query)) { answer in
      guard case .success(.entries(let entries)) = answer else { return then([]) }
      then(entries)
    }
  }

  /// Nil for an entry that is gone.
  func find(_ id: EntryID, then: @escaping (DirectoryEntry?) -> Void) {
    perform(.find(id)) { answer in
      guard case .success(.entry(let entry)) = answer else { return then(nil) }
      then(entry)
    }
  }

  /// What this player has kept under keys that begin with a prefix; nil where the directory did not tell.
  func kept(_ prefix: Bytes, then: @escaping ([Bytes: Bytes]?) -> Void) {
    perform(.kept(prefix: prefix)) { answer in
      guard case .success(.notes(let notes)) = answer else { return then(nil) }
      then(notes)
    }
  }
}

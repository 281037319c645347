// A program for tests of directories that several processes share.
//   directory-player write FILE        writes numbered notes for ever, and prints each number once it is written
//   directory-player play FILE NAME    signs in; prints the news, and takes commands from standard input:
//                                      create ID, join ID, leave ID, set KEY VALUE ID, end

import Glibc
import NetRuntime
import OnlineHomes

/// Writes a line at once, whole.
func tell(_ text: String, to file: Int32 = 1) {
  let line = Array((text + "\n").utf8)
  _ = Glibc.write(file, line, line.count)
}

func fail(_ text: String) -> Never {
  tell("directory-player: \(text)", to: 2)
  exit(1)
}

func fill(_ path: String) throws {
  let store = try SQLiteStore(path: path)
  var revision: UInt64 = 0
  var number = 0
  while true {
    revision = try store.exchange(since: revision) { _, _ in
      [DirectoryRecord(.notes, String(number, radix: 16), .notes(["number": Bytes("\(number)")]))]
    }
    tell("\(number)")
    number += 1
  }
}

final class Player {
  private let id: PeerID
  private let directory: EmbeddedDirectory
  private var number: UInt64 = 0

  init(_ path: String, _ name: String) throws {
    id = PeerID(playerName: name)
    directory = EmbeddedDirectory(store: try SQLiteStore(path: path))
    directory.signIn(DirectoryIdentity(id: id, name: name))
  }

  func play() {
    while true {
      while let news = directory.next() { show(news) }
      var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
      guard poll(&input, 1, 5) > 0 else { continue }
      guard let line = readLine(), line != "end" else { break }
      obey(line.split(separator: " ").map(String.init))
    }
    directory.close()
  }

  private func obey(_ words: [String]) {
    guard let last = words.last, let raw = UInt64(hexadecimalDigits: last.utf8) else { fail("what is \(words)?") }
    let entry = EntryID(rawValue: raw)
    let request: DirectoryRequest
    switch words[0] {
    case "create":
      let lobby = DirectoryEntry(id: entry, kind: .steamLobby, title: "test", host: id, maximum: 8)
      request = .create(entry: lobby, peer: id, memberData: [:])
    case "join": request = .join(entry, password: nil, peer: id, memberData: [:])
    case "leave": request = .leave(entry)
    case "set": request = .change(entry, [.setData(key: Bytes(words[1]), value: Bytes(words[2]))])
    default: fail("what is \(words)?")
    }
    number += 1
    directory.ask(request, as: id, number: number)
  }

  private func show(_ news: DirectoryNews) {
    switch news {
    case .signedIn: tell("signed in")
    case .signedOut(_, let error): tell("signed out: \(error)")
    case .answer(let number, .success): tell("answer \(number)")
    case .answer(let number, .failure(let error)): tell("refused \(number): \(error)")
    case .change(.entry(let entry), _): tell("entry \(entry.id): \(entry.members.map(\.name).joined(separator: " "))")
    case .change(.left(let id, let why), _): tell("left \(id): \(why)")
    case .change: break
    case .lost(let why): tell("lost: \(why)")
    case .restored: tell("restored")
    }
  }
}

do {
  let arguments = CommandLine.arguments.dropFirst()
  switch (arguments.first, arguments.count) {
  case ("write", 2): try fill(arguments[2])
  case ("play", 3): try Player(arguments[2], arguments[3]).play()
  default: fail("expected write FILE, or play FILE NAME")
  }
} catch {
  fail("\(error)")
}

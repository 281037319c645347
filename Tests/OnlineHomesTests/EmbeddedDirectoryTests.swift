import Foundation
import NetRuntime
import Testing

@testable import OnlineHomes

@Suite("The directory that programs of one machine share")
struct EmbeddedDirectoryTests {
  private let folder: TemporaryFolder
  private var path: String { folder.file("online.sqlite") }

  init() throws { folder = try TemporaryFolder() }

  private func signedIn(_ name: String) throws -> EmbeddedDirectory {
    let directory = EmbeddedDirectory(store: try SQLiteStore(path: path))
    directory.signIn(DirectoryIdentity(id: PeerID(playerName: name), name: name))
    return directory
  }

  /// Takes news until one of them is what is waited for.
  private func wait(
    _ directory: EmbeddedDirectory, seconds: Double = 10, until holds: ([DirectoryNews]) -> Bool
  ) -> [DirectoryNews] {
    var all: [DirectoryNews] = []
    let deadline = SharedClock.now + seconds
    while !holds(all), SharedClock.now < deadline {
      while let news = directory.next() { all.append(news) }
      usleep(1000)
    }
    return all
  }

  private func create(_ id: UInt64, as name: String) -> DirectoryRequest {
    let player = PeerID(playerName: name)
    let entry = DirectoryEntry(
      id: EntryID(rawValue: id), kind: .steamLobby, title: "test", host: player, maximum: 8)
    return .create(entry: entry, peer: player, memberData: [:])
  }

  @Test func twoInOneProcessMeet() throws {
    let one = try signedIn("anna")
    let two = try signedIn("bob")
    one.ask(create(7, as: "anna"), as: PeerID(playerName: "anna"), number: 1)
    #expect(wait(one) { $0.members(of: 7) != nil }.members(of: 7) == ["anna"])
    let bob = PeerID(playerName: "bob")
    two.ask(.join(EntryID(rawValue: 7), password: nil, peer: bob, memberData: [:]), as: bob, number: 1)
    #expect(wait(two) { $0.members(of: 7) != nil }.members(of: 7) == ["anna", "bob"])
    #expect(wait(one) { $0.members(of: 7)?.count == 2 }.members(of: 7) == ["anna", "bob"])
    two.close()
    #expect(wait(one) { $0.members(of: 7)?.count == 1 }.members(of: 7) == ["anna"])
    one.close()
  }

  @Test func theStartCanWaitForTheAnswers() throws {
    let one = try signedIn("anna")
    one.ask(create(7, as: "anna"), as: PeerID(playerName: "anna"), number: 1)
    one.settle(for: 10)
    var news: [DirectoryNews] = []
    while let next = one.next() { news.append(next) }
    #expect(news.isSignedIn && news.isAnswered)
    one.close()
  }

  @Test func nobodyWaitsForAStoreThatIsGone() throws {
    let store = FaultyStore(try SQLiteStore(path: path))
    store.fault = .before
    let one = EmbeddedDirectory(store: store)
    one.signIn(DirectoryIdentity(id: PeerID(playerName: "anna"), name: "anna"))
    let start = SharedClock.now
    one.settle(for: 10)
    #expect(SharedClock.now - start < 5)
    #expect(wait(one) { !$0.lost.isEmpty }.lost == ["the disk is on fire"])
    one.close()
  }

  @Test func theEndDoesNotWaitForAStoreThatHangs() throws {
    final class HangingStore: DirectoryStore, Sendable {
      let isFree = DispatchSemaphore(value: 0)
      let came = DispatchSemaphore(value: 0)

      func exchange(
        since revision: UInt64, _ body: (_ changed: [DirectoryRecord], _ isWhole: Bool) throws -> [DirectoryRecord]
      ) throws -> UInt64 {
        _ = isFree.wait(timeout: .now() + 60)
        came.signal()
        return 1
      }
      func hasChanged(since revision: UInt64) -> Bool { true }
    }
    let store = HangingStore()
    let one = EmbeddedDirectory(store: store)
    let start = SharedClock.now
    one.close()
    #expect(SharedClock.now - start >= Limits.embeddedCloseTime)
    #expect(store.came.wait(timeout: .now()) == .timedOut, "the store still hangs")
    store.isFree.signal()
    store.isFree.signal()
  }

  @Test func whoTakesNoNewsIsNotFilledUp() throws {
    let one = try signedIn("anna")
    let anna = PeerID(playerName: "anna")
    let count = UInt64(Limits.embeddedNews) * 2
    for number in 1...count {
      one.ask(.kept(prefix: ""), as: anna, number: number)
      if number % 512 == 0 { usleep(2000) }
    }
    usleep(300_000)
    var answers: UInt64 = 0
    let first = wait(one, seconds: 0.01) { $0.count > Limits.embeddedNews }
    answers += UInt64(first.count { if case .answer = $0 { true } else { false } })
    let done = first.count { if case .answer(_, .success) = $0 { true } else { false } }
    #expect(done <= Limits.embeddedNews + Limits.embeddedOrders, "no more was done while nobody took what there was")
    // What it gets after that was refused or done later: nothing is lost.
    let rest = wait(one, seconds: 20) { all in
      UInt64(all.count { if case .answer = $0 { true } else { false } }) + answers == count
    }
    answers += UInt64(rest.count { if case .answer = $0 { true } else { false } })
    #expect(answers == count)
    one.close()
  }

  @Test func processesMeetAndADeadOnesPlaceIsFreed() throws {
    let anna = try ChildProcess("play", path, "anna")
    let bob = try ChildProcess("play", path, "bob")
    #expect(anna.waits(for: "signed in") && bob.waits(for: "signed in"))
    anna.send("create 7")
    #expect(anna.waits(for: "entry 7: anna"))
    bob.send("join 7")
    #expect(bob.waits(for: "entry 7: anna bob"))
    #expect(anna.waits(for: "entry 7: anna bob"))
    anna.kill()
    let killed = SharedClock.now
    #expect(bob.waits(for: "entry 7: bob", seconds: 15))
    #expect(SharedClock.now - killed > Limits.heartbeatTimeout - Limits.heartbeatInterval - 1)
    // Whoever comes back plays on at once.
    let again = try ChildProcess("play", path, "anna")
    again.send("join 7")
    #expect(again.waits(for: "entry 7: bob anna"))
    again.send("end")
    again.waitForEnd()
    #expect(bob.waits(for: "entry 7: bob"))
  }

  @Test func whatWasWrittenOutlivesAKilledProcess() throws {
    for round in 0..<5 {
      let path = folder.file("write-\(round).sqlite")
      let child = try ChildProcess("write", path)
      #expect(child.waits(for: "\(20 + round * 37)", seconds: 20))
      child.kill()
      let told = try #require(child.lines.last.flatMap { Int($0) })
      let store = try SQLiteStore(path: path)
      _ = try store.exchange(since: 0) { changed, _ in
        #expect(changed.count > told)
        #expect(changed.count <= told + 2, "at most the one that was not told yet, and one line in the pipe")
        for (number, record) in changed.enumerated() {
          #expect(record.content == .notes(["number": Bytes("\(number)")]))
        }
        return []
      }
    }
  }
}

import Foundation
import NetRuntime
import Testing

@testable import OnlineHomes

@Suite("Programs that share a store")
struct DirectoryReplicaTests {
  private let folder: TemporaryFolder
  private var path: String { folder.file("online.sqlite") }

  init() throws { folder = try TemporaryFolder() }

  @Test func playersOfTwoProgramsMeet() throws {
    var one = try TestProgram(path: path)
    var two = try TestProgram(path: path)
    #expect(one.signIn("anna", at: 100).isSignedIn)
    #expect(two.signIn("bob", at: 100).isSignedIn)
    let created = one.create(7, as: "anna", at: 101)
    #expect(created.isAnswered)
    #expect(created.members(of: 7) == ["anna"])
    let joined = two.join(7, as: "bob", at: 101)
    #expect(joined.isAnswered)
    #expect(joined.members(of: 7) == ["anna", "bob"])
    #expect(one.turn(at: 101).members(of: 7) == ["anna", "bob"])
    #expect(one.turn(at: 101.1).isEmpty, "news come once")
    #expect(two.ask(.leave(EntryID(rawValue: 7)), as: "bob", at: 102).isAnswered)
    #expect(one.turn(at: 102).members(of: 7) == ["anna"])
  }

  @Test func severalPlayersOfOneProgramHearForThemselves() throws {
    var one = try TestProgram(path: path)
    _ = one.signIn("anna", at: 100)
    _ = one.signIn("bob", at: 100)
    _ = one.create(7, as: "anna", at: 101)
    let news = one.join(7, as: "bob", at: 101)
    let hearers = news.compactMap { if case .change(.entry, let player) = $0 { player } else { nil } }
    #expect(Set(hearers) == [PeerID(playerName: "anna"), PeerID(playerName: "bob")])
  }

  @Test func whoIsSilentIsGoneForTheOthers() throws {
    var one = try TestProgram(path: path)
    var two = try TestProgram(path: path)
    _ = one.signIn("anna", at: 100)
    _ = two.signIn("bob", at: 100)
    _ = one.create(7, as: "anna", at: 100)
    _ = two.join(7, as: "bob", at: 100)
    var time = 100.0
    var news: [DirectoryNews] = []
    while news.members(of: 7) != ["bob"], time < 120 {
      time += 0.5
      news += two.turn(at: time)
    }
    #expect(time > 100 + Limits.heartbeatTimeout - 1)
    #expect(time < 115)
    #expect(news.signedOut == nil, "who takes turns stays")

    // The program was only stopped: it learns of it.
    let late = one.turn(at: time)
    #expect(late.signedOut == .expired && !late.isSignedIn)
    #expect(one.signIn("anna", at: time).isSignedIn)
    #expect(one.join(7, as: "anna", at: time).members(of: 7) == ["bob", "anna"])
  }

  @Test func heartbeatsKeepPlayersAndAreRare() throws {
    var one = try TestProgram(path: path)
    var two = try TestProgram(path: path)
    _ = one.signIn("anna", at: 100)
    _ = two.signIn("bob", at: 100)
    let store = try SQLiteStore(path: path)
    let before = try store.exchange(since: 0) { _, _ in [] }
    for tick in 0..<1200 {
      let now = 100 + Double(tick) * 0.05
      #expect(one.turn(at: now).isEmpty)
      #expect(two.turn(at: now).isEmpty)
    }
    let after = try store.exchange(since: 0) { _, _ in [] }
    #expect(after - before <= 2 * 20, "in 60 seconds")
    #expect(one.replica.nextDeadline > 159)
  }

  @Test func aSecondRunOfAPlayerTakesItsPlace() throws {
    var one = try TestProgram(path: path)
    var two = try TestProgram(path: path)
    _ = one.signIn("anna", at: 100)
    _ = one.create(7, as: "anna", at: 100)
    #expect(two.signIn("anna", at: 101).isSignedIn)
    #expect(one.turn(at: 101).signedOut == .signedOut)
    let refused = one.ask(.find(EntryID(rawValue: 7)), as: "anna", at: 101)
    #expect(refused == [.answer(number: 2, .failure(.signedOut))])
    #expect(two.create(8, as: "anna", at: 101).isAnswered)
  }

  @Test func signingInAgainKeepsTheRun() throws {
    var one = try TestProgram(path: path)
    let first = one.signIn("anna", at: 100)
    _ = one.create(7, as: "anna", at: 100)
    let second = one.signIn("anna", at: 101)
    #expect(first == second)
    #expect(one.join(7, as: "anna", at: 101).members(of: 7) ?? ["anna"] == ["anna"])
  }

  @Test func theEndSignsOut() throws {
    var one = try TestProgram(path: path)
    var two = try TestProgram(path: path)
    _ = one.signIn("anna", at: 100)
    _ = two.signIn("bob", at: 100)
    _ = one.create(7, as: "anna", at: 100)
    _ = two.join(7, as: "bob", at: 100)
    one.replica.end(at: 101)
    #expect(two.turn(at: 101).members(of: 7) == ["bob"])
  }

  @Test func whoIsJustSigningInIsSignedOutAtTheEnd() throws {
    var one = try TestProgram(path: path)
    var two = try TestProgram(path: path)
    _ = two.signIn("bob", at: 100)
    one.replica.add(.signIn(DirectoryIdentity(id: PeerID(playerName: "anna"), name: "anna")))
    one.replica.end(at: 100)
    let answer = two.ask(.players([PeerID(playerName: "anna")]), as: "bob", at: 100)
    let players = answer.compactMap { if case .answer(_, .success(.players(let all))) = $0 { all } else { nil } }
    #expect(players.first?.map(\.isOnline) == [false])
  }

  @Test func nobodyIsGoneForAnOutageOfTheFile() throws {
    let stores = [FaultyStore(try SQLiteStore(path: path)), FaultyStore(try SQLiteStore(path: path))]
    var one = TestProgram(stores[0])
    var two = TestProgram(stores[1])
    _ = one.signIn("anna", at: 100)
    _ = two.signIn("bob", at: 100)
    _ = one.create(7, as: "anna", at: 100)
    _ = two.join(7, as: "bob", at: 100)
    _ = one.turn(at: 100)
    for store in stores { store.fault = .before }
    var time = 100.0
    while time < 100 + 2 * Limits.heartbeatTimeout {
      time += 0.5
      _ = (one.turn(at: time), two.turn(at: time))
    }
    for store in stores { store.fault = .none }
    let news = [one.turn(at: time + 1), two.turn(at: time + 1), one.turn(at: time + 2), two.turn(at: time + 2)]
    #expect(news[0] == [.restored] && news[1] == [.restored])
    #expect(news.allSatisfy { $0.signedOut == nil && $0.members(of: 7) == nil })
    #expect(one.join(7, as: "anna", at: time + 2).isAnswered)
  }

  @Test func whatIsTooLargeIsRefusedAlone() throws {
    let store = FaultyStore(try SQLiteStore(path: path))
    var one = TestProgram(store)
    store.largestNote = 10
    one.replica.add(.signIn(DirectoryIdentity(id: PeerID(playerName: "anna"), name: "anna")))
    for number in 1...3 as ClosedRange<UInt64> {
      let note = Bytes(String(repeating: "x", count: number == 2 ? 11 : 5))
      one.replica.add(.ask(.keep(key: Bytes("\(number)"), value: note), as: PeerID(playerName: "anna"), number: number))
    }
    let news = one.turn(at: 100)
    #expect(news.isSignedIn && news.lost.isEmpty)
    let error = StoreError.tooLarge(path: "here", record: "the notes")
    #expect(
      news.suffix(3) == [
        .answer(number: 1, .success(.done)), .answer(number: 2, .failure(.malformed(error.description))),
        .answer(number: 3, .success(.done)),
      ])
    #expect(!one.replica.isLost)
  }

  @Test(arguments: [FaultyStore.Fault.before, .after])
  func whatFailedIsDoneLater(fault: FaultyStore.Fault) throws {
    let store = FaultyStore(try SQLiteStore(path: path))
    var one = TestProgram(store)
    _ = one.signIn("anna", at: 100)
    store.fault = fault
    let first = one.create(7, as: "anna", at: 101)
    #expect(first == [.lost("the disk is on fire")])
    #expect(one.replica.isLost)
    #expect(one.join(7, as: "anna", at: 101.1).isEmpty, "not tried again at once")
    #expect(one.turn(at: 102).isEmpty, "told once")
    store.fault = .none
    let later = one.turn(at: 103)
    #expect(later.first == .restored)
    #expect(later.members(of: 7) == ["anna"])
    let answers = later.compactMap { if case .answer(let number, .success) = $0 { number } else { nil } }
    #expect(answers == [1, 2])
    #expect(!one.replica.isLost)
  }

  @Test func requestsOfAnOutageAreLimited() throws {
    let store = FaultyStore(try SQLiteStore(path: path))
    var one = TestProgram(store)
    _ = one.signIn("anna", at: 100)
    store.fault = .before
    for _ in 0..<Limits.embeddedOrders { #expect(one.ask(.friends, as: "anna", at: 101).lost.count <= 1) }
    let refused = one.ask(.friends, as: "anna", at: 101)
    #expect(
      refused == [
        .answer(number: UInt64(Limits.embeddedOrders + 1), .failure(.unavailable("the disk is on fire")))
      ])
  }

  @Test func whoWasFarBehindHearsWhatItMissed() throws {
    var one = TestProgram(try SQLiteStore(path: path, keptRemovals: 32))
    var two = TestProgram(try SQLiteStore(path: path, keptRemovals: 32))
    _ = one.signIn("anna", at: 100)
    _ = two.signIn("bob", at: 100)
    _ = one.create(7, as: "anna", at: 100)
    _ = two.join(7, as: "bob", at: 100)
    _ = one.turn(at: 100)
    _ = two.ask(.change(EntryID(rawValue: 7), [.setMemberData(key: "a", value: "b")]), as: "bob", at: 100)
    _ = one.ask(.change(EntryID(rawValue: 7), [.kick(PeerID(playerName: "bob"))]), as: "anna", at: 100)
    _ = one.ask(.leave(EntryID(rawValue: 7)), as: "anna", at: 100)
    for number in 0..<200 {
      _ = one.ask(.keep(key: "k", value: Bytes("\(number)")), as: "anna", at: 100)
    }
    let news = two.turn(at: 101)
    let left = news.contains { if case .change(.left(let id, _), _) = $0 { id.rawValue == 7 } else { false } }
    #expect(left)
    #expect(news.signedOut == nil)
  }

  @Test func aFileThatIsTakenAwaySignsEverybodyOut() throws {
    var one = try TestProgram(path: path)
    _ = one.signIn("anna", at: 100)
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    #expect(one.turn(at: 101).signedOut == .expired)
    #expect(one.signIn("anna", at: 101).isSignedIn)
  }
}

import Foundation
import NetRuntime
import Testing

@testable import OnlineHomes

extension NetworkedTests {
  @Suite("The server's process")
  struct ServerKillTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A `stingray-lua serve` of its own.
    private func start(port: Int = 0, _ more: [String] = []) async throws -> ServerProcess {
      try await ServerProcess(
        ["serve", "--listen", "127.0.0.1:\(port)", "--database", folder.file("serve.sqlite")] + more)
    }

    /// A client that goes on through the server's deaths: whatever was answered has to be there in the end.
    @Test(arguments: [1, 2] as [UInt64])
    func killedAtAnyTimeItLosesNothingThatWasAnswered(_ seed: UInt64) async throws {
      var random = ServerFuzzTests.Random(state: seed)
      await calm()
      var server = try await start()
      let port = server.port
      let address = try #require(OnlineAddress("http://127.0.0.1:\(port)"))
      let anna = ClientPlayer(address, 1)
      let bob = ClientPlayer(address, 2)
      #expect(await anna.ask(.makeLobby(9, host: 1))?.isSuccess == true)
      #expect(await bob.ask(.joinLobby(9, as: 2))?.isSuccess == true)
      var next = 0
      for _ in 0..<6 {
        var asked: [(number: UInt64, key: Int)] = []
        for _ in 0..<Int.random(in: 1...60, using: &random) {
          next += 1
          asked.append((anna.leave(.keep(key: Bytes("\(next)"), value: Bytes("\(next)"))), next))
          anna.leave(.set("k", Bytes("\(next)"), of: 9))
        }
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...30, using: &random)))
        await anna.waits(seconds: 0) { _ in false }
        let answered = asked.filter { anna.news.answer(to: $0.number) != nil }.map(\.key)
        server.kill()
        server = try await start(port: port)
        #expect(server.port == port)
        guard case .success(.notes(let notes))? = await anna.ask(.kept(prefix: "")) else {
          Issue.record("no notes")
          return
        }
        for key in answered { #expect(notes[Bytes("\(key)")] == Bytes("\(key)")) }
        // What was under way when the server died was asked again.
        #expect(notes.count == next)
      }
      #expect(await bob.waits { $0.entries.last?.data["k"] == Bytes("\(next)") })
      #expect(anna.news.runs.count == 1 && bob.news.runs.count == 1, "nobody had to sign in again")
      #expect(anna.news.departures.isEmpty && bob.news.departures.isEmpty)
    }

    @Test func itEndsInOrderAndSaysWhatIsWrong() async throws {
      let server = try await start(["--secret", "hush"])
      let address = try #require(OnlineAddress("http://hush@127.0.0.1:\(server.port)"))
      let anna = ClientPlayer(address, 1)
      #expect(await anna.ask(.friends)?.isSuccess == true)

      let second = try await start()
      #expect(second.port == 0)
      #expect(await second.waitForEnd() == 1)
      #expect(second.errors == "another server uses the database \(folder.file("serve.sqlite"))\n")

      server.terminate()
      #expect(await server.waitForEnd() == 0, "an open stream of news does not hold it up")
      #expect(server.errors == "")
      await anna.close()
      for (words, text) in [
        (["serve", "--database", "x", "--listen", "nowhere"], "--listen: expected an address and a port"),
        (["serve", "--database", "x", "--listen", "127.0.0.1:99999"], "--listen: expected an address and a port"),
        (["serve", "--database", "x", "--player-rate", "0"], "--player-rate: expected a rate"),
        (["serve", "--database", "x", "--secret", ""], "--secret: expected a word"),
        (["serve"], "Missing expected argument '--database <file>'"),
      ] {
        let wrong = try await ServerProcess(words)
        #expect(await wrong.waitForEnd() == 64)
        #expect(wrong.errors.contains(text), "\(wrong.errors)")
      }
    }
  }
}

extension Result {
  fileprivate var isSuccess: Bool { if case .success = self { true } else { false } }
}

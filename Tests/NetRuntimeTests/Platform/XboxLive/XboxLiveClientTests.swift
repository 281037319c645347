import Testing

@testable import NetRuntime

@Suite("The Xbox Live client's sessions")
struct XboxLiveClientTests {
  /// A program with one user and a session, on virtual time.
  private final class Machine {
    let network = VirtualNetwork(seed: 1)
    let service: MemoryDirectoryService
    let runtime: NetworkRuntime
    let client: XboxLiveClient

    init() throws {
      let network = network
      let service = MemoryDirectoryService(
        clock: { network.now }, random: SeededRandomSource(seed: 1), latency: 0.1...0.1)
      self.service = service
      var environment = NetworkRuntime.Environment(
        transport: network.addHost(), random: SeededRandomSource(seed: 2), now: { network.now }, log: { _, _ in })
      let identity = DirectoryIdentity(id: PeerID(playerName: "anna"), name: "anna")
      environment.online = { OnlineService.Setup(directory: service.makeDoor(), user: identity) }
      runtime = NetworkRuntime(environment)
      let text = "xboxlive = { templates = { lobby = {} } hoppers = { any = {} } }"
      let settings = try XboxLiveSettings(SJSON.parse(text, file: "s")["xboxlive"], file: "s")
      let config = try NetworkConfig.parse(Array("messages = { a = {} }".utf8), file: "test")
      let platform = try runtime.startPlatform(.xboxLive, config: config)
      client = XboxLiveClient(
        platform, settings, users: XboxUsers(platform.online, settings, log: { _, _ in }), numbers: ConsoleNumbers(),
        now: { network.now }, log: { _, _ in })
    }

    func run(_ seconds: Double) {
      for _ in 0..<Int((seconds * 20).rounded()) {
        network.advance(to: network.now + 0.05)
        runtime.receive(dt: 0.05)
        while runtime.nextEvent() != nil {}
        runtime.transmit()
      }
    }

    func makeSession() throws -> Int {
      run(1)
      let number = try client.createSession(user: 1, name: "game", template: "lobby").number
      run(1)
      #expect(client.status(of: try client.session(number)) == .ready)
      return number
    }

    func free(_ number: Int) throws {
      if let lobby = try client.beginLeaving(number) { try runtime.leave(lobby) }
      client.confirmLeaving(number)
      run(Limits.sessionJobTime + 1)
      try client.free(number)
    }
  }

  @Test func requestsThatNobodyAnswersDoNotKeepASession() throws {
    let ask: [(XboxLiveClient, Int) throws -> Void] = [
      { try $0.startMatch($1, hopper: "any", timeout: 10, .never, attributes: nil) },
      { try $0.inviteFriends(user: 1, $1, minimum: 0, maximum: 4, customID: "") },
      { try $0.invite(user: 1, $1, [PeerID(rawValue: 7)], customID: "") },
      { _ = try $0.property($1, "key") },
      { try $0.setActivity(user: 1, $1) },
    ]
    for ask in ask {
      let machine = try Machine()
      let number = try machine.makeSession()
      weak let session = try machine.client.session(number)
      #expect(session != nil)
      machine.service.isLost = true
      machine.run(0.2)
      try ask(machine.client, number)
      try machine.free(number)
      #expect(session == nil)
    }
  }

  @Test func aSessionThatLacksMembersIsLeft() throws {
    let machine = try Machine()
    machine.run(1)
    var options = XboxLiveClient.HostOptions()
    options.minimumMembers = 2
    let session = try machine.client.createSession(user: 1, name: "game", template: "lobby", options)
    machine.run(29)
    #expect(machine.service.state.entryCount == 1)
    machine.run(2)
    #expect(machine.service.state.entryCount == 0)
    #expect(machine.client.status(of: session) == .broken)
  }
}

import Testing

@testable import NetRuntime

/// Several machines whose messages are carried at once, in order, without any network.
final class MachineRoom {
  var machines: [PeerID: LobbyMachine] = [:]
  /// Without a message: the connection was closed.
  private var queue: [(from: PeerID, to: PeerID, message: LobbyMessage?)] = []
  /// Pairs that do not hear each other.
  var cut: Set<[PeerID]> = []
  var now = 0.0
  /// Whether the end of a connection is seen at its other end.
  var carriesCloses = true
  private(set) var carried = 0

  static let lobby: UInt64 = 77

  static func peer(_ number: UInt64) -> PeerID { PeerID(rawValue: number) }

  /// A lobby of members 1, 2, ... hosted by 1.
  init(_ count: UInt64) {
    machines[Self.peer(1)] = LobbyMachine(hosting: Self.peer(1), lobby: Self.lobby, maximum: 8)
    for number in 2...max(2, count) where number <= count {
      var machine = LobbyMachine(joining: Self.peer(number))
      _ = machine.willConnect(to: Self.peer(1), lobby: Self.lobby)
      machines[Self.peer(number)] = machine
      act(number) { $0.linkUp(Self.peer(1)) }
    }
    for one in 1...count {
      for other in 1...count where one != other { act(one) { $0.linkUp(Self.peer(other)) } }
    }
  }

  func act(_ number: UInt64, _ body: (inout LobbyMachine) -> [LobbyAction]) {
    let peer = Self.peer(number)
    guard var machine = machines[peer] else { return }
    let actions = body(&machine)
    machines[peer] = machine
    for action in actions {
      switch action {
      case .send(let message, let to) where !cut.contains([peer, to]): queue.append((peer, to, message))
      case .release(let to) where carriesCloses: queue.append((peer, to, nil))
      default: break
      }
    }
    carry()
  }

  private var isCarrying = false

  private func carry() {
    guard !isCarrying else { return }
    isCarrying = true
    while !queue.isEmpty && carried < 10_000 {
      let next = queue.removeFirst()
      carried += 1
      act(next.to.rawValue) {
        guard let message = next.message else { return $0.linkDown(next.from, isBroken: false, at: self.now) }
        return $0.receive(message, from: next.from, at: Endpoint(address: 9, port: 9), now: self.now)
      }
    }
    isCarrying = false
  }

  subscript(_ number: UInt64) -> LobbyMachine {
    machines[Self.peer(number)] ?? LobbyMachine(joining: Self.peer(number))
  }
}

@Suite struct LobbyMachineTests {
  @Test func `two that take over in the same term have a lobby each, and nobody is in both`() {
    let room = MachineRoom(4)
    // Member 3 loses both the host and member 2, and takes over as well.
    room.cut = [[MachineRoom.peer(2), MachineRoom.peer(3)], [MachineRoom.peer(3), MachineRoom.peer(2)]]
    room.act(3) { $0.linkDown(MachineRoom.peer(2), isBroken: false, at: 0) }
    room.act(3) { $0.linkDown(MachineRoom.peer(1), isBroken: true, at: 0) }
    #expect(room[3].isHost && room[3].term == 2)
    #expect(room[4].host == MachineRoom.peer(3))
    room.act(2) { $0.linkDown(MachineRoom.peer(1), isBroken: true, at: 0) }
    #expect(room[2].isHost && room[2].term == 2)
    // Member 4 knew them both; it went with 3, in whose lobby 2 is not, and stays there.
    #expect(room[4].host == MachineRoom.peer(3))
    #expect(room[3].memberIDs == [MachineRoom.peer(3), MachineRoom.peer(4)])
    #expect(room[2].memberIDs == [MachineRoom.peer(2)])
    #expect(room.carried < 200)
  }

  @Test func `rivals that know each other do not argue for ever`() {
    let room = MachineRoom(3)
    room.carriesCloses = false
    room.act(2) { $0.linkDown(MachineRoom.peer(1), isBroken: true, at: 0) }
    #expect(room[2].isHost)
    #expect(room[3].host == MachineRoom.peer(2))
    let before = room.carried
    // The old host is told again and again that it is one no more.
    room.act(1) { $0.linkUp(MachineRoom.peer(2)) }
    for _ in 0..<10 { room.act(1) { $0.fullState(for: MachineRoom.peer(2)) } }
    #expect(room[1].state == .failed)
    #expect(room.carried - before < 60)
  }

  @Test func `a host of an earlier term is not listened to`() {
    let room = MachineRoom(3)
    room.act(2) { $0.linkDown(MachineRoom.peer(1), isBroken: true, at: 0) }
    #expect(room[3].term == 2)
    let old = MachineRoom.peer(1)
    room.act(3) { $0.receive(.sessionHost(term: 1, old), from: old, at: Endpoint(address: 1, port: 1), now: 0) }
    #expect(room[3].sessionHost == .nobody)
  }

  @Test func `the host of another lobby that counts on this peer is told that it is not there, and nothing else`() {
    let room = MachineRoom(2)
    let other = MachineRoom.peer(9)
    let snapshot = LobbySnapshot(
      lobby: 78, term: 0, maximum: 8, sessionHost: .nobody,
      members: [.init(peer: other, endpoint: .sender), .init(peer: MachineRoom.peer(1), endpoint: .sender)],
      data: LobbyData())
    for (number, role) in [(UInt64(1), LobbyMachine.Role.hosting), (2, .member(host: MachineRoom.peer(1)))] {
      var machine = room[number]
      var snapshot = snapshot
      snapshot.members[1] = .init(peer: machine.localPeer, endpoint: .sender)
      for term in [UInt32(0), 1, 50] {
        snapshot.term = term
        let actions = machine.receive(.state(snapshot), from: other, at: Endpoint(address: 1, port: 1), now: 0)
        #expect(actions == [.send(.leave(lobby: 78), to: other)])
        #expect(machine.role == role)
      }
      let left = LobbyMessage.memberLeft(term: 0, MachineRoom.peer(3), .left)
      #expect(machine.receive(left, from: other, at: Endpoint(address: 1, port: 1), now: 0).isEmpty)
    }
  }

  @Test func `a stranger's word counts for nothing`() {
    let room = MachineRoom(2)
    let before = room[2]
    let stranger = MachineRoom.peer(66)
    let endpoint = Endpoint(address: 1, port: 1)
    var data = LobbyData()
    _ = try? data.set([1], to: [1], limit: 100)
    for message: LobbyMessage in [
      .data(term: 1, data), .sessionHost(term: 1, stranger), .memberLeft(term: 1, MachineRoom.peer(1), .left),
      .leave(lobby: MachineRoom.lobby), .removed(lobby: MachineRoom.lobby, term: 9, .kicked), .refuse(.notHost),
      .refuse(.full(maximum: 1)),
      .memberJoined(term: 1, .init(peer: stranger, endpoint: endpoint)), .ownData(data),
      .state(
        LobbySnapshot(
          lobby: MachineRoom.lobby, term: 5, maximum: 8, sessionHost: stranger,
          members: [
            .init(peer: stranger, endpoint: .sender), .init(peer: MachineRoom.peer(2), endpoint: endpoint),
          ], data: data)),
    ] {
      room.act(2) { $0.receive(message, from: stranger, at: endpoint, now: 0) }
      #expect(room[2].members == before.members)
      #expect(room[2].data == before.data)
      #expect(room[2].sessionHost == .nobody)
      #expect(room[2].host == MachineRoom.peer(1))
    }
  }

  @Test func `without a successor the lobby fails after the pong timeout`() {
    let room = MachineRoom(3)
    room.carriesCloses = false
    room.machines[MachineRoom.peer(3)]?.pongTimeout = 4
    // The host is gone; member 2, which should take over, never finds out.
    room.cut = [[MachineRoom.peer(3), MachineRoom.peer(2)]]
    room.act(3) { $0.linkDown(MachineRoom.peer(1), isBroken: true, at: 10) }
    #expect(room[3].state == .joined && room[3].host == .nobody)
    room.act(3) { $0.advance(to: 15.9) }
    #expect(room[3].state == .joined)
    room.act(3) { $0.advance(to: 16) }
    #expect(room[3].role == .failed(.noSuccessor))
    #expect(LobbyFailure.noSuccessor.description == "the lobby host is gone and no other member took over")
  }

  @Test func `members on the host's machine are reached where the host is`() {
    var machine = LobbyMachine(joining: MachineRoom.peer(3))
    _ = machine.willConnect(to: MachineRoom.peer(1), lobby: MachineRoom.lobby)
    let snapshot = LobbySnapshot(
      lobby: MachineRoom.lobby, term: 1, maximum: 8, sessionHost: .nobody,
      members: [
        .init(peer: MachineRoom.peer(1), endpoint: .sender),
        .init(peer: MachineRoom.peer(2), endpoint: Endpoint(address: 0x7F00_0001, port: 77)),
        .init(peer: MachineRoom.peer(3), endpoint: Endpoint(address: 3, port: 3)),
      ], data: LobbyData())
    let host = Endpoint(address: 0xC0A8_0007, port: 5)
    let actions = machine.receive(.state(snapshot), from: MachineRoom.peer(1), at: host, now: 0)
    #expect(actions.contains(.connect(MachineRoom.peer(2), Endpoint(address: 0xC0A8_0007, port: 77))))
    #expect(machine.members[0].endpoint == host)
  }

  @Test func `what is set many times in a frame is sent once`() throws {
    let room = MachineRoom(2)
    var machine = room[1]
    for value in UInt8(0)..<10 {
      #expect(try machine.setData([1], to: [value]).isEmpty)
      try machine.setOwnData([2], to: [value])
    }
    let actions = machine.flush()
    #expect(actions.count == 2)
    guard case .send(.data(_, let data), _)? = actions.first else {
      Issue.record("no data was sent")
      return
    }
    #expect(data.entries == [.init(key: [1], value: [9])])
    #expect(machine.flush().isEmpty)
  }
}

/// What tells one lobby from another that the same peers were in.
@Suite struct LobbyIdentityTests {
  private func snapshot(_ lobby: UInt64, from host: UInt64) -> LobbyMessage {
    .state(
      LobbySnapshot(
        lobby: lobby, term: 2, maximum: 8, sessionHost: .nobody,
        members: [host, 3].map { .init(peer: MachineRoom.peer($0), endpoint: .sender) }, data: LobbyData()))
  }

  private let endpoint = Endpoint(address: 1, port: 1)

  @Test func `a newcomer whose host died is taken in by the successor`() {
    var machine = LobbyMachine(joining: MachineRoom.peer(3))
    _ = machine.willConnect(to: MachineRoom.peer(1), lobby: 77)
    let actions = machine.receive(snapshot(77, from: 2), from: MachineRoom.peer(2), at: endpoint, now: 0)
    #expect(machine.role == .member(host: MachineRoom.peer(2)))
    #expect(actions.contains(.release(MachineRoom.peer(1))))
  }

  @Test func `a newcomer leaves another lobby that lists it`() {
    var machine = LobbyMachine(joining: MachineRoom.peer(3))
    _ = machine.willConnect(to: MachineRoom.peer(1), lobby: 77)
    let actions = machine.receive(snapshot(76, from: 2), from: MachineRoom.peer(2), at: endpoint, now: 0)
    #expect(actions == [.send(.leave(lobby: 76), to: MachineRoom.peer(2))])
    #expect(machine.role == .joining(host: MachineRoom.peer(1)))
  }

  @Test func `a host does not take in the orphan of another lobby`() {
    var machine = LobbyMachine(hosting: MachineRoom.peer(1), lobby: 77, maximum: 8)
    let orphan = MachineRoom.peer(5)
    let actions = machine.receive(.join(lobby: 76, LobbyData()), from: orphan, at: endpoint, now: 0)
    #expect(actions == [.send(.refuse(.notHost), to: orphan), .send(.leave(lobby: 76), to: orphan)])
    #expect(machine.others.isEmpty)
  }

  @Test func `leaving or being removed from another lobby changes nothing`() {
    let room = MachineRoom(3)
    room.act(1) { $0.receive(.leave(lobby: 76), from: MachineRoom.peer(2), at: self.endpoint, now: 0) }
    room.act(2) {
      $0.receive(.removed(lobby: 76, term: 9, .kicked), from: MachineRoom.peer(1), at: self.endpoint, now: 0)
    }
    #expect(room[1].others.count == 2 && room[2].state == .joined)
  }
}

import Testing

@testable import NetRuntime

@Suite struct HostElectionTests {
  typealias Candidate = HostElection.Candidate

  private func candidate(_ number: UInt32) -> Candidate {
    Candidate(join: number, peer: PeerID(rawValue: UInt64(number) * 16))
  }

  private func survivors(_ joins: UInt32..., silence: Double = 0) -> [HostElection.Survivor] {
    joins.map { HostElection.Survivor(join: $0, silence: silence) }
  }

  /// An election of peer 2, which has lost its host at 0.
  private func lost(_ own: UInt32 = 2) -> HostElection {
    var election = HostElection()
    #expect(election.hostLost(own: candidate(own), at: 0) == [])
    return election
  }

  @Test func theLowestClaimantGetsTheVote() {
    var election = lost(9)
    #expect(election.claimed(by: candidate(5), own: candidate(9)) == [.vote(for: 5)])
    #expect(election.claimed(by: candidate(7), own: candidate(9)) == [])
    #expect(election.claimed(by: candidate(3), own: candidate(9)) == [.revoke(5), .vote(for: 3)])
  }

  @Test func aClaimantAsksEveryoneAndWinsWithTheLastVote() {
    var election = lost()
    #expect(election.want(own: candidate(2)) == [])
    #expect(election.advance(at: 0.1, own: candidate(2), survivors(3, 4)) == [.ask(3), .ask(4)])
    election.voted(3)
    #expect(election.advance(at: 0.2, own: candidate(2), survivors(3, 4)) == [])
    election.voted(4)
    #expect(
      election.advance(at: 0.3, own: candidate(2), survivors(3, 4))
        == [.win(voters: [3, 4], newcomers: [], absent: [])])
  }

  @Test func aClaimantGivesWayToALowerOneOnly() {
    var election = lost(5)
    _ = election.want(own: candidate(5))
    _ = election.advance(at: 0.1, own: candidate(5), survivors(3, 9))
    #expect(election.claimed(by: candidate(9), own: candidate(5)) == [])
    #expect(
      election.claimed(by: candidate(3), own: candidate(5))
        == [.withdraw([3, 9]), .yield(to: PeerID(rawValue: 48)), .vote(for: 3)])
    #expect(election.favourite == candidate(3))
  }

  @Test func whoHasVotedHasLost() {
    var election = lost(2)
    _ = election.claimed(by: candidate(5), own: candidate(2))
    #expect(election.want(own: candidate(2)) == [.yield(to: PeerID(rawValue: 80))])
    #expect(election.want(own: candidate(2)) == [])
    #expect(!election.isClaiming)
  }

  @Test func theSilentAreLeftBehindAfterThreeQuartersOfASecond() {
    var election = lost()
    _ = election.want(own: candidate(2))
    var both = survivors(3, 4)
    _ = election.advance(at: 0, own: candidate(2), both)
    election.voted(3)
    both[1].silence = 0.7
    #expect(election.advance(at: 0.7, own: candidate(2), both) == [])
    #expect(election.advance(at: 0.76, own: candidate(2), both) == [.win(voters: [3], newcomers: [], absent: [4])])
  }

  @Test func whoStillHearsTheHostHoldsTheElectionUp() {
    var election = lost()
    _ = election.want(own: candidate(2))
    _ = election.advance(at: 0, own: candidate(2), survivors(3))
    election.noteSign(of: 3)
    #expect(election.advance(at: 3, own: candidate(2), survivors(3)) == [])
    #expect(election.advance(at: 10.1, own: candidate(2), survivors(3)) == [.giveUp])
  }

  @Test func whoNeverAnswersAndIsThereIsANewcomer() {
    var election = lost()
    _ = election.want(own: candidate(2))
    _ = election.advance(at: 0, own: candidate(2), survivors(3))
    #expect(election.advance(at: 0.4, own: candidate(2), survivors(3)) == [])
    #expect(
      election.advance(at: 0.6, own: candidate(2), survivors(3)) == [.win(voters: [], newcomers: [3], absent: [])])
  }

  @Test func aDeadCandidateBeginsTheElectionAnew() {
    var election = lost(5)
    _ = election.want(own: candidate(5))
    _ = election.advance(at: 0, own: candidate(5), survivors(3, 4))
    _ = election.claimed(by: candidate(3), own: candidate(5))
    var left = survivors(3, 4)
    left[0].silence = 0.8
    #expect(election.advance(at: 1, own: candidate(5), left) == [.revoke(3), .ask(3), .ask(4)])
    #expect(election.isClaiming)
  }

  @Test func aWithdrawnClaimFreesTheVote() {
    var election = lost(9)
    _ = election.claimed(by: candidate(3), own: candidate(9))
    _ = election.claimed(by: candidate(5), own: candidate(9))
    #expect(election.withdrawn(3, own: candidate(9)) == [.vote(for: 5)])
  }

  @Test func nobodyClaimsAndTheGraceRunsOut() {
    var election = lost()
    #expect(election.advance(at: 4.9, own: candidate(2), survivors(3)) == [])
    #expect(election.advance(at: 5, own: candidate(2), survivors(3)) == [.giveUp])
  }

  @Test func claimsAreRememberedWhileTheHostLives() {
    var election = HostElection()
    #expect(election.claimed(by: candidate(3), own: candidate(5)) == [])
    #expect(election.standing == [candidate(3)])
    #expect(election.hostLost(own: candidate(5), at: 1) == [.vote(for: 3)])
  }
}

@Suite struct RelayLedgerTests {
  private func kept(_ ledger: RelayLedger) -> [String] {
    var list: [String] = []
    ledger.forEachKept { target, number, body in list.append("\(target) \(number) \(body.map { Int($0) })") }
    return list
  }

  @Test func messagesAreKeptUntilTheyAreThere() {
    var ledger = RelayLedger()
    let numbers = [(1, 7), (2, 7), (3, 7), (9, 8)].map { byte, target in
      [UInt8(byte)].withUnsafeBytes { ledger.keep($0, for: UInt32(target)) }
    }
    #expect(numbers == [1, 2, 3, 1])
    ledger.delivered(upTo: 2, to: 7)
    #expect(kept(ledger) == ["7 3 [3]", "8 1 [9]"])
    #expect(ledger.bytesKept(for: 7) == 5)
    ledger.delivered(upTo: 3, to: 7)
    #expect(ledger.bytesKept(for: 7) == 0)
    #expect(ledger.nextNumber(for: 7) == 4)
    ledger.forget(8)
    #expect(kept(ledger) == [])
  }

  @Test func aTargetTakesEachOnceAndInOrder() {
    var ledger = RelayLedger()
    let arrivals: [(number: UInt32, source: UInt32)] = [(2, 5), (1, 5), (1, 5), (2, 5), (4, 5), (1, 6)]
    let taken = arrivals.map { ledger.take($0.number, from: $0.source) }
    #expect(taken == [false, true, false, true, false, true])
  }

  @Test func ofEachSourceTheLatestArrivalIsTold() {
    var relays = RelaysInFlight()
    for (source, number, offset) in [(1, 1, 10), (2, 1, 20), (1, 2, 30), (1, 3, 40)] {
      relays.append(source: UInt8(source), number: UInt32(number), offset: UInt64(offset))
    }
    var told: [[UInt32]] = []
    relays.arrived(acknowledged: 35) { told.append([UInt32($0), $1]) }
    #expect(told == [[1, 2], [2, 1]])
    relays.forget(source: 1)
    told = []
    relays.arrived(acknowledged: 50) { told.append([UInt32($0), $1]) }
    #expect(told == [])
  }
}

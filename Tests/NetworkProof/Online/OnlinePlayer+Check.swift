import NetRuntime

// What a player sees, held against what the directory has.
extension OnlinePlayer {
  /// In a lobby whose session it plays.
  var isPlaying: Bool {
    guard case .inside = phase, let lobby, lobby.state == .joined, let session, session.isInSession else {
      return false
    }
    return lobby.gameSessionHost == session.host
      && Set(session.synchronizedPeers + session.otherPeers + [peer]) == Set(lobby.members)
  }

  /// Whether it is inside, and nothing keeps it from hearing of the service.
  var seesService: Bool {
    if case .inside = phase { !isCutOff && lobby?.state == .joined } else { false }
  }

  /// What is not as an entry of the directory says.
  func problems(in entry: DirectoryEntry) -> [String] {
    guard let lobby, lobby.id == entry.id else {
      guard entry.member(peer) != nil, lobby != nil else { return [] }
      return ["player \(index) is in \(entry.id) for the directory and in another one for itself"]
    }
    guard entry.member(peer) != nil else { return ["player \(index) thinks that it is in \(entry.id)"] }
    var problems: [String] = []
    if lobby.entry.members.map(\.run) != entry.members.map(\.run) {
      problems.append("player \(index) sees other members of \(entry.id)")
    }
    if lobby.lobbyHost != entry.host { problems.append("player \(index) sees another host of \(entry.id)") }
    for other in world.players where other !== self && other.seesService {
      guard let member = entry.member(other.peer), other.lobby?.id == entry.id,
        (try? runtime?.connection(to: member.peer)) == nil || (try? runtime?.isBroken(member.peer)) != false
      else { continue }
      problems.append("player \(index) has no connection to player \(other.index), run \(member.run)")
    }
    return problems
  }

  /// Whether this player sees an entry as the directory has it, and is connected to everybody in it.
  func check(_ entry: DirectoryEntry, _ members: [OnlinePlayer]) {
    guard let lobby, lobby.id == entry.id, lobby.state == .joined else {
      return fail("is a member of \(entry.id) and does not know: \(description)")
    }
    let peers = Set(entry.members.map(\.peer))
    if lobby.entry.members != entry.members { fail("has other members than the directory") }
    if Set(lobby.members) != peers || lobby.members.first != lobby.lobbyHost { fail("members \(lobby.members)") }
    if lobby.lobbyHost != entry.host { fail("lobby host \(lobby.lobbyHost), not \(entry.host)") }
    if lobby.entry.data != entry.data { fail("has other data than the directory") }
    if lobby.gameSessionHost != entry.sessionHost { fail("has another game session host than the directory") }
    for other in peers where other != peer {
      if (try? runtime?.connection(to: other)) == nil || (try? runtime?.isBroken(other)) != false {
        fail("has no connection to \(other)")
      }
    }
    guard let session, session.isInSession else { return fail("is in no session") }
    if session.host != entry.sessionHost { fail("is in another session than its lobby's") }
    if Set(session.otherPeers) != peers.subtracting([peer]) { fail("session with \(session.otherPeers)") }
  }
}

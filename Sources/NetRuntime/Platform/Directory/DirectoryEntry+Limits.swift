extension DirectoryEntry {
  /// Whether all of the entry keeps to the limits.
  func checkLimits() throws(DirectoryError) {
    guard id.rawValue != 0 else { throw .malformed("the id of an entry cannot be 0") }
    try Limits.check(title.utf8.count, 1...Limits.entryTextSize, "the title has", "bytes")
    try Limits.check(name.count, 0...Limits.entryTextSize, "the name has", "bytes")
    try Limits.check(maximum, 1...Limits.lobbyMembers, "there would be", "members at most")
    try Limits.check(members.count, 0...maximum, "the entry has", "members")
    try Limits.check(password?.count ?? 0, 0...Limits.entryTextSize, "the password has", "bytes")
    try Limits.check(reservations.count, 0...Limits.entryGuests, "places are kept for", "players")
    try Limits.check(invited.count, 0...Limits.entryGuests, "the entry has", "players that are invited")
    try Limits.check(kicked.count, 0...Limits.entryGuests, "the entry has", "players that were put out")
    try Limits.checkKeywords(keywords)
    try Limits.checkData(data, size: Limits.lobbyDataSize)
    for member in members {
      try Limits.check(member.name.utf8.count, 0...Limits.playerNameSize, "a member's name has", "bytes")
      try Limits.check(member.endpoints.count, 0...Limits.playerEndpoints, "a member has", "addresses")
      try Limits.checkData(member.data, size: Limits.memberDataSize)
    }
  }
}

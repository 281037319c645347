extension DirectoryEntry {
  /// Whether a change of an entry keeps to the limits; what it leaves as it was is not looked at.
  func check(changedFrom before: DirectoryEntry) throws(DirectoryError) {
    if data != before.data { try Limits.checkData(data, size: Limits.lobbyDataSize) }
    if keywords != before.keywords { try Limits.checkKeywords(keywords) }
    if name != before.name { try Limits.check(name.count, 0...Limits.entryTextSize, "the name has", "bytes") }
    if password != before.password {
      try Limits.check(password?.count ?? 0, 0...Limits.entryTextSize, "the password has", "bytes")
    }
    if maximum != before.maximum {
      try Limits.check(maximum, 1...Limits.lobbyMembers, "there would be", "members at most")
      guard maximum >= members.count else {
        throw .malformed("there are \(members.count) members already; the maximum cannot be \(maximum)")
      }
    }
    for member in members {
      let known = before.member(member.player)?.data ?? [:]
      if member.data != known { try Limits.checkData(member.data, size: Limits.memberDataSize) }
    }
  }
}

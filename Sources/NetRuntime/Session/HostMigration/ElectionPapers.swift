/// What a survivor knows of the session's members.
struct SurvivorView {
  /// How often the session has changed its host, as far as the survivor knows.
  var reign: UInt32
  /// The survivor itself.
  var own: MemberInfo
  /// The hosts that it knows to be gone, by their joins: their objects wait for a new owner.
  var formerHosts: [UInt32]
  /// Joins of members that it knows to have been removed; the latest.
  var removed: [UInt32]
  /// The other members, the host left out.
  var members: [MemberInfo]
}

/// A claim: what the claimant knows. Voters answer only with what they know otherwise.
struct ElectionClaim {
  struct Entry {
    var id: UInt32
    var version: ObjectVersion
    /// Hash of the fields' values.
    var hash: UInt32
  }

  var view: SurvivorView
  /// Counts the claimant's claims: a vote and a commit speak of one of them.
  var number: UInt32
  /// By id.
  var inventory: [Entry]
}

/// A vote.
struct ElectionBallot {
  /// How a voter knows an object of the claimant's inventory.
  enum Code: UInt8 {
    case lacks
    case same
    /// In the same hands, with other values.
    case differs
    /// In other hands, or destroyed.
    case contradicts
  }

  /// An object as a voter knows it.
  struct Object {
    var id: UInt32
    var version: ObjectVersion
    var type: Int
    var ownerJoin: UInt32
    /// The low halves of the values' times, 0 for none.
    var times: [UInt32]
    /// The packed fields, one behind the other.
    var fields: [UInt8]
  }

  var view: SurvivorView
  /// The claim's.
  var number: UInt32
  /// For each entry of the inventory.
  var codes: [Code]
  var objects: [Object] = []
  var destroyed: [(id: UInt32, version: ObjectVersion)] = []
}

/// What a new host tells those who voted for it.
struct ElectionCommit {
  var reign: UInt32
  /// Joins that the new host gives are higher.
  var lastJoin: UInt32
  var formerHosts: [UInt32]
  /// The claim's.
  var number: UInt32
  /// All members, the new host and the receiver among them.
  var members: [MemberInfo]
  /// For each entry of the claim's inventory, whether the receiver may keep the object as it knows it: those of former
  /// hosts become the new host's.
  var kept: [Bool]
}

extension ByteWriter {
  mutating func write(_ view: SurvivorView) {
    write(view.reign)
    write(view.own)
    write(joins: view.formerHosts)
    write(joins: view.removed)
    write(view.members)
  }

  mutating func write(_ claim: ElectionClaim) {
    write(claim.view)
    write(claim.number)
    write(UInt32(claim.inventory.count))
    var last: UInt32 = 0
    for entry in claim.inventory {
      write(varint: UInt64(entry.id &- last))
      write(varint: UInt64(entry.version.creatorJoin))
      write(varint: entry.version.birth & 0xFFFF_FFFF)
      write(varint: entry.version.stamp)
      write(entry.hash)
      last = entry.id
    }
  }

  mutating func write(_ ballot: ElectionBallot) {
    write(ballot.view)
    write(ballot.number)
    write(UInt32(ballot.codes.count))
    for start in stride(from: 0, to: ballot.codes.count, by: 4) {
      let four = ballot.codes[start..<min(start + 4, ballot.codes.count)]
      write(four.reversed().reduce(0 as UInt8) { $0 << 2 | $1.rawValue })
    }
    write(UInt32(ballot.destroyed.count))
    for (id, version) in ballot.destroyed {
      write(id)
      write(version)
    }
    write(UInt32(ballot.objects.count))
    for object in ballot.objects {
      write(object.id)
      write(object.version)
      write(UInt16(object.type))
      write(object.ownerJoin)
      for time in object.times { write(time) }
      write(UInt16(object.fields.count))
      write(object.fields)
    }
  }

  mutating func write(_ commit: ElectionCommit) {
    write(commit.reign)
    write(commit.lastJoin)
    write(joins: commit.formerHosts)
    write(commit.number)
    write(commit.members)
    write(UInt32(commit.kept.count))
    for start in stride(from: 0, to: commit.kept.count, by: 8) {
      var bits: UInt8 = 0
      for index in start..<min(start + 8, commit.kept.count) where commit.kept[index] {
        bits |= 1 << UInt8(index - start)
      }
      write(bits)
    }
  }
}

extension ByteReader {
  mutating func view() -> SurvivorView? {
    let reign: UInt32 = read()
    guard reign < Limits.joins, let own = member(), let hosts = joins(), let removed = joins(),
      let members = members()
    else { return nil }
    return SurvivorView(reign: reign, own: own, formerHosts: hosts, removed: removed, members: members)
  }

  mutating func claim() -> ElectionClaim? {
    guard let view = view() else { return nil }
    let number: UInt32 = read()
    guard let count = count(each: 8), count <= Limits.objects else { return nil }
    var inventory: [ElectionClaim.Entry] = []
    inventory.reserveCapacity(count)
    var id: UInt64 = 0
    for _ in 0..<count {
      id &+= varint()
      let (join, births, stamp) = (varint(), varint(), varint())
      let isSound = id > inventory.last.map { UInt64($0.id) } ?? 0 && max(id, join, births) <= UInt64(UInt32.max)
      let version = ObjectVersion(birth: join << 32 | births, stamp: stamp)
      guard isSound, version.isPossible else { return nil }
      inventory.append(ElectionClaim.Entry(id: UInt32(id), version: version, hash: read()))
    }
    return failed || remaining > 0 ? nil : ElectionClaim(view: view, number: number, inventory: inventory)
  }

  mutating func ballot(_ layouts: ObjectLayouts) -> ElectionBallot? {
    guard let view = view() else { return nil }
    let number: UInt32 = read()
    let codeCount = Int(read(UInt32.self))
    guard !failed, codeCount <= min(remaining * 4, Limits.objects) else { return nil }
    var ballot = ElectionBallot(view: view, number: number, codes: [])
    while ballot.codes.count < codeCount {
      var four: UInt8 = read()
      for _ in 0..<min(4, codeCount - ballot.codes.count) {
        guard let code = ElectionBallot.Code(rawValue: four & 3) else { return nil }
        ballot.codes.append(code)
        four >>= 2
      }
    }
    guard let destroyedCount = count(each: 20) else { return nil }
    for _ in 0..<destroyedCount {
      let id: UInt32 = read()
      guard let version = version() else { return nil }
      ballot.destroyed.append((id, version))
    }
    guard let objectCount = count(each: 28) else { return nil }
    for _ in 0..<objectCount {
      guard let object = object(layouts) else { return nil }
      ballot.objects.append(object)
    }
    return failed || remaining > 0 ? nil : ballot
  }

  private mutating func object(_ layouts: ObjectLayouts) -> ElectionBallot.Object? {
    let id: UInt32 = read()
    guard let version = version() else { return nil }
    let type = Int(read(UInt16.self))
    let owner: UInt32 = read()
    guard !failed, type < layouts.count, ObjectIDs.slot(of: id) != nil else { return nil }
    let times = (0..<layouts[type].fieldCount).map { _ in read(UInt32.self) }
    let fields = array(Int(read(UInt16.self)))
    guard !failed else { return nil }
    let isSound = fields.withUnsafeBytes { buffer in
      var reader = BitReader(buffer)
      return layouts.skipFields(of: type, &reader) && reader.remainingBits < 8
    }
    guard isSound else { return nil }
    return ElectionBallot.Object(id: id, version: version, type: type, ownerJoin: owner, times: times, fields: fields)
  }

  mutating func commit() -> ElectionCommit? {
    let reign: UInt32 = read()
    let lastJoin: UInt32 = read()
    guard reign <= Limits.joins, lastJoin < Limits.joins, let hosts = joins() else { return nil }
    let number: UInt32 = read()
    guard let members = members() else { return nil }
    let count = Int(read(UInt32.self))
    guard !failed, count <= Limits.objects, remaining == (count + 7) / 8 else { return nil }
    var kept: [Bool] = []
    kept.reserveCapacity(count)
    while kept.count < count {
      let bits: UInt8 = read()
      for bit in 0..<min(8, count - kept.count) { kept.append(bits >> UInt8(bit) & 1 != 0) }
    }
    return ElectionCommit(
      reign: reign, lastJoin: lastJoin, formerHosts: hosts, number: number, members: members, kept: kept)
  }

  /// A number of things that take at least so many bytes each; nil when there are not as many.
  private mutating func count(each size: Int) -> Int? {
    let count = Int(read(UInt32.self))
    return failed || count > remaining / size ? nil : count
  }
}

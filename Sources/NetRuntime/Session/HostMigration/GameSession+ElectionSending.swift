/// What a survivor sends.
extension GameSession {
  private func link(to peer: PeerID) -> LinkID? {
    guard let link = links.link(to: peer) else { return nil }
    return [.connecting, .connected].contains(links.state(of: link)) ? link : nil
  }

  private func peer(of join: UInt32) -> PeerID? {
    membership.member(join: join)?.peer ?? migration.strangers.first { $0.join == join }?.peer
  }

  /// - Returns: The stream offset behind a reliable message.
  @discardableResult
  func post(_ bytes: [UInt8], to peer: PeerID, isReliable: Bool) -> UInt64? {
    guard let link = link(to: peer) else { return nil }
    return bytes.withUnsafeBytes { body in
      // A connection that has just ended tells so by itself.
      if isReliable { return try? links.sendReliable(.session, body, to: link, share: .engine) }
      try? links.sendUnreliable(.session, body, priority: 0.1, to: link)
      return nil
    }
  }

  private func head(_ kind: ElectionMessage.Kind) -> ByteWriter {
    ElectionMessage.head(kind, session: membership.session, sender: membership.ownJoin)
  }

  func sendElection(_ kind: ElectionMessage.Kind, to join: UInt32) {
    guard let peer = peer(of: join) else { return }
    post(head(kind).bytes, to: peer, isReliable: true)
  }

  func sendBeat(to peer: PeerID, wantsAnswer: Bool) {
    var writer = head(.beat)
    writer.write(
      ElectionBeat(
        slot: membership.ownSlot, reign: membership.reign, hasLostHost: membership.isHostLost,
        wantsAnswer: wantsAnswer))
    post(writer.bytes, to: peer, isReliable: false)
  }

  /// Tells a peer whose session this peer is in, and whether it is a member there.
  func sendWinner(to peer: PeerID, _ join: UInt32, isReliable: Bool) {
    guard let host = membership.host else { return }
    let isMember = membership.member(join: join) != nil
    let wasRemoved = membership.removed.contains(join)
    var writer = head(.won)
    // Who was removed is out, whatever reign it knows of.
    writer.write(
      ElectionWinner(
        reign: wasRemoved ? .max : membership.reign, join: membership.hostJoin, peer: host, isMember: isMember))
    post(writer.bytes, to: peer, isReliable: isReliable)
  }

  /// Tells all survivors that this peer is not a member any more.
  func sayGone() {
    for survivor in survivorInfos { post(head(.gone).bytes, to: survivor.peer, isReliable: true) }
  }

  /// Sends a claim, a vote or a commit, in pieces.
  /// - Returns: The stream offset behind it.
  @discardableResult
  func send(_ paper: ByteWriter, as kind: ElectionMessage.Kind, to peer: PeerID) -> UInt64? {
    let bytes = paper.bytes
    var start = 0
    var offset: UInt64?
    repeat {
      let end = min(start + Limits.electionPieceBytes, bytes.count)
      var writer = head(kind)
      writer.write((start == 0 ? 1 : 0) | (end == bytes.count ? 2 : 0) as UInt8)
      writer.write(bytes[start..<end])
      offset = post(writer.bytes, to: peer, isReliable: true)
      start = end
    } while start < bytes.count
    return offset
  }

  // MARK: Papers

  private var view: SurvivorView {
    SurvivorView(
      reign: membership.reign,
      own: MemberInfo(peer: links.localPeer, slot: membership.ownSlot, join: membership.ownJoin),
      formerHosts: migration.formerHosts.sorted().suffix(64), removed: membership.removed,
      members: Array(survivorInfos.prefix(Limits.peers)))
  }

  func sendClaim(to join: UInt32) {
    guard let peer = peer(of: join) else { return }
    if migration.inventory == nil {
      migration.claims &+= 1
      migration.inventory = makeInventory()
    }
    var writer = ByteWriter()
    writer.write(ElectionClaim(view: view, number: migration.claims, inventory: migration.inventory ?? []))
    send(writer, as: .claim, to: peer)
  }

  func sendVote(for join: UInt32) {
    guard let offer = migration.offers[join] else { return }
    var writer = ByteWriter()
    writer.write(makeBallot(offer))
    send(writer, as: .vote, to: offer.claimant.peer)
  }

  /// What survivors have to compare: the objects that need a new owner, and where the host passed everything on, all.
  private func makeInventory() -> [ElectionClaim.Entry] {
    let rows = (0..<table.rowCount).filter { table.rows[$0].state == .live && (isClientServer || isOrphan($0)) }
    return rows.sorted { table.rows[$0].id < table.rows[$1].id }.map { row in
      ElectionClaim.Entry(id: table.rows[row].id, version: table.rows[row].version, hash: valueHash(row))
    }
  }

  /// Whether an object's owner is a host that is gone.
  func isOrphan(_ row: Int) -> Bool {
    migration.formerHosts.contains(table.rows[row].ownerJoin) && table.rows[row].ownerJoin != membership.ownJoin
  }

  func valueHash(_ row: Int) -> UInt32 {
    var hash = UInt64(table.rows[row].type)
    for field in 0..<table.fieldCount(row) {
      var reader = table.cell(row, field).reader
      hash = (hash ^ UInt64(reader.remainingBits)) &* 0xC6A4_A793_5BD1_E995
      while reader.remainingBits > 0 {
        hash ^= reader.read(bits: min(64, reader.remainingBits))
        hash = (hash ^ hash &>> 29) &* 0xC6A4_A793_5BD1_E995
      }
    }
    return UInt32(truncatingIfNeeded: hash &>> 32)
  }

  private func makeBallot(_ offer: HostMigration.Offer) -> ElectionBallot {
    var ballot = ElectionBallot(view: view, number: offer.number, codes: [])
    var named: Set<UInt32> = []
    for entry in offer.inventory {
      named.insert(entry.id)
      guard let row = table.row(of: entry.id), table.rows[row].state == .live else {
        if let version = table.version(of: entry.id) {
          ballot.codes.append(.contradicts)
          ballot.destroyed.append((entry.id, version))
        } else {
          ballot.codes.append(.lacks)
        }
        continue
      }
      if table.rows[row].version == entry.version {
        let isSame = valueHash(row) == entry.hash
        ballot.codes.append(isSame ? .same : .differs)
        if !isSame, isOrphan(row) { ballot.objects.append(copy(row)) }
      } else {
        ballot.codes.append(.contradicts)
        ballot.objects.append(copy(row))
      }
    }
    // An object that was given away under the old host may be known to its giver alone.
    for row in table.liveRows(where: { !named.contains($0.id) }) {
      if isOrphan(row) || isClientServer && table.rows[row].awaitsOwner { ballot.objects.append(copy(row)) }
    }
    return ballot
  }

  private func copy(_ row: Int) -> ElectionBallot.Object {
    let record = table.rows[row]
    var times: [UInt32] = []
    let bytes = (table.packedBits(row) + 7) / 8
    let fields = [UInt8](unsafeUninitializedCapacity: bytes + 8) { buffer, count in
      var writer = BitWriter(UnsafeMutableRawBufferPointer(buffer))
      for field in 0..<table.fieldCount(row) {
        let cell = table.cell(row, field)
        times.append(UInt32(truncatingIfNeeded: cell.time))
        var value = cell.reader
        writer.copyBits(from: &value, count: value.remainingBits)
      }
      count = writer.flush()
    }
    return ElectionBallot.Object(
      id: record.id, version: record.version, type: Int(record.type), ownerJoin: record.ownerJoin, times: times,
      fields: fields)
  }
}

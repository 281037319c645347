/// Reliable messages between two clients, which outlive the host that they go over.
extension GameSession {
  /// Keeps a message until its target has it, and sends it over the host, if there is one; if not, the next host gets
  /// it.
  func relayKept(_ body: UnsafeRawBufferPointer, to member: SessionMember) throws(SendError) {
    let join = member.info.join
    let size = RelayLedger.size(of: body)
    let left = max(0, links.reliableBufferSize - relays.bytesKept(for: join))
    guard size <= left else { throw .bufferFull(needed: size, left: left) }
    if !membership.isHostLost, let link = traffic[Int(membership.hostSlot)].link {
      let number = relays.nextNumber(for: join)
      do throws(SendError) {
        try wrap(body, { SessionMessage.write(.keptRelay, join, number, to: &$0) }) { wrapped throws(SendError) in
          try links.sendReliable(.session, wrapped, to: link, share: .script)
        }
      } catch {
        // The end of the connection is told by itself, and another host will get the message.
        if error != .notConnected { throw error }
      }
    }
    _ = relays.keep(body, for: join)
  }

  /// Bytes that may still be queued for another client; nil where messages do not go over the host.
  public func relayBytesLeft(to peer: PeerID) -> Int? {
    guard isClientServer, !membership.isHost, let member = membership.member(peer), !isDirect(member.slot) else {
      return nil
    }
    let kept = max(0, links.reliableBufferSize - relays.bytesKept(for: member.info.join))
    guard !membership.isHostLost, let link = traffic[Int(membership.hostSlot)].link else { return kept }
    return min(kept, links.reliableBytesLeft(on: link))
  }

  /// The host passes a client's message on, or takes it: one that was meant for a client may reach it as the next host.
  func relayKept(_ body: UnsafeRawBufferPointer, _ number: UInt32, from sender: SessionMember, to join: UInt32) {
    if join == membership.ownJoin {
      if relays.take(number, from: sender.info.join) { deliverMessage(from: sender.peer, body) }
    } else if let target = membership.member(join: join), target.slot != sender.slot {
      return passOn(body, number, source: sender.info.join, sourceSlot: sender.slot, to: target)
    }
    send(to: sender.slot) { SessionMessage.write(.relayDone, join, number, to: &$0) }
  }

  func passOn(
    _ body: UnsafeRawBufferPointer, _ number: UInt32, source: UInt32, sourceSlot: UInt8, to target: SessionMember
  ) {
    guard let link = traffic[Int(target.slot)].link else { return }
    do throws(SendError) {
      // By its join number: the sender's slot may be another's when the message arrives.
      try wrap(body, { SessionMessage.write(.keptRelayed, source, number, to: &$0) }) { wrapped throws(SendError) in
        let offset = try links.sendReliable(.session, wrapped, to: link, share: .engine)
        traffic[Int(target.slot)].relays.append(source: sourceSlot, number: number, offset: offset)
      }
    } catch {
      if error != .notConnected {
        log(.warnings, "a message to peer \(target.peer) was not relayed: \(SessionError.send(error))")
      }
    }
  }

  /// Tells the senders of messages that a member has them.
  func tellOfRelays(_ slot: UInt8, acknowledged: UInt64) {
    guard membership.isHost, let target = membership[slot]?.info.join else { return }
    var relays = RelaysInFlight()
    swap(&relays, &traffic[Int(slot)].relays)
    relays.arrived(acknowledged: acknowledged) { source, number in
      if source == membership.ownSlot {
        self.relays.delivered(upTo: number, to: target)
      } else {
        send(to: source) { SessionMessage.write(.relayDone, target, number, to: &$0) }
      }
    }
    swap(&relays, &traffic[Int(slot)].relays)
  }
}

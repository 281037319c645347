extension Connections {
  /// Closes a link: what is queued still goes out, within two seconds, if the other end takes it. The event `closed`
  /// follows at once; a broken link is removed.
  public func close(_ link: LinkID) {
    guard let place = table.pointee[link] else { return }
    switch place.pointee.phase {
    case .connecting, .broken:
      report(.closed(.localClose), place)
      bury(place)
    case .comparing where !place.pointee.isWanted, .lingering, .drained, .dead: return
    case .comparing, .connected:
      report(.closed(.localClose), place)
      linger(place, .closed)
    }
  }

  /// Sends what is queued and says goodbye on every link at once, for the program may end right now. If it does not,
  /// `receive` and `transmit` see to it that the last data arrives, until `isFinished`. No link can be opened any more.
  public func shutdown(at now: Double) {
    guard !isShutDown else { return }
    isShutDown = true
    self.now = max(self.now, now)
    pending = PendingHandshakes()
    for index in 0..<table.pointee.end {
      guard let link = table.pointee[index] else { continue }
      switch link.pointee.phase {
      case .connecting, .broken:
        report(.closed(.localClose), link)
        bury(link)
      case .comparing, .drained, .dead:
        bury(link)
      case .connected, .lingering:
        if link.pointee.phase == .connected {
          report(.closed(.localClose), link)
          linger(link, .shutdown)
        }
        sayGoodbye(link)
      }
    }
    sweep()
  }

  /// True once a shut-down `Connections` has nothing left to send or to wait for.
  public var isFinished: Bool {
    guard isShutDown else { return false }
    return (0..<table.pointee.end).allSatisfy { table.pointee[$0]?.pointee.phase != .lingering }
  }

  private func sayGoodbye(_ link: LinkPointer) {
    link.pointee.limiter.set(rate: .infinity, burst: 1e9)
    sendPackets(link, state: nil)
    // Said three times in all, for nobody may be there to say it again.
    for _ in 0..<2 {
      link.pointee.close.lost()
      sendPacket(link)
    }
  }

  /// Ends a link that misbehaves or fell silent. The rooms above have to close it, if they know it.
  func breakLink(_ link: LinkPointer, _ reason: DisconnectReason) {
    switch link.pointee.phase {
    case .broken, .dead, .drained: return
    case .connecting: refuse(link, .noAnswer, lingering: false)
    case .comparing:
      if link.pointee.isWanted {
        refuse(link, .schemaMismatch(differences: []), lingering: false)
      } else {
        bury(link)
      }
    case .lingering: bury(link)
    case .connected:
      if reason != .timeout && reason != .remoteBroke {
        link.pointee.close.close(.broken, deadline: now)
        sendPacket(link)
      }
      link.pointee.enter(.broken, at: now)
      report(.broken(reason), link)
    }
  }

  /// The peer of a link came back with a new one.
  func replace(_ link: LinkPointer) {
    if link.pointee.phase == .connected { report(.broken(.replaced), link) }
    if link.pointee.phase != .lingering { report(.closed(.replaced), link) }
    bury(link)
  }

  /// Ends an attempt to connect.
  func refuse(_ link: LinkPointer, _ reason: RefusalReason, lingering: Bool) {
    report(.refused(reason), link)
    if lingering { linger(link, .schemaMismatch) } else { bury(link) }
  }

  /// Acts on what the other end's close and this end's have come to.
  func settleClose(_ link: LinkPointer) {
    if let code = link.pointee.close.remoteEnd(
      received: link.pointee.incoming.received, silence: now - link.pointee.ping.lastHeard)
    {
      switch (link.pointee.phase, code) {
      case (.connected, .broken):
        breakLink(link, .remoteBroke)
      case (.connected, _):
        report(.closed(code == .shutdown ? .remoteShutdown : .remoteClose), link)
        table.pointee.hide(link)
        link.pointee.enter(.drained, at: now)
      case (.comparing, _):
        if link.pointee.isWanted { report(.refused(.schemaMismatch(differences: [])), link) }
        table.pointee.hide(link)
        link.pointee.enter(.drained, at: now)
      default: break
      }
    }
    if link.pointee.phase == .lingering,
      link.pointee.close.isOver(streamDrained: link.pointee.outgoing.isDrained, at: now)
    {
      bury(link)
    }
  }

  private func linger(_ link: LinkPointer, _ code: CloseCode) {
    table.pointee.hide(link)
    link.pointee.unreliable.clear()
    link.pointee.close.close(code, deadline: now + LinkTimes.linger)
    link.pointee.enter(.lingering, at: now)
    fetches[link.pointee.id.index] = nil
  }

  /// Marks a link for removal: its memory may still be at work further up the stack.
  func bury(_ link: LinkPointer) {
    table.pointee.hide(link)
    initiators[link.pointee.id.index] = nil
    fetches[link.pointee.id.index] = nil
    link.pointee.enter(.dead, at: now)
  }

  /// Removes the dead.
  func sweep() {
    for index in stride(from: table.pointee.end - 1, through: 0, by: -1) {
      if let link = table.pointee[index], link.pointee.phase == .dead { table.pointee.remove(link) }
    }
  }
}

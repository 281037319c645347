/// What goes into a datagram, and in which order; docs/scheduling.md tells why.
extension Connections {
  /// Space below which the state source is not asked: no change with its head fits.
  private static let leastState = 24
  /// Space below which the stream is not cut into: the head would cost more than it carries.
  private static let leastSegment = 24

  /// Fills a packet with data: reliable data first, then unreliable messages, then state. Where the rate is short, none
  /// of them takes everything, and each comes first in turn, so that what is large finds its datagram.
  /// - Parameter limit: Bytes of frames that the packet should have.
  @inline(__always)
  func writeData(
    _ link: LinkPointer, state: (any StateSource)?, _ record: inout SentPacket, to body: UnsafeMutableRawPointer,
    _ used: inout Int, limit: Int
  ) {
    let hasState = state?.hasState(for: link.pointee.id) ?? false
    let turn = link.pointee.turn % Limits.datagramsPerTurn
    if hasState, let state, turn == 0 {
      writeState(link, state, &record, to: body, &used, end: min(used + Limits.stateTurnBytes, FrameKind.capacity))
    } else if turn == Limits.datagramsPerTurn / 2 {
      writeUnreliable(link, to: body, &used, end: limit, isTurn: true)
    }
    let hasOthers = hasState && turn != 0 || link.pointee.unreliable.count > 0
    writeStream(link, &record, to: body, &used, end: hasOthers ? limit - limit / 4 : limit)
    writeUnreliable(link, to: body, &used, end: hasState && turn != 0 ? limit - limit / 8 : limit)
    if let state, turn != 0 || record.stateCount == 0 { writeState(link, state, &record, to: body, &used, end: limit) }
    // Others may have taken less than was left to them.
    if hasOthers { writeStream(link, &record, to: body, &used, end: limit) }
    if hasState { writeUnreliable(link, to: body, &used, end: limit) }
  }

  /// Whether anything waits that could be sent now.
  func hasData(_ link: LinkPointer, state: (any StateSource)?) -> Bool {
    link.pointee.outgoing.lostSegments > 0 || link.pointee.unreliable.count > 0
      || link.pointee.outgoing.sendable(window: link.pointee.remoteWindow) > 0
      || state?.hasState(for: link.pointee.id) == true
  }

  @inline(__always)
  private func writeStream(
    _ link: LinkPointer, _ record: inout SentPacket, to body: UnsafeMutableRawPointer, _ used: inout Int, end: Int
  ) {
    // A piece is resent as a whole, whatever size is right now.
    while link.pointee.outgoing.lostSegments > 0 && record.runCount < SentPacket.runs - 1 {
      let space = FrameKind.capacity - used - FrameKind.streamHead
      guard let lost = link.pointee.outgoing.takeLost(space: space, packet: record.sequence) else { break }
      record.append(lost.run)
      writeStreamFrame(link, offset: lost.offset, length: lost.length, to: body, &used)
    }
    let available = link.pointee.outgoing.sendable(window: link.pointee.remoteWindow)
    guard available > 0, record.runCount < SentPacket.runs else { return }
    let space = min(end - used - FrameKind.streamHead, FrameKind.segmentSize)
    guard space >= min(available, Self.leastSegment) else { return }
    let length = min(available, space)
    let fresh = link.pointee.outgoing.takeFresh(length: length, packet: record.sequence)
    record.append(fresh.run)
    writeStreamFrame(link, offset: fresh.offset, length: length, to: body, &used)
  }

  @inline(__always)
  private func writeStreamFrame(
    _ link: LinkPointer, offset: UInt64, length: Int, to body: UnsafeMutableRawPointer, _ used: inout Int
  ) {
    let frame = body + used
    frame.storeBytes(of: FrameKind.stream, as: UInt8.self)
    frame.storeBytes(of: UInt32(truncatingIfNeeded: offset).littleEndian, toByteOffset: 1, as: UInt32.self)
    frame.storeBytes(of: UInt16(truncatingIfNeeded: length).littleEndian, toByteOffset: 5, as: UInt16.self)
    link.pointee.outgoing.copy(from: offset, count: length, into: frame + FrameKind.streamHead)
    used += FrameKind.streamHead + length
  }

  /// - Parameter isTurn: One message goes even if it is longer than the packet should be.
  @inline(__always)
  private func writeUnreliable(
    _ link: LinkPointer, to body: UnsafeMutableRawPointer, _ used: inout Int, end: Int, isTurn: Bool = false
  ) {
    var end = isTurn ? FrameKind.capacity : end
    while let size = link.pointee.unreliable.nextSize, used + 1 + size <= end {
      body.storeBytes(of: FrameKind.unreliable, toByteOffset: used, as: UInt8.self)
      link.pointee.unreliable.pop(into: body + used + 1)
      used += 1 + size
      // One, and no more than it has to be.
      if isTurn { end = used }
    }
  }

  @inline(__always)
  private func writeState(
    _ link: LinkPointer, _ state: any StateSource, _ record: inout SentPacket, to body: UnsafeMutableRawPointer,
    _ used: inout Int, end: Int
  ) {
    let space = end - used - FrameKind.stateHead
    guard space >= Self.leastState else { return }
    stateRecords.removeAll(keepingCapacity: true)
    let buffer = UnsafeMutableRawBufferPointer(start: body + used + FrameKind.stateHead, count: space)
    let written = state.writeState(for: link.pointee.id, into: buffer, records: &stateRecords, at: now)
    guard written > 0, written <= space else { return }
    body.storeBytes(of: FrameKind.state, toByteOffset: used, as: UInt8.self)
    body.storeBytes(of: UInt16(truncatingIfNeeded: written).littleEndian, toByteOffset: used + 1, as: UInt16.self)
    used += FrameKind.stateHead + written
    let start = stateRecords.withUnsafeBufferPointer { link.pointee.keepStates($0) }
    record.stateStart = start
    record.stateCount = UInt32(stateRecords.count)
  }
}

extension Link {
  /// Keeps a packet's state records until its fate is known.
  fileprivate mutating func keepStates(_ records: UnsafeBufferPointer<UInt64>) -> UInt64 {
    let oldest = sent.inFlight > 0 ? sent.packet(sent.oldest).pointee.stateStart : states.next
    return states.append(records, oldest: oldest)
  }
}

/// The orderly end of a link: what this end has said and the other end has taken, or the other way round.
struct CloseHandshake {
  private enum State {
    case open
    /// This end closes; the frame is sent until it is acknowledged.
    case closing(CloseCode, frame: Delivery, deadline: Double)
    /// The other end closes; its stream ends at `end`.
    case closed(CloseCode, end: UInt64)
  }

  private enum Delivery { case due, inFlight, acknowledged }

  private var state = State.open

  /// Starts to close; the other end's close, if it came first, stands.
  mutating func close(_ code: CloseCode, deadline: Double) {
    guard case .open = state else { return }
    state = .closing(code, frame: .due, deadline: deadline)
  }

  /// The reason to write into the next packet; nil when there is none to write. A packet that goes anyway carries it
  /// again.
  func frame(withData: Bool) -> CloseCode? {
    guard case .closing(let code, let frame, _) = state else { return nil }
    switch frame {
    case .due: return code
    case .inFlight: return withData ? code : nil
    case .acknowledged: return nil
    }
  }

  var isDue: Bool {
    if case .closing(_, .due, _) = state { return true }
    return false
  }

  mutating func sent() { move(from: .due, to: .inFlight) }
  mutating func lost() { move(from: .inFlight, to: .due) }

  mutating func acknowledged() {
    guard case .closing(let code, _, let deadline) = state else { return }
    state = .closing(code, frame: .acknowledged, deadline: deadline)
  }

  private mutating func move(from old: Delivery, to new: Delivery) {
    guard case .closing(let code, let frame, let deadline) = state, frame == old else { return }
    state = .closing(code, frame: new, deadline: deadline)
  }

  /// True once this end's close needs no more packets.
  func isOver(streamDrained: Bool, at now: Double) -> Bool {
    guard case .closing(_, let frame, let deadline) = state else { return false }
    return now >= deadline || (frame == .acknowledged && streamDrained)
  }

  /// The other end closes; a repetition changes nothing.
  mutating func received(_ code: CloseCode, end: UInt64) {
    guard case .open = state else { return }
    state = .closed(code, end: end)
  }

  /// Why the other end closed, once everything that it sent before has come or is given up.
  /// - Parameter silence: Seconds since the last packet: as long as packets come, what is missing may come too.
  func remoteEnd(received: UInt64, silence: Double) -> CloseCode? {
    guard case .closed(let code, let end) = state else { return nil }
    let patience = code == .shutdown ? LinkTimes.shutdownPatience : LinkTimes.closePatience
    return code == .broken || received >= end || silence >= patience ? code : nil
  }

  /// Where the other end's stream ends, once that is known.
  var streamEnd: UInt64? {
    if case .closed(_, let end) = state { return end }
    return nil
  }
}

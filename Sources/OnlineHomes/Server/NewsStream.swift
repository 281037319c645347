import NIOCore
import NetRuntime
import Synchronization

/// One player's open stream of news. The service wakes it, and cuts it off where nobody reads.
final class NewsStream: Sendable {
  private struct State {
    /// When the bytes under way began to be written; nil while none are.
    var writing: Double?
    /// When something began to be written last. Not its end: who reads it may be quicker than this is told.
    var wrote: Double
    var wantsSign = false
    var end: NewsLog.Event?
    var isEnded = false
  }

  let player: PeerID
  let run: UInt64
  private let channel: any Channel
  /// Seconds without news before a sign of life. Not the same for all: streams that were opened at once, as after the
  /// server's start, would all want their signs at once.
  private let silence: Double
  private let state: Mutex<State>
  /// Yields when there may be something to write, and ends with the stream.
  let signals: AsyncStream<Void>
  private let signal: AsyncStream<Void>.Continuation

  init(player: PeerID, run: UInt64, channel: any Channel, at now: Double) {
    self.player = player
    self.run = run
    self.channel = channel
    silence = Limits.newsSilence * (0.5 + 0.5 * Double(player.spread >> 11) / 0x1p53)
    state = Mutex(State(wrote: now))
    (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  func wake() { signal.yield() }

  /// Ends the stream, with a last event where there is one.
  func end(_ event: NewsLog.Event? = nil) {
    state.withLock { state in
      guard !state.isEnded else { return }
      state.end = event
      state.isEnded = true
    }
    signal.yield()
    signal.finish()
  }

  /// Ends the stream because its player listens at another one. Where what is under way is not being read, it would
  /// wait here for long, and so could any number of them.
  func endForAnother() {
    if state.withLock({ $0.writing != nil }) { channel.close(mode: .all, promise: nil) }
    end()
  }

  /// Whether the stream has to end, and with what.
  var ending: (isEnded: Bool, event: NewsLog.Event?) { state.withLock { ($0.isEnded, $0.end) } }

  func beginWriting(at now: Double) {
    state.withLock { state in
      state.writing = now
      state.wrote = now
    }
  }

  func endWriting() { state.withLock { $0.writing = nil } }

  /// Whether a sign of life is due; asked once for each.
  func takeSign() -> Bool {
    state.withLock { state in
      defer { state.wantsSign = false }
      return state.wantsSign
    }
  }

  /// Closes the connection where the reader takes nothing; has a sign of life written where there was silence.
  /// - Returns: False when it was cut off.
  func sweep(at now: Double) -> Bool {
    let (isStuck, isSilent) = state.withLock { state in
      let isStuck = state.writing.map { now - $0 > Limits.slowReaderTime } ?? false
      let isSilent = state.writing == nil && now - state.wrote > silence
      if isSilent { state.wantsSign = true }
      return (isStuck, isSilent)
    }
    if isStuck {
      channel.close(mode: .all, promise: nil)
      end()
      return false
    }
    if isSilent { signal.yield() }
    return true
  }
}

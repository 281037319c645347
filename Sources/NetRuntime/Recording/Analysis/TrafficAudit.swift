/// Books every bit of a peer's traffic: fed with what went over its sockets, it says what the bits were for.
///
/// It reads recordings, and it reads along while a game runs. What it is given is not trusted: nothing in it can make
/// the audit trap, or grow beyond `Limits`.
public final class TrafficAudit {
  /// Which connection a packet belongs to. Each has reliable streams of its own.
  private struct LinkKey: Hashable {
    var link: UInt32
    var direction: TrafficDirection
  }

  private struct Lane {
    var page: Int
    var stream: StreamFollower
  }

  /// What the accounts are.
  public var accounts: TrafficAccounts { decoder.accounts }
  /// The names of messages, types and fields.
  public let config: NetworkConfig
  /// The bits of messages that are not complete yet are not in it; see `finish`.
  public private(set) var ledger: TrafficLedger
  /// When the bits went; nil when nobody asked for that.
  public private(set) var timeline: TrafficTimeline?
  /// The time of the first and the latest datagram.
  public private(set) var firstTime: Double?
  public private(set) var lastTime = 0.0

  private var decoder: TrafficDecoder
  private var lanes: [LinkKey: Lane] = [:]
  private let kinds: [TrafficKind]
  private let keepsTimes: Bool
  private let seesStart: Bool

  /// - Parameters:
  ///   - config: The schema of the traffic.
  ///   - keepsTimes: Keep a timeline.
  ///   - seesStart: Links are seen from their first packet on; else the place in their streams has to be found first.
  ///   - type: Gives the type of a living object by its id, where the game that is recorded is at hand.
  public init(
    _ config: NetworkConfig, keepsTimes: Bool, seesStart: Bool = true, type: ((UInt32) -> Int?)? = nil
  ) {
    self.config = config
    self.keepsTimes = keepsTimes
    self.seesStart = seesStart
    decoder = TrafficDecoder(config, type: type)
    let accounts = decoder.accounts
    kinds = (0..<accounts.count).map { accounts.kind(of: $0) }
    ledger = TrafficLedger(accounts: accounts.count)
  }

  // MARK: Feeding

  /// Takes a sealed packet that was sent, or that was received and opened.
  /// - Parameters:
  ///   - link: Names the connection, below `Limits.links`; before a number is used again, `end` is called.
  ///   - time: Seconds.
  ///   - body: Its content: acknowledgement and frames.
  public func packet(
    _ direction: TrafficDirection, peer: PeerID, link: UInt32, at time: Double, body: UnsafeRawBufferPointer
  ) {
    // No peer has more connections.
    guard link < UInt32(Limits.links) else {
      return unreadablePacket(direction, peer: peer, at: time, wireBytes: body.count + PacketTapping.sealedOverhead)
    }
    let page = begin(direction, peer, body.count + PacketTapping.sealedOverhead, time)
    book(page, accounts.overhead(.packetHeads), PacketHeader.size * 8, time)
    book(page, accounts.overhead(.seals), PacketCipher.tagSize * 8, time)
    guard body.count >= Acknowledgement.size else {
      if !body.isEmpty { book(page, accounts.overhead(.unreadable), body.count * 8, time) }
      return
    }
    book(page, accounts.overhead(.acknowledgements), Acknowledgement.size * 8, time)
    takeFrames(body, page, LinkKey(link: link, direction: direction), time)
  }

  /// Takes a datagram that is no packet of a link, or several alike. Whose it is, is not asked: what is in it was not
  /// proven.
  /// - Parameters:
  ///   - kind: Its first byte.
  ///   - copies: How many there were.
  ///   - wireBytes: The size of all together.
  public func datagram(
    _ direction: TrafficDirection, _ port: PacketTapping.Port, kind: UInt8, copies: Int, at time: Double,
    wireBytes: Int
  ) {
    guard copies > 0 else { return }
    let page = begin(direction, .nobody, wireBytes, time, datagrams: copies)
    let part: TrafficOverhead =
      switch (port, DatagramKind(rawValue: kind)) {
      case (.lobby, _): .discovery
      case (.game, .data?), (.game, nil): .discarded
      case (.game, _): .handshakes
      }
    book(page, accounts.overhead(part), wireBytes * 8, time, count: copies)
  }

  /// Takes a packet in which nothing can be told apart: its schema is not the audit's, or its connection is none.
  public func unreadablePacket(_ direction: TrafficDirection, peer: PeerID, at time: Double, wireBytes: Int) {
    let page = begin(direction, peer, wireBytes, time)
    book(page, accounts.overhead(.packetHeads), PacketHeader.size * 8, time)
    book(page, accounts.overhead(.unreadable), (wireBytes - PacketHeader.size) * 8, time)
  }

  /// A connection has ended: what was begun on it stays unfinished.
  public func end(link: UInt32) {
    for direction in TrafficDirection.both {
      guard let lane = lanes.removeValue(forKey: LinkKey(link: link, direction: direction)) else { continue }
      bookWaiting(lane)
    }
  }

  /// There is nothing more to come: from here on the ledger's sum is the wire.
  public func finish() {
    for lane in lanes.values { bookWaiting(lane) }
    lanes = [:]
  }

  /// Bits that are on the wire and not in the ledger yet.
  public var waitingBits: Int {
    lanes.values.reduce(0) { $0 + $1.stream.waiting.reduce(0) { $0 + $1.bits } }
  }

  private func bookWaiting(_ lane: Lane) {
    for chunk in lane.stream.waiting {
      book(lane.page, accounts.overhead(.unfinished), chunk.bits, chunk.time)
    }
  }

  private func begin(
    _ direction: TrafficDirection, _ peer: PeerID, _ wireBytes: Int, _ time: Double, datagrams: Int = 1
  ) -> Int {
    if firstTime == nil {
      firstTime = time
      if keepsTimes { timeline = TrafficTimeline(start: time, accounts: accounts.count) }
    }
    lastTime = max(lastTime, time)
    let page = TrafficLedger.page(ledger.index(of: peer), direction)
    ledger.addDatagrams(datagrams, page: page, bits: wireBytes * 8)
    return page
  }

  @inline(__always)
  private func book(_ page: Int, _ account: Int, _ bits: Int, _ time: Double, count: Int = 1) {
    ledger.add(page: page, account: account, bits: bits, count: count)
    if keepsTimes {
      timeline?.add(page: page, kind: kinds[account], account: account, bits: bits, count: count, at: time)
    }
  }

  // MARK: Frames

  private func takeFrames(_ body: UnsafeRawBufferPointer, _ page: Int, _ key: LinkKey, _ time: Double) {
    var frames = PacketFrames(body)
    var before = frames.remaining
    while let frame = frames.next() {
      switch frame {
      case .stream(_, let piece) where piece.isEmpty:
        return book(page, accounts.overhead(.unreadable), before * 8, time)
      case .stream(let offset, let piece): takeStream(offset, piece, page, key, time)
      case .unreliable(let channel, let headSize, let message):
        book(page, accounts.overhead(.frameHeads), 8, time)
        _ = decoder.decode(channel, message, headBits: headSize * 8)
        bookParts(page, time)
      case .state(let block):
        _ = decoder.decodeState(block, headBits: FrameKind.stateHead * 8)
        bookParts(page, time)
      case .control(let kind, let size): book(page, accounts.overhead(overhead(of: kind)), size * 8, time)
      }
      before = frames.remaining
    }
    if before > 0 { book(page, accounts.overhead(.unreadable), before * 8, time) }
  }

  private func overhead(of kind: UInt8) -> TrafficOverhead {
    switch kind {
    case FrameKind.ping, FrameKind.pong: .pings
    case FrameKind.close: .closes
    default: .measures
    }
  }

  /// Books what the decoder has just taken apart.
  private func bookParts(_ page: Int, _ time: Double) {
    for part in decoder.parts { book(page, Int(part.account), part.bits, time, count: Int(part.count)) }
  }

  // MARK: The reliable stream

  private func takeStream(
    _ offset: UInt32, _ piece: UnsafeRawBufferPointer, _ page: Int, _ key: LinkKey, _ time: Double
  ) {
    var lane = lanes.removeValue(forKey: key) ?? Lane(page: page, stream: StreamFollower(isAligned: seesStart))
    lane.page = page
    let outcome = lane.stream.take(offsetLow: offset, piece, at: time, probe: readsWhole) {
      channel, body, headBits, times in
      _ = decoder.decode(channel, body, headBits: headBits)
      for part in decoder.parts { bookOverTime(page, part, &times) }
    }
    lanes[key] = lane
    // A frame of nothing new is wasted whole.
    let head = outcome.repeated == piece.count ? accounts.resends : accounts.overhead(.frameHeads)
    book(page, head, FrameKind.streamHead * 8, time)
    if outcome.repeated > 0 { book(page, accounts.resends, outcome.repeated * 8, time) }
    if outcome.unreadable > 0 { book(page, accounts.overhead(.unreadable), outcome.unreadable * 8, time) }
  }

  /// Books a part at the times at which its bytes went or came.
  private func bookOverTime(_ page: Int, _ part: TrafficDecoder.Part, _ times: inout StreamTimes) {
    var left = part.bits
    var count = Int(part.count)
    repeat {
      let (time, bits) = times.take(left)
      book(page, Int(part.account), bits, time, count: count)
      left -= bits
      count = 0
    } while left > 0
  }

  /// Whether a piece of a stream is a row of whole messages.
  private func readsWhole(_ piece: UnsafeRawBufferPointer) -> Bool {
    var position = 0
    while position < piece.count, let base = piece.baseAddress {
      let head = MessageHead.read(base + position, count: piece.count - position)
      let length = Int(head.value >> 2)
      guard head.size > 0, length > 0, head.size + length <= piece.count - position else { return false }
      let body = UnsafeRawBufferPointer(start: base + position + head.size, count: length)
      guard decoder.decode(MessageChannel(twoBits: head.value), body, headBits: 0) else { return false }
      position += head.size + length
    }
    return true
  }
}

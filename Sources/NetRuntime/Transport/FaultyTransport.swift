/// Makes any transport as bad as is asked for: loss, outages, duplication, latency, and limits of bandwidth, for all
/// other ends or for one. While nothing is set, datagrams go straight through.
///
/// It has no thread: datagrams that are held leave when the transport is used after their time has come, at the latest
/// with the next frame.
public final class FaultyTransport: Transport {
  private struct Target {
    let peer: PeerID
    var faults: TransportFaults
    var endpoint: Endpoint?
  }

  private let inner: any Transport
  private let now: () -> Double
  private let seeds: any RandomSource
  /// Made when it is first needed, so that a peer without faults draws nothing.
  private lazy var random = SeededRandomSource(seed: seeds.next())

  /// Anything is set, or a datagram is held.
  private var isActive = false
  private var general = TransportFaults()
  private var targets: [Target] = []
  private var up = FaultyWay()
  private var down = FaultyWay()

  private var pool = DatagramPool()
  private var held = 0
  private var outgoing = ArrivalQueue()
  private var incoming: [SocketID: ArrivalQueue] = [:]
  private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: Limits.datagramSize + 1, alignment: 8)

  /// The destination of a held broadcast, which no single datagram has.
  private static let everybody = UInt32.max

  /// - Parameters:
  ///   - now: Seconds on a clock that never goes back.
  ///   - random: Gives the seed of what is lost, late and doubled, once there is something of the kind.
  public init(_ inner: any Transport, now: @escaping () -> Double, random: any RandomSource) {
    self.inner = inner
    self.now = now
    seeds = random
  }

  deinit {
    scratch.deallocate()
  }

  public var hasFailed: Bool { inner.hasFailed }

  public var broadcastCopies: Int { inner.broadcastCopies }

  public var localAddresses: [UInt32] { inner.localAddresses }

  public func bind(port: UInt16) throws(TransportError) -> SocketID { try inner.bind(port: port) }

  public func port(of socket: SocketID) -> UInt16 { inner.port(of: socket) }

  public func send(_ datagram: UnsafeRawBufferPointer, to destination: Endpoint, from socket: SocketID) {
    guard isActive else { return inner.send(datagram, to: destination, from: socket) }
    sendBadly(datagram, to: destination, from: socket)
  }

  public func send(
    _ datagrams: UnsafeRawBufferPointer, each size: Int, to destination: Endpoint, from socket: SocketID
  ) {
    guard isActive else { return inner.send(datagrams, each: size, to: destination, from: socket) }
    var start = 0
    while size > 0, start < datagrams.count {
      let end = min(start &+ size, datagrams.count)
      sendBadly(UnsafeRawBufferPointer(rebasing: datagrams[start..<end]), to: destination, from: socket)
      start = end
    }
  }

  public func broadcast(_ datagram: UnsafeRawBufferPointer, toPort port: UInt16, from socket: SocketID) {
    guard isActive else { return inner.broadcast(datagram, toPort: port, from: socket) }
    sendBadly(datagram, to: Endpoint(address: Self.everybody, port: port), from: socket)
  }

  public func receive(into buffer: UnsafeMutableRawBufferPointer, from socket: SocketID) -> ReceivedDatagram? {
    guard isActive else { return inner.receive(into: buffer, from: socket) }
    return receiveBadly(into: buffer, from: socket)
  }

  /// What is held of the socket's leaves at once, for it was sent before.
  public func close(_ socket: SocketID) {
    for slot in outgoing.remove(where: { pool.slots[Int($0)].socket == Int(socket.rawValue) }) { leave(slot) }
    while let slot = incoming[socket]?.pop(by: .infinity) { free(slot) }
    incoming[socket] = nil
    inner.close(socket)
    settle()
  }
}

// MARK: - What is set

extension FaultyTransport {
  /// What holds for a peer, or with nil for all that nothing else is said about.
  public func faults(of peer: PeerID?) -> TransportFaults {
    guard let peer else { return general }
    return targets.first { $0.peer == peer }?.faults ?? TransportFaults()
  }

  /// Sets what holds for a peer, or with nil for all that nothing else is said about.
  public func setFaults(_ faults: TransportFaults, of peer: PeerID?) {
    if let peer {
      targets.removeAll { $0.peer == peer }
      if faults != TransportFaults() { targets.append(Target(peer: peer, faults: faults)) }
    } else {
      general = faults.effective
    }
    settle()
  }

  /// The peers that something of their own is set for, in the order in which that was done.
  public var peersWithFaults: [PeerID] { targets.map(\.peer) }

  /// Bytes a second of all datagrams together, their IP and UDP headers included; 0 for no limit.
  public var limits: (up: Double, down: Double) {
    get { (up.rate, down.rate) }
    set {
      up.set(rate: newValue.up)
      down.set(rate: newValue.down)
      settle()
    }
  }

  /// Takes back everything that was set.
  public func reset() {
    general = TransportFaults()
    targets = []
    limits = (0, 0)
  }

  /// Sends what is due, and learns where the peers are that something is set for: to be called where a frame begins
  /// and where it transmits.
  /// - Parameter endpoint: Where a peer's datagrams go to and come from; nil while that is not known.
  func advance(endpoint: (PeerID) -> Endpoint?) {
    guard isActive else { return }
    for index in targets.indices { targets[index].endpoint = endpoint(targets[index].peer) }
    release()
    settle()
  }

  private func settle() {
    let isSet = !general.isNothing || !targets.allSatisfy(\.faults.isNothing) || up.rate > 0 || down.rate > 0
    isActive = isSet || held > 0
  }
}

// MARK: - The way of a datagram

extension FaultyTransport {
  private func sendBadly(_ datagram: UnsafeRawBufferPointer, to destination: Endpoint, from socket: SocketID) {
    release()
    let now = now()
    guard datagram.count <= Limits.datagramSize, let departure = up.departure(of: datagram.count, at: now) else {
      return
    }
    forEachArrival(with: destination, departure, at: now) { time in
      guard let slot = hold(datagram, destination, socket) else { return }
      outgoing.insert(slot: slot, at: time)
    }
    release()
  }

  private func receiveBadly(
    into buffer: UnsafeMutableRawBufferPointer, from socket: SocketID
  ) -> ReceivedDatagram? {
    let now = now()
    for _ in 0..<Limits.faultyDatagrams {
      guard let received = inner.receive(into: scratch, from: socket) else { break }
      guard received.count <= Limits.datagramSize, let arrival = down.departure(of: received.count, at: now) else {
        continue
      }
      forEachArrival(with: received.source, arrival, at: now) { time in
        let datagram = UnsafeRawBufferPointer(rebasing: scratch[..<received.count])
        guard let slot = hold(datagram, received.source, socket) else { return }
        incoming[socket, default: ArrivalQueue()].insert(slot: slot, at: time)
      }
    }
    while let slot = incoming[socket]?.pop(by: now) {
      defer { free(slot) }
      let datagram = pool.bytes(of: slot)
      guard datagram.count <= buffer.count else { continue }
      buffer.copyMemory(from: datagram)
      return ReceivedDatagram(count: datagram.count, source: pool.slots[Int(slot)].source)
    }
    settle()
    return nil
  }

  /// Calls back with the time of each arrival that a datagram has: none, one or two.
  private func forEachArrival(
    with end: Endpoint, _ departure: Double, at now: Double, _ body: (_ time: Double) -> Void
  ) {
    let faults = faults(at: end)
    guard faults.outages?.isOut(at: now) != true, !happens(faults.loss) else { return }
    body(departure + delay(faults))
    if happens(faults.duplication) { body(departure + delay(faults)) }
  }

  private func faults(at end: Endpoint) -> TransportFaults {
    for target in targets where target.endpoint == end { return target.faults.completed(by: general) }
    return general
  }

  private func happens(_ probability: Double?) -> Bool {
    guard let probability, probability > 0 else { return false }
    return random.nextUnit() < probability
  }

  private func delay(_ faults: TransportFaults) -> Double {
    guard let latency = faults.latency else { return 0 }
    let spread = latency.upperBound - latency.lowerBound
    return spread > 0 ? latency.lowerBound + spread * random.nextUnit() : latency.lowerBound
  }

  /// Sends the datagrams whose time has come.
  private func release() {
    guard outgoing.count > 0 else { return }
    let now = now()
    while let slot = outgoing.pop(by: now) { leave(slot) }
  }

  private func leave(_ slot: Int32) {
    let (end, number) = (pool.slots[Int(slot)].source, pool.slots[Int(slot)].socket)
    let socket = SocketID(rawValue: Int32(truncatingIfNeeded: number))
    if end.address == Self.everybody {
      inner.broadcast(pool.bytes(of: slot), toPort: end.port, from: socket)
    } else {
      inner.send(pool.bytes(of: slot), to: end, from: socket)
    }
    free(slot)
  }

  /// Nil when too many are held already.
  private func hold(_ datagram: UnsafeRawBufferPointer, _ end: Endpoint, _ socket: SocketID) -> Int32? {
    guard held < Limits.faultyDatagrams else { return nil }
    held += 1
    return pool.insert(datagram, source: end, socket: Int(socket.rawValue))
  }

  private func free(_ slot: Int32) {
    held -= 1
    pool.free(slot)
  }
}

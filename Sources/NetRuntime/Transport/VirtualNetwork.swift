/// A network inside this process, on a virtual clock: every host has an address, and datagrams get lost, late and twice
/// as its faults say. The same seed and the same calls give the same run, byte for byte.
public final class VirtualNetwork {
  /// A host's number, from 0 in the order of `addHost`.
  public typealias HostID = Int

  struct Socket {
    let host: HostID
    let port: UInt16
    var isOpen = true
    var first: Int32 = -1
    var last: Int32 = -1
    var queued = 0
  }

  struct Host {
    let address: UInt32
    /// The translator that it is behind; nil on the open network.
    let translator: TranslatorID?
    var faults: LinkFaults?
    var isDead = false
    var isCutOff = false
    /// Open sockets, as indices into `sockets`.
    var sockets: [Int] = []
    var nextFreePort: UInt16 = 49_152
    /// By the other host's number: what holds for datagrams to it.
    var directions: [Direction] = []
  }

  struct Direction {
    var faults: LinkFaults?
    /// When the last byte of what waits for bandwidth will have been sent.
    var busyUntil = 0.0
  }

  /// Seconds on the virtual clock.
  public private(set) var now = 0.0
  /// What holds between hosts for which nothing else was set.
  public var defaultFaults = LinkFaults.none

  let random: SeededRandomSource
  private var pool = DatagramPool()
  private var arrivals = ArrivalQueue()
  var hosts: [Host] = []
  var sockets: [Socket] = []
  var translators: [VirtualTranslator] = []

  /// Counts over the life of the network.
  public private(set) var datagramsSent = 0
  public private(set) var datagramsDelivered = 0
  public private(set) var datagramsLost = 0

  public init(seed: UInt64) {
    random = SeededRandomSource(seed: seed)
  }

  /// Adds a host with an address of its own, 10.0.0.1 for the first.
  public func addHost() -> VirtualTransport {
    addHost(Host(address: Self.address(of: hosts.count), translator: nil))
  }

  func addHost(_ host: Host) -> VirtualTransport {
    hosts.append(host)
    for host in hosts.indices {
      while hosts[host].directions.count < hosts.count { hosts[host].directions.append(Direction()) }
    }
    return VirtualTransport(network: self, host: hosts.count - 1)
  }

  /// Moves the clock; datagrams that have arrived by then can be received. A time before `now` changes nothing.
  public func advance(to time: Double) {
    now = max(now, time)
    while let slot = arrivals.pop(by: now) { deliver(slot) }
  }

  // MARK: Faults

  /// Sets what holds for all datagrams from and to a host; nil takes it back. Where both ends have faults of their own,
  /// the sender's hold.
  public func setFaults(_ faults: LinkFaults?, for host: HostID) {
    guard hosts.indices.contains(host) else { return }
    hosts[host].faults = faults
  }

  /// Sets what holds from one host to another; nil takes it back. It comes before the faults of either host.
  public func setFaults(_ faults: LinkFaults?, from sender: HostID, to receiver: HostID) {
    guard hosts.indices.contains(sender), hosts.indices.contains(receiver) else { return }
    hosts[sender].directions[receiver].faults = faults
  }

  /// Pulls a host's cable, or plugs it in again. Datagrams under way meanwhile are lost.
  public func setCutOff(_ isCutOff: Bool, host: HostID) {
    guard hosts.indices.contains(host) else { return }
    hosts[host].isCutOff = isCutOff
  }

  /// Ends a host's process without a word: its sockets close, and it neither sends nor receives again.
  public func kill(_ host: HostID) {
    guard hosts.indices.contains(host) else { return }
    hosts[host].isDead = true
    for socket in hosts[host].sockets { close(socket) }
  }

  // MARK: For the transports

  func isDead(_ host: HostID) -> Bool { hosts[host].isDead }

  func bind(port: UInt16, host: HostID) throws(TransportError) -> Int {
    guard !hosts[host].isDead else { throw .system("the virtual host is dead") }
    var port = port
    if port == 0 {
      port = hosts[host].nextFreePort
      while socket(host: host, port: port) != nil { port = port == .max ? 49_152 : port + 1 }
      hosts[host].nextFreePort = port == .max ? 49_152 : port + 1
    } else if socket(host: host, port: port) != nil {
      throw .portTaken(port)
    }
    sockets.append(Socket(host: host, port: port))
    hosts[host].sockets.append(sockets.count - 1)
    return sockets.count - 1
  }

  func close(_ socket: Int) {
    guard sockets.indices.contains(socket), sockets[socket].isOpen else { return }
    while let slot = popQueue(of: socket) { pool.free(slot) }
    sockets[socket].isOpen = false
    hosts[sockets[socket].host].sockets.removeAll { $0 == socket }
  }

  func port(of socket: Int) -> UInt16 {
    sockets.indices.contains(socket) && sockets[socket].isOpen ? sockets[socket].port : 0
  }

  func send(_ datagram: UnsafeRawBufferPointer, to destination: Endpoint, from socket: Int) {
    guard sockets.indices.contains(socket), sockets[socket].isOpen else { return }
    let sender = sockets[socket].host
    datagramsSent += 1
    guard datagram.count <= Limits.datagramSize, let (target, source) = way(from: socket, to: destination),
      !hosts[sender].isCutOff || sender == sockets[target].host
    else {
      datagramsLost += 1
      return
    }
    let receiver = sockets[target].host
    guard sender != receiver else {
      schedule(datagram, source: source, target: target, at: now)
      return
    }
    let faults = faults(from: sender, to: receiver)
    guard let departure = departure(of: datagram.count, from: sender, to: receiver, faults),
      !happens(faults.loss)
    else {
      datagramsLost += 1
      return
    }
    schedule(datagram, source: source, target: target, at: departure + travelTime(faults))
    if happens(faults.duplication) {
      schedule(datagram, source: source, target: target, at: departure + travelTime(faults))
    }
  }

  func broadcast(_ datagram: UnsafeRawBufferPointer, toPort port: UInt16, from socket: Int) {
    guard sockets.indices.contains(socket) else { return }
    let network = hosts[sockets[socket].host].translator
    for host in hosts where host.translator == network {
      send(datagram, to: Endpoint(address: host.address, port: port), from: socket)
    }
  }

  func receive(into buffer: UnsafeMutableRawBufferPointer, from socket: Int) -> ReceivedDatagram? {
    guard sockets.indices.contains(socket), sockets[socket].isOpen else { return nil }
    while let slot = popQueue(of: socket) {
      defer { pool.free(slot) }
      let datagram = pool.bytes(of: slot)
      guard datagram.count <= buffer.count else { continue }
      buffer.copyMemory(from: datagram)
      return ReceivedDatagram(count: datagram.count, source: pool.slots[Int(slot)].source)
    }
    return nil
  }
}

// MARK: - The way of a datagram

extension VirtualNetwork {
  private func faults(from sender: HostID, to receiver: HostID) -> LinkFaults {
    hosts[sender].directions[receiver].faults ?? hosts[sender].faults ?? hosts[receiver].faults ?? defaultFaults
  }

  /// When the datagram has left, behind those that wait for the same bandwidth; nil when the queue is full.
  private func departure(of count: Int, from sender: HostID, to receiver: HostID, _ faults: LinkFaults) -> Double? {
    guard faults.bandwidth > 0 else { return now }
    let start = max(now, hosts[sender].directions[receiver].busyUntil)
    guard (start - now) * faults.bandwidth + Double(count) <= Double(faults.queueLimit) else { return nil }
    let end = start + Double(count) / faults.bandwidth
    hosts[sender].directions[receiver].busyUntil = end
    return end
  }

  private func travelTime(_ faults: LinkFaults) -> Double {
    var time = faults.latency
    if faults.jitter > 0 { time += faults.jitter * (2 * random.nextUnit() - 1) }
    if happens(faults.reordering) { time += (faults.latency + faults.jitter + 0.01) * random.nextUnit() }
    return max(0, time)
  }

  private func happens(_ probability: Double) -> Bool {
    probability > 0 && random.nextUnit() < probability
  }

  private func schedule(_ datagram: UnsafeRawBufferPointer, source: Endpoint, target: Int, at time: Double) {
    let slot = pool.insert(datagram, source: source, socket: target)
    if time <= now {
      deliver(slot)
    } else {
      arrivals.insert(slot: slot, at: time)
    }
  }

  private func deliver(_ slot: Int32) {
    let socket = pool.slots[Int(slot)].socket
    let source = pool.slots[Int(slot)].source.address
    let isLocal = source >> 24 == 127 || source == hosts[sockets[socket].host].address
    guard sockets[socket].isOpen, sockets[socket].queued < Limits.virtualSocketQueue,
      !hosts[sockets[socket].host].isCutOff || isLocal
    else {
      datagramsLost += 1
      pool.free(slot)
      return
    }
    datagramsDelivered += 1
    if sockets[socket].last >= 0 {
      pool.setNext(of: sockets[socket].last, to: slot)
    } else {
      sockets[socket].first = slot
    }
    sockets[socket].last = slot
    sockets[socket].queued += 1
  }

  private func popQueue(of socket: Int) -> Int32? {
    let slot = sockets[socket].first
    guard slot >= 0 else { return nil }
    sockets[socket].first = pool.slots[Int(slot)].next
    if sockets[socket].first < 0 { sockets[socket].last = -1 }
    sockets[socket].queued -= 1
    return slot
  }
}

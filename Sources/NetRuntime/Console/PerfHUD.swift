/// Tables of a running peer's traffic, told again and again while they are switched on. While none is, it costs one
/// branch a frame and one a datagram.
public final class PerfHUD {
  /// The tables that can be shown, each on its own.
  public enum Table: Hashable, Sendable {
    /// All traffic by kind.
    case network
    /// Messages by name.
    case messages
    /// Traffic and connection of one peer, by its place in the list of `peers`, from 1.
    case peer(Int)
    /// All peers, in kbit/s or in bytes a second.
    case peers(inBytes: Bool)
    case ping
    case qos
  }

  /// The tables that are shown, in the order in which they were switched on.
  public private(set) var tables: [Table] = []

  unowned let network: NetworkRuntime
  private let write: (String) -> Void
  /// What reads along; nil while nothing is shown.
  private var tap: TrafficTap?
  private var before: TrafficLedger?
  private var since = 0.0
  private var hasWritten = false

  /// - Parameter write: Takes the tables, without a line feed at the end.
  public init(_ network: NetworkRuntime, write: @escaping (String) -> Void) {
    self.network = network
    self.write = write
  }

  /// Shows a table, or no longer where it is shown already.
  /// - Returns: Whether it is shown now.
  @discardableResult
  public func toggle(_ table: Table) -> Bool {
    let isShown = tables.contains(table)
    if isShown { tables.removeAll { $0 == table } } else { tables.append(table) }
    if tables.isEmpty { stop() } else if network.onFrame == nil { start() }
    return !isShown
  }

  /// Shows nothing any more.
  public func hideAll() {
    tables = []
    stop()
  }

  private func start() {
    since = network.now
    hasWritten = false
    network.onFrame = { [weak self] in self?.frame() }
  }

  private func stop() {
    network.onFrame = nil
    network.displayTap = nil
    tap = nil
    before = nil
  }

  /// After each transmit while something is shown.
  private func frame() {
    guard let config = network.config else { return }
    // A client that was started since may have another schema.
    guard let tap, tap.audit.config === config else { return begin(config) }
    let now = network.now
    guard now - since >= network.displayInterval, let before else { return }
    let rates = TrafficRates(tap.audit, since: before, seconds: max(now - since, 1e-3))
    let output = tables.map { text(of: $0, rates) }.joined(separator: "\n\n")
    // A line between two times, as there is one between the tables.
    write(hasWritten && tables.count > 1 ? "\n\(output)" : output)
    hasWritten = true
    self.before = tap.audit.ledger
    since = now
  }

  private func begin(_ config: NetworkConfig) {
    let audit = TrafficAudit(config, keepsTimes: false, seesStart: false) { [unowned network] id in
      try? network.session?.objectType(of: id)
    }
    let tap = TrafficTap(audit, now: { [unowned network] in network.now })
    self.tap = tap
    before = audit.ledger
    since = network.now
    network.displayTap = tap
  }
}

/// What a ledger has grown by in some time.
struct TrafficRates {
  let audit: TrafficAudit
  let seconds: Double
  private let before: TrafficLedger

  init(_ audit: TrafficAudit, since before: TrafficLedger, seconds: Double) {
    self.audit = audit
    self.before = before
    self.seconds = seconds
  }

  /// The growth of one peer's page, or of all peers' together.
  func page(_ direction: TrafficDirection, of peer: PeerID? = nil) -> TrafficLedger.Page {
    let index = peer.flatMap { audit.ledger.peers.firstIndex(of: $0) }
    var page = audit.ledger.sum(peer: peer == nil ? nil : index ?? -1, direction: direction)
    page.subtract(before.sum(peer: peer == nil ? nil : index ?? -1, direction: direction))
    return page
  }
}

/// Two taps in the place of one.
final class TapPair: PacketTap {
  private let first: any PacketTap
  private let second: any PacketTap

  init(_ first: any PacketTap, _ second: any PacketTap) {
    self.first = first
    self.second = second
  }

  func packet(
    _ direction: PacketTapping.Direction, _ link: LinkID, _ peer: PeerID, sequence: UInt64,
    body: UnsafeRawBufferPointer
  ) {
    first.packet(direction, link, peer, sequence: sequence, body: body)
    second.packet(direction, link, peer, sequence: sequence, body: body)
  }

  func datagram(
    _ direction: PacketTapping.Direction, _ port: PacketTapping.Port, bytes: UnsafeRawBufferPointer,
    endpoint: Endpoint, copies: Int
  ) {
    first.datagram(direction, port, bytes: bytes, endpoint: endpoint, copies: copies)
    second.datagram(direction, port, bytes: bytes, endpoint: endpoint, copies: copies)
  }

  func opened(_ link: LinkID, _ peer: PeerID, isKnown: Bool) {
    first.opened(link, peer, isKnown: isKnown)
    second.opened(link, peer, isKnown: isKnown)
  }

  func changed(_ link: LinkID, _ peer: PeerID, _ event: LinkEvent) {
    first.changed(link, peer, event)
    second.changed(link, peer, event)
  }
}

/// Feeds a audit with what goes over a running peer's sockets.
public final class TrafficTap: PacketTap {
  public let audit: TrafficAudit
  private let now: () -> Double

  public init(_ audit: TrafficAudit, now: @escaping () -> Double) {
    self.audit = audit
    self.now = now
  }

  public func packet(
    _ direction: PacketTapping.Direction, _ link: LinkID, _ peer: PeerID, sequence: UInt64,
    body: UnsafeRawBufferPointer
  ) {
    audit.packet(direction, peer: peer, link: UInt32(link.index), at: now(), body: body)
  }

  public func datagram(
    _ direction: PacketTapping.Direction, _ port: PacketTapping.Port, bytes: UnsafeRawBufferPointer,
    endpoint: Endpoint, copies: Int
  ) {
    audit.datagram(
      direction, port, kind: bytes.first ?? 0, copies: copies, at: now(), wireBytes: bytes.count * max(0, copies))
  }

  public func opened(_ link: LinkID, _ peer: PeerID, isKnown: Bool) {
    audit.end(link: UInt32(link.index))
  }

  public func changed(_ link: LinkID, _ peer: PeerID, _ event: LinkEvent) {}
}

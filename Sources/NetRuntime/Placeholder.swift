// Stand-ins until Session/ lands; delete this file then.
public final class GameSession: StateSource {
  public init(links: any PeerLinks, config: NetworkConfig, random: any RandomSource, log: @escaping Log) {}
  public func writeState(for link: LinkID, into buffer: UnsafeMutableRawBufferPointer, records: inout [UInt64], at now: Double) -> Int { 0 }
  public func stateAcknowledged(_ records: UnsafeBufferPointer<UInt64>, on link: LinkID) {}
  public func stateLost(_ records: UnsafeBufferPointer<UInt64>, on link: LinkID) {}
  func takeHeld(from gate: inout SessionGate, at now: Double) {}
  func handle(_ delivery: Delivery, at now: Double) {}
  func linkConnected(_ link: LinkID, peer: PeerID, at now: Double) {}
  func linkBroken(_ link: LinkID, peer: PeerID, at now: Double) {}
  func linkClosed(_ link: LinkID, peer: PeerID, at now: Double) {}
  func advance(at now: Double) {}
  public func nextEvent() -> NetworkEvent? { nil }
  public func nextRemovalEvent() -> NetworkEvent? { nil }
  public func createObject(type: Int, _ fill: (inout ObjectDraft) throws -> Void) throws -> UInt32 { 1 }
  public func setPriority(_ id: UInt32, for peer: PeerID, _ priority: Float) throws(SessionError) {}
  func isMember(_ peer: PeerID) -> Bool { false }
  func relaysMessages(to peer: PeerID) -> Bool { false }
  func relay(_ body: UnsafeRawBufferPointer, isReliable: Bool, priority: Float, to peer: PeerID) throws(SendError) {}
  func close() {}
  public func makeHost() throws(SessionError) {}
  public func addPeer(_ peer: PeerID) throws(SessionError) {}
  public func removePeer(_ peer: PeerID) throws(SessionError) {}
  public func leave() throws(SessionError) {}
  public func disconnectFromHost() throws(SessionError) {}
  public func shutdownHost() throws(SessionError) {}
  public var isInSession: Bool { false }
  public var isHost: Bool { false }
  public var host: PeerID? { nil }
  public var hostError: Bool { false }
  public var peers: [PeerID] { [] }
  public var otherPeers: [PeerID] { [] }
  public var synchronizedPeers: [PeerID] { [] }
  public var synchronizingPeers: [PeerID] { [] }
  public var wantsToLeave: PeerID? { nil }
  public var brokenConnection: PeerID? { nil }
  public func destroyObject(_ id: UInt32) throws(SessionError) {}
  public func setField(_ id: UInt32, field: Int, packed: BitReader) throws(SessionError) {}
  public func field(_ id: UInt32, field: Int) throws(SessionError) -> BitReader { throw .notInSession }
  public func objectType(of id: UInt32) throws(SessionError) -> Int { 0 }
  public func owner(of id: UInt32) throws(SessionError) -> PeerID { .nobody }
  public func exists(_ id: UInt32) -> Bool { false }
  public func objects(ownedBy peer: PeerID) -> [UInt32] { [] }
}
public enum SessionError: Error { case notInSession; public var description: String { "x" } }
struct SessionGate {
  mutating func hold(_ delivery: Delivery) {}
  mutating func forget(_ link: LinkID) {}
}
public struct ObjectDraft {
  public mutating func set(field: Int, packed: BitReader) throws(SessionError) {}
}

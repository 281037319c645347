/// The sums of a recording: the bits of each account, peer and direction.
public struct TrafficLedger: Sendable {
  /// The sums of one peer and direction.
  public struct Page: Sendable {
    /// Datagrams, and their bits from the first byte behind the UDP head on.
    public internal(set) var datagrams = 0
    public internal(set) var wireBits = 0
    /// By account.
    public internal(set) var bits: [Int]
    /// How many messages, objects, values or frames an account has seen.
    public internal(set) var counts: [Int]

    /// Takes away what was there before.
    mutating func subtract(_ before: Page) {
      datagrams -= before.datagrams
      wireBits -= before.wireBits
      for account in bits.indices {
        bits[account] -= before.bits[account]
        counts[account] -= before.counts[account]
      }
    }
  }

  /// Peers in the order in which they were first heard of; the first is nobody: datagrams whose peer is not known.
  public private(set) var peers: [PeerID] = [.nobody]
  private var pages: [Page]
  private var indices: [PeerID: Int] = [.nobody: 0]
  private let accountCount: Int

  init(accounts: Int) {
    accountCount = accounts
    pages = []
    addPages()
  }

  private mutating func addPages() {
    for _ in TrafficDirection.both {
      pages.append(
        Page(bits: Array(repeating: 0, count: accountCount), counts: Array(repeating: 0, count: accountCount)))
    }
  }

  /// The place of a peer in `peers`; those that are too many share the first.
  mutating func index(of peer: PeerID) -> Int {
    if let index = indices[peer] { return index }
    guard peers.count < Limits.analysedPeers else { return 0 }
    peers.append(peer)
    addPages()
    indices[peer] = peers.count - 1
    return peers.count - 1
  }

  /// The sums of the peer at a place in `peers`.
  public subscript(peer: Int, direction: TrafficDirection) -> Page {
    pages[TrafficLedger.page(peer, direction)]
  }

  @inline(__always)
  static func page(_ peer: Int, _ direction: TrafficDirection) -> Int { 2 &* peer &+ Int(direction.rawValue) }

  mutating func addDatagrams(_ count: Int, page: Int, bits: Int) {
    pages[page].datagrams &+= count
    pages[page].wireBits &+= bits
  }

  @inline(__always)
  mutating func add(page: Int, account: Int, bits: Int, count: Int) {
    pages[page].bits[account] &+= bits
    pages[page].counts[account] &+= count
  }

  /// The sum of some pages, of one direction or both, of one peer or all.
  public func sum(peer: Int? = nil, direction: TrafficDirection? = nil) -> Page {
    var sum = Page(bits: Array(repeating: 0, count: accountCount), counts: Array(repeating: 0, count: accountCount))
    for index in peers.indices where peer == nil || peer == index {
      for way in TrafficDirection.both where direction == nil || direction == way {
        let page = self[index, way]
        sum.datagrams += page.datagrams
        sum.wireBits += page.wireBits
        for account in 0..<accountCount {
          sum.bits[account] += page.bits[account]
          sum.counts[account] += page.counts[account]
        }
      }
    }
    return sum
  }
}

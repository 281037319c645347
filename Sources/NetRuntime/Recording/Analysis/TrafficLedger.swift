/// The sums of a recording: the bits of each account, peer and direction.
public struct TrafficLedger: Sendable {
  /// What went over the wire between the recorder and one peer in one direction.
  public struct Wire: Sendable {
    /// Datagrams, and their bits from the first byte behind the UDP head on.
    public fileprivate(set) var datagrams = 0
    public fileprivate(set) var wireBits = 0
  }

  /// The sums of some peers and directions.
  public struct Page: Sendable {
    /// Datagrams, and their bits from the first byte behind the UDP head on.
    public internal(set) var datagrams = 0
    public internal(set) var wireBits = 0
    /// By account.
    public internal(set) var bits: [Int]
    /// How many messages, objects, values or frames an account has seen.
    public internal(set) var counts: [Int]

    /// The datagrams alone.
    var wire: Wire { Wire(datagrams: datagrams, wireBits: wireBits) }

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

  private struct Sum: Sendable {
    var bits = 0
    var count = 0
  }

  /// The sums of one peer and direction, in rows of accounts: a peer uses few of a schema's many, and a file may name
  /// as many peers and accounts as it likes.
  private struct Sheet: Sendable {
    var wire = Wire()
    /// Empty until something is booked; so is each row.
    var rows: [[Sum]] = []
  }

  /// Accounts of a row: the 16th part of a page of memory, and all those of overhead together.
  private static let rowSize = 64

  /// Peers in the order in which they were first heard of; the first is nobody: datagrams whose peer is not known.
  public private(set) var peers: [PeerID] = [.nobody]
  private var sheets: [Sheet]
  private var indices: [PeerID: Int] = [.nobody: 0]
  private let accountCount: Int
  /// Accounts that have memory, over all peers and directions.
  private(set) var heldAccounts = 0

  init(accounts: Int) {
    accountCount = accounts
    sheets = TrafficDirection.both.map { _ in Sheet() }
  }

  /// The place of a peer in `peers`; those that are too many share the first.
  mutating func index(of peer: PeerID) -> Int {
    if let index = indices[peer] { return index }
    guard peers.count < Limits.analysedPeers else { return 0 }
    peers.append(peer)
    for _ in TrafficDirection.both { sheets.append(Sheet()) }
    indices[peer] = peers.count - 1
    return peers.count - 1
  }

  /// What went to or came from the peer at a place in `peers`.
  public subscript(peer: Int, direction: TrafficDirection) -> Wire {
    sheets[TrafficLedger.page(peer, direction)].wire
  }

  @inline(__always)
  static func page(_ peer: Int, _ direction: TrafficDirection) -> Int { 2 &* peer &+ Int(direction.rawValue) }

  mutating func addDatagrams(_ count: Int, page: Int, bits: Int) {
    sheets[page].wire.datagrams &+= count
    sheets[page].wire.wireBits &+= bits
  }

  @inline(__always)
  mutating func add(page: Int, account: Int, bits: Int, count: Int) {
    let row = account / Self.rowSize
    let place = account % Self.rowSize
    if sheets[page].rows.isEmpty || sheets[page].rows[row].isEmpty { makeRow(page, row) }
    sheets[page].rows[row][place].bits &+= bits
    sheets[page].rows[row][place].count &+= count
  }

  private mutating func makeRow(_ page: Int, _ row: Int) {
    if sheets[page].rows.isEmpty {
      sheets[page].rows = Array(repeating: [], count: (accountCount + Self.rowSize - 1) / Self.rowSize)
    }
    sheets[page].rows[row] = Array(repeating: Sum(), count: Self.rowSize)
    heldAccounts += Self.rowSize
  }

  /// The sum of some pages, of one direction or both, of one peer or all.
  public func sum(peer: Int? = nil, direction: TrafficDirection? = nil) -> Page {
    var sum = Page(bits: Array(repeating: 0, count: accountCount), counts: Array(repeating: 0, count: accountCount))
    for index in peers.indices where peer == nil || peer == index {
      for way in TrafficDirection.both where direction == nil || direction == way {
        add(sheets[TrafficLedger.page(index, way)], to: &sum)
      }
    }
    return sum
  }

  private func add(_ sheet: Sheet, to sum: inout Page) {
    sum.datagrams += sheet.wire.datagrams
    sum.wireBits += sheet.wire.wireBits
    for (row, sums) in sheet.rows.enumerated() where !sums.isEmpty {
      let first = row * Self.rowSize
      for account in first..<min(first + Self.rowSize, accountCount) {
        sum.bits[account] += sums[account - first].bits
        sum.counts[account] += sums[account - first].count
      }
    }
  }
}

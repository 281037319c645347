/// When the bits of a recording went and came. Nothing has to be known of its length: when the bins are all used, each
/// two become one.
public struct TrafficTimeline: Sendable {
  /// Bins at most: about one for each pixel of a wide chart.
  public static let binLimit = 2000
  /// Bins of kinds that make up one slice of an account, which are many more.
  public static let binsPerSlice = 16
  static let sliceLimit = (binLimit + binsPerSlice - 1) / binsPerSlice
  private static let leastWidth = 1.0 / 32

  /// Seconds of one bin.
  public private(set) var width = TrafficTimeline.leastWidth
  /// When the recording began, in its own seconds.
  public let start: Double
  /// Bins that hold something.
  public private(set) var used = 0
  private let accountCount: Int
  /// By page and kind.
  private var bins: [[Int]] = []
  /// Bits and counts of the accounts of pages that something was booked to.
  private var slices: [[Int]] = []
  private var counts: [[Int]] = []
  /// Where these are, by page and account: a file may name as many of both as it likes.
  private var rows: [Int: Int] = [:]

  init(start: Double, accounts: Int) {
    self.start = start
    accountCount = accounts
  }

  mutating func add(page: Int, kind: TrafficKind, account: Int, bits: Int, count: Int, at time: Double) {
    while bins.count <= page * TrafficKind.allCases.count + TrafficKind.allCases.count - 1 {
      bins.append([])
    }
    let bin = index(of: time)
    used = max(used, bin + 1)
    let series = page * TrafficKind.allCases.count + Int(kind.rawValue)
    if bins[series].isEmpty { bins[series] = Array(repeating: 0, count: Self.binLimit) }
    bins[series][bin] &+= bits
    let row = row(of: page * accountCount + account)
    slices[row][bin / Self.binsPerSlice] &+= bits
    counts[row][bin / Self.binsPerSlice] &+= count
  }

  private mutating func row(of key: Int) -> Int {
    if let row = rows[key] { return row }
    slices.append(Array(repeating: 0, count: Self.sliceLimit))
    counts.append(Array(repeating: 0, count: Self.sliceLimit))
    rows[key] = slices.count - 1
    return slices.count - 1
  }

  private mutating func index(of time: Double) -> Int {
    let seconds = max(0, time - start)
    // A time that no recording has goes with the last one, and merges nothing.
    guard seconds < 1e7 else { return max(0, used - 1) }
    while seconds >= width * Double(Self.binLimit) { coarsen() }
    return Int(seconds / width)
  }

  private mutating func coarsen() {
    width *= 2
    used = (used + 1) / 2
    for series in bins.indices { Self.merge(&bins[series]) }
    for row in slices.indices {
      Self.merge(&slices[row])
      Self.merge(&counts[row])
    }
  }

  private static func merge(_ values: inout [Int]) {
    for index in values.indices {
      values[index] =
        (2 * index < values.count ? values[2 * index] : 0)
        &+ (2 * index + 1 < values.count ? values[2 * index + 1] : 0)
    }
  }

  /// The bits of each bin; empty when there are none.
  public func bins(peer: Int, _ direction: TrafficDirection, _ kind: TrafficKind) -> ArraySlice<Int> {
    let series = TrafficLedger.page(peer, direction) * TrafficKind.allCases.count + Int(kind.rawValue)
    return series < bins.count ? bins[series].prefix(used) : []
  }

  /// The bits of each slice; empty when there are none.
  public func slices(peer: Int, _ direction: TrafficDirection, account: Int) -> ArraySlice<Int> {
    usedSlices(of: slices, peer, direction, account)
  }

  /// What the account counted in each slice; empty when nothing was booked to it.
  public func counts(peer: Int, _ direction: TrafficDirection, account: Int) -> ArraySlice<Int> {
    usedSlices(of: counts, peer, direction, account)
  }

  private func usedSlices(
    of series: [[Int]], _ peer: Int, _ direction: TrafficDirection, _ account: Int
  ) -> ArraySlice<Int> {
    guard let row = rows[TrafficLedger.page(peer, direction) * accountCount + account] else { return [] }
    return series[row].prefix((used + Self.binsPerSlice - 1) / Self.binsPerSlice)
  }
}

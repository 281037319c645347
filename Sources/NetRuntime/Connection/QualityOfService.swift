/// What quality of service keeps the upload within, in bytes a second of IP packets.
public struct QualityOfService: Equatable, Sendable {
  /// No link is held below this, as long as all together stay within `maximumTotal`.
  public var minimum: Double
  /// What a link begins with.
  public var initial: Double
  /// All links together send no more.
  public var maximumTotal: Double

  /// The least rate of a link that is steered at all: pings and acknowledgements alone need half of it.
  static let leastRate = 1000.0
  private static let bytesPerKilobit = 125.0

  /// Rates in kbit/s (1,000 bits a second).
  public init(minimumKbps: Double, initialKbps: Double, maximumTotalKbps: Double) {
    minimum = minimumKbps * Self.bytesPerKilobit
    initial = initialKbps * Self.bytesPerKilobit
    maximumTotal = maximumTotalKbps * Self.bytesPerKilobit
  }

  /// What each of so many links is never held below.
  func floor(links: Int) -> Double {
    min(max(minimum, Self.leastRate), maximumTotal / Double(max(links, 1)))
  }
}

extension Connections {
  /// Adapts the rate of every link to what it carries, within limits; nil leaves each link at its fixed rate.
  ///
  /// Links that are adapted already keep what they learned, within the new limits.
  public var qualityOfService: QualityOfService? {
    get { quality }
    set {
      quality = newValue
      for index in 0..<table.pointee.end {
        guard let link = table.pointee[index] else { continue }
        applyQuality(link)
      }
    }
  }

  /// Takes one link out of quality of service, or back in, where it begins anew.
  public func setAdaptive(_ isAdaptive: Bool, link: LinkID) {
    guard let place = table.pointee[link] else { return }
    place.pointee.isExempt = !isAdaptive
    applyQuality(place)
  }

  /// Makes a link's controller fit the settings: with one, without, or within other limits.
  func applyQuality(_ link: LinkPointer) {
    guard let quality, !link.pointee.isExempt else {
      guard link.pointee.control != nil else { return }
      link.pointee.control = nil
      link.pointee.limiter.set(rate: settings.sendRate, burst: RateLimiter.defaultBurst)
      return
    }
    if link.pointee.control == nil {
      link.pointee.control = RateController(rate: min(quality.initial, quality.maximumTotal), at: now)
    }
    link.pointee.control?.clamp(to: quality.floor(links: 1)...quality.maximumTotal)
  }

  /// Shares the total among the adapted links: each gets what it can use, and where that is more than there is, those
  /// that want most get the same (max-min fairness).
  func shareRates() {
    guard let quality else { return }
    var open = 0
    for index in 0..<table.pointee.end {
      guard let link = table.pointee[index], link.pointee.isLive, link.pointee.control != nil else { continue }
      link.pointee.grant = -1
      open += 1
    }
    guard open > 0 else { return }
    let floor = quality.floor(links: open)
    var left = quality.maximumTotal
    var hasChanged = true
    while hasChanged && open > 0 {
      hasChanged = false
      let share = left / Double(open)
      for index in 0..<table.pointee.end {
        guard let link = table.pointee[index], link.pointee.isOpenShare else { continue }
        let wanted = link.pointee.wantedRate(floor: floor, at: now)
        guard wanted <= share else { continue }
        link.pointee.grant = wanted
        left -= wanted
        open -= 1
        hasChanged = true
      }
    }
    let share = open > 0 ? left / Double(open) : 0
    for index in 0..<table.pointee.end {
      guard let link = table.pointee[index], link.pointee.isLive, link.pointee.control != nil else { continue }
      let rate = link.pointee.grant < 0 ? share : link.pointee.grant
      link.pointee.limiter.set(rate: rate, burst: RateLimiter.burst(rate: rate, interval: transmitInterval))
    }
  }
}

extension Link {
  /// Whether the link has no share of this transmit yet.
  fileprivate var isOpenShare: Bool { isLive && control != nil && grant < 0 }

  /// What the link can use: all that its way carries while data waits for it, and a little more than it does use
  /// otherwise, so that idle links leave their share to others.
  fileprivate func wantedRate(floor: Double, at now: Double) -> Double {
    guard let control else { return 0 }
    let rate = max(control.rate, floor)
    if control.isLimited(at: now) { return rate }
    return min(rate, max(floor, 1.5 * traffic.sent.perSecond(at: now)))
  }
}

/// An endpoint by which a peer may be reached, and what is known of that.
struct PathCandidate: Equatable {
  /// What kind of network is between, best first.
  enum Reach: Int, Comparable {
    case loopback
    /// In the ranges of private networks.
    case near
    case far
    case relay

    static func < (left: Reach, right: Reach) -> Bool { left.rawValue < right.rawValue }
  }

  let endpoint: Endpoint
  /// Nobody told of it: the peer's own datagrams came from there.
  let isLearnt: Bool
  let reach: Reach
  var nextProbe: Double
  var probesUntil: Double
  /// When it answered first; nil before.
  var answeredAt: Double?
  /// Seconds, of the last answer.
  var roundTrip = 0.0

  /// - Parameter isLearnt: It has answered without having been probed on a schedule, and never is.
  init(_ endpoint: Endpoint, isLearnt: Bool = false, at now: Double) {
    self.endpoint = endpoint
    self.isLearnt = isLearnt
    reach = Self.reach(of: endpoint)
    nextProbe = now
    probesUntil = isLearnt ? now : reach == .relay ? .infinity : now + PathTimes.probing
  }

  /// Whether it is a better way than another one. What the directory tells of comes before what an unknown sender makes
  /// believe.
  func isBetter(than other: PathCandidate) -> Bool {
    if (reach == .relay) != (other.reach == .relay) { return reach != .relay }
    if isLearnt != other.isLearnt { return !isLearnt }
    if reach != other.reach { return reach < other.reach }
    return roundTrip < other.roundTrip
  }

  /// Seconds for which a better one may still answer.
  var patience: Double {
    switch reach {
    case .relay: 0
    case .loopback where !isLearnt: 0
    default: isLearnt ? PathTimes.settlingLearnt : PathTimes.settling
    }
  }

  /// Whether datagrams may be sent there at all: to one host, at a port.
  static func isPossible(_ endpoint: Endpoint) -> Bool {
    endpoint.port != 0 && (1..<224).contains(endpoint.address >> 24)
  }

  private static func reach(of endpoint: Endpoint) -> Reach {
    let address = endpoint.address
    switch address >> 24 {
    case 0: return .relay
    case 127: return .loopback
    case 10: return .near
    default: return isPrivate(address) ? .near : .far
    }
  }

  /// 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16.
  private static func isPrivate(_ address: UInt32) -> Bool {
    address >> 20 == 0xAC1 || address >> 16 == 0xC0A8 || address >> 16 == 0xA9FE
  }
}

import Glibc

/// How far regions are from each other, as lists count it.
enum RegionDistance {
  /// Kilometres up to which another region is still near by, as a player feels it: what light in glass and some
  /// routers make of it stays under about 70 ms there and back.
  private static let nearby = 3500.0
  /// The same for regions that a patient player bears: some 200 ms.
  private static let far = 10_000.0
  private static let earthRadius = 6371.0

  /// 0 for `local` and for what is unknown.
  static func index(of region: Region) -> Int { indices[region] ?? 0 }

  private static let indices: [Region: Int] = {
    var indices: [Region: Int] = [:]
    for (index, known) in Region.known.enumerated() {
      if let region = Region(known.name) { indices[region] = index + 1 }
    }
    return indices
  }()

  /// The smallest distances that reach from one region to each other one, by index: 0 close, 1 default, 2 far, 3 the
  /// world.
  static func steps(from one: Int) -> [UInt8] {
    let count = Region.known.count + 1
    return Array(table[one * count..<(one + 1) * count])
  }

  private static let table: [UInt8] = {
    let count = Region.known.count + 1
    var table = [UInt8](repeating: 0, count: count * count)
    for one in 1..<count {
      for other in 1..<count where one != other {
        let distance = kilometres(Region.known[one - 1], Region.known[other - 1])
        table[one * count + other] = distance <= nearby ? 1 : distance <= far ? 2 : 3
      }
    }
    return table
  }()

  /// Along the great circle, by the haversine formula.
  static func kilometres(
    _ one: (name: String, latitude: Double, longitude: Double),
    _ other: (name: String, latitude: Double, longitude: Double)
  ) -> Double {
    let radians = Double.pi / 180
    let latitude = sin((other.latitude - one.latitude) * radians / 2)
    let longitude = sin((other.longitude - one.longitude) * radians / 2)
    let chord =
      latitude * latitude + cos(one.latitude * radians) * cos(other.latitude * radians) * longitude * longitude
    return 2 * earthRadius * asin(min(1, chord.squareRoot()))
  }
}

extension EntryQuery.Distance {
  /// The steps of `RegionDistance` that it reaches.
  var reach: Int {
    switch self {
    case .close: 0
    case .default: 1
    case .far: 2
    case .world: 3
    }
  }
}

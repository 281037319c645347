import Glibc

/// What a ping is likely to be between two regions, for servers that nothing was sent to yet.
enum SteamPing {
  /// Milliseconds there and back. Light needs 1 ms there and back for 100 km of glass fibre, cables are half as long
  /// again as the way on a map, and the last mile at both ends takes 5 ms.
  static func estimate(from: Region, to: Region) -> Double {
    guard let a = place(from), let b = place(to) else { return near }
    return near + kilometres(a, b) * 1.5 / 100
  }

  /// Milliseconds inside a region, or where one is not known.
  private static let near = 5.0

  private static func place(_ region: Region) -> (latitude: Double, longitude: Double)? {
    Region.known.first { $0.name == region.name }.map { ($0.latitude, $0.longitude) }
  }

  /// Along a great circle (the haversine formula).
  private static func kilometres(
    _ a: (latitude: Double, longitude: Double), _ b: (latitude: Double, longitude: Double)
  ) -> Double {
    let radians = Double.pi / 180
    let up = sin((b.latitude - a.latitude) * radians / 2)
    let along = sin((b.longitude - a.longitude) * radians / 2)
    let part = up * up + cos(a.latitude * radians) * cos(b.latitude * radians) * along * along
    return 2 * 6371 * asin(min(1, part.squareRoot()))
  }
}

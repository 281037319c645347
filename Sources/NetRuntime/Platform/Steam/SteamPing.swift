/// What a ping is likely to be between two regions, for servers that nothing was sent to yet.
enum SteamPing {
  /// Milliseconds there and back. Light needs 1 ms there and back for 100 km of glass fibre, cables are half as long
  /// again as the way on a map, and the last mile at both ends takes 5 ms.
  static func estimate(from: Region, to: Region) -> Double {
    guard let here = place(from), let there = place(to) else { return near }
    return near + RegionDistance.kilometres(here, there) * 1.5 / 100
  }

  /// Milliseconds inside a region, or where one is not known.
  private static let near = 5.0

  private static func place(_ region: Region) -> (name: String, latitude: Double, longitude: Double)? {
    Region.known.first { $0.name == region.name }
  }
}

/// Where in the world a player is. Two players of one region are close to each other.
public struct Region: Hashable, Sendable {
  /// Lower case, such as "eu-west"; see `known`.
  public let name: String

  /// The region of who has not said where it is: close to everybody.
  public static let local = Region(unchecked: "local")

  private init(unchecked name: String) { self.name = name }

  /// Nil for a name that is not one of `known`.
  public init?(_ name: String) {
    guard name == Region.local.name || Region.known.contains(where: { $0.name == name }) else { return nil }
    self.name = name
  }

  /// The regions by name, with degrees of latitude and longitude of a big city there.
  public static let known: [(name: String, latitude: Double, longitude: Double)] = [
    ("us-west", 37.8, -122.4), ("us-east", 40.7, -74.0), ("us-central", 41.9, -87.6), ("sa-east", -23.6, -46.6),
    ("eu-west", 51.5, -0.1), ("eu-central", 50.1, 8.7), ("eu-north", 59.3, 18.1), ("eu-east", 52.2, 21.0),
    ("me-central", 25.2, 55.3), ("af-south", -33.9, 18.4), ("in-west", 19.1, 72.9), ("asia-southeast", 1.4, 103.8),
    ("asia-east", 22.3, 114.2), ("asia-northeast", 35.7, 139.7), ("au-southeast", -33.9, 151.2),
  ]
}

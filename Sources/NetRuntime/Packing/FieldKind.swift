/// What a field or an argument holds. Raw values are the constants that `Network` shows to scripts.
public enum FieldKind: UInt8, CaseIterable, Sendable {
  case bool = 0
  case int = 1
  case float = 2
  case vector3 = 3
  case quaternion = 4
  case string = 5
  case idString32 = 6
  case idString64 = 7
  case resourceID = 8
  case uint64 = 9
  case array = 10

  /// The kind as a `.network_config` spells it.
  public var name: String {
    switch self {
    case .bool: "bool"
    case .int: "int"
    case .float: "float"
    case .vector3: "vector3"
    case .quaternion: "quaternion"
    case .string: "string"
    case .idString32: "id_string32"
    case .idString64: "id_string64"
    case .resourceID: "resource_id"
    case .uint64: "uint64"
    case .array: "array"
    }
  }

  /// The kind of that name; `int64` is another name of `uint64`.
  public init?(name: String) {
    if name == "int64" {
      self = .uint64
      return
    }
    guard let kind = FieldKind.allCases.first(where: { $0.name == name }) else { return nil }
    self = kind
  }
}

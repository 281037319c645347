/// Types of userdata. The raw value is what every payload starts with.
public enum UserdataKind: UInt8, CaseIterable, Sendable {
  case vector3 = 1
  case quaternion, matrix4x4, idString32, idString64
  case vector3Box, quaternionBox, matrix4x4Box, idString32Box, idString64Box
  case lanClient, lanLobby, lanLobbyBrowser, gameSession, unitSynchronizer
  case steamClient, steamLobby, steamLobbyBrowser, steamGameServer, steamGameServerLobby, steamServerBrowser
  case steamPingThread, steamVoipClient
  case psnClient, psnRoom, psnRoomBrowser
  case world, unit

  /// The namespace of the type's functions.
  public var name: String {
    let text = "\(self)"
    return text.prefix(1).uppercased() + text.dropFirst()
  }

  /// Bytes of a value behind the type number; a handle is the 32-bit number of an object that lives in Swift, a unit's
  /// with its place behind it.
  public var payloadSize: Int {
    switch self {
    case .vector3, .vector3Box: 12
    case .quaternion, .quaternionBox: 16
    case .matrix4x4, .matrix4x4Box: 64
    case .idString64, .idString64Box, .unit: 8
    default: 4
    }
  }

  /// How many floats a payload starts with that scripts call x, y, z and w.
  var components: Int {
    switch self {
    case .vector3: 3
    case .quaternion: 4
    default: 0
    }
  }
}

/// What a parameter accepts.
public indirect enum ValueType: Equatable, Sendable {
  case any
  case boolean
  /// A number without fraction, or a string that reads as one.
  case integer
  /// A number, or a string that reads as one.
  case number
  /// As `number`, infinity and NaN included.
  case anyNumber
  /// A string; a number is taken as Lua writes it.
  case string
  case table
  case function
  /// A peer id: a hexadecimal string, or an integer from 1 to 2^53 - 1.
  case peer
  /// A table, or another value that can be indexed.
  case callbacks
  case userdata(UserdataKind)
  case anyOf([ValueType])

  /// As the reference writes it.
  public var name: String {
    switch self {
    case .any: "any"
    case .boolean: "boolean"
    case .integer: "integer"
    case .number, .anyNumber: "number"
    case .string, .peer: "string"
    case .table, .callbacks: "table"
    case .function: "function"
    case .userdata(let kind): kind.name
    case .anyOf(let types): "any(" + types.map(\.name).joined(separator: ",") + ")"
    }
  }

  /// As an error names what it expected.
  var expectation: String {
    switch self {
    case .peer: "peer id (hexadecimal string)"
    case .callbacks: "callback object (table)"
    case .anyOf(let types): types.map(\.expectation).joined(separator: " or ")
    case .any: "a value"
    default: name
    }
  }
}

/// Where an object type has what the synchronizer replicates.
struct UnitFields {
  /// The resource's name, a `resource_id`; 0 for an object without a unit.
  let unit: Int
  /// A `vector3`.
  let position: Int
  /// A `quaternion`.
  let rotation: Int

  /// - Throws: When the type lacks one of the fields, or has it as another kind.
  init(_ type: ObjectType) throws(UnitSynchronizerError) {
    unit = try UnitFields.find("unit", .resourceID, type)
    position = try UnitFields.find("position", .vector3, type)
    rotation = try UnitFields.find("rotation", .quaternion, type)
  }

  private static func find(_ name: String, _ kind: FieldKind, _ type: ObjectType) throws(UnitSynchronizerError) -> Int {
    guard let index = type.fields.firstIndex(where: { $0.name == name }) else {
      throw .lacksField(type: type.name, field: name, kind: kind.name, found: nil)
    }
    let found = type.fields[index].type.kind
    guard found == kind else {
      throw .lacksField(type: type.name, field: name, kind: kind.name, found: found.name)
    }
    return index
  }
}

/// Why the synchronizer refused something, in words that a game designer can act on.
public enum UnitSynchronizerError: Error, Equatable, Sendable, CustomStringConvertible {
  case noWorld
  case worldReleased
  case lacksField(type: String, field: String, kind: String, found: String?)
  case notSynchronized
  case session(SessionError)
  case world(WorldError)

  public var description: String {
    switch self {
    case .noWorld: "there is no world yet; call set_world first"
    case .worldReleased: "the world was released; call set_world with one that exists"
    case .lacksField(let type, let field, let kind, nil):
      "object type \"\(type)\" needs a field \"\(field)\" of kind \(kind) to stand for units"
    case .lacksField(let type, let field, let kind, let found?):
      "object type \"\(type)\" needs its field \"\(field)\" to be of kind \(kind) to stand for units, and it is \(found)"
    case .notSynchronized: "this UnitSynchronizer did not spawn the unit"
    case .session(let error): error.description
    case .world(let error): error.description
    }
  }
}

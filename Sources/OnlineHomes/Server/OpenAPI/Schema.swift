import NetRuntime

/// A JSON Schema, as far as OpenAPI needs it here.
struct Schema: Sendable {
  /// What JSONSerialization takes.
  var json: [String: any Sendable]

  private init(_ json: [String: any Sendable]) { self.json = json }

  static func text(_ description: String? = nil, pattern: String? = nil, sizes: ClosedRange<Int>? = nil) -> Schema {
    var json: [String: any Sendable] = ["type": "string"]
    if let description { json["description"] = description }
    if let pattern { json["pattern"] = pattern }
    if let sizes {
      json["minLength"] = sizes.lowerBound
      json["maxLength"] = sizes.upperBound
    }
    return Schema(json)
  }

  /// One of some words.
  static func words(_ words: [String]) -> Schema { Schema(["type": "string", "enum": words]) }

  static let flag = Schema(["type": "boolean"])
  static let number = Schema(["type": "number"])
  /// A signed integer of 64 bits.
  static let integer = Schema(["type": "integer", "minimum": Int64.min, "maximum": Int64.max])
  /// An integer of 64 bits that is not negative; over 2^53, it needs a reader that keeps integers exact.
  static let unsigned = Schema(["type": "integer", "minimum": 0, "maximum": UInt64.max])

  static func integer(_ range: ClosedRange<Int>) -> Schema {
    Schema(["type": "integer", "minimum": range.lowerBound, "maximum": range.upperBound])
  }

  /// One of the components, by its name.
  static func named(_ name: String) -> Schema { Schema(["$ref": "#/components/schemas/\(name)"]) }

  static func list(_ element: Schema, atMost: Int? = nil, atLeast: Int? = nil) -> Schema {
    var json: [String: any Sendable] = ["type": "array", "items": element.json]
    if let atMost { json["maxItems"] = atMost }
    if let atLeast { json["minItems"] = atLeast }
    return Schema(json)
  }

  /// An object whose keys are the client's.
  static func map(_ value: Schema) -> Schema { Schema(["type": "object", "additionalProperties": value.json]) }

  struct Field {
    var name: String
    var schema: Schema
    var isRequired: Bool

    static func must(_ name: String, _ schema: Schema) -> Field { Field(name: name, schema: schema, isRequired: true) }
    static func may(_ name: String, _ schema: Schema) -> Field { Field(name: name, schema: schema, isRequired: false) }
  }

  static func object(_ fields: Field..., description: String? = nil) -> Schema { object(fields, description) }

  static func object(_ fields: [Field], _ description: String? = nil) -> Schema {
    var properties: [String: any Sendable] = [:]
    for field in fields { properties[field.name] = field.schema.json }
    var json: [String: any Sendable] = ["type": "object", "properties": properties, "additionalProperties": false]
    let required = fields.filter(\.isRequired).map(\.name)
    if !required.isEmpty { json["required"] = required }
    if let description { json["description"] = description }
    return Schema(json)
  }

  /// One of some kinds: an object with one key, the kind's name, and in it what belongs to that kind.
  static func kinds(_ kinds: [(name: String, fields: [Field])]) -> Schema {
    Schema(["oneOf": kinds.map { object(.must($0.name, object($0.fields))).json }])
  }
}

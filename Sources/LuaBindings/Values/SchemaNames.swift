import NetRuntime

/// A schema's names as interned strings: from a string on the stack to a message, an object type or a field without
/// touching its text.
final class SchemaNames {
  let config: NetworkConfig
  /// The name of each message, for events.
  let messages: [Name]
  // By name: the message or object type, -1 for none.
  private let messageOfName: UnsafeMutableBufferPointer<Int32>
  private let objectOfName: UnsafeMutableBufferPointer<Int32>
  // The field names of all object types one after another, and where each type's begin.
  private let fieldNames: UnsafeMutableBufferPointer<Int32>
  private let firstField: UnsafeMutableBufferPointer<Int32>
  /// The codecs of each object type's fields.
  private let codecs: UnsafeMutableBufferPointer<UnsafeBufferPointer<FieldCodec>>

  /// Interns the names of a schema.
  /// - Throws: When Lua's memory is short.
  init(_ config: NetworkConfig, in lua: LuaState) throws(ScriptError) {
    self.config = config
    let messages = try lua.intern(config.messages.map(\.name))
    let objects = try lua.intern(config.objects.map(\.name))
    let fields = try lua.intern(config.objects.flatMap { $0.fields.map(\.name) })
    self.messages = messages
    messageOfName = SchemaNames.table(lua.names.total, messages)
    objectOfName = SchemaNames.table(lua.names.total, objects)
    fieldNames = .allocate(capacity: fields.count)
    _ = fieldNames.initialize(from: fields.map(\.index))
    firstField = .allocate(capacity: config.objects.count + 1)
    codecs = .allocate(capacity: config.objects.count)
    _ = codecs.initialize(from: config.objects.indices.map { config.codecs(ofObject: $0) })
    var first: Int32 = 0
    for (index, object) in config.objects.enumerated() {
      firstField.initializeElement(at: index, to: first)
      first += Int32(object.fields.count)
    }
    firstField.initializeElement(at: config.objects.count, to: first)
  }

  deinit {
    messageOfName.deallocate()
    objectOfName.deallocate()
    fieldNames.deallocate()
    firstField.deallocate()
    codecs.deallocate()
  }

  @inline(__always)
  func message(_ name: Name) -> Int? {
    SchemaNames.find(messageOfName, name)
  }

  @inline(__always)
  func object(_ name: Name) -> Int? {
    SchemaNames.find(objectOfName, name)
  }

  /// The place of a field in an object type.
  @inline(__always)
  func field(_ name: Name, of object: Int) -> Int? {
    guard object >= 0, object &+ 1 < firstField.count else { return nil }
    let first = Int(firstField[object])
    let end = Int(firstField[object &+ 1])
    var index = first
    while index < end {
      if fieldNames[index] == name.index { return index &- first }
      index &+= 1
    }
    return nil
  }

  /// The codec of a field that `field` has found.
  @inline(__always)
  func codec(_ field: Int, of object: Int) -> FieldCodec { codecs[object][field] }

  /// The name of a field by its place in an object type.
  @inline(__always)
  func fieldName(_ place: Int, of object: Int) -> Name {
    Name(index: fieldNames[Int(firstField[object]) &+ place])
  }

  @inline(__always)
  private static func find(_ table: UnsafeMutableBufferPointer<Int32>, _ name: Name) -> Int? {
    guard name.index < table.count, table[Int(name.index)] >= 0 else { return nil }
    return Int(table[Int(name.index)])
  }

  private static func table(_ size: Int, _ names: [Name]) -> UnsafeMutableBufferPointer<Int32> {
    let table = UnsafeMutableBufferPointer<Int32>.allocate(capacity: size)
    table.initialize(repeating: -1)
    for (index, name) in names.enumerated() { table[Int(name.index)] = Int32(index) }
    return table
  }
}

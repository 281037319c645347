/// A value with its kind: for tests, tools and other callers that may allocate. The hot path uses the typed calls of
/// `BitWriter` and `BitReader`.
public enum FieldValue: Equatable, Sendable {
  case bool(Bool)
  case int(Int64)
  case float(Double)
  case vector3(SIMD3<Float>)
  case quaternion(SIMD4<Float>)
  case string([UInt8])
  case id32(UInt32)
  /// An id_string64 or resource_id.
  case id64(UInt64)
  case uint64(UInt64)
  case array([FieldValue])
}

extension FieldValue {
  /// Packs the value; `.outOfRange` when it is of another kind than the codec. An array that fails half-way leaves its
  /// first elements written.
  public func encode(to writer: inout BitWriter, _ codec: FieldCodec) -> PackingOutcome {
    guard case .array(let elements) = self else { return encodeElement(to: &writer, codec, as: codec.kind) }
    guard codec.kind == .array else { return .outOfRange }
    var worst = writer.beginArray(count: elements.count, codec)
    guard worst.wrote else { return worst }
    for element in elements {
      let outcome = element.encodeElement(to: &writer, codec, as: codec.elementKind)
      guard outcome.wrote else { return outcome }
      if outcome == .clamped { worst = .clamped }
    }
    return worst
  }

  private func encodeElement(to writer: inout BitWriter, _ codec: FieldCodec, as kind: FieldKind) -> PackingOutcome {
    switch (kind, self) {
    case (.bool, .bool(let value)): writer.writeBool(value)
    case (.int, .int(let value)): return writer.writeInt(value, codec)
    case (.float, .float(let value)): return writer.writeFloat(value, codec)
    case (.vector3, .vector3(let value)): return writer.writeVector3(value, codec)
    case (.quaternion, .quaternion(let value)): return writer.writeQuaternion(value, codec)
    case (.string, .string(let value)): return value.withUnsafeBytes { writer.writeBytes($0, codec) }
    case (.idString32, .id32(let value)): writer.write(UInt64(value), bits: 32)
    case (.idString64, .id64(let value)), (.resourceID, .id64(let value)), (.uint64, .uint64(let value)):
      writer.writeUInt64(value)
    default: return .outOfRange
    }
    return .done
  }

  /// Unpacks a value; nil, with the reader failed, when the bits are cut off or no writer writes them. Never allocates
  /// more than the bits at hand justify.
  public static func decode(from reader: inout BitReader, _ codec: FieldCodec) -> FieldValue? {
    guard codec.kind == .array else { return decodeElement(from: &reader, codec) }
    var check = reader
    guard check.skip(codec) else {
      reader.fail()
      return nil
    }
    let count = reader.readCount(codec)
    var elements: [FieldValue] = []
    elements.reserveCapacity(count)
    for _ in 0..<count {
      guard let element = decodeElement(from: &reader, codec) else { return nil }
      elements.append(element)
    }
    return reader.failed ? nil : .array(elements)
  }

  private static func decodeElement(from reader: inout BitReader, _ codec: FieldCodec) -> FieldValue? {
    let value: FieldValue
    switch codec.elementKind {
    case .bool: value = .bool(reader.readBool())
    case .int: value = .int(reader.readInt(codec))
    case .float: value = .float(reader.readFloat(codec))
    case .vector3: value = .vector3(reader.readVector3(codec))
    case .quaternion: value = .quaternion(reader.readQuaternion(codec))
    case .string:
      let length = reader.readLength(codec)
      var bytes = [UInt8](repeating: 0, count: length)
      bytes.withUnsafeMutableBytes { reader.read(into: $0) }
      value = .string(bytes)
    case .idString32: value = .id32(UInt32(truncatingIfNeeded: reader.read(bits: 32)))
    case .idString64, .resourceID: value = .id64(reader.readUInt64())
    case .uint64: value = .uint64(reader.readUInt64())
    case .array: return nil
    }
    return reader.failed ? nil : value
  }
}

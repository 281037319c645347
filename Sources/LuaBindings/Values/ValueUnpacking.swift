import CLua
import NetRuntime

extension Staging {
  /// Unpacks one value, which has been checked, straight into the push program.
  @inline(__always)
  func pushValue(from reader: inout BitReader, _ codec: FieldCodec) {
    guard codec.kind == .array else { return pushElement(from: &reader, codec) }
    let count = reader.readCount(codec)
    pushTable(array: count)
    var place = 1
    while place <= count, !reader.failed {
      pushElement(from: &reader, codec)
      setIndex(place)
      place += 1
    }
  }

  @inline(__always)
  private func pushElement(from reader: inout BitReader, _ codec: FieldCodec) {
    switch codec.elementKind {
    case .bool: push(reader.readBool())
    case .int: push(Double(reader.readInt(codec)))
    case .float: push(reader.readFloat(codec))
    case .vector3: push(vector3: reader.readVector3(codec))
    case .quaternion: push(quaternion: reader.readQuaternion(codec))
    case .string: pushString(from: &reader, codec)
    case .idString32: push(.idString32, reader.readIdString32().rawValue)
    case .idString64, .resourceID: push(.idString64, reader.readIdString64().rawValue)
    case .uint64: push(PeerID(rawValue: reader.readUInt64()))
    case .array: pushNil()
    }
  }

  /// A smooth value of a kind that can be interpolated.
  func push(_ value: SIMD4<Double>, _ codec: FieldCodec) {
    switch codec.kind {
    case .vector3: push(vector3: SIMD3(Float(value.x), Float(value.y), Float(value.z)))
    case .quaternion: push(quaternion: SIMD4<Float>(value))
    default: push(value.x)
    }
  }

  private func pushString(from reader: inout BitReader, _ codec: FieldCodec) {
    let count = reader.readLength(codec)
    let offset = runtime.pointee.byte_count
    if count > 0 {
      guard let place = clua_stage_bytes(runtime, UInt32(truncatingIfNeeded: count)) else { return }
      reader.read(into: UnsafeMutableRawBufferPointer(start: place, count: count))
    }
    clua_stage_op(runtime, CLUA_OP_STRING, 0, UInt32(truncatingIfNeeded: count), UInt64(offset))
  }
}

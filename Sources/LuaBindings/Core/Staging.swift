import CLua
import NetRuntime

/// Stages what Lua's stack is to hold; C pushes it when Swift has returned.
public protocol Staging {
  var runtime: UnsafeMutablePointer<clua_runtime> { get }
}

extension Staging {
  @inline(__always)
  public func pushNil() {
    clua_stage_nil(runtime)
  }

  @inline(__always)
  public func push(_ value: Bool) {
    clua_stage_boolean(runtime, value)
  }

  @inline(__always)
  public func push(_ value: Double) {
    clua_stage_number(runtime, value)
  }

  @inline(__always)
  public func push(_ value: some BinaryInteger) {
    clua_stage_number(runtime, Double(value))
  }

  public func push(_ text: String) {
    var text = text
    text.withUTF8 { push(bytes: UnsafeRawBufferPointer($0)) }
  }

  /// Nil for nil.
  public func push(_ text: String?) {
    if let text { push(text) } else { pushNil() }
  }

  public func push(bytes: UnsafeRawBufferPointer) {
    guard bytes.count < Int(CLUA_STAGED_BYTES.rawValue) else {
      runtime.pointee.overflowed = true
      return
    }
    clua_stage_copy(runtime, CLUA_OP_STRING, 0, bytes.baseAddress, UInt32(truncatingIfNeeded: bytes.count))
  }

  public func push(bytes: [UInt8]) {
    bytes.withUnsafeBytes { push(bytes: $0) }
  }

  /// The peer id's unpadded lower-case hexadecimal.
  public func push(_ peer: PeerID) {
    let digits = max(1, (67 - peer.rawValue.leadingZeroBitCount) / 4)
    let offset = runtime.pointee.byte_count
    guard let place = clua_stage_bytes(runtime, UInt32(digits)) else { return }
    var value = peer.rawValue
    for index in stride(from: digits - 1, through: 0, by: -1) {
      let nibble = UInt8(value & 15)
      place[index] = nibble + (nibble < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
      value >>= 4
    }
    clua_stage_op(runtime, CLUA_OP_STRING, 0, UInt32(digits), UInt64(offset))
  }

  /// Nil for nil.
  public func push(_ peer: PeerID?) {
    if let peer { push(peer) } else { pushNil() }
  }

  /// An array of peer ids.
  public func push(_ peers: some Collection<PeerID>) {
    pushTable(array: peers.count)
    for (index, peer) in peers.enumerated() {
      push(peer)
      setIndex(index + 1)
    }
  }

  /// A userdata that carries its value; `payload` has the kind's payload size.
  public func push(_ kind: UserdataKind, payload: UnsafeRawBufferPointer) {
    let count = UInt32(truncatingIfNeeded: payload.count)
    clua_stage_copy(runtime, CLUA_OP_USERDATA, kind.rawValue, payload.baseAddress, count)
  }

  /// A userdata that carries its value as it lies in memory.
  @inline(__always)
  public func push<Value: BitwiseCopyable>(_ kind: UserdataKind, _ value: Value) {
    withUnsafeBytes(of: value) { push(kind, payload: UnsafeRawBufferPointer(rebasing: $0.prefix(kind.payloadSize))) }
  }

  public func push(vector3 value: SIMD3<Float>) {
    push(.vector3, (value.x, value.y, value.z))
  }

  /// x, y, z, w.
  public func push(quaternion value: SIMD4<Float>) {
    push(.quaternion, value)
  }

  /// The one userdata that stands for an object in Swift.
  public func push(handle: Handle) {
    clua_stage_op(runtime, CLUA_OP_HANDLE, handle.kind.rawValue, handle.number, UInt64(handle.place))
  }

  /// An empty table with room for so many elements and fields.
  public func pushTable(array: Int = 0, fields: Int = 0) {
    clua_stage_op(runtime, CLUA_OP_TABLE, 0, UInt32(clamping: array), UInt64(clamping: fields))
  }

  /// table[index] = top, pops it.
  public func setIndex(_ index: Int) {
    clua_stage_op(runtime, CLUA_OP_SET_INDEX, 0, UInt32(truncatingIfNeeded: index), 0)
  }

  /// Takes a value and the key below it off, into the table below them.
  public func setField() {
    clua_stage_op(runtime, CLUA_OP_SET, 0, 0, 0)
  }

  public func setField(_ key: String, _ value: Double) {
    push(key)
    push(value)
    setField()
  }

  public func setField(_ key: String, _ value: String) {
    push(key)
    push(value)
    setField()
  }

  public func setField(_ key: String, _ value: Bool) {
    push(key)
    push(value)
    setField()
  }

  /// A value that the registry holds.
  @inline(__always)
  public func push(reference: Int32) {
    clua_stage_reference(runtime, reference)
  }

  /// Calls the function that lies below `arguments` values; nil results are all it gives.
  public func call(arguments: Int, results: Int?) {
    clua_stage_op(runtime, CLUA_OP_CALL, results.map { UInt8(truncatingIfNeeded: $0) } ?? 255, UInt32(arguments), 0)
  }

  public func pop(_ count: Int = 1) {
    clua_stage_op(runtime, CLUA_OP_POP, 0, UInt32(count), 0)
  }

  public func pushGlobals() {
    clua_stage_op(runtime, CLUA_OP_GLOBALS, 0, 0, 0)
  }

  /// Pushes a field of the table on top, raw; with `creating`, a table is put there when there is nothing.
  public func pushField(_ key: String, creating: Bool = false) {
    push(key)
    clua_stage_op(runtime, CLUA_OP_GET, creating ? 1 : 0, 0, 0)
  }

  /// Pushes again what lies `depth` below the top; 1 is the top.
  public func copy(_ depth: Int) {
    clua_stage_op(runtime, CLUA_OP_COPY, 0, UInt32(depth), 0)
  }
}

/// Stands for an object in Swift; two handles are equal when they stand for the same one. A kind's numbers are never
/// used again.
public struct Handle: Hashable, Sendable {
  public let kind: UserdataKind
  public let number: UInt32
  /// Where the object is found, for kinds whose payload has room for it.
  public let place: UInt32

  public init(kind: UserdataKind, number: UInt32, place: UInt32 = 0) {
    self.kind = kind
    self.number = number
    self.place = place
  }
}

import CLua

/// A string that Swift knows by number: a message, an object type, a field, a callback.
public struct Name: Hashable, Sendable {
  public let index: Int32

  public init(index: Int32) {
    self.index = index
  }
}

/// Finds the number of a Lua string by its address. Lua keeps one copy of each string, and the registry keeps these
/// where they are.
public final class Names {
  private let runtime: UnsafeMutablePointer<clua_runtime>
  /// Apart, so that a look-up counts no references and checks for no overlapping access.
  let table: UnsafeMutablePointer<NameTable>
  private var known: [String: Name] = [:]
  private var texts: [String] = []

  init(runtime: UnsafeMutablePointer<clua_runtime>) {
    self.runtime = runtime
    table = .allocate(capacity: 1)
    table.initialize(to: NameTable())
  }

  deinit {
    table.pointee.destroy()
    table.deallocate()
  }

  /// The name of a text that was interned; nil for others.
  public func find(_ text: String) -> Name? {
    known[text]
  }

  /// The text behind a name.
  public func text(_ name: Name) -> String {
    texts[Int(name.index)]
  }

  /// How many names there are; a name's index is below.
  public var total: Int { texts.count }

  func reference(_ name: Name) -> Int32 {
    runtime.pointee.names[Int(name.index)].reference
  }

  /// Takes the names that the runtime kept since the last time.
  func adopt(_ added: [String]) {
    for text in added {
      let index = texts.count
      texts.append(text)
      known[text] = Name(index: Int32(index))
      table.pointee.insert(UInt(bitPattern: runtime.pointee.names[index].bytes), Int32(index))
    }
  }
}

/// The numbers of kept strings by their addresses.
struct NameTable {
  private struct Slot {
    var address: UInt
    var index: Int32
  }

  private var slots = NameTable.empty(256)
  private var count = 0

  func destroy() {
    slots.deallocate()
  }

  /// The name of a string on the stack; nil for other strings and types.
  @inline(__always)
  func find(_ state: OpaquePointer, _ index: Int32) -> Name? {
    guard lua_type(state, index) == LUA_TSTRING, let text = lua_tolstring(state, index, nil) else { return nil }
    let address = UInt(bitPattern: text)
    let mask = slots.count &- 1
    var place = NameTable.hash(address) & mask
    while true {
      let slot = slots[place]
      if slot.address == address { return Name(index: slot.index) }
      if slot.address == 0 { return nil }
      place = (place &+ 1) & mask
    }
  }

  mutating func insert(_ address: UInt, _ index: Int32) {
    if count * 2 >= slots.count { grow() }
    count += 1
    let mask = slots.count - 1
    var place = NameTable.hash(address) & mask
    while slots[place].address != 0 { place = (place + 1) & mask }
    slots[place] = Slot(address: address, index: index)
  }

  private mutating func grow() {
    let old = slots
    slots = NameTable.empty(old.count * 2)
    count = 0
    for slot in old where slot.address != 0 { insert(slot.address, slot.index) }
    old.deallocate()
  }

  private static func empty(_ size: Int) -> UnsafeMutableBufferPointer<Slot> {
    let slots = UnsafeMutableBufferPointer<Slot>.allocate(capacity: size)
    slots.initialize(repeating: Slot(address: 0, index: 0))
    return slots
  }

  @inline(__always)
  private static func hash(_ address: UInt) -> Int {
    Int(truncatingIfNeeded: (address &* 0x9E37_79B9_7F4A_7C15) >> 40)
  }
}

extension NetworkConfig {
  /// Bits of a message's index on the wire.
  var messageIndexBits: Int { NetworkConfig.indexBits(of: messages.count) }

  /// Bits of an object type's index in a block of state.
  var objectIndexBits: Int { NetworkConfig.indexBits(of: objects.count) }

  /// Bits that tell so many things apart.
  private static func indexBits(of count: Int) -> Int {
    count < 2 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount
  }
}

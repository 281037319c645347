import Glibc

/// Where a peer's random bits come from. The host program gives the operating system's; a simulation gives a seeded
/// one, so that it can be repeated.
///
/// Sources are classes: whoever shares one draws from the same sequence, so no two rooms ever see the same bits.
public protocol RandomSource: AnyObject {
  /// 64 random bits.
  func next() -> UInt64

  /// Fills the whole buffer with random bytes.
  func fill(_ buffer: UnsafeMutableRawBufferPointer)
}

extension RandomSource {
  /// A number in 0..<bound, each equally likely; 0 when `bound` is 0.
  public func next(below bound: UInt64) -> UInt64 {
    guard bound > 1 else { return 0 }
    // Lemire's method: the rare low products are drawn again, else some numbers would be likelier than others.
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold {
        product = next().multipliedFullWidth(by: bound)
      }
    }
    return product.high
  }

  /// A number in 0..<1, in steps of 2^-53.
  public func nextUnit() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Fills the buffer from `next()`, least significant byte first.
  public func fill(_ buffer: UnsafeMutableRawBufferPointer) {
    var position = 0
    while position < buffer.count {
      let bits = next().littleEndian
      let count = Swift.min(8, buffer.count - position)
      withUnsafeBytes(of: bits) { bytes in
        UnsafeMutableRawBufferPointer(rebasing: buffer[position..<position + count])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[0..<count]))
      }
      position += count
    }
  }
}

/// The operating system's cryptographic random numbers.
public final class SystemRandomSource: RandomSource {
  public init() {}

  public func next() -> UInt64 {
    var bits: UInt64 = 0
    withUnsafeMutableBytes(of: &bits) { fill($0) }
    return bits
  }

  public func fill(_ buffer: UnsafeMutableRawBufferPointer) {
    guard let start = buffer.baseAddress, buffer.count > 0 else { return }
    // Never fails and never returns less than it was asked for, unlike getrandom.
    arc4random_buf(start, buffer.count)
  }
}

/// xoshiro256**: the same seed gives the same sequence on every machine. Not for keys of a real game.
public final class SeededRandomSource: RandomSource {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// The state is expanded from the seed by splitmix64, as the generator's authors advise, so that near seeds give
  /// unlike sequences.
  public init(seed: UInt64) {
    var seed = seed
    func expand() -> UInt64 {
      seed &+= 0x9E37_79B9_7F4A_7C15
      var mixed = seed
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
    state = (expand(), expand(), expand(), expand())
  }

  public func next() -> UInt64 {
    let scaled = state.1 &* 5
    let result = ((scaled << 7) | (scaled >> 57)) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = (state.3 << 45) | (state.3 >> 19)
    return result
  }
}

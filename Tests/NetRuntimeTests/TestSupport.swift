@testable import NetRuntime

/// Whether this is a release build. Without the optimiser generic calls allocate, so that a count of allocations means
/// something in release only.
let isOptimised = {
  var isOptimised = true
  assert(
    {
      isOptimised = false
      return true
    }())
  return isOptimised
}()

/// Peers on a virtual network that run frame by frame.
protocol FrameWorld {
  var network: VirtualNetwork { get }
  func step()
}

extension FrameWorld {
  func run(_ seconds: Double) {
    let end = network.now + seconds
    while network.now < end { step() }
  }

  /// Runs until a condition holds; false when it does not within the time.
  func run(atMost seconds: Double, until condition: () -> Bool) -> Bool {
    let end = network.now + seconds
    while network.now < end {
      if condition() { return true }
      step()
    }
    return condition()
  }
}

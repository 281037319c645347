/// How long acknowledgements take: smoothed mean and deviation, as TCP's retransmission timer keeps them (RFC 6298).
struct RoundTripEstimator {
  private(set) var mean = 0.0
  private(set) var deviation = 0.0
  private var hasSample = false
  /// Doublings of the patience while nothing at all comes back.
  private var backOff = 0

  mutating func add(_ sample: Double) {
    guard sample >= 0 else { return }
    if hasSample {
      deviation += (abs(sample - mean) - deviation) / 4
      mean += (sample - mean) / 8
    } else {
      mean = sample
      deviation = sample / 2
      hasSample = true
    }
  }

  /// How long a packet may go unacknowledged.
  func patience(least: Double) -> Double {
    max(least, mean + 4 * deviation) * Double(1 << backOff)
  }

  mutating func nothingCameBack() {
    backOff = min(backOff + 1, 3)
  }

  mutating func somethingCameBack() {
    backOff = 0
  }
}

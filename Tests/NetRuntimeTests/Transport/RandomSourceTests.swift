import NetRuntime
import Testing

@Suite struct RandomSourceTests {
  @Test func `xoshiro256** matches the reference implementation`() {
    // Computed with the authors' C code: splitmix64 seeded with 0, then xoshiro256**.
    let random = SeededRandomSource(seed: 0)
    #expect(random.next() == 0x99EC_5F36_CB75_F2B4)
    #expect(random.next() == 0xBF6E_1F78_4956_452A)
    #expect(random.next() == 0x1A5F_849D_4933_E6E0)
  }

  @Test func `one seed gives one sequence, another seed another`() {
    let first = SeededRandomSource(seed: 1)
    let same = SeededRandomSource(seed: 1)
    let other = SeededRandomSource(seed: 2)
    let sequence = (0..<10).map { _ in first.next() }
    #expect(sequence == (0..<10).map { _ in same.next() })
    #expect(sequence != (0..<10).map { _ in other.next() })
  }

  @Test func `fill writes every byte and no other`() {
    let random = SeededRandomSource(seed: 3)
    for length in 0...20 {
      var touched = [Bool](repeating: false, count: length)
      for _ in 0..<50 {
        var bytes = [UInt8](repeating: 0, count: length + 2)
        bytes.withUnsafeMutableBytes { random.fill(UnsafeMutableRawBufferPointer(rebasing: $0[1..<length + 1])) }
        #expect(bytes.first == 0 && bytes.last == 0)
        for index in 0..<length where bytes[index + 1] != 0 { touched[index] = true }
      }
      #expect(!touched.contains(false))
    }
  }

  @Test func `numbers below a bound stay below it and reach all values`() {
    let random = SeededRandomSource(seed: 4)
    var seen = Set<UInt64>()
    for _ in 0..<500 { seen.insert(random.next(below: 7)) }
    #expect(seen == Set(0..<7))
    #expect(random.next(below: 0) == 0)
    #expect(random.next(below: 1) == 0)
    for _ in 0..<100 {
      let unit = random.nextUnit()
      #expect(unit >= 0 && unit < 1)
    }
  }

  @Test func `the system's numbers differ`() {
    let random = SystemRandomSource()
    #expect(Set((0..<100).map { _ in random.next() }).count == 100)
  }
}

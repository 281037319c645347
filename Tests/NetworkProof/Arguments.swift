import NetRuntime

/// What was asked for on the command line.
struct Arguments: Sendable {
  var peers = 16...16
  var seeds: ClosedRange<UInt64> = 1...20
  var options = World.Options()
  var jobs = 2
  var showsDigest = false
  var twice = false
  /// Seconds of real time after which no further seed begins.
  var timeLimit: Double?

  static let usage = """
    usage: network-proof [--peers N|A-B] [--seeds N|A-B] [--seconds S] [--kills | --host-kills | --online steam|psn|xboxlive] [--migrations R] [--jobs N] [--minutes M] [--twice] [--digest] [--verbose]
      Plays seeded random games of N peers over a bad virtual network, and checks that all agree in the end.
      --kills    peers die without a word, the host among them
      --host-kills  the host dies at some datagram of some exchange, and another peer takes its session over
      --online  players of a platform meet over an online service that is lost now and then, are killed and signed out
      --migrations  how often a second a peer gives an object away; by default the seed says so
      --minutes  no further seed begins after that time
      --twice    plays each seed twice and compares
      --digest   prints each seed's digest
      --verbose  prints what happens; twice, all that the engine tells
    """

  init?(_ words: [String]) {
    var index = 0
    func word() -> String? {
      index += 1
      return index < words.count ? words[index] : nil
    }
    while index < words.count {
      switch words[index] {
      case "--peers":
        guard let range = Self.range(word()), range.lowerBound >= 2, range.upperBound <= 64 else { return nil }
        peers = Int(range.lowerBound)...Int(range.upperBound)
      case "--seeds":
        guard let range = Self.range(word()) else { return nil }
        seeds = range
      case "--seconds":
        guard let seconds = word().flatMap(Double.init), seconds > 0, seconds <= 3600 else { return nil }
        options.seconds = seconds
      case "--migrations":
        guard let rate = word().flatMap(Double.init), rate >= 0, rate <= 1000 else { return nil }
        options.migrations = rate
      case "--jobs":
        guard let count = word().flatMap(Int.init), count > 0, count <= 64 else { return nil }
        jobs = count
      case "--minutes":
        guard let minutes = word().flatMap(Double.init), minutes > 0 else { return nil }
        timeLimit = minutes * 60
      case "--kills": options.kills = true
      case "--host-kills": options.hostKills = true
      case "--online":
        guard let platform = word().flatMap({ Platform(rawValue: $0 == "xboxlive" ? "xboxLive" : $0) }),
          [.steam, .psn, .xboxLive].contains(platform)
        else { return nil }
        options.online = platform
      case "--twice": twice = true
      case "--digest": showsDigest = true
      case "--verbose": options.verbosity += 1
      default: return nil
      }
      index += 1
    }
  }

  private static func range(_ text: String?) -> ClosedRange<UInt64>? {
    let ends = (text ?? "").split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
    guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first <= last else { return nil }
    return first...last
  }

  /// A range of peers is gone through seed by seed.
  func peers(of seed: UInt64) -> Int { peers.lowerBound + Int(seed % UInt64(peers.count)) }

  func command(_ outcome: Outcome) -> String {
    var text = "swift run -c release network-proof --peers \(outcome.peers) --seeds \(outcome.seed)"
    if options.seconds != 60 { text += " --seconds \(options.seconds)" }
    if options.kills { text += " --kills" }
    if let rate = options.migrations { text += " --migrations \(rate)" }
    if let platform = options.online { text += " --online \(platform.rawValue.lowercased())" }
    if options.hostKills { text += " --host-kills" }
    return text
  }
}

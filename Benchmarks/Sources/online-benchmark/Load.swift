import CCounters
import CEpoll
import Glibc

/// Why a load came to nothing.
enum LoadFailure: Error {
  case noConnection(player: Int)
  case closed(player: Int)
  /// The server refused some of what the set-up asks.
  case refused(count: Int)
  /// So many requests had no answer when `Load.patience` was over.
  case silent(requests: Int)
}

/// Plays thousands of players against a server, from one thread.
struct Load {
  static let players = 8000
  static let entries = 2000
  /// Seconds that the set-up may take, and the answers to the last requests.
  static let patience = 60.0
  /// Seconds between two heartbeats of a player.
  static let interval = 5.0

  let port: UInt16
  private let poller: Int32
  private var requests: [LoadConnection] = []
  private var streams: [LoadConnection] = []
  private var tokens: [String]
  private var scratch = [UInt8](repeating: 0, count: 1 << 18)
  private var random = SystemRandomNumberGenerator()
  /// Seconds that answers took, by kind.
  private(set) var times: [LoadConnection.Kind: [Double]] = [:]
  private(set) var refused = 0
  private(set) var listed = 0
  private var open = 0
  /// When everybody's heartbeats were sent last while setting up.
  private var lastBeats = wallSeconds()
  /// When it ends, whatever is open then.
  private var deadline = 0.0

  init(port: UInt16) {
    self.port = port
    poller = epoll_create1(0)
    tokens = [String](repeating: "", count: Load.players)
  }

  var events: Int { streams.reduce(0) { $0 + $1.events } }

  // MARK: Setting up

  /// Signs everybody in, makes the lobbies and fills each with four players.
  mutating func setUp() throws(LoadFailure) {
    deadline = wallSeconds() + Load.patience
    for player in 0..<Load.players {
      requests.append(try connect(player))
      ask(.signIn, player, path: "sign-in", Bodies.signIn(player))
      try pace()
    }
    try settle(below: 1)
    for player in 0..<Load.players {
      let stream = try connect(player)
      streams.append(stream)
      let head = "GET /v1/news HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(tokens[player])\r\n\r\n"
      stream.send(.init(kind: .news, bytes: Array(head.utf8), due: 0))
      try pace()
    }
    for entry in 0..<Load.entries {
      ask(.create, entry, path: "requests", Bodies.create(entry))
      try pace()
    }
    try settle(below: 1)
    for player in Load.entries..<Load.players {
      ask(.join, player, path: "requests", Bodies.join(player, entry: player % Load.entries))
      try pace()
    }
    beat()
    try settle(below: 1)
    guard refused == 0 else { throw .refused(count: refused) }
    times.removeAll()
  }

  /// Keeps few requests open while setting up. Whoever has signed in sends heartbeats meanwhile: setting up takes about
  /// as long as a silent player is kept.
  private mutating func pace() throws(LoadFailure) {
    if wallSeconds() - lastBeats > Load.interval { beat() }
    try settle(below: 100)
  }

  private mutating func beat() {
    lastBeats = wallSeconds()
    for player in requests.indices where !tokens[player].isEmpty { ask(.heartbeat, player, path: "heartbeat", "") }
  }

  private mutating func connect(_ player: Int) throws(LoadFailure) -> LoadConnection {
    guard let connection = LoadConnection(port: port, player: player) else { throw .noConnection(player: player) }
    var event = epoll_event()
    event.events = EPOLLIN.rawValue
    event.data.fd = connection.descriptor
    epoll_ctl(poller, EPOLL_CTL_ADD, connection.descriptor, &event)
    byDescriptor[connection.descriptor] = connection
    return connection
  }

  private var byDescriptor: [Int32: LoadConnection] = [:]

  /// Waits until fewer requests than `count` are open.
  private mutating func settle(below count: Int) throws(LoadFailure) {
    while open >= count {
      guard wallSeconds() < deadline else { throw .silent(requests: open) }
      try turn(10)
    }
  }

  // MARK: Steady load

  /// Every player sends its heartbeats; so many lists and joins a second; each who joined leaves again.
  mutating func run(seconds: Double, lists: Double, joins: Double) throws(LoadFailure) {
    let start = wallSeconds()
    deadline = start + seconds + Load.patience
    var sent = (beats: 0, lists: 0, joins: 0)
    while wallSeconds() - start < seconds {
      let passed = wallSeconds() - start
      while Double(sent.beats) * Load.interval / Double(Load.players) < passed {
        let due = start + Double(sent.beats) * Load.interval / Double(Load.players)
        ask(.heartbeat, sent.beats % Load.players, path: "heartbeat", "", due: due)
        sent.beats += 1
      }
      while Double(sent.lists) / lists < passed {
        let player = Int.random(in: 0..<Load.players, using: &random)
        ask(.list, player, path: "requests", Bodies.list(player), due: start + Double(sent.lists) / lists)
        sent.lists += 1
      }
      while Double(sent.joins) / joins < passed {
        // One after the other, so that nobody joins again who has not left.
        let player = sent.joins * 7 % Load.players
        let entry = (player + 1 + Int.random(in: 0..<Load.entries - 1, using: &random)) % Load.entries
        ask(.join, player, path: "requests", Bodies.join(player, entry: entry), due: start + Double(sent.joins) / joins)
        ask(.leave, player, path: "requests", Bodies.leave(entry))
        sent.joins += 1
      }
      try turn(1)
    }
    try settle(below: 1)
  }

  private mutating func ask(
    _ kind: LoadConnection.Kind, _ player: Int, path: String, _ body: String, due: Double? = nil
  ) {
    let token = tokens[player].isEmpty ? "" : "Authorization: Bearer \(tokens[player])\r\n"
    let text = """
      POST /v1/\(path) HTTP/1.1\r\nHost: x\r\n\(token)Content-Type: application/json\r\n\
      Content-Length: \(body.utf8.count)\r\n\r\n\(body)
      """
    open += 1
    requests[player].send(.init(kind: kind, bytes: Array(text.utf8), due: due ?? wallSeconds()))
  }

  /// Takes what has come.
  private mutating func turn(_ milliseconds: Int32) throws(LoadFailure) {
    var ready = [epoll_event](repeating: epoll_event(), count: 512)
    let count = epoll_wait(poller, &ready, Int32(ready.count), milliseconds)
    for event in ready.prefix(Int(max(0, count))) {
      guard let connection = byDescriptor[event.data.fd], let (request, body) = try connection.read(&scratch) else {
        continue
      }
      open -= 1
      times[request.kind, default: []].append(wallSeconds() - request.due)
      let isRefused = !(200..<300 ~= connection.status) || body.place(of: "\"error\":") != nil
      if isRefused {
        let text = String(decoding: body.prefix(300), as: UTF8.self)
        if refused == 0 { print("refused: \(request.kind) \(connection.status) \(text)") }
        refused += 1
      }
      if request.kind == .signIn, let start = body.place(of: "\"token\":\"") {
        tokens[connection.player] = String(decoding: body[start...].prefix(64), as: UTF8.self)
      }
      if request.kind == .list { countEntries(body) }
    }
  }

  private mutating func countEntries(_ body: ArraySlice<UInt8>) {
    var rest = body
    while let place = rest.place(of: "\"revision\":") {
      listed += 1
      rest = rest[place...]
    }
  }
}

extension ArraySlice<UInt8> {
  /// The index behind the first place of a text.
  fileprivate func place(of text: StaticString) -> Int? {
    withUnsafeBytes { bytes in
      let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
      var index = 0
      while index + wanted.count <= bytes.count {
        var same = 0
        while same < wanted.count, bytes[index + same] == wanted[same] { same += 1 }
        if same == wanted.count { return startIndex + index + same }
        index += 1
      }
      return nil
    }
  }
}

/// Finds the lobbies on the local network. A search ends by itself in a second at most; the list can be read all the
/// time.
public final class LANLobbyBrowser {
  private enum State {
    case idle
    case refreshing(Search)
  }

  private struct Search {
    let nonce: UInt64
    /// Nil until the first question is sent.
    var start: Double?
    var questions = 0
  }

  /// Seconds after the first question at which it is asked again, against loss.
  private static let questionTimes = [0.0, 0.2, 0.4]
  /// Seconds after which a search ends when all data has come, and at the latest.
  private static let shortestSearch = 0.7
  private static let longestSearch = 1.0
  private static let requestInterval = 0.15

  private let node: LANNode
  private let socket: SocketID
  private var state = State.idle
  private var port: UInt16 = 0
  private var entries: [LANLobbyEntry] = []
  private var listings: [LANLobbyListing] = []

  init(node: LANNode, socket: SocketID) {
    self.node = node
    self.socket = socket
  }

  /// Starts a search on a lobby port; while one is under way this does nothing. Lobbies found before stay listed until
  /// the search ends, when those that did not answer go.
  public func refresh(port: UInt16) {
    guard case .idle = state else { return }
    if port != self.port {
      entries.removeAll()
      listings.removeAll()
    }
    self.port = port
    state = .refreshing(Search(nonce: node.random.next()))
  }

  public var isRefreshing: Bool {
    if case .refreshing = state { return true }
    return false
  }

  /// How many lobbies are listed.
  public var count: Int { listings.count }

  /// One of the lobbies listed, counted from 0; nil outside of the list.
  public func lobby(at index: Int) -> LANLobbyListing? {
    listings.indices.contains(index) ? listings[index] : nil
  }

  // MARK: For the client

  func receive(_ info: LANLobbyInfo, from source: Endpoint) {
    guard case .refreshing(let search) = state, info.nonce == search.nonce else { return }
    if let index = entries.firstIndex(where: { $0.host == info.host }) {
      entries[index].update(info, from: source)
    } else if entries.count < Limits.browserLobbies {
      entries.append(LANLobbyEntry(info, from: source))
    }
    list()
  }

  func receive(_ chunk: LANDataChunk) {
    guard case .refreshing(let search) = state, chunk.nonce == search.nonce,
      let index = entries.firstIndex(where: { $0.host == chunk.host })
    else { return }
    entries[index].add(chunk)
    list()
  }

  func transmit(at now: Double) {
    guard case .refreshing(var search) = state else { return }
    let start = search.start ?? now
    search.start = start
    let due = Self.questionTimes.count { $0 <= now - start }
    if search.questions < due {
      search.questions = due
      node.broadcast(.query(nonce: search.nonce), toPort: port, from: socket)
    }
    state = .refreshing(search)
    let isComplete = entries.allSatisfy { $0.info.nonce != search.nonce || $0.missing.isEmpty }
    let length = isComplete ? Self.shortestSearch : Self.longestSearch
    if now - start >= length {
      entries.removeAll { $0.info.nonce != search.nonce || $0.listing == nil }
      state = .idle
      list()
    } else {
      requestMissing(nonce: search.nonce, at: now)
    }
  }

  private func requestMissing(nonce: UInt64, at now: Double) {
    for index in entries.indices where entries[index].info.nonce == nonce && !entries[index].missing.isEmpty {
      guard now >= entries[index].nextRequest else { continue }
      entries[index].nextRequest = now + Self.requestInterval
      let info = entries[index].info
      for offset in entries[index].missing {
        let question = LANDatagram.queryMore(
          nonce: nonce, cookie: info.cookie, revision: info.revision, offset: offset)
        node.send(question, to: entries[index].source, from: socket)
      }
    }
  }

  private func list() {
    listings = entries.compactMap(\.listing)
  }
}

/// One program's door to a directory in memory.
public final class MemoryDirectory: Directory {
  private enum Call {
    case signIn(DirectoryIdentity, run: UInt64)
    case signOut(PeerID, run: UInt64)
    case ask(DirectoryRequest, PeerID, run: UInt64, number: UInt64)
  }

  private let service: MemoryDirectoryService
  /// The runs that this program signed in with, as far as it knows.
  private var runs: [PeerID: UInt64] = [:]
  /// What the service has not answered, by this door's own numbers, which grow.
  private var unanswered: [UInt64: Call] = [:]
  private var lastCall: UInt64 = 0
  private var lastArrival = 0.0
  /// What is on its way to the program, and which call it answers.
  private var inbox: [(time: Double, news: DirectoryNews, call: UInt64?)] = []
  private var inboxStart = 0
  private var lastPost = 0.0
  private var isClosed = false
  private var couldReach = true

  init(_ service: MemoryDirectoryService) {
    self.service = service
    reachabilityChanged()
  }

  /// Whether this program alone cannot reach the service.
  public var isCutOff = false {
    didSet {
      service.run()
      reachabilityChanged()
    }
  }

  /// The program is dead: it says no more, and the service has to find that out.
  public func abandon() {
    isClosed = true
    unanswered = [:]
    inbox = []
    inboxStart = 0
    service.remove(self)
  }

  // MARK: - What the program does

  public func signIn(_ identity: DirectoryIdentity) {
    guard !isClosed else { return }
    service.run()
    let run = max(1, service.random.next())
    runs[identity.id] = run
    call(.signIn(identity, run: run))
    service.schedule(.heartbeat(identity.id, run: run), at: service.now + Limits.heartbeatInterval, of: self)
  }

  public func signOut(_ player: PeerID) {
    guard !isClosed else { return }
    service.run()
    guard let run = runs.removeValue(forKey: player) else { return }
    call(.signOut(player, run: run))
  }

  public func ask(_ request: DirectoryRequest, as player: PeerID, number: UInt64) {
    guard !isClosed else { return }
    service.run()
    // Nobody has run 0, so who is not signed in hears so.
    call(.ask(request, player, run: runs[player] ?? 0, number: number))
  }

  public func next() -> DirectoryNews? {
    guard !isClosed else { return nil }
    service.run()
    guard inboxStart < inbox.count, inbox[inboxStart].time <= service.now else { return nil }
    let (_, news, call) = inbox[inboxStart]
    if let call { unanswered[call] = nil }
    inboxStart += 1
    if inboxStart == inbox.count {
      inbox.removeAll(keepingCapacity: true)
      inboxStart = 0
    }
    return news
  }

  public func close() {
    guard !isClosed else { return }
    service.run()
    if isReachable {
      for (player, run) in runs.sorted(by: { $0.key < $1.key }) { service.signOut(player, run: run) }
    }
    abandon()
    service.tellNews()
  }

  // MARK: - On its way

  private var isReachable: Bool { !isCutOff && !service.isLost }

  private func call(_ call: Call) {
    lastCall += 1
    unanswered[lastCall] = call
    if isReachable { send(lastCall) }
  }

  private func send(_ call: UInt64) {
    lastArrival = max(lastArrival, service.now + service.drawLatency())
    service.schedule(.request(call), at: lastArrival, of: self)
  }

  /// Sends news to the program.
  /// - Parameter call: What it is the answer to.
  func post(_ news: DirectoryNews, answering call: UInt64? = nil) {
    guard !isClosed else { return }
    lastPost = isReachable ? max(lastPost, service.now + service.drawLatency()) : .infinity
    inbox.append((lastPost, news, call))
  }

  /// Tells the program that the service is lost or there again. What was on its way is lost, too: requests, some of
  /// which have been heard, and answers; news wait.
  func reachabilityChanged() {
    guard !isClosed, isReachable != couldReach else { return }
    couldReach = isReachable
    let now = service.now
    inbox.removeFirst(inboxStart)
    inboxStart = 0
    if isReachable {
      let time = now + service.drawLatency()
      inbox = inbox.map { ($0.time > now ? time : $0.time, $0.news, $0.call) }
      inbox.insert((time, .restored, nil), at: inbox.firstIndex { $0.time > now } ?? inbox.count)
      lastPost = time
      for (player, run) in runs.sorted(by: { $0.key < $1.key }) { try? service.heartbeat(player, run: run) }
      for call in unanswered.keys.sorted() { send(call) }
    } else {
      service.dropRequests(of: self)
      inbox.removeAll { $0.time > now && $0.call != nil }
      inbox = inbox.map { ($0.time > now ? .infinity : $0.time, $0.news, $0.call) }
      inbox.insert((now, .lost("no answer for a while"), nil), at: inbox.firstIndex { $0.time > now } ?? inbox.count)
    }
  }

  // MARK: - At the service

  func holds(_ player: PeerID, run: UInt64) -> Bool { runs[player] == run }

  func wasSignedOut(_ player: PeerID, _ error: DirectoryError) {
    runs[player] = nil
    post(.signedOut(player, error))
  }

  func happen(_ what: MemoryEvents.What) {
    switch what {
    case .request(let number):
      if let call = unanswered[number] { serve(call, number) }
    case .heartbeat(let player, let run):
      guard !isClosed, runs[player] == run else { return }
      if isReachable { try? service.heartbeat(player, run: run) }
      service.schedule(what, at: service.now + Limits.heartbeatInterval, of: self)
    }
  }

  /// An answer that cannot get back is lost, and its request is repeated.
  private func serve(_ call: Call, _ number: UInt64) {
    let answer: DirectoryNews?
    switch call {
    case .signIn(let identity, let run): answer = signIn(identity, run: run)
    case .signOut(let player, let run):
      service.signOut(player, run: run)
      answer = nil
    case .ask(let request, let player, let run, let number):
      do throws(DirectoryError) {
        answer = .answer(number: number, .success(try service.apply(request, as: player, run: run)))
      } catch {
        answer = .answer(number: number, .failure(error))
      }
    }
    service.tellNews()
    if let answer {
      if isReachable { post(answer, answering: number) }
    } else {
      unanswered[number] = nil
    }
  }

  private func signIn(_ identity: DirectoryIdentity, run: UInt64) -> DirectoryNews? {
    // A run that was signed out while its request was repeated stays so.
    guard runs[identity.id] == run else { return nil }
    do throws(DirectoryError) {
      try service.signIn(identity, run: run)
      return .signedIn(identity.id, run: run)
    } catch {
      runs[identity.id] = nil
      return .signedOut(identity.id, error)
    }
  }
}

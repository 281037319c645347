import Dispatch
import Foundation
import NetRuntime

/// A directory at a server: requests go by HTTP, and news come as server-sent events. All work is done in the
/// background; the program's thread only leaves and takes.
public final class HTTPDirectory: Directory {
  private let hub: HTTPHub
  private var players: [PeerID: HTTPPlayer] = [:]
  /// Players that are being signed out: who signs in again has to wait for that, or would be signed out by it.
  private var leaving: [PeerID: Task<Void, Never>] = [:]
  private var isClosed = false

  /// - Parameter address: Nothing is asked there before somebody signs in.
  public convenience init(_ address: OnlineAddress) { self.init(HTTPHub(address)) }

  init(_ hub: HTTPHub) { self.hub = hub }

  deinit { close() }

  public func signIn(_ identity: DirectoryIdentity) {
    guard !isClosed else { return }
    let player = HTTPPlayer(identity, hub: hub)
    signOut(identity.id)
    players[identity.id] = player
    guard let before = leaving[identity.id] else { return player.start() }
    Task {
      await before.value
      player.start()
    }
  }

  public func signOut(_ player: PeerID) {
    guard let former = players.removeValue(forKey: player) else { return }
    former.fallSilent()
    let before = leaving[player]
    leaving[player] = Task {
      await before?.value
      await former.signOut(within: Limits.closingTime)
    }
  }

  public func ask(_ request: DirectoryRequest, as player: PeerID, number: UInt64) {
    guard !isClosed, let player = players[player] else {
      hub.put(.answer(number: number, .failure(.signedOut)))
      return
    }
    player.ask(request, number: number)
  }

  public func next() -> DirectoryNews? {
    if let news = hub.next() { return news }
    let now = SharedClock.now
    for player in players.values { player.releaseLate(at: now) }
    return hub.next()
  }

  public func relay(for player: PeerID) -> RelayGrant? { players[player]?.relay }

  /// Waits until the requests made so far are answered, or the server turns out to be away.
  /// - Parameter limit: Seconds at most.
  public func settle(for limit: Double) {
    let deadline = SharedClock.now + limit
    while SharedClock.now < deadline, !hub.isLost, !players.values.allSatisfy({ $0.isSettled && $0.isIdle }) {
      Thread.sleep(forTimeInterval: 0.002)
    }
  }

  public func close() {
    guard !isClosed else { return }
    isClosed = true
    let players = Array(self.players.values)
    self.players.removeAll()
    for player in players { player.fallSilent() }
    let leaving = Array(self.leaving.values)
    let hub = hub
    let done = DispatchSemaphore(value: 0)
    Task.detached {
      await withTaskGroup(of: Void.self) { group in
        for task in leaving { group.addTask { await task.value } }
        for player in players { group.addTask { await player.signOut(within: Limits.closingTime * 0.8) } }
      }
      await hub.shutDown()
      done.signal()
    }
    _ = done.wait(timeout: .now() + Limits.closingTime)
  }
}

/// Why a lobby, room, session or server is in state FAILED.
public enum PlatformFailure: Error, Equatable, Sendable {
  case refused(DirectoryError)
  /// No connection to the host came about: no way to it, a wrong secret, another schema.
  case connection(String)
  /// This peer is in it no more.
  case departed(DepartureReason)
  case signedOut(DirectoryError)
  /// The service did not say in `Limits.entryAnswerTime` whether this peer is in.
  case noAnswer
  /// This peer has entered it anew, which goes on in another lobby.
  case enteredAnew
}

extension PlatformFailure: CustomStringConvertible {
  public var description: String {
    switch self {
    case .refused(let error): error.description
    case .connection(let reason): "could not connect to its host: \(reason)"
    case .departed(.left): "this peer left it"
    case .departed(.kicked): "the host put this peer out"
    case .departed(.dropped): "the host put this peer out, or heard nothing of it for too long"
    case .departed(.ended): "it ended"
    case .signedOut(let error): "\(error)"
    case .noAnswer: "the online service has not answered for \(Int(Limits.entryAnswerTime)) seconds"
    case .enteredAnew: "this peer has entered it anew"
    }
  }
}

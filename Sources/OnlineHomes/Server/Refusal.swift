import Foundation
import HTTPTypes
import Hummingbird
import NetRuntime

/// A request that the server does not do: a status, and the one shape that all errors have.
struct Refusal: Error {
  var status: HTTPResponse.Status
  var body: ErrorBody
  /// Whether the connection ends, because the rest of the request is not read.
  var isLast = false

  init(_ status: HTTPResponse.Status, _ body: ErrorBody, isLast: Bool = false) {
    self.status = status
    self.body = body
    self.isLast = isLast
  }

  /// The status that an error of the directory has where it concerns the whole request.
  init(_ error: DirectoryError) {
    let status: HTTPResponse.Status =
      switch error {
      case .signedOut, .expired, .badSecret: .unauthorized
      case .tooManyRequests: .tooManyRequests
      case .unavailable: .serviceUnavailable
      default: .badRequest
      }
    let retry: Double? = if case .unavailable = error { 1 } else { nil }
    self.init(status, ErrorBody(error, retryAfter: retry))
  }

  static func tooMany(_ seconds: Double) -> Refusal {
    Refusal(.tooManyRequests, ErrorBody(.tooManyRequests, retryAfter: (seconds * 1000).rounded(.up) / 1000))
  }

  static func malformed(_ what: String, status: HTTPResponse.Status = .badRequest, isLast: Bool = false) -> Refusal {
    Refusal(status, ErrorBody(.malformed(what)), isLast: isLast)
  }

  /// The player signed in at another place.
  static let replaced = Refusal(.conflict, ErrorBody(.signedOut, message: ErrorBody.elsewhere))

  var response: Response {
    var headers: HTTPFields = [.contentType: "application/json"]
    if let seconds = body.retryAfter { headers[.retryAfter] = String(max(1, Int(min(seconds, 3600).rounded(.up)))) }
    if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
    if isLast { headers[.connection] = "close" }
    return Response(
      status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: AnswerWriter.text(body))))
  }
}

extension ErrorBody {
  static let elsewhere = "the player signed in at another place"
}

extension Refusal {
  /// What is wrong with a body, with the path to the place.
  init(_ error: DecodingError) {
    switch error {
    case .dataCorrupted(let context) where context.codingPath.isEmpty:
      self = .malformed("the body is no JSON, or has a number that is out of range")
    case .dataCorrupted(let context):
      self = .malformed("\(Refusal.path(context.codingPath)): \(context.debugDescription)")
    case .keyNotFound(let key, let context):
      self = .malformed("\(Refusal.path(context.codingPath + [key])): is missing")
    case .valueNotFound(let type, let context):
      self = .malformed("\(Refusal.path(context.codingPath)): expected \(Refusal.name(of: type)), got null")
    case .typeMismatch(let type, let context):
      let path = Refusal.path(context.codingPath)
      let isChoice = context.debugDescription.contains("number of keys")
      self = .malformed(
        isChoice
          ? "\(path): expected an object with one key, the name of a kind that /openapi.json lists"
          : "\(path): expected \(Refusal.name(of: type))")
    @unknown default: self = .malformed("the body cannot be read")
    }
  }

  /// "requests[3].request.join.peer"; "the body" for the whole.
  private static func path(_ keys: [any CodingKey]) -> String {
    var text = ""
    for key in keys.prefix(32) {
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
      }
    }
    return text.isEmpty ? "the body" : String(text.prefix(200))
  }

  private static func name(of type: Any.Type) -> String {
    switch type {
    case is String.Type: "a text"
    case is Bool.Type: "true or false"
    case is Double.Type: "a number"
    case is any BinaryInteger.Type: "an integer"
    case is [Any].Type: "a list"
    case is [String: Any].Type: "an object"
    default: String(describing: type).hasPrefix("Array") ? "a list" : "an object"
    }
  }
}

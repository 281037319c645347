import NetRuntime

/// What a player asked and the server has not answered, in order.
struct RequestQueue {
  enum Taking {
    case taken
    case refused(DirectoryError)
  }

  private struct Waiting {
    var number: UInt64
    /// Its part of a body's JSON.
    var text: [UInt8]
  }

  private var waiting: [Waiting] = []
  /// How many from the front are under way.
  private var underWay = 0
  /// Why the player cannot ask any more; nil while it can.
  var ending: DirectoryError?

  mutating func append(_ request: DirectoryRequest, number: UInt64) -> Taking {
    if let ending { return .refused(ending) }
    guard waiting.count < Limits.waitingRequests else { return .refused(.tooManyRequests) }
    let text = AnswerWriter.text(NumberedRequest(number: number, request: request))
    guard text.count < Limits.serverBodySize - 64 else {
      return .refused(.malformed("the request has \(text.count) bytes, too many for the server"))
    }
    waiting.append(Waiting(number: number, text: text))
    return .taken
  }

  var isEmpty: Bool { waiting.isEmpty }

  /// The body of the next requests, which stay here until `answered`; nil while nothing waits.
  /// - Parameter most: Requests at most.
  mutating func nextBody(most: Int = Limits.requestsPerBatch) -> [UInt8]? {
    guard !waiting.isEmpty else { return nil }
    var body = Array("{\"requests\":[".utf8)
    underWay = 0
    for one in waiting.prefix(most) {
      if underWay > 0 {
        guard body.count + one.text.count < Limits.requestsSize else { break }
        body.append(UInt8(ascii: ","))
      }
      body += one.text
      underWay += 1
    }
    return body + Array("]}".utf8)
  }

  /// The requests under way are done, or the first ones of them; the others go again.
  /// - Returns: Their numbers.
  mutating func answered(_ count: Int = .max) -> [UInt64] {
    let count = min(count, underWay)
    let numbers = waiting.prefix(count).map(\.number)
    waiting.removeFirst(count)
    underWay = 0
    return numbers
  }

  /// Takes all that waits.
  mutating func takeAll() -> [UInt64] {
    defer {
      waiting.removeAll()
      underWay = 0
    }
    return waiting.map(\.number)
  }
}

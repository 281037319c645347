/// What the connection layer needs of the network config.
public struct SchemaFacts {
  /// Two peers connect only when theirs are equal.
  public var hash: UInt64
  /// What a joiner with another schema fetches, to tell how they differ.
  public var canonicalText: String
  /// Bytes of reliable data that scripts may have unacknowledged on one link.
  public var reliableSendBufferSize: Int
  /// Bytes of reliable data held for gaps on one link.
  public var reliableReceiveBufferSize: Int
  /// How the other end's schema, given as its canonical text, differs; the text is not to be trusted.
  public var differences: (String) -> [String]

  public init(
    hash: UInt64, canonicalText: String, reliableSendBufferSize: Int = 32768, reliableReceiveBufferSize: Int = 32768,
    differences: @escaping (String) -> [String]
  ) {
    self.hash = hash
    self.canonicalText = canonicalText
    self.reliableSendBufferSize = reliableSendBufferSize
    self.reliableReceiveBufferSize = reliableReceiveBufferSize
    self.differences = differences
  }
}

/// Messages between connection layers, on the channel `connection` of links whose schemas differ.
enum SchemaMessage {
  static let request: UInt8 = 1
  static let text: UInt8 = 2
  static let textHead = 9
  static let chunkSize = 1024
}

/// Puts the other end's schema text together from its pieces.
struct SchemaFetch {
  private var text: [UInt8] = []
  private var total: Int?

  enum Progress: Equatable {
    case incomplete
    case complete(String)
    case malformed
  }

  /// Takes the message's part behind its kind: total size, offset, bytes. Pieces come in order, for the stream is.
  mutating func take(_ message: [UInt8]) -> Progress {
    guard message.count > SchemaMessage.textHead - 1 else { return .malformed }
    let (size, offset) = message.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      return (Int(reader.read(UInt32.self)), Int(reader.read(UInt32.self)))
    }
    let piece = message[(SchemaMessage.textHead - 1)...]
    guard size <= Limits.schemaTextSize, total == nil || total == size, offset == text.count,
      offset + piece.count <= size
    else { return .malformed }
    total = size
    text += piece
    return text.count == size ? .complete(String(decoding: text, as: UTF8.self)) : .incomplete
  }

  /// The messages that carry a text.
  static func messages(for text: String) -> [[UInt8]] {
    let bytes = Array(text.utf8)
    return stride(from: 0, to: bytes.count, by: SchemaMessage.chunkSize).map { offset in
      let piece = bytes[offset..<min(offset + SchemaMessage.chunkSize, bytes.count)]
      return HandshakeWire.encoded(capacity: SchemaMessage.textHead + piece.count) { writer in
        writer.write(SchemaMessage.text)
        writer.write(UInt32(bytes.count))
        writer.write(UInt32(offset))
        writer.write(Array(piece))
      }
    }
  }
}

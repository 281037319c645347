import Glibc

/// What the program itself says.
enum Output {
  /// Writes to standard error at once.
  static func error(_ text: String) {
    write(text, to: 2)
  }

  /// Writes to standard output, behind what scripts have printed.
  static func standard(_ text: String) {
    fflush(nil)
    write(text, to: 1)
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var position = 0
      while position < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + position }, bytes.count - position)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        position += count
      }
    }
  }
}

extension Limits {
  /// Bytes of one frame of a dump that a reader takes: a schema's two texts, and the frame in which a host sends a
  /// whole session to late joiners.
  public static let dumpFrameSize = 8 << 20
  /// Bytes of a frame that wait in memory; a longer frame is written in parts.
  public static let dumpBuffer = 256 * 1024
  /// Bytes of a dump tag: a line that a page can show.
  public static let dumpTagSize = 1024
}

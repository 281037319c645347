/// What a frame's receive half has to tell the script, one at a time and in order.
///
/// The state that an event speaks of stands as the event left it until the next event is asked for: a created object
/// has its fields, a destroyed one still has them.
public enum NetworkEvent {
  /// A message arrived. `arguments` holds the packed arguments, already checked against the schema, and is valid until
  /// the next event is asked for.
  case message(index: Int, sender: PeerID, arguments: BitReader)
  case objectCreated(UInt32, creator: PeerID)
  case objectDestroyed(UInt32, destroyer: PeerID)
  case objectMigratedToMe(UInt32, oldOwner: PeerID)
  case objectMigratedAway(UInt32, newOwner: PeerID)
  case objectSyncDone(PeerID)
  case sessionDisconnect(host: PeerID)
}

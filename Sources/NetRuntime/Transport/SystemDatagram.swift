import Glibc

/// What the operating system tells of a datagram it handed over.
struct SystemDatagram {
  /// Its whole length, also where the buffer was shorter.
  let count: Int
  let source: Endpoint
  /// The number of the interface it came in by, 0 when the system did not say.
  let interfaceIndex: Int32
  /// Bytes of each datagram, where several came joined; the last may be shorter. 0 for a single one.
  let each: Int

  /// UDP_SEGMENT and UDP_GRO, which Glibc's module does not show.
  private static let cuts: Int32 = 103
  static let joins: Int32 = 104

  struct Failure: Error {
    let code: Int32
  }

  /// Takes the next datagram from a socket without waiting.
  static func receive(
    into buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32
  ) -> Result<SystemDatagram, Failure> {
    var source = sockaddr_in()
    var vector = iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
    // Room for the control messages with the interface and the size of joined datagrams, aligned as the system wants
    // it.
    var control: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)
    return withUnsafeMutableBytes(of: &control) { control in
      withUnsafeMutablePointer(to: &source) { source in
        withUnsafeMutablePointer(to: &vector) { vector in
          var header = msghdr()
          header.msg_name = UnsafeMutableRawPointer(source)
          header.msg_namelen = socklen_t(MemoryLayout<sockaddr_in>.size)
          header.msg_iov = vector
          header.msg_iovlen = 1
          header.msg_control = control.baseAddress
          header.msg_controllen = control.count
          let count = recvmsg(descriptor, &header, Int32(MSG_TRUNC))
          guard count >= 0 else { return .failure(Failure(code: errno)) }
          let information = UnsafeRawBufferPointer(rebasing: control[0..<min(control.count, header.msg_controllen)])
          let (index, each) = read(information)
          return .success(
            SystemDatagram(count: count, source: source.pointee.endpoint, interfaceIndex: index, each: each))
        }
      }
    }
  }

  /// Sends several datagrams in one call: each is `size` bytes long, the last may be shorter.
  /// - Returns: The error's code; nil when all are on their way.
  static func send(
    _ datagrams: UnsafeRawBufferPointer, each size: Int, to destination: Endpoint, from descriptor: Int32
  ) -> Int32? {
    var address = sockaddr_in(destination)
    var vector = iovec(iov_base: UnsafeMutableRawPointer(mutating: datagrams.baseAddress), iov_len: datagrams.count)
    // A control message: its head, then the size in 16 bits.
    var control: (UInt64, UInt64, UInt64) = (0, 0, 0)
    return withUnsafeMutableBytes(of: &control) { control in
      withUnsafeMutablePointer(to: &address) { address in
        withUnsafeMutablePointer(to: &vector) { vector in
          let head = MemoryLayout<cmsghdr>.size
          var message = cmsghdr()
          message.cmsg_len = head + MemoryLayout<UInt16>.size
          message.cmsg_level = Int32(IPPROTO_UDP)
          message.cmsg_type = cuts
          control.storeBytes(of: message, as: cmsghdr.self)
          control.storeBytes(of: UInt16(truncatingIfNeeded: size), toByteOffset: head, as: UInt16.self)
          var header = msghdr()
          header.msg_name = UnsafeMutableRawPointer(address)
          header.msg_namelen = socklen_t(MemoryLayout<sockaddr_in>.size)
          header.msg_iov = vector
          header.msg_iovlen = 1
          header.msg_control = control.baseAddress
          header.msg_controllen = control.count
          return sendmsg(descriptor, &header, Int32(MSG_NOSIGNAL)) < 0 ? errno : nil
        }
      }
    }
  }

  /// Reads the control messages, for which C has macros that Swift cannot call: the interface (an `in_pktinfo`), and
  /// the size of joined datagrams.
  private static func read(_ control: UnsafeRawBufferPointer) -> (interfaceIndex: Int32, each: Int) {
    let headerSize = MemoryLayout<cmsghdr>.size
    var (index, each) = (Int32(0), Int32(0))
    var place = 0
    while place + headerSize <= control.count {
      let header = control.loadUnaligned(fromByteOffset: place, as: cmsghdr.self)
      let length = Int(header.cmsg_len)
      guard length >= headerSize, length <= control.count - place else { break }
      let body = place + headerSize
      switch (header.cmsg_level, header.cmsg_type) {
      case (Int32(IPPROTO_IP), Int32(IP_PKTINFO)) where length >= headerSize + MemoryLayout<in_pktinfo>.size:
        index = control.loadUnaligned(fromByteOffset: body, as: in_pktinfo.self).ipi_ifindex
      case (Int32(IPPROTO_UDP), joins) where length >= headerSize + MemoryLayout<Int32>.size:
        each = control.loadUnaligned(fromByteOffset: body, as: Int32.self)
      default: break
      }
      place += (length + 7) & ~7
    }
    return (index, Int(each))
  }
}

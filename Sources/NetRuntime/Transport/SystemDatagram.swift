import Glibc

/// What the operating system tells of a datagram it handed over.
struct SystemDatagram {
  /// Its whole length, also where the buffer was shorter.
  let count: Int
  let source: Endpoint
  /// The number of the interface it came in by, 0 when the system did not say.
  let interfaceIndex: Int32

  struct Failure: Error {
    let code: Int32
  }

  /// Takes the next datagram from a socket without waiting.
  static func receive(
    into buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32
  ) -> Result<SystemDatagram, Failure> {
    var source = sockaddr_in()
    var vector = iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
    // Room for one control message with packet information, aligned as the system wants it.
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
          return .success(
            SystemDatagram(
              count: count, source: source.pointee.endpoint, interfaceIndex: interfaceIndex(information)))
        }
      }
    }
  }

  /// Reads the interface out of the control message (an `in_pktinfo`), for which C has macros that Swift cannot call.
  private static func interfaceIndex(_ control: UnsafeRawBufferPointer) -> Int32 {
    let headerSize = MemoryLayout<cmsghdr>.size
    guard control.count >= headerSize + MemoryLayout<in_pktinfo>.size else { return 0 }
    let header = control.loadUnaligned(as: cmsghdr.self)
    guard header.cmsg_level == Int32(IPPROTO_IP), header.cmsg_type == Int32(IP_PKTINFO) else { return 0 }
    return control.loadUnaligned(fromByteOffset: headerSize, as: in_pktinfo.self).ipi_ifindex
  }
}

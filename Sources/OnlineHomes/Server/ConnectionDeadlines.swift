import NIOCore
import NIOHTTPTypes
import NetRuntime

/// Closes a connection whose client takes too long to send a request, or takes nothing of an answer. Without it, a byte
/// now and then would keep a connection for ever, and an answer that nobody reads would be kept with it.
final class ConnectionDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let requestTime: TimeAmount
  private let answerTime: TimeAmount
  private var reading: Scheduled<Void>?
  private var writing: Scheduled<Void>?
  /// Parts of answers that the system has not taken.
  private var unwritten = 0

  /// - Parameters:
  ///   - requestTime: Seconds from a request's head to its end.
  ///   - answerTime: Seconds in which something of what was written has to be taken.
  init(requestTime: Double = Limits.requestTime, answerTime: Double = Limits.untakenAnswerTime) {
    self.requestTime = .milliseconds(Int64(requestTime * 1000))
    self.answerTime = .milliseconds(Int64(answerTime * 1000))
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head: reading = close(context, in: requestTime)
    case .body: break
    case .end:
      reading?.cancel()
      reading = nil
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let promise = promise ?? context.eventLoop.makePromise()
    unwritten += 1
    if writing == nil { writing = close(context, in: answerTime) }
    let context = NIOLoopBound(context, eventLoop: context.eventLoop)
    promise.futureResult.assumeIsolated().whenComplete { _ in self.wrote(context.value) }
    context.value.write(data, promise: promise)
  }

  private func wrote(_ context: ChannelHandlerContext) {
    unwritten -= 1
    writing?.cancel()
    writing = unwritten > 0 && context.channel.isActive ? close(context, in: answerTime) : nil
  }

  func channelInactive(context: ChannelHandlerContext) {
    end()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { end() }

  private func end() {
    reading?.cancel()
    writing?.cancel()
    reading = nil
    writing = nil
  }

  private func close(_ context: ChannelHandlerContext, in time: TimeAmount) -> Scheduled<Void> {
    let channel = context.channel
    return context.eventLoop.scheduleTask(in: time) { channel.close(mode: .all, promise: nil) }
  }
}

// A defect of @libp2p/websockets 10.1.21 that only shows in a browser. It resets a connection by closing the socket with code 1006, which
// browsers refuse with an exception; libp2p notes the failure and leaves the socket open, with a relay on the other end that believes the
// device is still there. Here, that code means what was intended. Applied before libp2p starts.

const RESET = 1006
const repaired = new WeakSet<object>()

export function repairWebSocketClose(prototype: WebSocket = WebSocket.prototype): void {
  if (repaired.has(prototype)) return
  repaired.add(prototype)
  const close = prototype.close
  prototype.close = function (this: WebSocket, code?: number, reason?: string): void {
    if (code === undefined || code === RESET) close.call(this)
    else close.call(this, code, reason)
  }
}

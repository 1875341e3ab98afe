// Two defects of @libp2p/webrtc 6.0.33 that only show in a browser, repaired at the edge where they touch it. Applied before libp2p starts.
//
// 1. The side that dials waits for the events `open` and `close` of its data channel `init` without looking whether they have happened
//    already. The other side closes that channel early, so about every third dial waited for six seconds and failed. Here, a listener
//    that comes too late is called at once.
// 2. The transport keeps a reference to each connection until the connection fires `close`, an event that RTCPeerConnection does not
//    have. Here, closing one fires it, so that closed connections are collected.

const MISSABLE = ['open', 'close'] as const
const repaired = new WeakSet<object>()

export function repairWebRtc(prototype: RTCPeerConnection = RTCPeerConnection.prototype): void {
  if (repaired.has(prototype)) return
  repaired.add(prototype)
  replayOnInitChannels(prototype)
  fireCloseEvent(prototype)
}

function replayOnInitChannels(prototype: RTCPeerConnection): void {
  const create = prototype.createDataChannel
  prototype.createDataChannel = function (this: RTCPeerConnection, label: string, options?: RTCDataChannelInit): RTCDataChannel {
    const channel = create.call(this, label, options)
    if (label === 'init') replayMissedEvents(channel)
    return channel
  }
}

/** From now on, a listener for an event that is over is called with that event. */
export function replayMissedEvents(channel: EventTarget): void {
  const happened = new Map<string, Event>()
  for (const type of MISSABLE) channel.addEventListener(type, (event) => happened.set(type, event), { once: true })
  const add = channel.addEventListener.bind(channel)
  channel.addEventListener = (
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ) => {
    add(type, listener, options)
    const missed = happened.get(type)
    if (missed === undefined || listener === null) return
    queueMicrotask(() => (typeof listener === 'function' ? listener.call(channel, missed) : listener.handleEvent(missed)))
  }
}

function fireCloseEvent(prototype: RTCPeerConnection): void {
  const close = prototype.close
  prototype.close = function (this: RTCPeerConnection): void {
    const open = this.signalingState !== 'closed'
    close.call(this)
    if (open) this.dispatchEvent(new Event('close'))
  }
}

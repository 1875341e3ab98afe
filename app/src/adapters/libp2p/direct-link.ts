// One sync stream to one device, after Noise: frames with a credit window, heartbeats, and the ping that proves the link
// (docs/protocol.md §6). Which of several links of a device is used is decided in peer-links.ts.

import { DecodeError, FRAME_BYTES_MAX, NetworkError } from '@kith/protocol'
import { CreditError, ReceiveCredit, SendCredit } from './credit.ts'
import { decodeDirectMessage, encodeDirectMessage } from './direct-message.ts'
import { FrameReader, FrameTooLargeError } from './framing.ts'
import {
  CHUNK_BYTES_MAX,
  CREDIT_BYTES_MAX,
  CREDIT_GRANT_BYTES,
  DIRECT_MESSAGE_BYTES_MAX,
  SEND_QUEUE_BYTES_MAX,
  SEND_QUEUE_FRAMES_MAX,
} from './limits.ts'
import { Liveness } from './liveness.ts'
import type { MessageStream } from '@libp2p/interface'
import type { DirectMessage } from './direct-message.ts'

export type LinkListener = {
  /** The other side answered the first ping. */
  readonly answered: () => void
  readonly frame: (frame: Uint8Array) => void
  /** The other side ended the link, broke its rules, or fell silent. Not called after `close`. */
  readonly ended: () => void
}

export type LinkOptions = {
  readonly stream: MessageStream
  readonly opener: 'self' | 'remote'
  /** Whether pings are answered before the link is chosen here. An answer tells the other side that it was chosen. */
  readonly answers: 'at-once' | 'when-chosen'
  readonly listener: LinkListener
}

type LinkState = 'candidate' | 'open' | 'ended'
type QueuedFrame = { readonly frame: Uint8Array; readonly sent: () => void; readonly failed: (error: NetworkError) => void }

export class DirectLink {
  readonly opener: 'self' | 'remote'
  private readonly stream: MessageStream
  private readonly answers: LinkOptions['answers']
  private readonly listener: LinkListener
  private readonly reader = new FrameReader(DIRECT_MESSAGE_BYTES_MAX)
  private readonly sendCredit = new SendCredit(CREDIT_BYTES_MAX)
  private readonly receiveCredit = new ReceiveCredit({ windowBytes: CREDIT_BYTES_MAX, grantBytes: CREDIT_GRANT_BYTES })
  private readonly waiting: QueuedFrame[] = []
  private waitingBytes = 0
  private state: LinkState = 'candidate'
  private isAnswered = false
  private owesPing = true
  private owesPong = false
  private readonly liveness = new Liveness({ ping: () => this.ping(), silent: () => this.end() })

  constructor(options: LinkOptions) {
    this.stream = options.stream
    this.opener = options.opener
    this.answers = options.answers
    this.listener = options.listener
  }

  /** Sends the first ping. From now on the listener is called. */
  start(): void {
    this.stream.addEventListener('message', (event) => this.heard(event.data))
    this.stream.addEventListener('drain', () => this.flush())
    this.stream.addEventListener('close', () => this.end())
    this.stream.addEventListener('remoteCloseWrite', () => this.end())
    this.flush()
  }

  /** This side has chosen the link: pings are answered, and data may flow. */
  open(): void {
    if (this.state !== 'candidate') return
    this.state = 'open'
    this.flush()
  }

  /** Resolves when the frame is within the credit window and handed to the stream. */
  send(frame: Uint8Array): Promise<void> {
    if (frame.length > FRAME_BYTES_MAX) throw new RangeError(`${frame.length} bytes where at most ${FRAME_BYTES_MAX} belong`)
    if (this.state !== 'open') return Promise.reject(new NetworkError('disconnected', 'the link is not open'))
    if (this.waitingBytes + frame.length > SEND_QUEUE_BYTES_MAX || this.waiting.length >= SEND_QUEUE_FRAMES_MAX) {
      return Promise.reject(new NetworkError('timeout', 'too much waits for credit'))
    }
    return new Promise((sent, failed) => {
      this.waiting.push({ frame, sent, failed })
      this.waitingBytes += frame.length
      this.flush()
    })
  }

  /** Ends the link unless something is heard soon. */
  probe(): void {
    if (this.state !== 'ended') this.liveness.probe()
  }

  close(): void {
    if (!this.shut()) return
    this.stream.abort(new Error('the link was closed here'))
  }

  private ping(): void {
    this.owesPing = true
    this.flush()
  }

  private heard(chunks: Uint8Array | Iterable<Uint8Array>): void {
    this.liveness.heard()
    try {
      for (const chunk of chunks instanceof Uint8Array ? [chunks] : chunks) {
        for (const bytes of this.reader.push(chunk)) this.take(decodeDirectMessage(bytes))
      }
    } catch (error) {
      if (!(error instanceof DecodeError || error instanceof FrameTooLargeError || error instanceof CreditError)) throw error
      // The other side broke the rules: the bytes that follow mean nothing any more.
      this.end()
    }
  }

  private take(message: DirectMessage): void {
    if (this.state === 'ended') return
    switch (message.kind) {
      case 'data':
        return this.takeFrame(message.frame)
      case 'ping':
        this.owesPong = true
        return this.flush()
      case 'pong':
        if (this.isAnswered) return
        this.isAnswered = true
        return this.listener.answered()
      case 'credit':
        this.sendCredit.granted(message.bytes)
        return this.flush()
    }
  }

  private takeFrame(frame: Uint8Array): void {
    // The other side may send only when both have chosen the link.
    if (this.state !== 'open') return this.end()
    this.receiveCredit.received(frame.length)
    this.listener.frame(frame)
    this.flush()
  }

  /** Sends what is due while the stream takes it. Control messages are merged and go first, so no flood of pings grows a buffer. */
  private flush(): void {
    while (this.state !== 'ended' && !this.stream.writableNeedsDrain) {
      const message = this.nextMessage()
      if (message === undefined) return
      const bytes = encodeDirectMessage(message)
      for (let at = 0; at < bytes.length; at += CHUNK_BYTES_MAX) {
        if (!this.write(bytes.subarray(at, at + CHUNK_BYTES_MAX))) return this.end()
      }
    }
  }

  private nextMessage(): DirectMessage | undefined {
    if (this.owesPing) {
      this.owesPing = false
      return { kind: 'ping' }
    }
    if (this.owesPong && (this.state === 'open' || this.answers === 'at-once')) {
      this.owesPong = false
      return { kind: 'pong' }
    }
    if (this.state !== 'open') return undefined
    const bytes = this.receiveCredit.take()
    return bytes > 0 ? { kind: 'credit', bytes } : this.nextFrame()
  }

  private nextFrame(): DirectMessage | undefined {
    const [next] = this.waiting
    if (next === undefined || !this.sendCredit.allows(next.frame.length)) return undefined
    this.waiting.shift()
    this.waitingBytes -= next.frame.length
    this.sendCredit.use(next.frame.length)
    next.sent()
    return { kind: 'data', frame: next.frame }
  }

  private write(chunk: Uint8Array): boolean {
    try {
      this.stream.send(chunk)
      return true
    } catch {
      // libp2p throws when the stream is closing; its `close` event may still be on the way.
      return false
    }
  }

  private end(): void {
    if (!this.shut()) return
    this.stream.abort(new Error('the link ended'))
    this.listener.ended()
  }

  private shut(): boolean {
    if (this.state === 'ended') return false
    this.state = 'ended'
    this.liveness.stop()
    for (const { failed } of this.waiting.splice(0)) failed(new NetworkError('disconnected', 'the link ended before the frame was sent'))
    return true
  }
}

// One open stream of /kith/relay/1: calls get ids, answers find their call, blobs are passed on (docs/protocol.md §8).

import { decode, DecodeError, encode, NetworkError, RELAY_FRAME_BYTES_MAX, relayCall, relayMessage } from '@kith/protocol'
import { FrameReader, FrameTooLargeError, toFrame } from './framing.ts'
import { REQUEST_MS_MAX, REQUESTS_IN_FLIGHT_MAX, REQUESTS_WAITING_MAX } from './limits.ts'
import type { PushedBlob, RelayAnswer, RelayMessage, RelayRequest } from '@kith/protocol'
import type { MessageStream } from '@libp2p/interface'

export type RelayStreamListener = {
  readonly blobs: (blobs: readonly PushedBlob[]) => void
  /** The relay ended the stream or broke its rules. Not called after `close`. */
  readonly ended: () => void
}

type Call = {
  readonly request: RelayRequest
  readonly answered: (answer: RelayAnswer) => void
  readonly failed: (error: NetworkError) => void
  readonly expiry: ReturnType<typeof setTimeout>
}

export class RelayStream {
  private readonly stream: MessageStream
  private readonly listener: RelayStreamListener
  private readonly reader = new FrameReader(RELAY_FRAME_BYTES_MAX)
  private readonly waiting = new Set<Call>()
  private readonly inFlight = new Map<number, Call | 'expired'>()
  private lastId = 0
  private isEnded = false
  /** How often anything arrived. */
  heardCount = 0
  /** The relay has answered something, so it has been greeted. */
  isGreeted = false

  constructor(stream: MessageStream, listener: RelayStreamListener) {
    this.stream = stream
    this.listener = listener
    this.stream.addEventListener('message', (event) => this.heard(event.data))
    this.stream.addEventListener('drain', () => this.flush())
    this.stream.addEventListener('close', () => this.end())
    this.stream.addEventListener('remoteCloseWrite', () => this.end())
  }

  request(request: RelayRequest): Promise<RelayAnswer> {
    if (this.isEnded) return Promise.reject(new NetworkError('disconnected', 'the relay is not connected'))
    if (this.waiting.size >= REQUESTS_WAITING_MAX)
      return Promise.reject(new NetworkError('timeout', 'too many requests wait for the relay'))
    return new Promise((answered, failed) => {
      const expiry = setTimeout(() => this.expire(call), REQUEST_MS_MAX)
      const call: Call = { request, answered, failed, expiry }
      this.waiting.add(call)
      this.flush()
    })
  }

  close(): void {
    if (this.shut()) this.stream.abort(new Error('the stream was closed here'))
  }

  private flush(): void {
    while (!this.isEnded && !this.stream.writableNeedsDrain && this.inFlight.size < REQUESTS_IN_FLIGHT_MAX) {
      const [call] = this.waiting
      if (call === undefined) return
      this.waiting.delete(call)
      this.lastId = (this.lastId + 1) % 2 ** 32
      this.inFlight.set(this.lastId, call)
      if (!this.write(encode(relayCall, { id: this.lastId, request: call.request }))) return this.end()
    }
  }

  private write(bytes: Uint8Array): boolean {
    try {
      this.stream.send(toFrame(bytes))
      return true
    } catch {
      // libp2p throws when the stream is closing; its `close` event may still be on the way.
      return false
    }
  }

  private heard(chunks: Uint8Array | Iterable<Uint8Array>): void {
    this.heardCount += 1
    try {
      for (const chunk of chunks instanceof Uint8Array ? [chunks] : chunks) {
        for (const bytes of this.reader.push(chunk)) this.take(decode(relayMessage, bytes))
      }
    } catch (error) {
      if (!(error instanceof DecodeError || error instanceof FrameTooLargeError)) throw error
      this.end()
    }
  }

  private take(message: RelayMessage): void {
    if (this.isEnded) return
    switch (message.kind) {
      case 'push':
        return this.listener.blobs(message.blobs)
      case 'answer':
        return this.settle(message.id, message.answer)
    }
  }

  private settle(id: number, answer: RelayAnswer): void {
    const call = this.inFlight.get(id)
    // An answer that nobody asked for is a broken relay.
    if (call === undefined) return this.end()
    this.inFlight.delete(id)
    this.isGreeted = true
    if (call !== 'expired') {
      clearTimeout(call.expiry)
      call.answered(answer)
    }
    this.flush()
  }

  private expire(call: Call): void {
    this.waiting.delete(call)
    // The id stays taken until its answer comes: a late answer must not count for another call.
    for (const [id, other] of this.inFlight) if (other === call) this.inFlight.set(id, 'expired')
    call.failed(new NetworkError('timeout', 'the relay did not answer in time'))
  }

  private end(): void {
    if (!this.shut()) return
    this.stream.abort(new Error('the stream ended'))
    this.listener.ended()
  }

  private shut(): boolean {
    if (this.isEnded) return false
    this.isEnded = true
    const calls = [...this.inFlight.values(), ...this.waiting]
    this.inFlight.clear()
    this.waiting.clear()
    for (const call of calls) {
      if (call === 'expired') continue
      clearTimeout(call.expiry)
      call.failed(new NetworkError('disconnected', 'the relay was lost before it answered'))
    }
    return true
  }
}

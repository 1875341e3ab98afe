// One libp2p stream of /kith/relay/1: bytes in, calls to the relay core, bytes out. Whoever breaks a rule loses the stream, nobody else.

import { concatBytes, encode, RELAY_FRAME_BYTES_MAX, relayCall, relayMessage, tryDecode } from '@kith/protocol'
import {
  CALLS_WAITING_MAX,
  FRAME_MS_MAX,
  REFUSAL_RATE,
  STREAM_CALLS_BYTES_MAX,
  STREAM_CLOSE_MS,
  STREAM_QUEUE_BYTES_MAX,
} from '../limits.ts'
import { createBucket } from '../relay/rates.ts'
import { createFrameReader, toFrame } from './frames.ts'
import type { RelayAnswer, RelayMessage, RelayRefusal, Verdict } from '@kith/protocol'
import type { Stream } from '@libp2p/interface'
import type { Relay } from '../relay/index.ts'
import type { Queues } from './queues.ts'

/** `address`: streams with the same one share a rate. */
export type StreamParts = { readonly relay: Pick<Relay, 'connect'>; readonly address: string; readonly queues: Queues }

/** To be called synchronously by the protocol handler, before any byte can be missed. */
export function serveStream(stream: Stream, { relay, address, queues }: StreamParts): void {
  const writer = createStreamWriter(stream, queues)
  const refusals = createBucket(REFUSAL_RATE)
  const send = (message: RelayMessage): void => {
    writer.send(message)
    if (!isOver && isTooMany(message) && refusals.take(Date.now(), 1) > 0) refuse('too-many')
  }
  const link = relay.connect(send, address)
  const reader = createFrameReader(RELAY_FRAME_BYTES_MAX)
  let isOver = false
  let frameTimer: NodeJS.Timeout | undefined
  let pending = 0
  let pendingBytes = 0

  const end = (): void => {
    isOver = true
    clearTimeout(frameTimer)
    link.close()
  }
  const refuse = (reason: RelayRefusal): void => {
    writer.send({ kind: 'answer', id: 0, answer: { kind: 'refused', reason, retryMs: 0 } })
    end()
    closeStream(stream, writer)
  }
  const watchFrame = (finished: boolean): void => {
    if (finished) {
      clearTimeout(frameTimer)
      frameTimer = undefined
    }
    if (reader.isPartial()) frameTimer ??= setTimeout(() => refuse('malformed'), FRAME_MS_MAX)
  }
  const receive = (frame: Uint8Array): void => {
    if (pending >= CALLS_WAITING_MAX) return refuse('too-many')
    const call = tryDecode(relayCall, frame)
    if (!call) return refuse('malformed')
    pending += 1
    pendingBytes += frame.length
    readOrWait()
    void link.receive(call).then(() => {
      pending -= 1
      pendingBytes -= frame.length
      readOrWait()
      closeWhenDone()
    })
  }
  /** Unread, it waits at the device. Read, it would cost memory and decryption here, which the others would wait for. */
  const readOrWait = (): void => {
    if (stream.readStatus === 'readable' && pendingBytes > STREAM_CALLS_BYTES_MAX) stream.pause()
    else if (stream.readStatus === 'paused' && pendingBytes <= STREAM_CALLS_BYTES_MAX / 2) stream.resume()
  }
  /** The device will ask nothing more. */
  const closeWhenDone = (): void => {
    if (isOver || pending > 0 || stream.remoteWriteStatus !== 'closed') return
    end()
    closeStream(stream, writer)
  }

  stream.addEventListener('message', ({ data }) => {
    if (isOver) return
    const frames = reader.push(data.subarray())
    if (!frames) return refuse('too-large')
    watchFrame(frames.length > 0)
    for (const frame of frames) if (!isOver) receive(frame)
  })
  stream.addEventListener('remoteCloseWrite', closeWhenDone)
  stream.addEventListener('close', end)
}

const isTooMany = (message: RelayMessage): boolean => message.kind === 'answer' && verdictsIn(message.answer).some(isRefusedAsTooMany)
const isRefusedAsTooMany = (verdict: RelayAnswer | Verdict): boolean => verdict.kind === 'refused' && verdict.reason === 'too-many'
const verdictsIn = (answer: RelayAnswer): readonly (RelayAnswer | Verdict)[] =>
  answer.kind === 'deposited' ? answer.verdicts.flat() : [answer]

type StreamWriter = { readonly send: (message: RelayMessage) => void; readonly flush: () => void }

/** Messages of one turn of the event loop leave together: a commit answers many deposits at once. */
function createStreamWriter(stream: Stream, queues: Queues): StreamWriter {
  let waiting: Uint8Array[] = []
  let bytes = 0
  let timer: NodeJS.Immediate | undefined

  const flush = (): void => {
    timer = undefined
    const all = concatBytes(...waiting)
    waiting = []
    bytes = 0
    if (all.length === 0 || stream.writeStatus !== 'writable') return
    try {
      stream.send(all)
    } catch (error) {
      stream.abort(error instanceof Error ? error : new Error('the stream cannot be written'))
    }
  }
  const reset = (): void => {
    waiting = []
    bytes = 0
    stream.abort(new Error('the device does not read what it asked for'))
  }
  const held = (): number => bytes + stream.writeBufferLength
  const queue = { bytes: held, end: reset }
  stream.addEventListener('close', () => queues.leave(queue))
  return {
    flush,
    send(message) {
      const frame = toFrame(encode(relayMessage, message))
      if (held() + frame.length > STREAM_QUEUE_BYTES_MAX) return reset()
      queues.grow(queue, frame.length)
      waiting.push(frame)
      bytes += frame.length
      timer ??= setImmediate(flush)
    },
  }
}

/** Lets the last answer leave, then makes sure that the stream is gone even when the other side keeps its half open. */
function closeStream(stream: Stream, writer: StreamWriter): void {
  writer.flush()
  const abort = (): void => stream.abort(new Error('the stream is over'))
  stream.close({ signal: AbortSignal.timeout(STREAM_CLOSE_MS) }).catch(abort)
  setTimeout(abort, STREAM_CLOSE_MS).unref()
}

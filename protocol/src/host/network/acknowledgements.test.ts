import { expect, test } from 'vitest'
import { encode } from '../../bytes/codec.ts'
import { blobIdOf, mailboxIdOf } from '../../bytes/ids.ts'
import { ACKNOWLEDGE_BLOBS_MAX, MAILBOXES_PER_REQUEST_MAX, RELAY_FRAME_BYTES_MAX } from '../../limits.ts'
import { relayCall } from '../../wire/relay.ts'
import { createAcknowledgements } from './acknowledgements.ts'
import type { RelayRequest, RelayRequestOf } from '../../wire/relay.ts'

function bench() {
  const asked: { readonly relay: string; readonly request: RelayRequestOf<'acknowledge'> }[] = []
  const acknowledgements = createAcknowledgements({
    request: (relay: string, request: RelayRequest) => {
      if (request.kind === 'acknowledge') asked.push({ relay, request })
      return Promise.reject(new Error('nobody hears of it'))
    },
  })
  const numbered = (n: number): Uint8Array => new Uint8Array(new Uint32Array(8).fill(n).buffer)
  const add = (mailbox: number, blob: number, relay = 'relay'): void =>
    acknowledgements.acknowledge({ kind: 'acknowledge', relay, mailbox: mailboxIdOf(numbered(mailbox)), blob: blobIdOf(numbered(blob)) })
  /** How many blobs of each mailbox each call names. */
  const counts = () => asked.map(({ request }) => request.stored.map(({ blobs }) => blobs.length))
  return { add, send: acknowledgements.send, asked, counts }
}

test('all that was stored is said once, to each relay what lay there', () => {
  const { add, send, asked, counts } = bench()
  for (let at = 0; at < 3; at++) add(1, at)
  add(2, 3)
  add(1, 4, 'another relay')
  expect(asked).toEqual([])
  send()
  send()
  expect(asked.map(({ relay }) => relay)).toEqual(['relay', 'another relay'])
  expect(counts()).toEqual([[3, 1], [1]])
})

test('more than a call may hold goes in several, and each fits into a frame', () => {
  const { add, send, asked, counts } = bench()
  for (let at = 0; at < 5 * ACKNOWLEDGE_BLOBS_MAX; at++) add(1, at)
  send()
  expect(counts()).toEqual([[1_000, 1_000, 1_000, 1_000], [1_000]])
  for (let mailbox = 0; mailbox <= MAILBOXES_PER_REQUEST_MAX; mailbox++) add(mailbox, mailbox)
  send()
  expect(counts().map(({ length }) => length)).toEqual([4, 1, MAILBOXES_PER_REQUEST_MAX, 1])
  for (const { request } of asked) expect(encode(relayCall, { id: 1, request }).length).toBeLessThanOrEqual(RELAY_FRAME_BYTES_MAX)
})

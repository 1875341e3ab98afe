// Rows whose codecs only their own files know: read by the functions that those export, from what their writers write.

import { concatBytes, utf8ToBytes } from '../../src/bytes/bytes.ts'
import { DecodeError } from '../../src/bytes/codec.ts'
import { conversationIdOf, deviceIdOf, entryIdOf, mailboxIdOf } from '../../src/bytes/ids.ts'
import { hash } from '../../src/crypto/hash.ts'
import {
  putClearing,
  putFiled,
  putLeaving,
  putSpoken,
  putStaged,
  putUnasked,
  putWanted,
  readClearing,
  readFiled,
  readSpoken,
  readLeaving,
  readStaged,
  readUnasked,
  readWanted,
} from '../../src/host/attachments/rows.ts'
import { ORDER_KEY_LENGTH } from '../../src/log/order.ts'
import { readMark } from '../../src/host/search/marks.ts'
import { aheadIn } from '../../src/node/rows/ahead.ts'
import { readExpiry } from '../../src/node/rows/expiry.ts'
import { putScheduledKey, scheduledKeyIn } from '../../src/node/rows/scheduled-key.ts'
import { leftIn, mineIn, mineKey, putLeft, putMine, putOff } from '../../src/node/rows/scheduled-mine.ts'
import { readSent } from '../../src/node/rows/sent-row.ts'
import type { StoreWrite } from '../../src/ports.ts'
import type { Decoder } from './decoder.ts'

const seed = (name: string): Uint8Array => hash(utf8ToBytes(`fuzz row ${name}`))
const conversation = conversationIdOf(seed('conversation'))
const place = { conversation, message: entryIdOf(seed('message')), item: 0 }
const NAME = 'a'.repeat(32)
const sent = { namesKey: seed('names'), count: 3, since: 1 }

const valuesOf = (writes: readonly StoreWrite[]): readonly Uint8Array[] =>
  writes.flatMap((write) => (write.kind === 'put' ? [write.value] : []))

const decoderOf = (name: string, seeds: readonly Uint8Array[], read: (value: Uint8Array) => unknown): Decoder => ({
  name,
  seeds,
  read(bytes) {
    try {
      read(bytes)
      return { kind: 'read' }
    } catch (error) {
      if (error instanceof DecodeError) return { kind: 'refused' }
      throw error
    }
  },
})

const rowOf = (value: Uint8Array) => ({ key: `a/${conversation}/${NAME}`, value })
const FILES = 'host/attachments/rows.ts'

const mine = { conversation, message: place.message, seq: 3, orderKey: '0'.repeat(ORDER_KEY_LENGTH), due: 1, key: seed('key') }
const SCHEDULED = 'node/rows/scheduled-mine.ts'

export const rowDecoders: readonly Decoder[] = [
  decoderOf(`${SCHEDULED} mineIn`, valuesOf([putMine(mine), putOff(mine)]), (value) => mineIn({ key: mineKey(mine), value })),
  decoderOf(
    `${SCHEDULED} leftIn`,
    valuesOf([
      putLeft(mine, [
        {
          relay: { key: seed('relay'), url: 'wss://relay.example' },
          mailbox: mailboxIdOf(seed('mailbox')),
          sendSeed: seed('send'),
          isHeld: true,
        },
      ]),
    ]),
    leftIn,
  ),
  decoderOf(
    'node/rows/scheduled-key.ts scheduledKeyIn',
    valuesOf([
      putScheduledKey(conversation, deviceIdOf(seed('device')), {
        seq: 3,
        target: place.message,
        key: seed('key'),
        tick: undefined,
        since: 1,
      }),
      putScheduledKey(conversation, deviceIdOf(seed('device')), { seq: 3, target: place.message, key: seed('key'), tick: 9, since: 1 }),
    ]),
    (value) => scheduledKeyIn({ key: `scheduled/key/${conversation}/${deviceIdOf(seed('device'))}/${place.message}`, value }),
  ),
  decoderOf(`${FILES} readWanted`, valuesOf([putWanted(place, { file: NAME, have: 2, wish: 'asked' })]), (value) => readWanted({ value })),
  decoderOf(
    `${FILES} readSpoken`,
    valuesOf([putSpoken(conversation, { duration: 9, waveform: new Uint8Array(3), ref: 'ref', parts: 2 })]),
    readSpoken,
  ),
  decoderOf(`${FILES} readFiled`, valuesOf(putFiled(place, { file: NAME, size: 3 })), readFiled),
  decoderOf(`${FILES} readStaged`, valuesOf([putStaged({ conversation, file: NAME, root: seed('root') })]), (value) =>
    readStaged(rowOf(value)),
  ),
  decoderOf(
    `${FILES} readLeaving`,
    valuesOf([putLeaving(place, { ...sent, to: [{ device: deviceIdOf(seed('device')), done: 1 }] })]),
    (value) => readLeaving({ value }),
  ),
  decoderOf(`${FILES} readClearing`, valuesOf([putClearing(place, { ...sent, mailboxes: [mailboxIdOf(seed('mailbox'))] })]), (value) =>
    readClearing({ value }),
  ),
  decoderOf(`${FILES} readUnasked`, valuesOf([putUnasked(conversation, { day: 20_000, bytes: 7 })]), readUnasked),
  decoderOf('node/rows/sent-row.ts readSent', [seed('result'), concatBytes(seed('result'), Uint8Array.of(1), seed('digest'))], readSent),
  decoderOf('node/rows/expiry.ts readExpiry', [new Uint8Array(ORDER_KEY_LENGTH / 2 + 138)], (value) => readExpiry({ value })),
  decoderOf('node/rows/ahead.ts aheadIn', [new Uint8Array(ORDER_KEY_LENGTH / 2 + 36)], (value) => aheadIn(rowOf(value))),
  decoderOf('host/search/marks.ts readMark', [new Uint8Array(4)], (value) => readMark({ value })),
]

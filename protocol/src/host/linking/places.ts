// What the two ends of a linking leave at the relay for each other, and look for there (docs/protocol.md §13.2).

import { equalBytes } from '../../bytes/bytes.ts'
import { sign, signingKeyOf } from '../../crypto/sign.ts'
import { LINK_CODE_MS_MAX } from '../../limits.ts'
import { openSaid, sealSaid } from '../../linking/exchange.ts'
import { linkPlacesOf } from '../../linking/link-code.ts'
import { aheadOf } from '../../node/clocks.ts'
import { recordEndStatement, recordPutStatement } from '../../wire/relay-proof.ts'
import { askRelay } from '../network/ask-relay.ts'
import type { Codec } from '../../bytes/codec.ts'
import type { RecordId } from '../../bytes/ids.ts'
import type { LinkCode } from '../../linking/link-code.ts'
import type { Random } from '../../ports.ts'
import type { AskParts } from '../network/ask-relay.ts'

export type PlaceParts = AskParts & { readonly random: Random }
export type Place = 'offer' | 'answer' | 'spoiled'

/** `over`: it ended, or was never there. `silent`: the relay did not answer. */
export type Found<T> = { readonly kind: 'said'; readonly said: T } | { readonly kind: 'over' | 'silent' | 'not-authentic' }

/** `taken`: somebody else was first. */
export type PutOutcome = 'put' | 'taken' | 'silent'

export type LinkPlace = {
  readonly put: <T>(place: Place, codec: Codec<T>, value: T) => Promise<PutOutcome>
  readonly find: <T>(place: Place, codec: Codec<T>) => Promise<Found<T>>
  /** What this end has put there is gone. */
  readonly end: (place: Place) => Promise<void>
}

export function openPlace(parts: PlaceParts, { relay, secret }: LinkCode): LinkPlace {
  const { key, ...records } = linkPlacesOf(secret)
  // Nobody who has the code can change what this end puts there, so its keys are of this end alone.
  const ownerSeed = parts.random(32)
  const owner = signingKeyOf(ownerSeed)
  const serials = new Map<RecordId, number>()
  const expires = Math.max(0, parts.clock() + aheadOf(parts.loop.state(), relay) + LINK_CODE_MS_MAX)

  async function put<T>(place: Place, codec: Codec<T>, value: T): Promise<PutOutcome> {
    const record = records[place]
    const serial = (serials.get(record) ?? 0) + 1
    serials.set(record, serial)
    const blob = sealSaid(codec, value, { key, record, random: parts.random })
    const signature = sign(ownerSeed, recordPutStatement(record, serial, expires, blob))
    const answer = await askRelay(parts, relay, () => ({ kind: 'put-record', record, owner, serial, expires, blob, signature }))
    if (answer?.kind === 'recorded') return 'put'
    // A first answer may have been lost.
    const there = await askRelay(parts, relay, () => ({ kind: 'get-record', record }))
    if (there?.kind === 'record') return equalBytes(there.blob, blob) ? 'put' : 'taken'
    return there?.kind === 'ended' ? 'taken' : 'silent'
  }

  async function find<T>(place: Place, codec: Codec<T>): Promise<Found<T>> {
    const record = records[place]
    const answer = await askRelay(parts, relay, () => ({ kind: 'get-record', record }))
    if (answer?.kind === 'ended' || (answer?.kind === 'refused' && answer.reason === 'unknown')) return { kind: 'over' }
    if (answer?.kind !== 'record') return { kind: 'silent' }
    const said = openSaid(codec, answer.blob, { key, record })
    return said === undefined ? { kind: 'not-authentic' } : { kind: 'said', said }
  }

  async function end(place: Place): Promise<void> {
    const record = records[place]
    const word = Uint8Array.of(0)
    const signature = sign(ownerSeed, recordEndStatement(record, word))
    await askRelay(parts, relay, () => ({ kind: 'end-record', record, word, signature }))
  }

  return { put, find, end }
}

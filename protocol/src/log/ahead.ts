// Which signatures admission will want to see verified, as far as a batch shows it by itself: so a fast verifier can be asked before the step
// (docs/protocol.md §5.5, step 3). What is not foreseen here, or is not right, admission verifies itself.

import { runEnd } from './cover.ts'
import { readHeader, runStatement } from './entry.ts'
import { isSignedAlone } from './incoming.ts'
import { CONTROLS_PER_BATCH_MAX } from './limits.ts'
import { lengthOf } from './log.ts'
import type { DeviceId, EntryId } from '../bytes/ids.ts'
import type { WireEntry } from '../wire/entry.ts'
import type { RunEntry } from './cover.ts'
import type { Log } from './log.ts'

/** `id`: hash of the header that the signature is about. */
export type DueSignature = {
  readonly id: EntryId
  readonly key: Uint8Array
  readonly statement: Uint8Array
  readonly signature: Uint8Array
}

/**
 * Those of the chains that follow a tip or, where what lies between is expected, that come after it. No more of them than a batch may have
 * verified.
 */
export function signaturesDue(log: Log, entries: readonly WireEntry[], between: 'here' | 'expected' = 'here'): readonly DueSignature[] {
  const due: DueSignature[] = []
  for (const [device, chain] of chainsIn(log, entries, between)) {
    const key = log.feeds.get(device)?.signingKey
    if (key === undefined) continue
    for (let from = 0, end = runEnd(chain, 0); end !== undefined; from = end + 1, end = runEnd(chain, from)) {
      for (const { id, header, signature } of chain.slice(from, end + 1)) {
        if (signature === undefined || (id !== chain[end]?.id && !isSignedAlone(header))) continue
        const statement = runStatement({ conversation: log.conversation, device, seq: header.seq, id })
        due.push({ id, key, statement, signature })
      }
    }
  }
  return due.slice(0, CONTROLS_PER_BATCH_MAX)
}

type RunLink = RunEntry & { readonly id: EntryId }

function chainsIn(log: Log, entries: readonly WireEntry[], between: 'here' | 'expected'): ReadonlyMap<DeviceId, readonly RunLink[]> {
  const chains = new Map<DeviceId, RunLink[]>()
  for (const { header: headerBytes, signature } of entries) {
    const read = readHeader(headerBytes)
    if (read === undefined) continue
    const { device, prev, seq } = read.header
    const chain = chains.get(device) ?? []
    const befores =
      chain.length > 0 ? chain.slice(-1).map(({ id, header }) => ({ id, seq: header.seq })) : (log.feeds.get(device)?.tips ?? [])
    const follows =
      befores.some((before) => before.id === prev && before.seq + 1 === seq) ||
      (chain.length === 0 && befores.length === 0 && seq === 0) ||
      (chain.length === 0 && between === 'expected' && seq >= lengthOf(log, device))
    if (!follows) continue
    chain.push({ ...read, headerBytes, signature })
    chains.set(device, chain)
  }
  return chains
}

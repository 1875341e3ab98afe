// Asks relays to hold blobs back until a date, or to forget them (docs/protocol.md §8.7). What nobody writes to any more has no place among the mailboxes
// that are bound by themselves: there it is shown anew that this device may write.

import { fromHex, toHex } from '../../bytes/bytes.ts'
import { sign } from '../../crypto/sign.ts'
import { HELD_PER_CALL_MAX } from '../../attachments/limits.ts'
import { PROOFS_PER_REQUEST_MAX } from '../../limits.ts'
import { NetworkError } from '../../ports.ts'
import { mailboxSendStatement } from '../../wire/relay-proof.ts'
import type { MailboxId } from '../../bytes/ids.ts'
import type { Network } from '../../ports.ts'
import type { RelaySession } from '../../node/net.ts'
import type { MailboxGrant } from '../../wire/capability.ts'
import type { HeldBlob } from '../../wire/relay.ts'
import type { Loop } from '../loop.ts'

type Parts = { readonly loop: Pick<Loop, 'state'>; readonly network: Pick<Network, 'request'> }

/** A blob, and where it belongs. */
type Placed = { readonly at: Pick<MailboxGrant, 'relay' | 'mailbox' | 'sendSeed'>; readonly held: HeldBlob }

/** For which mailboxes their relays said that it is done, and how long at least the others want to be left alone, ms. */
export type Answered = { readonly done: ReadonlySet<MailboxId>; readonly toldMs: number }

/** Leaves blobs with their relays until `date`, ms, and takes back those that are empty. */
export function createHolder({ loop, network }: Parts): (date: number, placed: readonly Placed[]) => Promise<Answered> {
  /** What a relay was shown, for as long as it knows this connection. */
  const shown = new WeakMap<Uint8Array, Set<MailboxId>>()

  async function bind(relay: string, { challenge, bound }: RelaySession, placed: readonly Placed[]): Promise<void> {
    if (challenge === undefined) return
    const known = shown.get(challenge) ?? new Set()
    shown.set(challenge, known)
    const due = placed.filter(({ at }) => !bound.has(at.mailbox) && !known.has(at.mailbox))
    for (let from = 0; from < due.length; from += PROOFS_PER_REQUEST_MAX) {
      const proofs = due.slice(from, from + PROOFS_PER_REQUEST_MAX).map(({ at: { mailbox, sendSeed } }) => ({
        mailbox,
        signature: sign(sendSeed, mailboxSendStatement(fromHex(relay), challenge, mailbox)),
      }))
      const said = await network.request(relay, { kind: 'bind-mailboxes', proofs })
      if (said.kind === 'mailboxes') for (const mailbox of said.accepted) known.add(mailbox)
    }
  }

  async function hold(relay: string, date: number, placed: readonly Placed[]): Promise<Answered> {
    const done = new Set<MailboxId>()
    let toldMs = 0
    const session = loop.state().net.relays.get(relay)
    if (session?.challenge === undefined) return { done, toldMs }
    try {
      await bind(relay, session, placed)
      for (let from = 0; from < placed.length; from += HELD_PER_CALL_MAX) {
        const some = placed.slice(from, from + HELD_PER_CALL_MAX)
        const said = await network.request(relay, { kind: 'hold', at: date, held: some.map(({ held }) => held) })
        if (said.kind === 'refused') toldMs = Math.max(toldMs, said.retryMs)
        if (said.kind !== 'held') break
        for (const [index, { at }] of some.entries()) {
          const verdict = said.verdicts[index]
          if (verdict?.kind === 'done') done.add(at.mailbox)
          else if (verdict?.kind === 'refused') toldMs = Math.max(toldMs, verdict.retryMs)
        }
      }
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error
    }
    return { done, toldMs }
  }

  return async (date, placed) => {
    const byRelay = new Map<string, Placed[]>()
    for (const one of placed) {
      const relay = toHex(one.at.relay.key)
      byRelay.set(relay, [...(byRelay.get(relay) ?? []), one])
    }
    const answers = await Promise.all(Array.from(byRelay, ([relay, some]) => hold(relay, date, some)))
    return { done: new Set(answers.flatMap(({ done }) => [...done])), toldMs: Math.max(0, ...answers.map(({ toldMs }) => toldMs)) }
  }
}

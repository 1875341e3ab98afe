// What this device says to a relay about its handle, and what it hears there (docs/protocol.md §16.2).

import { fromHex, toHex } from '../../bytes/bytes.ts'
import { sign, signingKeyOf } from '../../crypto/sign.ts'
import { judgeHandleClaim, signHandleClaim } from '../../handle/claim.ts'
import { deskKeysOf } from '../../handle/hello.ts'
import { mailboxReadStatement } from '../../wire/relay-proof.ts'
import { writeHandleRow } from './row.ts'
import { DESK_SEEDS_MAX } from '../../handle/limits.ts'
import type { HandleRefusal } from '../../answers.ts'
import type { JudgedClaim } from '../../handle/claim.ts'
import type { RelaySession } from '../../node/net.ts'
import type { Clock, Network, Random, Store } from '../../ports.ts'
import type { RelayAnswer, RelayRequest } from '../../wire/relay.ts'
import type { Loop } from '../loop.ts'
import type { OwnHandle } from './row.ts'

export type ClaimingParts = {
  readonly rows: Pick<Store, 'get' | 'commit'>
  readonly network: Pick<Network, 'request'>
  readonly clock: Clock
  readonly random: Random
  readonly loop: Loop
}
export type GreetedSession = RelaySession & { readonly challenge: Uint8Array }

export function createClaiming({ rows, network, clock, random, loop }: ClaimingParts) {
  const ask = (relay: string, request: RelayRequest): Promise<RelayAnswer | undefined> =>
    network.request(relay, request).catch(() => undefined)
  return {
    ask,
    sessionOf(relayKey: Uint8Array): GreetedSession | undefined {
      const session = loop.state().net.relays.get(toHex(relayKey))
      return session?.challenge === undefined ? undefined : { ...session, challenge: session.challenge }
    },
    /** Makes and opens the mailbox for first words. */
    async open({ inbox: { keys } }: OwnHandle, { challenge }: GreetedSession): Promise<boolean> {
      const { mailbox, readSeed, sendSeed } = keys
      const relay = toHex(keys.relay.key)
      const kinds = { readKey: signingKeyOf(readSeed), sendKey: signingKeyOf(sendSeed) }
      const made = await ask(relay, { kind: 'create-mailbox', mailbox, ...kinds })
      if (made?.kind !== 'done') return false
      const signature = sign(readSeed, mailboxReadStatement(fromHex(relay), challenge, mailbox))
      const answer = await ask(relay, { kind: 'open-mailboxes', proofs: [{ mailbox, signature }] })
      return answer?.kind === 'mailboxes' && answer.accepted.includes(mailbox)
    },
    /**
     * Says what is so from now on, with new keys. They are written before: what is sealed to keys that nobody has is lost. `kept`: what was written
     * until then. `isUsed` false: that the handle is given up.
     */
    async say(
      before: OwnHandle,
      { ahead }: GreetedSession,
      { kept, isUsed }: { readonly kept: OwnHandle | undefined; readonly isUsed: boolean },
    ): Promise<HandleRefusal | OwnHandle> {
      const { self } = loop.state()
      const seed = random(32)
      const issued = Math.max(before.issued + 1, clock() + ahead)
      const next = { ...before, issued, seeds: [seed, ...before.seeds].slice(0, DESK_SEEDS_MAX) }
      const { mailbox, relay } = before.inbox.keys
      const { key, kemKey } = deskKeysOf(seed)
      const desk = isUsed ? { mailbox, key, kemKey, isListed: before.isListed } : undefined
      const said = { handle: before.handle, list: self.list.signed, device: self.device.id, issued, desk }
      const claim = signHandleClaim(said, relay.key, self.device.signSeed)
      if (isUsed) await writeHandleRow(rows, next)
      const answer = await ask(toHex(relay.key), { kind: 'claim-handle', claim })
      if (answer?.kind === 'done') return next
      // Where nothing was answered it may have been taken in all the same.
      if (isUsed && (answer !== undefined || kept === undefined)) await writeHandleRow(rows, kept)
      return refusalIn(answer)
    },
    /** The claim that the relay has. */
    async there({ handle, inbox: { keys } }: OwnHandle): Promise<JudgedClaim | undefined> {
      const answer = await ask(toHex(keys.relay.key), { kind: 'find-handle', handle, isBeginning: false })
      const judged = answer?.kind === 'handle' ? judgeHandleClaim(answer.claim, keys.relay.key) : undefined
      return judged?.kind === 'genuine' ? judged.claim : undefined
    },
  }
}

export const refused = (reason: HandleRefusal) => ({ kind: 'refused', reason }) as const

/** What a relay's answer means to a person. */
export function refusalIn(answer: RelayAnswer | undefined): HandleRefusal {
  if (answer?.kind !== 'refused') return 'relay-away'
  return REASONS.find((reason) => reason === answer.reason) ?? 'relay-away'
}
const REASONS = ['taken', 'full', 'too-many', 'unknown', 'malformed'] as const

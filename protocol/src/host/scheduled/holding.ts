// Own messages that wait for their dates: their keys lie with the relays of those who are to read them, under one name, and are taken back where they are
// not to be read any more. What a relay is going to be given is noted first, so that whatever happens in between it can be taken back.

import { heldNameFor } from '../../conversation/scheduled.ts'
import { RELAYED_TO_MAX } from '../../attachments/limits.ts'
import { SCHEDULED_TOLD_MS_MAX } from '../../limits.ts'
import { sealBlob } from '../../mailbox/blob.ts'
import { accountOf, isHeldBack, partnersOf } from '../../node/members.ts'
import { momentAt } from '../../node/moment.ts'
import { dropLeft, dropMine, dropOff, leftIn, leftKey, mineKey, putLeft, putOff } from '../../node/rows/scheduled-mine.ts'
import { createHolder } from './holder.ts'
import type { ConversationId, MailboxId } from '../../bytes/ids.ts'
import type { Clock, Network, Store, StoreWrite } from '../../ports.ts'
import type { Left, Mine } from '../../node/rows/scheduled-mine.ts'
import type { NodeState } from '../../node/state.ts'
import type { MailboxGrant } from '../../wire/capability.ts'
import type { Loop } from '../loop.ts'
import type { Answered } from './holder.ts'

const NOTHING = new Uint8Array(0)
/** Who is to have it is looked at this often while it waits, ms. */
const SCHEDULED_LOOK_MS = 60_000
/** Where a relay was not there or had no room it is asked again after the first, then after twice as long, up to the last, ms; and not before it said. */
const SCHEDULED_RETRY_MS = 5_000
const SCHEDULED_RETRY_MS_LAST = 300_000

export type HoldingParts = {
  readonly store: Pick<Store, 'get' | 'read'>
  readonly loop: Pick<Loop, 'state' | 'ask'>
  readonly network: Pick<Network, 'request'>
  readonly clock: Clock
}

/** A mailbox that is to have the key, and whether it may wake whoever owns it. */
type Recipient = { readonly grant: MailboxGrant; readonly wakes: boolean }

/** Of a conversation that is awake. Whose newest list is too old to trust has nothing left for them. */
export function recipientsOf(state: NodeState, conversation: ConversationId, now: number): readonly Recipient[] {
  const all = partnersOf(state, conversation).flatMap((device) => {
    const peer = state.peers.awake.get(device)
    if (peer?.outbox === undefined || isHeldBack(state, peer, momentAt(now))) return []
    return [{ grant: peer.outbox, wakes: accountOf(state, device) !== state.self.account }]
  })
  return all.slice(0, RELAYED_TO_MAX)
}

export function createHolding({ store, loop, network, clock }: HoldingParts) {
  const holdAll = createHolder({ loop, network })
  /** How often in a row relays did not do all that they were asked about a message. */
  const tries = new Map<string, number>()

  async function awake(conversation: ConversationId): Promise<NodeState | undefined> {
    if (!loop.state().conversations.has(conversation)) return undefined
    await loop.ask({ kind: 'wake', conversation })
    return loop.state()
  }

  const takeBack = ({ key }: Mine, left: readonly Left[]): Promise<Answered> => {
    const name = heldNameFor(key)
    return holdAll(
      0,
      left.map((at) => ({ at, held: { mailbox: at.mailbox, name, wakes: false, blob: NOTHING } })),
    )
  }

  const write = (conversation: ConversationId, ...rows: readonly StoreWrite[]): Promise<unknown> =>
    loop.ask({ kind: 'scheduled', conversation, act: { kind: 'rows', rows } })

  /** When relays are to be asked again, ms. */
  function again(mine: Mine, toldMs: number): number {
    const before = tries.get(leftKey(mine)) ?? 0
    tries.set(leftKey(mine), before + 1)
    const own = Math.min(SCHEDULED_RETRY_MS * 2 ** Math.min(before, 16), SCHEDULED_RETRY_MS_LAST)
    return clock() + Math.max(own, Math.min(toldMs, SCHEDULED_TOLD_MS_MAX))
  }

  /** When it is to be looked at again, ms. What was taken back is forgotten once no relay has it any more, or its date is over. */
  async function lookAtOff(mine: Mine): Promise<number> {
    const left = leftIn(await store.get('state', leftKey(mine)))
    const { done, toldMs } = await takeBack(mine, left)
    const rest = left.filter(({ mailbox }) => !done.has(mailbox))
    if (rest.length === 0 || clock() >= mine.due) {
      await write(mine.conversation, dropOff(mine), dropLeft(mine))
      tries.delete(leftKey(mine))
      return Infinity
    }
    if (done.size > 0) await write(mine.conversation, putLeft(mine, rest))
    return again(mine, toldMs)
  }

  /** When it is to be looked at again, ms. */
  async function look(mine: Mine): Promise<number> {
    const { conversation, due } = mine
    const state = await awake(conversation)
    if (state === undefined) {
      await write(conversation, dropMine(mine), putOff(mine))
      return 0
    }
    if (due > clock()) return level(mine, recipientsOf(state, conversation, clock()))
    // It may have been taken back this very moment.
    if ((await store.get('state', mineKey(mine))) !== undefined)
      await loop.ask({ kind: 'scheduled', conversation, act: { kind: 'open', mine } })
    tries.delete(leftKey(mine))
    return Infinity
  }

  async function level(mine: Mine, recipients: readonly Recipient[]): Promise<number> {
    const { conversation, due } = mine
    const before = leftIn(await store.get('state', leftKey(mine)))
    const known = new Map(before.map((left) => [left.mailbox, left]))
    const lacking = recipients.filter(({ grant }) => known.get(grant.mailbox)?.isHeld !== true)
    const noted = [...before, ...lacking.flatMap(({ grant }) => (known.has(grant.mailbox) ? [] : [leftWith(grant)]))]
    if (noted.length > before.length) await write(conversation, putLeft(mine, noted))
    const wanted = new Set(recipients.map(({ grant }) => grant.mailbox))
    const surplus = before.filter(({ mailbox }) => !wanted.has(mailbox))
    const added = await holdAll(due, heldFor(mine, lacking))
    const gone = await takeBack(mine, surplus)
    if (added.done.size + gone.done.size > 0) await write(conversation, putLeft(mine, leftAfter(noted, added.done, gone.done)))
    if (added.done.size < lacking.length || gone.done.size < surplus.length)
      return Math.min(due, again(mine, Math.max(added.toldMs, gone.toldMs)))
    tries.delete(leftKey(mine))
    return Math.min(due, clock() + SCHEDULED_LOOK_MS)
  }

  return { look, lookAtOff }
}

const leftWith = ({ relay, mailbox, sendSeed }: MailboxGrant): Left => ({ relay, mailbox, sendSeed, isHeld: false })

const leftAfter = (noted: readonly Left[], added: ReadonlySet<MailboxId>, gone: ReadonlySet<MailboxId>): readonly Left[] =>
  noted.filter(({ mailbox }) => !gone.has(mailbox)).map((left) => (added.has(left.mailbox) ? { ...left, isHeld: true } : left))

function heldFor({ conversation, message: target, seq, key }: Mine, recipients: readonly Recipient[]) {
  const frame = { kind: 'scheduled-key', conversation, seq, target, key } as const
  const name = heldNameFor(key)
  return recipients.map(({ grant, wakes }) => ({
    at: grant,
    held: { mailbox: grant.mailbox, name, wakes, blob: sealBlob(grant, [frame]) },
  }))
}

// Own messages that wait for their dates: their keys lie with the relays of those who are to read them, under one name, and are taken back where they are
// not to be read any more.

import { heldNameFor } from '../../conversation/scheduled.ts'
import { HELD_PER_CALL_MAX, RELAYED_TO_MAX } from '../../limits.ts'
import { sealBlob } from '../../mailbox/blob.ts'
import { accountOf, partnersOf } from '../../node/members.ts'
import { dropLeft, dropMine, dropOff, leftIn, leftKey, mineKey, putLeft, putOff } from '../../node/rows/scheduled-mine.ts'
import { NetworkError } from '../../ports.ts'
import type { ConversationId, MailboxId } from '../../bytes/ids.ts'
import type { Clock, Network, Store, StoreWrite } from '../../ports.ts'
import type { Mine } from '../../node/rows/scheduled-mine.ts'
import type { NodeState } from '../../node/state.ts'
import type { MailboxGrant } from '../../wire/capability.ts'
import type { HeldBlob } from '../../wire/relay.ts'
import type { Loop } from '../loop.ts'

const NOTHING = new Uint8Array(0)
/** Who is to have it is looked at this often while it waits; and where a relay was not there or had no room, this often, ms. */
const SCHEDULED_LOOK_MS = 60_000
const SCHEDULED_RETRY_MS = 5_000

export type HoldingParts = {
  readonly store: Pick<Store, 'get' | 'read'>
  readonly loop: Pick<Loop, 'state' | 'ask'>
  readonly network: Pick<Network, 'request'>
  readonly clock: Clock
}

/** A mailbox that is to have the key, and whether it may wake whoever owns it. */
export type Recipient = { readonly grant: MailboxGrant; readonly wakes: boolean }

/** The relay at which this device has shown that it may write to a mailbox. */
function relayOf({ net }: NodeState, mailbox: MailboxId): string | undefined {
  for (const [relay, { bound }] of net.relays) if (bound.has(mailbox)) return relay
  return undefined
}

/** Of a conversation that is awake. */
export function recipientsOf(state: NodeState, conversation: ConversationId): readonly Recipient[] {
  const all = partnersOf(state, conversation).flatMap((device) => {
    const grant = state.peers.look(device)?.outbox
    return grant === undefined ? [] : [{ grant, wakes: accountOf(state, device) !== state.self.account }]
  })
  return all.slice(0, RELAYED_TO_MAX)
}

/** Leaves blobs with their relays until `at`, and takes back those that are empty; answers for which mailboxes their relays said that it is done. */
function createHolder({ loop, network }: Pick<HoldingParts, 'loop' | 'network'>) {
  /** Of these mailboxes those whose relays said that it is done. */
  async function hold(relay: string, at: number, held: readonly HeldBlob[]): Promise<readonly MailboxId[]> {
    const done: MailboxId[] = []
    for (let from = 0; from < held.length; from += HELD_PER_CALL_MAX) {
      const some = held.slice(from, from + HELD_PER_CALL_MAX)
      try {
        const said = await network.request(relay, { kind: 'hold', at, held: some })
        if (said.kind !== 'held') break
        done.push(...some.flatMap(({ mailbox }, index) => (said.verdicts[index]?.kind === 'done' ? [mailbox] : [])))
      } catch (error) {
        if (!(error instanceof NetworkError)) throw error
        break
      }
    }
    return done
  }

  async function holdAll(at: number, held: readonly HeldBlob[]): Promise<readonly MailboxId[]> {
    const state = loop.state()
    const byRelay = new Map<string, HeldBlob[]>()
    for (const one of held) {
      const relay = relayOf(state, one.mailbox)
      if (relay !== undefined) byRelay.set(relay, [...(byRelay.get(relay) ?? []), one])
    }
    return (await Promise.all([...byRelay].map(([relay, some]) => hold(relay, at, some)))).flat()
  }

  return holdAll
}

export function createHolding({ store, loop, network, clock }: HoldingParts) {
  const holdAll = createHolder({ loop, network })

  async function awake(conversation: ConversationId): Promise<NodeState | undefined> {
    if (!loop.state().conversations.has(conversation)) return undefined
    await loop.ask({ kind: 'wake', conversation })
    return loop.state()
  }

  const takeBack = ({ key }: Mine, mailboxes: readonly MailboxId[]): Promise<readonly MailboxId[]> => {
    const name = heldNameFor(key)
    return holdAll(
      0,
      mailboxes.map((mailbox) => ({ mailbox, name, wakes: false, blob: NOTHING })),
    )
  }

  const write = (conversation: ConversationId, ...rows: readonly StoreWrite[]): Promise<unknown> =>
    loop.ask({ kind: 'scheduled', conversation, act: { kind: 'rows', rows } })

  /** When it is to be looked at again, ms. What was taken back is forgotten once no relay has it any more, or its date is over. */
  async function lookAtOff(mine: Mine): Promise<number> {
    const left = leftIn(await store.get('state', leftKey(mine)))
    const gone = new Set(await takeBack(mine, left))
    const rest = left.filter((mailbox) => !gone.has(mailbox))
    const isOver = rest.length === 0 || clock() >= mine.due
    if (isOver) await write(mine.conversation, dropOff(mine), dropLeft(mine))
    else if (gone.size > 0) await write(mine.conversation, putLeft(mine, rest))
    return isOver ? Infinity : clock() + SCHEDULED_RETRY_MS
  }

  /** When it is to be looked at again, ms. */
  async function look(mine: Mine): Promise<number> {
    const { conversation, due } = mine
    const state = await awake(conversation)
    if (state === undefined) {
      await write(conversation, dropMine(mine), putOff(mine))
      return 0
    }
    if (due > clock()) return level(mine, recipientsOf(state, conversation))
    // It may have been taken back this very moment.
    if ((await store.get('state', mineKey(mine))) !== undefined)
      await loop.ask({ kind: 'scheduled', conversation, act: { kind: 'open', mine } })
    return Infinity
  }

  async function level(mine: Mine, recipients: readonly Recipient[]): Promise<number> {
    const { conversation, message: target, seq, key, due } = mine
    const before = leftIn(await store.get('state', leftKey(mine)))
    const wanted = new Set(recipients.map(({ grant }) => grant.mailbox))
    const lacking = recipients.filter(({ grant }) => !before.includes(grant.mailbox))
    const frame = { kind: 'scheduled-key', conversation, seq, target, key } as const
    const name = heldNameFor(key)
    const held = lacking.map(({ grant, wakes }) => ({ mailbox: grant.mailbox, name, wakes, blob: sealBlob(grant, [frame]) }))
    const surplus = before.filter((mailbox) => !wanted.has(mailbox))
    const added = await holdAll(due, held)
    const gone = new Set(await takeBack(mine, surplus))
    if (added.length + gone.size > 0)
      await write(conversation, putLeft(mine, [...before.filter((mailbox) => !gone.has(mailbox)), ...added]))
    const isLevel = added.length === held.length && gone.size === surplus.length
    return Math.min(due, clock() + (isLevel ? SCHEDULED_LOOK_MS : SCHEDULED_RETRY_MS))
  }

  return { look, lookAtOff }
}

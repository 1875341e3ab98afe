// Planted bugs: the simulation must notice each of them, or it proves nothing (see planted.test.ts).

import { decode, encode } from '../../src/bytes/codec.ts'
import { deliveryRow } from '../../src/host/records/conversation-rows.ts'
import { blobIdOfSealed } from '../../src/mailbox/blob.ts'
import { depositedStatement } from '../../src/wire/relay-proof.ts'
import { withConversation } from '../../src/node/change.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type * as later from '../../src/host/later.ts'
import type { RunningEngine } from '../../src/host/open-engine.ts'
import type { Draft } from '../../src/node/draft.ts'
import type { Group } from '../../src/node/groups/group.ts'
import type { RatchetProfile } from '../../src/session/ratchet.ts'
import type { Network, StoreWrite } from '../../src/ports.ts'
import type { RelayAnswer, RelayAnswerOf, RelayRequestOf, Verdict } from '../../src/wire/relay.ts'
import type { RelayPath } from './relay-path.ts'
import type { Scheduler } from './scheduler.ts'
import type { Seeded } from './seeded.ts'

/** Where a bug can be planted: below an engine, or in whoever uses it. */
export type Sabotage = {
  readonly writes?: (writes: readonly StoreWrite[]) => readonly StoreWrite[]
  readonly forgetsDocuments?: boolean
  readonly network?: (network: Network, around: { readonly relay: RelayPath; readonly luck: Seeded }) => Network
  readonly engine?: (engine: RunningEngine, scheduler: Scheduler) => void
  readonly part?: (part: Part) => Part
  readonly profile?: (profile: RatchetProfile) => Partial<RatchetProfile>
}

type Part = typeof later.part

/** `run`, and then something about the group is changed where somebody has gone by it. */
function afterLoss(draft: Draft, id: ConversationId, run: () => void, change: (group: Group, before: Group) => Group): void {
  const before = draft.state.conversations.get(id)?.group?.settled
  run()
  const conversation = draft.state.conversations.get(id)
  const group = conversation?.group
  if (conversation === undefined || group === undefined || before === undefined) return
  const isLess = [...before.membership.members.keys()].some((account) => !group.membership.members.has(account))
  if (isLess) draft.state = withConversation(draft.state, { ...conversation, group: change(group, { ...group, ...before }) })
}

const without = (isLost: (write: Extract<StoreWrite, { kind: 'put' }>) => boolean): Sabotage => ({
  writes: (writes) => writes.filter((write) => write.kind !== 'put' || !isLost(write)),
})

/** Highest numbers that were confirmed, by conversation. */
const confirmed = new Map<string, number>()

const DONE: Verdict = { kind: 'done' }

/** These words about deposits, under the relay’s own signature. */
function said(
  relay: RelayPath,
  { deposits }: RelayRequestOf<'deposit'>,
  { time, verdicts }: Pick<RelayAnswerOf<'deposited'>, 'time' | 'verdicts'>,
): RelayAnswer {
  const stored = deposits.flatMap(({ mailboxes, blob }, at) =>
    mailboxes.flatMap((mailbox, index) => (verdicts[at]?.[index]?.kind === 'done' ? [{ mailbox, blob: blobIdOfSealed(blob) }] : [])),
  )
  return { kind: 'deposited', time, signature: relay.sign(depositedStatement(time, stored)), path: [], verdicts }
}

export const SABOTAGES: Readonly<Record<string, Sabotage>> = {
  /** Entries, all but the first few of a feed, are announced but never written: what is to be sent is not there. */
  'drop-outbox': without(({ table, key }) => table === 'entries' && !/\/0000000[0-3]\//.test(key)),
  /** The rows of a conversation are forgotten: chains and cursors fall back after a crash. */
  'drop-record': without(({ table }) => table === 'conversations'),
  /** What was sent under a ref is not remembered: a repeated send doubles the message. */
  'drop-refs': without(({ table }) => table === 'sent'),
  /** Messages are acknowledged and never become part of the timeline. */
  'drop-timeline': without(({ table }) => table === 'timeline'),
  /** Of chats that wake and change nothing says that they are awake: after a crash they are nowhere. */
  'drop-marks': without(({ table, key }) => table === 'state' && key.startsWith('awake/')),
  /** What one device has confirmed counts for the others of its chat too. */
  'receipt-for-all': {
    writes: (writes) => {
      const further = (own: number, others: number | undefined): number => Math.max(own, others ?? 0)
      return writes.map((write) => {
        const [id, part] = write.kind === 'put' && write.table === 'conversations' ? write.key.split('/') : []
        if (write.kind !== 'put' || id === undefined || part !== 'device') return write
        const delivery = decode(deliveryRow, write.value)
        const delivered = further(delivery.claim.delivered, confirmed.get(id))
        confirmed.set(id, delivered)
        return { ...write, value: encode(deliveryRow, { ...delivery, claim: { ...delivery.claim, delivered } }) }
      })
    },
  },
  /** Some deposits count as proven before the relay was asked: the tick says “relay”, and nothing is there. */
  'early-relay-tick': {
    network: (network, { relay, luck }) => ({
      ...network,
      request: (to, asked) => {
        if (asked.kind !== 'deposit' || luck.chance(0.7)) return network.request(to, asked)
        return Promise.resolve(said(relay, asked, { time: 1, verdicts: asked.deposits.map(({ mailboxes }) => mailboxes.map(() => DONE)) }))
      },
    }),
  },
  /** What one of many mailboxes refused counts as stored there. */
  'refused-as-stored': {
    network: (network, { relay }) => ({
      ...network,
      request: async (to, asked) => {
        const answer = await network.request(to, asked)
        if (asked.kind !== 'deposit' || answer.kind !== 'deposited') return answer
        const isForOne = (at: number): boolean => asked.deposits[at]?.mailboxes.length === 1
        const verdicts = answer.verdicts.map((each, at) => (isForOne(at) ? each : each.map(() => DONE)))
        return said(relay, asked, { time: answer.time, verdicts })
      },
    }),
  },
  /** A blob for many mailboxes misses one of them, which counts as given it. */
  'joint-misses-one': {
    network: (network, { relay, luck }) => ({
      ...network,
      request: async (to, asked) => {
        if (asked.kind !== 'deposit') return network.request(to, asked)
        const missed = asked.deposits.map(({ mailboxes }) => (mailboxes.length > 1 ? luck.whole(0, mailboxes.length - 1) : -1))
        const deposits = asked.deposits.map(({ mailboxes, blob }, at) => ({
          mailboxes: mailboxes.filter((_, index) => index !== missed[at]),
          blob,
        }))
        const answer = await network.request(to, { ...asked, deposits })
        if (answer.kind !== 'deposited') return answer
        const verdicts = answer.verdicts.map((each, at) =>
          missed[at] === -1 ? each : each.toSpliced(missed[at] ?? 0, 0, { kind: 'done' }),
        )
        return said(relay, asked, { time: answer.time, verdicts })
      },
    }),
  },
  /** What takes the place of waiting blobs is not what was in them. */
  'gathers-nothing': {
    network: (network) => ({
      ...network,
      request: (to, asked) => network.request(to, asked.kind === 'gather' ? { ...asked, blob: asked.blob.toReversed() } : asked),
    }),
  },
  /** Whoever is removed keeps the chains: what is written next goes on in those that there are. */
  'removed-keeps-chain': {
    part: (part) => {
      const goOn = (group: Group): Group => ({ ...group, isStale: false })
      return {
        ...part,
        settle: (draft, id) => afterLoss(draft, id, () => part.settle(draft, id), goOn),
        removeMember: (draft, input) => afterLoss(draft, input.conversation, () => part.removeMember(draft, input), goOn),
      }
    },
  },
  /** Taking a link back is answered, and changes nothing. */
  'closed-link-stays-open': {
    part: (part) => ({
      ...part,
      groupLink: (draft, input) => {
        if (input.act.kind === 'close') draft.effects.push({ kind: 'answer', answer: { kind: 'done' } })
        else part.groupLink(draft, input)
      },
    }),
  },
  /** What a deposed admin did beside its removal counts where it came first. */
  'late-removal-spares': {
    part: (part) => ({
      ...part,
      settle: (draft, id) =>
        afterLoss(
          draft,
          id,
          () => part.settle(draft, id),
          (group, { membership: { members } }) => {
            const named = [...group.controls.values()].flatMap(({ entry: { act, author } }) =>
              act.kind === 'remove' ? act.items.map(({ account }) => account) : act.kind === 'leave' ? [author] : [],
            )
            const spared = [...members].filter(([account]) => !group.membership.members.has(account) && !named.includes(account))
            const kept = spared.reduce((all, [account, role]) => all.with(account, role), group.membership.members)
            return { ...group, membership: { ...group.membership, members: kept } }
          },
        ),
    }),
  },
  /** Conversations count as read without anybody looking. */
  'read-unasked': {
    engine: (engine, scheduler) => {
      engine.watchConversations((views) => {
        for (const { id, unread } of views)
          if (unread > 0) scheduler.after(1, () => void engine.markRead({ conversation: id }).catch(() => undefined))
      })
    },
  },
  /** What was left at a relay that has died counts as left, although its contact is written to at another one now. */
  'counts-after-loss': {
    part: (part) => ({
      ...part,
      lookAfterRelays: (draft) => {
        const { conversations: before } = draft.state
        part.lookAfterRelays(draft)
        for (const [id, conversation] of draft.state.conversations.awake) {
          const delivery = before.awake.get(id)?.delivery
          if (delivery !== undefined) draft.state = withConversation(draft.state, { ...conversation, delivery })
        }
      },
    }),
  },
  /** What heals a session is sent and answered, and mixed into nothing. */
  'root-not-mixed': { profile: ({ rootStep }) => ({ rootStep: (root, shared) => rootStep(root, shared) }) },
  /** Updates of documents are said to be durable, and are gone after a crash. */
  'drop-documents': { forgetsDocuments: true },
}

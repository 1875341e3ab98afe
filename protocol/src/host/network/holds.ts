// Blobs that wait until what they need has come, here and at the relay, and the acknowledgements that let the relay forget the others.
// A held blob is read again when its conversation has got further. Whoever makes this device wait for ever holds a bounded number.

import { HELD_BLOBS_MAX, HELD_BLOBS_TOTAL_MAX } from '../../limits.ts'
import { invitedThrough, writerOf } from '../../node/mailboxes/inboxes.ts'
import { whileAwake } from '../../node/rest-map.ts'
import type { ConversationId, MailboxId } from '../../bytes/ids.ts'
import type { Acknowledgements } from './acknowledgements.ts'
import type { Acknowledgement, Effect } from '../../node/draft.ts'
import type { NodeState } from '../../node/state.ts'

type HoldEffect = Extract<Effect, { kind: 'hold' }>

export type Holds = {
  readonly acknowledge: (blob: Acknowledgement) => void
  /** After all effects of a commit: tells the relays what was let go of. */
  readonly send: () => void
  readonly hold: (held: HoldEffect) => void
  /** Reads again what waits in mailboxes for which something has changed. */
  readonly follow: (before: NodeState, after: NodeState) => void
  /** Reads again what lies at open invites: what was too much to judge in one minute may be judged in another. */
  readonly judgeAgain: (state: NodeState) => void
}

export type HoldParts = Acknowledgements & {
  readonly readAgain: (held: HoldEffect) => void
}

export function createHolds(parts: HoldParts): Holds {
  const held = new Map<MailboxId, readonly HoldEffect[]>()

  function acknowledge(blob: Acknowledgement): void {
    drop(blob)
    parts.acknowledge(blob)
  }

  /** As it was held before. */
  function drop({ mailbox, blob }: Acknowledgement): HoldEffect | undefined {
    const before = held.get(mailbox) ?? []
    const queue = before.filter((other) => other.blob.blob !== blob)
    if (queue.length === 0) held.delete(mailbox)
    else held.set(mailbox, queue)
    return before.find((other) => other.blob.blob === blob)
  }

  // What is let go of is remembered as missing, and asked for again.
  function shrink(): void {
    const [fullest] = [...held.values()].toSorted((a, b) => b.length - a.length)
    const total = [...held.values()].reduce((sum, queue) => sum + queue.length, 0)
    const [oldest] = fullest ?? []
    if (oldest !== undefined && ((fullest?.length ?? 0) > HELD_BLOBS_MAX || total > HELD_BLOBS_TOTAL_MAX)) acknowledge(oldest.blob)
  }

  return {
    acknowledge,
    send: parts.send,
    judgeAgain: (state) => {
      for (const [mailbox, queue] of held) if (whileAwake(() => writerOf(state, mailbox)) === undefined) queue.forEach(parts.readAgain)
    },
    hold: (blob) => {
      // The relay may have pushed it anew meanwhile.
      const heldAt = drop(blob.blob)?.heldAt ?? blob.heldAt
      held.set(blob.blob.mailbox, [...(held.get(blob.blob.mailbox) ?? []), { ...blob, heldAt }])
      shrink()
    },
    follow: (before, after) => {
      if (before.conversations === after.conversations) return
      const changed = after.conversations.changedSince(before.conversations)
      if (changed.length === 0) return
      for (const [mailbox, queue] of held)
        if (!isSame(stakesOf(before, mailbox, changed), stakesOf(after, mailbox, changed))) queue.forEach(parts.readAgain)
    },
  }
}

/** What decides whether the blobs of a mailbox can be read: who writes there, and what is known of that device's feeds in these conversations. */
function stakesOf(state: NodeState, mailbox: MailboxId, among: readonly ConversationId[]): readonly unknown[] {
  const device = whileAwake(() => writerOf(state, mailbox))
  if (device === undefined) return [whileAwake(() => invitedThrough(state, mailbox))?.invite?.status]
  const shared = among.flatMap((id) => state.conversations.awake.get(id) ?? []).filter(({ log }) => log.feeds.has(device))
  return [
    device,
    ...shared.flatMap(({ log, chains, closed, blobKeys }) => [
      log.feeds.get(device),
      blobKeys.get(device),
      closed.get(device),
      chains
        .get(device)
        ?.map(({ chain }) => chain)
        .join(),
    ]),
  ]
}

const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean => a.length === b.length && a.every((item, at) => item === b[at])

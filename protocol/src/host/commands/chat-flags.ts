// What a person says about a chat of their list, and what becomes of it by itself: an archived chat that somebody writes in is archived no more.

import { archivedAt, setArchivedAt, setFlag, setMutedUntil, setNotifying } from '../../documents/account.ts'
import { TIME_MS_MAX } from '../../limits.ts'
import { changeDocument } from '../../documents/document.ts'
import { flagsOf, heardIn, isBack, mutedBefore } from '../watch/flags.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { Commands } from '../../engine.ts'
import type { Conversation, NodeState } from '../../node/state.ts'
import type { ChatFlags } from '../../views.ts'
import type { Document } from '../../documents/document.ts'
import type { Documents } from '../documents/documents.ts'
import type { Loop } from '../loop.ts'
import type { Clock } from '../../ports.ts'

type Change = Parameters<Documents['saveAccount']>[0]

export function createChatFlags(
  { loop, clock }: { readonly loop: Pick<Loop, 'state' | 'ask'>; readonly clock: Clock },
  saveAccount: (change: Change, of: ConversationId) => Promise<void>,
): Pick<Commands, 'setChatFlags'> {
  /** Undefined where there is none. */
  async function awake(conversation: ConversationId): Promise<Conversation | undefined> {
    await loop.ask({ kind: 'wake', conversation })
    const { conversations } = loop.state()
    return conversations.isAsleep(conversation) ? awake(conversation) : conversations.awake.get(conversation)
  }

  return {
    async setChatFlags({ conversation, ...wanted }) {
      const chat = await awake(conversation)
      if (chat === undefined) return
      await saveAccount((account) => {
        // It may have been removed meanwhile: nothing of it is kept.
        return loop.state().conversations.has(conversation) ? changeFlags(account, { chat, wanted, now: clock() }) : undefined
      }, conversation)
    },
  }
}

// Written as they are from now on, so that what an archived chat had come back from counts no more.
function changeFlags(
  account: Document,
  { chat, wanted, now }: { readonly chat: Conversation; readonly wanted: ChatFlags; readonly now: number },
): Uint8Array | undefined {
  const { id, view } = chat
  const before = flagsOf(account, chat, now)
  // What is pinned is on top of the list, so it is not put away; the last word counts.
  const {
    isMuted,
    mutedUntil: until,
    notifies,
    isPinned,
    isArchived,
    isMarkedUnread,
  } = {
    ...before,
    ...(wanted.isMuted !== undefined && { mutedUntil: undefined }),
    ...(wanted.isPinned === true && { isArchived: false }),
    ...(wanted.isArchived === true && { isPinned: false }),
    ...wanted,
  }
  return changeDocument(account, () => {
    setFlag(account, id, 'pinned', isPinned === true ? 'on' : 'off')
    setMutedUntil(account, id, isMuted === true ? timeOf(until) : 0)
    setNotifying(account, id, notifies)
    setFlag(account, id, 'unread', isMarkedUnread === true ? 'on' : 'off')
    setArchivedAt(account, id, isArchived === true ? heardIn(view) : undefined)
  })
}

/** A time that no document can keep is for good. */
const timeOf = (until: number | undefined): number =>
  until !== undefined && until > 0 && until <= TIME_MS_MAX ? Math.floor(until) : Infinity

export type ReturnsParts = {
  readonly initial: NodeState
  readonly state: () => NodeState
  readonly clock: Clock
  readonly documents: Pick<Documents, 'account' | 'saveAccount'>
  readonly log: (line: string) => void
}

/** Forgets that a chat was archived once it has come back: what is deleted or muted later does not put it away again. `follow` hears of every commit. */
export function createReturns({ initial, state, clock, documents, log }: ReturnsParts): {
  readonly follow: (before: NodeState, after: NodeState) => void
} {
  /** `before`: the chat as it was, where it was awake. */
  function look(id: ConversationId, before?: Conversation): void {
    const chat = state().conversations.awake.get(id)
    const account = documents.account()
    if (chat === undefined || !(isBack(account, chat, clock()) || isOver(account, id, before))) return
    documents
      .saveAccount((kept) => backOrOver(kept, chat, before))
      .catch((error: unknown) => log(`a chat that came back is still kept as archived: ${String(error)}`))
  }

  /** A mute of an archived chat that has ended by itself. What there was before this, came in that time or before. */
  function isOver(account: Document, id: ConversationId, before: Conversation | undefined): before is Conversation {
    return before !== undefined && archivedAt(account, id) !== undefined && mutedBefore(account, id, clock()) !== undefined
  }

  // Places are compared and no clocks: that of whoever writes may be behind by any time.
  function backOrOver(account: Document, chat: Conversation, before: Conversation | undefined): Uint8Array | undefined {
    const { id } = chat
    if (!isOver(account, id, before)) return isBack(account, chat, clock()) ? setArchivedAt(account, id, undefined) : undefined
    const archived = [archivedAt(account, id) ?? '', heardIn(before.view)].toSorted().at(-1)
    return changeDocument(account, () => {
      setMutedUntil(account, id, 0)
      setArchivedAt(account, id, heardIn(chat.view) > (archived ?? '') ? undefined : archived)
    })
  }

  // An engine may have ended between the message and this; what has changed since is awake.
  for (const id of initial.conversations.awake.keys()) look(id)
  return {
    follow: (before, after) => {
      for (const id of after.conversations.awake.changedSince(before.conversations.awake)) look(id, before.conversations.awake.get(id))
    },
  }
}

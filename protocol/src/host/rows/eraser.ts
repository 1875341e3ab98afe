// Finishes what a removal began (docs/decisions/0015): the documents and the account's words about a conversation go first, then its rows in one
// commit, and with it the mark that they are to go. Whatever a crash leaves is done after the next start.

import { ROWS_PER_READ_MAX, SEQ_MAX } from '../../limits.ts'
import { entryKeysOf } from '../../log/lookups.ts'
import { expiriesUntil, readExpiry } from '../../node/rows/expiry.ts'
import { isSpent } from '../../node/remove.ts'
import { readSent } from '../../node/rows/sent-row.ts'
import { toHex } from '../../bytes/bytes.ts'
import { otherOf } from '../../conversation/state.ts'
import { draftOf, DROPPED, flagOf, setDraft, setFlag, setPetname, setVerifiedNumber } from '../../documents/account.ts'
import { createSequences } from '../sequences.ts'
import type { AccountId, ConversationId } from '../../bytes/ids.ts'
import type { Document } from '../../documents/document.ts'
import type { Conversation } from '../../node/state.ts'
import type { Clock, Store, StoreRange, StoreRow } from '../../ports.ts'
import type { Documents } from '../documents/documents.ts'
import type { Loop } from '../loop.ts'

export type EraserParts = {
  readonly store: Pick<Store, 'read'>
  readonly documents: Pick<Documents, 'account' | 'saveAccount' | 'tidyAccount' | 'forget'>
  /** Removes the files of a conversation, and answers which rows of the table `state` are about them. */
  readonly forgetFiles: (conversation: ConversationId) => Promise<readonly string[]>
  readonly loop: Pick<Loop, 'state' | 'ask' | 'push'>
  readonly clock: Clock
  readonly log: (line: string) => void
}

export type Eraser = {
  /** Resolves when nothing of a removed conversation is left; at once where there is nothing to do. */
  readonly erase: (conversation: ConversationId) => Promise<void>
  /** Removes own invites that nobody saw and nobody can use, and erases what is left. Never rejects: what fails is tried with the next call. */
  readonly tidy: () => Promise<void>
}

export function createEraser({ store, documents, forgetFiles, loop, clock, log }: EraserParts): Eraser {
  const inTurn = createSequences<ConversationId>()

  async function eraseOne(id: ConversationId): Promise<void> {
    const { erasing } = loop.state().removals
    if (!erasing.has(id)) return
    await documents.forget(id)
    await documents.saveAccount((account) => setDraft(account, id, undefined))
    await documents.saveAccount((account) => setFlag(account, id, DROPPED, 'off'))
    const other = erasing.get(id)
    if (other !== undefined && !isKnown(other)) {
      await documents.saveAccount((account) => setPetname(account, other, undefined))
      await documents.saveAccount((account) => setVerifiedNumber(account, other, undefined))
    }
    await documents.tidyAccount()
    const rows = [...(await forgetFiles(id)), ...(await expiriesOf(id))]
    await loop.ask({ kind: 'erase', conversation: id, refs: await refsOf(id), rows })
  }

  const isKnown = (account: AccountId): boolean => [...loop.state().conversations.values()].some(({ view }) => otherOf(view) === account)

  // Rows of `sent` say what they did by its id alone, so those of a conversation are told by the entries that it has.
  async function refsOf(id: ConversationId): Promise<readonly string[]> {
    const results = new Set<string>([id])
    const { device } = loop.state().self
    for await (const { key } of allRows({ table: 'entries', ...entryKeysOf(id, { device: device.id, from: 0, to: SEQ_MAX }) }))
      results.add(key.slice(key.lastIndexOf('/') + 1))
    const refs: string[] = []
    for await (const { key, value } of allRows({ table: 'sent' })) if (results.has(toHex(readSent(value).result))) refs.push(key)
    return refs
  }

  async function expiriesOf(id: ConversationId): Promise<readonly string[]> {
    const keys: string[] = []
    for await (const row of allRows(expiriesUntil(Infinity))) if (readExpiry(row).conversation === id) keys.push(row.key)
    return keys
  }

  async function* allRows(range: StoreRange): AsyncGenerator<StoreRow> {
    for (let from = range.from; ;) {
      const rows = await store.read({ ...range, ...(from === undefined ? {} : { from }), limit: ROWS_PER_READ_MAX })
      yield* rows
      const last = rows.at(-1)
      if (last === undefined || rows.length < ROWS_PER_READ_MAX) return
      from = `${last.key}\0`
    }
  }

  const erase = (id: ConversationId): Promise<void> => inTurn(id, () => eraseOne(id))

  return {
    erase,
    tidy: async () => {
      const now = clock()
      const account = documents.account()
      for (const conversation of loop.state().conversations.values())
        if (conversation.phase === 'inviting' && isToGo(account, conversation, now))
          loop.push({ kind: 'remove', conversation: conversation.id, when: 'unanswered' })
      for (const id of loop.state().removals.erasing.keys())
        await erase(id).catch((error: unknown) => log(`a removed chat is not erased yet: ${String(error)}`))
    },
  }
}

// An invite with something half written in it is on the list, and stays there. Older versions marked what was to go, and kept it.
const isToGo = (account: Document, conversation: Conversation, now: number): boolean =>
  (isSpent(conversation, now) && draftOf(account, conversation.id) === undefined) || flagOf(account, conversation.id, DROPPED)

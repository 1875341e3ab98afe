// Erases one conversation. Loaded when there is one to erase.

import { toHex } from '../../bytes/bytes.ts'
import { otherIn } from '../../node/rest-looks.ts'
import { DROPPED, setArchivedAt, setDraft, setFlag, setPetname, setVerifiedNumber } from '../../documents/account.ts'
import { changeDocument } from '../../documents/document.ts'
import { forgetLeftOut } from '../../documents/left-out.ts'
import { forgetReads } from '../../documents/reads.ts'
import { starsOf, takeStar } from '../../documents/stars.ts'
import { seenKeyOf } from '../presence/seen-rows.ts'
import { ROWS_PER_READ_MAX, SEQ_MAX } from '../../limits.ts'
import { entryKeysOf } from '../../log/lookups.ts'
import { expiriesUntil, readExpiry } from '../../node/rows/expiry.ts'
import { readSent } from '../../node/rows/sent-row.ts'
import type { AccountId, ConversationId } from '../../bytes/ids.ts'
import type { Document } from '../../documents/document.ts'
import type { NodeState } from '../../node/state.ts'
import type { Store, StoreRange, StoreRow } from '../../ports.ts'
import type { Documents } from '../documents/documents.ts'
import type { Loop } from '../loop.ts'

export type ErasureParts = {
  readonly store: Pick<Store, 'read'>
  readonly documents: Pick<Documents, 'account' | 'saveAccount' | 'tidyAccount' | 'forget'>
  /** Removes the files of a conversation, and answers which rows of the table `state` are about them. */
  readonly forgetFiles: (conversation: ConversationId) => Promise<readonly string[]>
  readonly loop: Pick<Loop, 'state' | 'ask'>
}

/** Nothing is done for one that is not to be erased. */
export async function eraseConversation({ store, documents, forgetFiles, loop }: ErasureParts, id: ConversationId): Promise<void> {
  const { erasing } = loop.state().removals
  if (!erasing.has(id)) return
  await documents.forget(id)
  // Other own devices, which have the same document, may still have the chat.
  if (loop.state().self.list.devices.length === 1) await forgetKept({ documents, loop }, id, erasing.get(id))
  await documents.tidyAccount()
  const other = erasing.get(id)
  const seen = other === undefined || isKnown(loop.state(), other) ? [] : [seenKeyOf(other)]
  const rows = [...(await forgetFiles(id)), ...(await expiriesOf(store, id)), ...seen]
  await loop.ask({ kind: 'erase', conversation: id, refs: await refsOf(store, loop.state(), id), rows })
}

async function forgetKept(
  { documents, loop }: Pick<ErasureParts, 'documents' | 'loop'>,
  id: ConversationId,
  other: AccountId | undefined,
): Promise<void> {
  await documents.saveAccount((account) => setDraft(account, id, undefined))
  await documents.saveAccount((account) => forgetIn(account, id))
  if (other === undefined || isKnown(loop.state(), other)) return
  await documents.saveAccount((account) => setPetname(account, other, undefined))
  await documents.saveAccount((account) => setVerifiedNumber(account, other, undefined))
}

const FLAGS = [DROPPED, 'pinned', 'muted', 'notifies', 'unread']

const forgetIn = (account: Document, id: ConversationId): Uint8Array | undefined =>
  changeDocument(account, () => {
    for (const flag of FLAGS) setFlag(account, id, flag, 'off')
    setArchivedAt(account, id, undefined)
    forgetReads(account, id)
    forgetLeftOut(account, id)
    for (const { message, conversation } of starsOf(account)) if (conversation === id) takeStar(account, message)
  })

type Rows = Pick<Store, 'read'>

const isKnown = ({ conversations }: NodeState, account: AccountId): boolean =>
  [...conversations.looks()].some((chat) => otherIn(chat) === account)

// Rows of `sent` say what they did by its id alone, so those of a conversation are told by the entries that it has.
async function refsOf(store: Rows, { self: { device } }: NodeState, id: ConversationId): Promise<readonly string[]> {
  const results = new Set<string>([id])
  for await (const { key } of allRows(store, { table: 'entries', ...entryKeysOf(id, { device: device.id, from: 0, to: SEQ_MAX }) }))
    results.add(key.slice(key.lastIndexOf('/') + 1))
  const refs: string[] = []
  for await (const { key, value } of allRows(store, { table: 'sent' })) if (results.has(toHex(readSent(value).result))) refs.push(key)
  return refs
}

async function expiriesOf(store: Rows, id: ConversationId): Promise<readonly string[]> {
  const keys: string[] = []
  for await (const row of allRows(store, expiriesUntil(Infinity))) if (readExpiry(row).conversation === id) keys.push(row.key)
  return keys
}

async function* allRows(store: Rows, range: StoreRange): AsyncGenerator<StoreRow> {
  for (let from = range.from; ;) {
    const rows = await store.read({ ...range, ...(from === undefined ? {} : { from }), limit: ROWS_PER_READ_MAX })
    yield* rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < ROWS_PER_READ_MAX) return
    from = `${last.key}\0`
  }
}

// The account document between a person's own devices (docs/protocol.md §13.8): a change here is told to the others after a pause, and what others say
// becomes part of it. Parts wait in rows of the store until they are whole and durable in the document.

import { concatBytes, equalBytes, toHex } from '../../bytes/bytes.ts'
import { tryDecode } from '../../bytes/codec.ts'
import { hash } from '../../crypto/hash.ts'
import { readsIn } from '../../documents/reads.ts'
import { markOf, mergeInto, refusalOfWhole } from '../../documents/whole.ts'
import { ACCOUNT_PAUSE_MS, ACCOUNT_PAUSE_MS_MAX, ACCOUNT_PARTS_MAX } from '../../limits.ts'
import { accountPartsOf } from '../../node/devices/account.ts'
import { hasPassed } from '../../node/moment.ts'
import { accountPart } from '../../wire/frame.ts'
import { createSequences } from '../sequences.ts'
import { levelNode } from './level-node.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { NodeInput } from '../../node/input.ts'
import type { NodeState } from '../../node/state.ts'
import type { Clock, Store } from '../../ports.ts'
import type { AccountPart } from '../../wire/frame.ts'
import type { AccountDocument } from './account-document.ts'

export type AccountSync = {
  /** The document was changed here. */
  readonly saved: () => void
  /** To be told of every commit, in order. */
  readonly follow: (before: NodeState, after: NodeState) => void
  /** Call about once a second. */
  readonly tick: () => void
  /** A part of what `device` has lies in its row. `of`: hex, which whole it is a part of. */
  readonly takeIn: (device: DeviceId, of: string) => void
}

type AccountSyncParts = {
  readonly store: Store
  readonly documents: AccountDocument
  readonly state: () => NodeState
  readonly push: (input: NodeInput) => void
  readonly clock: Clock
  /** What is kept in the document may be another, nobody knows where. */
  readonly changed: () => void
  readonly log: (line: string) => void
}

export function createAccountSync({ store, documents, state, push, clock, changed, log }: AccountSyncParts): AccountSync {
  const inTurn = createSequences<'account'>()
  /** When a change was made that nobody was told of yet: the first, and the last. */
  let untold: { readonly first: number; readonly last: number } | undefined

  function saved(): void {
    const now = clock()
    untold = { first: untold?.first ?? now, last: now }
  }

  function tick(): void {
    if (untold === undefined || state().circle === undefined) return
    const now = clock()
    const isQuiet = hasPassed({ since: untold.last, ms: ACCOUNT_PAUSE_MS }, now)
    if (!isQuiet && !hasPassed({ since: untold.first, ms: ACCOUNT_PAUSE_MS_MAX }, now)) return
    untold = undefined
    push({ kind: 'account-changed', mark: toHex(markOf(documents.account())) })
  }

  async function takeRows(device: DeviceId, of: string): Promise<void> {
    const rows = await store.read({ table: 'state', from: accountPartsOf(device), to: `${accountPartsOf(device)}~` })
    const there = rows.filter(({ key }) => key.startsWith(accountPartsOf(device, of)))
    const parts = there.flatMap(({ value }) => tryDecode(accountPart, value) ?? [])
    const isWhole = parts.length > 0 && parts.length === parts[0]?.parts
    if (isWhole) await merge(device, parts)
    // Of one that was begun before nothing more will come.
    const over = isWhole ? rows : rows.filter((row) => !there.includes(row))
    if (over.length > 0) await store.commit(over.map(({ key }) => ({ kind: 'delete', table: 'state', key })))
  }

  async function merge(device: DeviceId, parts: readonly AccountPart[]): Promise<void> {
    const [{ of, vector, mark }] = parts as readonly [AccountPart]
    const update = concatBytes(...parts.map((part) => part.update))
    let touched: ReadonlySet<string> = new Set()
    const refusal = equalBytes(hash(update), of) ? refusalOfWhole(documents.account(), update) : 'malformed'
    if (refusal !== undefined) log(`refused: account, ${refusal}`)
    else if (await documents.saveAccount((account) => mergeInto(account, update, { root: 'reads', touched: (keys) => (touched = keys) }))) {
      changed()
      const reads = readsIn(documents.account(), touched).filter(({ conversation }) => state().conversations.has(conversation))
      if (reads.length > 0) push({ kind: 'read-elsewhere', reads })
    }
    levelNode(documents.account(), { state, push })
    // Whoever had more of this document than there is here says all of it once it hears what is here.
    if (refusal === undefined || refusal === 'gap')
      push({ kind: 'account-changed', mark: toHex(markOf(documents.account())), heard: { device, vector, mark: toHex(mark) } })
  }

  const takeIn = (device: DeviceId, of: string): void =>
    void inTurn('account', () => takeRows(device, of)).catch((error: unknown) =>
      log(`the account of another device waits: ${String(error)}`),
    )

  async function takeLeft(): Promise<void> {
    const rows = await store.read({ table: 'state', from: accountPartsOf(), to: `${accountPartsOf()}~`, limit: ACCOUNT_PARTS_MAX })
    const left = new Map(rows.map(({ key }) => key.split('/').slice(1, 3) as [DeviceId, string]))
    for (const [device, of] of left) takeIn(device, of)
  }

  if (state().circle !== undefined) {
    saved()
    takeLeft().catch((error: unknown) => log(`the account of another device waits: ${String(error)}`))
  }
  return {
    saved,
    follow(before, after) {
      if (before.circle === undefined && after.circle !== undefined) saved()
    },
    tick,
    takeIn,
  }
}

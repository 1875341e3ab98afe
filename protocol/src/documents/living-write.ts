// What a person does to a living message, as the one update that says so.

import * as Y from 'yjs'
import { LIVING_LINE_LENGTH_MAX, NOTE_LENGTH_MAX } from './living-limits.ts'
import { lineIn } from './living-form.ts'
import { hexOf, noteIn, ownName, takeChange } from './living.ts'
import { chosenIn, countedIn, itemsNow, pollNow } from './living-view.ts'
import { hunksBetween, rebased } from './note-diff.ts'
import { nextClock } from './state.ts'
import type { AccountId } from '../bytes/ids.ts'
import type { LivingAct } from '../engine.ts'
import type { LivingDocument, LivingRefusal } from './living.ts'

export type ActRefusal = 'not-yours' | 'empty' | 'too-long' | 'over' | 'full' | 'unknown-message'
export type Actor = { readonly account: AccountId; readonly client: number; readonly time: number }

const NOBODY_OUT: ReadonlySet<AccountId> = new Set()

/** `done`: it is so already. Nothing of `living` changes. */
export function updateFor(living: LivingDocument, act: LivingAct, actor: Actor): Uint8Array | 'done' | ActRefusal {
  const doing = doingOf(living, act, actor)
  if (typeof doing === 'string') return doing
  const fork = forkOf(living)
  const updates: Uint8Array[] = []
  fork.doc.clientID = actor.client
  fork.doc.on('update', (update: Uint8Array) => void updates.push(update))
  fork.doc.transact(() => doing(fork))
  const [update] = updates
  if (update === undefined) return 'done'
  // As the others will judge it.
  const refusal = takeChange(forkOf(living), { ...actor, orderKey: '', update })
  return refusal === undefined ? update : reasonOf(refusal)
}

const reasonOf = (refusal: LivingRefusal): ActRefusal => (refusal === 'malformed' ? 'too-long' : 'full')

type Doing = (living: LivingDocument) => void

function doingOf(living: LivingDocument, act: LivingAct, actor: Actor): Doing | 'done' | ActRefusal {
  switch (act.kind) {
    case 'vote':
    case 'close':
      return living.form.kind === 'poll' ? pollDoing(living, act, actor) : 'unknown-message'
    case 'add':
    case 'rename':
    case 'tick':
    case 'remove':
      return living.form.kind === 'checklist' ? listDoing(living, act, actor) : 'unknown-message'
    case 'write':
      return living.form.kind === 'note' ? noteDoing(living, act) : 'unknown-message'
  }
}

const setting =
  (root: string, name: string, value: string | boolean): Doing =>
  ({ doc }) =>
    doc.getMap(root).set(ownName(name, doc.clientID), value)

type PollAct = Extract<LivingAct, { kind: 'vote' | 'close' }>

function pollDoing(living: LivingDocument, act: PollAct, { account }: Actor): Doing | 'done' | ActRefusal {
  const { form, author, state } = living
  const { votes, closed } = pollNow(living, NOBODY_OUT)
  if (closed !== undefined) return 'over'
  if (act.kind === 'close') {
    if (account !== author) return 'not-yours'
    const clocks = [...state.spans.keys()].map((one) => [one, nextClock(state.spans, one)] as const)
    return setting('closed', '', countedIn(clocks))
  }
  const isMultiple = form.kind === 'poll' && form.isMultiple
  const chosen = chosenIn(
    [...new Set(act.options)]
      .filter((at) => at in votes)
      .toSorted((a, b) => a - b)
      .join(','),
    isMultiple,
  )
  const before = votes.flatMap((voters, at) => (voters.has(account) ? [at] : []))
  return String(before) === String(chosen) ? 'done' : setting('votes', '', chosen.join(','))
}

type ListAct = Extract<LivingAct, { kind: 'add' | 'rename' | 'tick' | 'remove' }>

function listDoing(living: LivingDocument, act: ListAct, { client }: Actor): Doing | 'done' | ActRefusal {
  const text = 'text' in act ? lineIn(act.text) : undefined
  if (text === '') return 'empty'
  if ('text' in act && act.text.trim().length > LIVING_LINE_LENGTH_MAX) return 'too-long'
  if (act.kind === 'add') return setting('text', `${hexOf(client)}-${nextClock(living.state.spans, client)}`, text ?? '')
  const item = itemsNow(living, NOBODY_OUT).find(({ id }) => id === act.item)
  if (item === undefined) return 'unknown-message'
  if (act.kind === 'remove') return setting('gone', item.id, true)
  if (act.kind === 'tick') return item.isDone === act.isDone ? 'done' : setting('done', item.id, act.isDone)
  return item.text === text ? 'done' : setting('text', item.id, text ?? '')
}

// Written from the end to the beginning, so that no place moves before its turn.
function noteDoing(living: LivingDocument, { from, to }: Extract<LivingAct, { kind: 'write' }>): Doing | 'done' | ActRefusal {
  if (to.length > NOTE_LENGTH_MAX) return 'too-long'
  const now = noteIn(living).toJSON()
  const hunks = from === now ? hunksBetween(from, to) : rebased(hunksBetween(from, to), { from, to: now })
  if (hunks.length === 0) return 'done'
  return (fork) => {
    const note = noteIn(fork)
    for (const { at, remove, insert } of hunks.toSorted((a, b) => b.at - a.at || b.remove - a.remove)) {
      if (remove > 0) note.delete(at, remove)
      if (insert !== '') note.insert(at, insert)
    }
  }
}

function forkOf(living: LivingDocument): LivingDocument {
  const doc = new Y.Doc({ guid: living.form.kind, gc: false })
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(living.doc))
  return { ...living, doc, changes: [], written: [], deleted: [], accounts: new Map(living.accounts) }
}

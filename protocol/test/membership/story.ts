// A story of a group told act by act: who writes, what they know, what they do. Each entry is tried with all evaluators in different orders.

import { expect } from 'vitest'
import { accountNamed, deviceNamed, entryNamed } from './names.ts'
import { evaluationOf, foldMembership } from './fold.ts'
import { evaluate } from './one-pass.ts'
import type { ConversationId, EntryId, UnixMs } from '../../src/bytes/ids.ts'
import type { Membership } from '../../src/membership/state.ts'
import type { Act, ControlEntry, Evaluation, History, Person, Role } from '../../src/membership/types.ts'

const personOf = (name: string): Person => ({ account: accountNamed(name), deviceList: new Uint8Array(32) })

export const createGroup = (founder: string): Act => ({ kind: 'create-group', ...personOf(founder), nonce: new Uint8Array(16) })
export const grant = (...items: readonly (readonly [name: string, role: Role])[]): Act => ({
  kind: 'grant',
  items: items.map(([name, role]) => ({ ...personOf(name), role })),
})
export const demote = (name: string, role: 'admin' | 'member'): Act => ({ kind: 'demote', ...personOf(name), role })
export const remove = (...names: readonly string[]): Act => ({
  kind: 'remove',
  items: names.map((name) => ({ account: accountNamed(name), cuts: [] })),
})
export const resign = (role: 'admin' | 'member'): Act => ({ kind: 'resign', role })
export const leave: Act = { kind: 'leave' }
export const linkFor = (uses: number): Act => ({
  kind: 'open-link',
  key: new Uint8Array(32),
  expires: 0 as UnixMs,
  uses,
  secret: new Uint8Array(16),
  place: new Uint8Array(32),
  relay: { key: new Uint8Array(32), url: 'ws://relay' },
})
export const openLink = linkFor(500)
export const closeLink = (link: string): Act => ({ kind: 'close-link', link: entryNamed(link) })
export const letIn = (link: string, name: string): Act => ({
  kind: 'let-in',
  link: entryNamed(link),
  ...personOf(name),
  proof: new Uint8Array(64),
})
export const setHistory = (history: History): Act => ({ kind: 'set-history', history })

type Line = {
  readonly id: string
  readonly by: string
  readonly act: Act
  /** Names of entries that are known; all so far unless it says so. */
  readonly knows?: readonly string[]
  readonly device?: string
  readonly weightBefore?: number
}

export const entryOf = ({ id, by, act, knows = [], device = by, weightBefore = 0 }: Line): ControlEntry => ({
  id: entryNamed(id),
  author: accountNamed(by),
  device: deviceNamed(device),
  weightBefore,
  past: knows.map(entryNamed),
  act,
})

/** Entries of a story. Where a line says nothing of what it knows, it knows all lines above it. */
export const entriesOf = (lines: readonly Line[]): readonly ControlEntry[] =>
  lines.map((line, at) => entryOf({ ...line, knows: line.knows ?? lines.slice(0, at).map(({ id }) => id) }))

export const conversationOf = (id: string): ConversationId => entryNamed(id) as string as ConversationId

/** What everybody sees of a story that begins with `create`, by name: after making sure that it is the same in several orders. */
export function tell(...lines: readonly Line[]): Told {
  const entries = entriesOf(lines)
  const conversation = conversationOf('create')
  const membership = foldMembership(conversation, entries)
  const evaluation = evaluationOf(membership)
  expect(evaluationOf(foldMembership(conversation, entries.toReversed()))).toEqual(evaluation)
  expect(evaluate(conversation, entries)).toEqual(evaluation)
  return told(lines, membership, evaluation)
}

export type Told = {
  readonly membership: Membership
  /** As `name: role`. */
  readonly members: Readonly<Record<string, Role>>
  /** Names of the entries that are accepted. */
  readonly accepted: readonly string[]
  readonly links: readonly string[]
  readonly history: History
}

function told(lines: readonly Line[], membership: Membership, { accepted, members, links, history }: Evaluation): Told {
  const named = (ids: { readonly has: (id: EntryId) => boolean }): readonly string[] =>
    lines.map(({ id }) => id).filter((id) => ids.has(entryNamed(id)))
  const people = new Set(lines.flatMap(({ by, act }) => [by, ...namesIn(act)]))
  const roles = [...people].flatMap((name) => {
    const role = members.get(accountNamed(name))
    return role === undefined ? [] : [[name, role] as const]
  })
  return { membership, members: Object.fromEntries(roles), accepted: named(accepted), links: named(links), history }
}

const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'erin', 'mallory'] as const

function namesIn(act: Act): readonly string[] {
  const accounts =
    act.kind === 'grant' || act.kind === 'remove' ? act.items.map(({ account }) => account) : 'account' in act ? [act.account] : []
  return PEOPLE.filter((name) => accounts.includes(accountNamed(name)))
}

// What people are told of an act: one line for each entry that changes who is a member, or as what.

import { tryDecode } from '../../bytes/codec.ts'
import { act as actCodec } from '../../membership/act.ts'
import { roleIn } from './standing.ts'
import type { EntryId } from '../../bytes/ids.ts'
import type { Acted } from '../../conversation/timeline-row.ts'
import type { Group } from './group.ts'

/** What the line of a control entry says; undefined where it has none. */
export function actedBy(group: Group, id: EntryId, content: Uint8Array): Acted | undefined {
  const act = tryDecode(actCodec, content)
  const past = group.controls.get(id)?.entry.past
  if (act === undefined || past === undefined) return undefined
  switch (act.kind) {
    case 'create-group':
      return { change: 'created', accounts: [], role: undefined }
    case 'grant': {
      const [first] = act.items
      const isNew = first !== undefined && roleIn(group, first.account, past) === undefined
      return { change: isNew ? 'added' : 'role', accounts: act.items.map(({ account }) => account), role: first?.role }
    }
    case 'demote':
      return { change: 'role', accounts: [act.account], role: act.role }
    case 'resign':
      return { change: 'role', accounts: [group.controls.get(id)?.entry.author].flatMap((author) => author ?? []), role: act.role }
    case 'remove':
      return { change: 'removed', accounts: act.items.map(({ account }) => account), role: undefined }
    case 'leave':
      return { change: 'left', accounts: [], role: undefined }
    case 'let-in':
      return { change: 'let-in', accounts: [act.account], role: 'member' }
    case 'open-link':
    case 'close-link':
    case 'set-history':
      return undefined
  }
}

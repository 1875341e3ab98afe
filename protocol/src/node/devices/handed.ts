// Bodies that another own device has handed over opened (docs/protocol.md §13.5). They prove themselves: the author committed to salt and content.

import { OPENED_POOL_BYTES_MAX } from '../../limits.ts'
import { contentKeptOf } from '../../log/kept-body.ts'
import { NOTHING_HANDED } from '../incoming/handed.ts'
import type { EntryId } from '../../bytes/ids.ts'
import type { OpenedBody as Opening } from '../../log/body.ts'
import type { KeptBody } from '../../log/kept-body.ts'
import type { EntryHeader } from '../../wire/entry.ts'
import type { OpenedBody } from '../../wire/frame.ts'
import type { Draft } from '../draft.ts'

/** Salt and framing of a body, and the place in memory that it takes. */
const BODY_OVERHEAD_BYTES = 128

/** Where there is no room, what was handed before and never used goes. */
export function takeHanded(draft: Draft, bodies: readonly OpenedBody[]): void {
  const bytes = bodies.reduce((sum, { content }) => sum + content.length + BODY_OVERHEAD_BYTES, 0)
  const before = draft.state.handed.bytes + bytes > OPENED_POOL_BYTES_MAX ? NOTHING_HANDED : draft.state.handed
  let known = before.bodies
  for (const { entry, salt, content } of bodies) known = known.with(entry, { salt, content })
  draft.state = { ...draft.state, handed: { bodies: known, bytes: before.bytes + bytes } }
}

/** What an entry says by a body that was handed over. `gone`: who handed it on has none of it any more; `deleted`: since its author deleted it. */
export function openByHand(
  draft: Draft,
  { entry, header }: { readonly entry: EntryId; readonly header: EntryHeader },
): Extract<Opening, { kind: 'opened' }> | 'gone' | 'deleted' | undefined {
  const { bodies, bytes } = draft.state.handed
  const kept = bodies.get(entry)
  if (kept === undefined) return undefined
  const left = bodies.without(entry)
  const rest = left.size === 0 ? NOTHING_HANDED : { bodies: left, bytes: bytes - kept.content.length - BODY_OVERHEAD_BYTES }
  draft.state = { ...draft.state, handed: rest }
  if (isNothing(kept)) return kept.salt[0] === DELETED_BODY.salt[0] ? 'deleted' : 'gone'
  const content = contentKeptOf(header, kept)
  return content && { kind: 'opened', content, kept }
}

/** Stand for a body that there is no more: the first byte of the salt says why. */
export const NO_BODY: KeptBody = { salt: new Uint8Array(32), content: new Uint8Array(0) }
export const DELETED_BODY: KeptBody = { ...NO_BODY, salt: new Uint8Array(32).fill(1, 0, 1) }
const isNothing = ({ content }: KeptBody): boolean => content.length === 0

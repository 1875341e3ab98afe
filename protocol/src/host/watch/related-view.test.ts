import { expect, it } from 'vitest'
import { REACTIONS_SHOWN_MAX } from '../../conversation/limits.ts'
import { NOT_RELATED } from '../../conversation/timeline-row.ts'
import { relatedViewOf } from './related-view.ts'
import type { MessageContent, Relations } from '../../conversation/timeline-row.ts'

const viewOf = (related?: Relations) => {
  const kept = { salt: new Uint8Array(32), content: new Uint8Array() }
  const content: MessageContent = { kind: 'text', text: 'hello', kept, related }
  return relatedViewOf(content, (id) => ({ kind: 'missing', id }))
}

it('says nothing of a message to which nothing was done', () => {
  expect(viewOf()).toEqual({})
  expect(viewOf({ ...NOT_RELATED, pin: { orderKey: 'a', isSet: false } })).toEqual({})
})

it('shows so many kinds of reactions and no more, the most frequent first', () => {
  const reactions = Array.from({ length: REACTIONS_SHOWN_MAX + 2 }, (_, count) => ({ emoji: `${count}`, count: count + 1, isMine: false }))
  const shown = viewOf({ ...NOT_RELATED, reactions }).reactions ?? []
  expect(shown).toHaveLength(REACTIONS_SHOWN_MAX)
  expect([shown[0]?.count, shown.at(-1)?.count]).toEqual([REACTIONS_SHOWN_MAX + 2, 3])
})

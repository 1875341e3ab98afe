// @vitest-environment happy-dom
import { nextTick } from 'vue'
import { expect, it, vi } from 'vitest'
import type { AccountId, ConversationSummary } from '@kith/protocol'
import { markDrawn } from '../app/index.ts'
import { ANA, createFakeEngine, render, summary } from '../testing/index.ts'
import { groupWords } from '../group-words.ts'
import { CONTACTS_SHOWN_MAX } from '../limits.ts'
import { words } from '../words.ts'
import NewGroupSheet from './NewGroupSheet.vue'

// All chats are there.
markDrawn()

HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true
}

const open = (chats: readonly ConversationSummary[], answers: Partial<ReturnType<typeof createFakeEngine>> = {}) => {
  const fake = createFakeEngine()
  const engine = {
    ...fake,
    watchConversations: (show: (views: readonly ConversationSummary[]) => void) => {
      show(chats)
      return () => undefined
    },
    ...answers,
  }
  const { place } = render(NewGroupSheet, {}, engine)
  const boxes = () => [...place.querySelectorAll<HTMLInputElement>('[data-testid="contact"]')]
  const submit = () => place.querySelector('form')?.dispatchEvent(new Event('submit'))
  return { fake, place, boxes, submit }
}

it('says what to do where there is nobody to choose', () => {
  const { place } = open([summary({ phase: 'inviting', peer: undefined })])
  expect(place.textContent).toContain(groupWords.noContacts)
  expect(place.querySelector('form')).toBeNull()
})

it('asks for somebody, then makes the group with whom was chosen', async () => {
  const { fake, place, boxes, submit } = open([summary()])
  submit()
  await nextTick()
  expect(place.querySelector('[role="alert"]')?.textContent).toContain(groupWords.chooseOne)
  const title = place.querySelector<HTMLInputElement>('[data-testid="group-title"]')
  if (title === null) throw new Error('no title')
  title.value = ' Club '
  title.dispatchEvent(new Event('input'))
  boxes()[0]?.dispatchEvent(new Event('change'))
  await nextTick()
  submit()
  expect(fake.of('createGroup')).toMatchObject([{ title: 'Club', members: [ANA] }])
})

it('says why it was not made, and tries again under the same ref', async () => {
  const refs: string[] = []
  const createGroup = ({ ref }: { ref: string }) => {
    refs.push(ref)
    return Promise.resolve({ kind: 'refused', reason: 'no-relay-yet' } as const)
  }
  const { place, boxes, submit } = open([summary()], { createGroup })
  boxes()[0]?.dispatchEvent(new Event('change'))
  for (const count of [1, 2]) {
    submit()
    await vi.waitFor(() => expect(refs).toHaveLength(count))
    await vi.waitFor(() => expect(place.querySelector('[role="alert"]')?.textContent).toContain(groupWords.refused['no-relay-yet']))
    await nextTick()
  }
  expect(refs[0]).toBe(refs[1])
})

it('shows so many people at once, and finds the others by name', async () => {
  const chats = Array.from({ length: CONTACTS_SHOWN_MAX + 1 }, (_, at) =>
    summary({ peer: String(at).padStart(64, '0') as AccountId, name: `Person ${String(at).padStart(3, '0')}` }),
  )
  const { place, boxes } = open(chats)
  expect(boxes()).toHaveLength(CONTACTS_SHOWN_MAX)
  expect(place.textContent).toContain(groupWords.more)
  const search = place.querySelector<HTMLInputElement>('[data-testid="contact-search"]')
  if (search === null) throw new Error('no search')
  search.value = '100'
  search.dispatchEvent(new Event('input'))
  await nextTick()
  expect(boxes()).toHaveLength(1)
})

it('gives whoever has no name a word in place of one, and no letters on their disc, as everywhere', () => {
  const { place } = open([summary({ name: undefined })])
  const [face] = place.querySelectorAll('.face')
  expect([face?.textContent?.includes(words.somebody), face?.querySelector('svg text')?.textContent]).toEqual([true, ''])
})

// @vitest-environment happy-dom
import { nextTick } from 'vue'
import { expect, it, vi } from 'vitest'
import { ANA, conversationView, createFakeEngine, render, summary } from '../testing/index.ts'
import { detailsWords } from '../details-words.ts'
import { fill, words } from '../words.ts'
import ConversationDetailsPane from './ConversationDetailsPane.vue'

it.each(['full', 'not-admitted', 'unknown-conversation'] as const)('a title that is refused as %s gets a sentence', async (reason) => {
  const engine = { ...createFakeEngine(), setTitle: () => Promise.resolve({ kind: 'refused', reason } as const) }
  const { place } = render(ConversationDetailsPane, { view: conversationView() }, engine)
  const input = place.querySelector<HTMLInputElement>(`input[placeholder="${detailsWords.none}"]`)
  if (input === null) throw new Error('no field for the title')
  input.value = 'Boats'
  input.dispatchEvent(new Event('input'))
  input.dispatchEvent(new Event('change'))
  await vi.waitFor(() => expect(place.querySelector('[role="alert"]')?.textContent).toBe(detailsWords.titleRefused[reason]))
  await nextTick()
  expect(place.textContent).not.toContain(words.saved)
})

const petnameField = (place: HTMLElement): HTMLInputElement => {
  const label = [...place.querySelectorAll('label')].find(({ textContent }) => textContent === detailsWords.petname)
  const input = label?.parentElement?.querySelector('input')
  if (!input) throw new Error('no field for the petname')
  return input
}

it('a petname is what I gave, and what they call themselves stands beside it', () => {
  const named = { summary: summary({ peer: ANA, name: 'Bob' }), ownName: 'Bob' }
  const before = render(ConversationDetailsPane, { view: conversationView(named) }).place
  expect([petnameField(before).value, petnameField(before).placeholder]).toEqual(['', 'Bob'])
  const given = { ...named, summary: summary({ peer: ANA, name: 'Bobby' }), petname: 'Bobby' }
  const after = render(ConversationDetailsPane, { view: conversationView(given) }).place
  expect(petnameField(after).value).toBe('Bobby')
  expect(after.textContent).toContain(fill(detailsWords.ownName, { name: 'Bob' }))
})

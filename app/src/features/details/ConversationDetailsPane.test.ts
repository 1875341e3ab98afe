// @vitest-environment happy-dom
import { nextTick } from 'vue'
import { expect, it, vi } from 'vitest'
import { conversationView, createFakeEngine, render } from '../testing/index.ts'
import { words } from '../words.ts'
import ConversationDetailsPane from './ConversationDetailsPane.vue'

it.each(['full', 'not-admitted', 'unknown-conversation'] as const)('a title that is refused as %s gets a sentence', async (reason) => {
  const engine = { ...createFakeEngine(), setTitle: () => Promise.resolve({ kind: 'refused', reason } as const) }
  const { place } = render(ConversationDetailsPane, { view: conversationView() }, engine)
  const input = place.querySelector<HTMLInputElement>(`input[placeholder="${words.details.none}"]`)
  if (input === null) throw new Error('no field for the title')
  input.value = 'Boats'
  input.dispatchEvent(new Event('input'))
  input.dispatchEvent(new Event('change'))
  await vi.waitFor(() => expect(place.querySelector('[role="alert"]')?.textContent).toBe(words.details.titleRefused[reason]))
  await nextTick()
  expect(place.textContent).not.toContain(words.saved)
})

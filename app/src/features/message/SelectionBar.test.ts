// @vitest-environment happy-dom
import { nextTick } from 'vue'
import { expect, it } from 'vitest'
import { forwardWords } from '../forward-words.ts'
import { render } from '../testing/index.ts'
import SelectionBar from './SelectionBar.vue'

it('says what can be done in the language that is spoken now', async () => {
  const said: { copy: string } = forwardWords
  const before = said.copy
  const { place } = render(SelectionBar, { count: 1, actions: ['copy'] })
  const label = () => place.querySelector('[data-testid="selection-copy"]')?.getAttribute('aria-label')
  expect(label()).toBe(before)
  said.copy = 'Kopieren'
  await nextTick()
  expect(label()).toBe('Kopieren')
  said.copy = before
})

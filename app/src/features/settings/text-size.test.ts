// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it } from 'vitest'
import { IconTextSize } from '../../icons-later.ts'
import SegRow from '../../ui/SegRow.vue'
import { keepTextSize, useTextSize } from '../app/index.ts'
import { render, withSetup } from '../testing/index.ts'
import { TEXT_SIZES, useChosenTextSize } from './useChosenTextSize.ts'

const shown = () => document.documentElement.dataset['text']
const settings = () => withSetup(() => useChosenTextSize()).result

beforeEach(() => localStorage.clear())
afterEach(() => {
  keepTextSize('normal')
  localStorage.clear()
})

it('a size that was chosen is on the page at once, and at the next start', () => {
  const { chosen, choose } = settings()
  expect(chosen.value).toBe('normal')
  choose('larger')
  expect([chosen.value, shown()]).toEqual(['larger', 'larger'])
  delete document.documentElement.dataset['text']
  useTextSize()
  expect([settings().chosen.value, shown()]).toEqual(['larger', 'larger'])
})

it('a size that another tab chose is here too, and one that nobody knows is the normal one', () => {
  useTextSize()
  localStorage.setItem('kith.text', 'large')
  dispatchEvent(new Event('storage'))
  expect(shown()).toBe('large')
  keepTextSize('enormous')
  expect(settings().chosen.value).toBe('normal')
})

it('keys go through the sizes and around', async () => {
  const chosen: string[] = []
  const names = { small: 'S', normal: 'N', large: 'L', larger: 'XL' }
  const { place } = render(SegRow, {
    ...{ icon: IconTextSize, title: 'Text size', choices: TEXT_SIZES, names, chosen: 'small', hook: 'text-size' },
    onChoose: (size: string) => chosen.push(size),
  })
  const group = place.querySelector('[role="radiogroup"]')
  const press = (key: string) => group?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  expect(place.querySelectorAll('[tabindex="0"]').length, 'one of them is in the order of Tab').toBe(1)
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp', 'a']) press(key)
  expect(chosen).toEqual(['normal', 'normal', 'larger', 'larger'])
  expect(document.activeElement?.textContent?.trim()).toBe('XL')
})

// @vitest-environment happy-dom
import { nextTick } from 'vue'
import { describe, expect, it } from 'vitest'
import { render } from '../testing/index.ts'
import type { NameOutcome } from './outcome.ts'
import { words } from '../words.ts'
import NameField from './NameField.vue'

const open = (outcomes: readonly NameOutcome[] = []) => {
  const saved: string[] = []
  const { place } = render(NameField, {
    label: 'Name',
    note: 'Note',
    placeholder: '',
    value: 'Ana',
    hook: 'display-name',
    autocomplete: 'off',
    save: (name: string) => Promise.resolve(outcomes[saved.push(name) - 1] ?? { kind: 'saved' }),
  })
  const input = place.querySelector('input')
  const form = place.querySelector('form')
  if (input === null || form === null) throw new Error('no field')
  const type = (text: string): void => {
    input.value = text
    input.dispatchEvent(new Event('input'))
  }
  /** What browsers do on Enter. */
  const enter = (): void => {
    input.dispatchEvent(new Event('change'))
    form.dispatchEvent(new Event('submit'))
  }
  return { saved, input, type, enter, place }
}

const settled = async (): Promise<void> => {
  for (let at = 0; at < 5; at++) await nextTick()
}

describe('a name field', () => {
  it('saves once on Enter, without white space around', () => {
    const { saved, type, enter } = open()
    type('  Ana N. ')
    enter()
    enter()
    expect(saved).toEqual(['Ana N.'])
  })

  it('shows what others will see of it, and saves that', async () => {
    const { saved, input, type, enter } = open()
    type(' Phyo\u200B \u202Ega\u0301\n')
    enter()
    await settled()
    expect(saved).toEqual(['Phyo ga\u0301'])
    expect(input.value).toBe('Phyo ga\u0301')
    type('\u2800\u200B')
    enter()
    await settled()
    expect(saved.at(-1)).toBe('')
    expect(input.value).toBe('')
  })

  it('saves nothing that did not change', () => {
    const { saved, enter } = open()
    enter()
    expect(saved).toEqual([])
  })

  it('refuses what is too long, and says so', async () => {
    const { saved, type, enter, place } = open()
    type('é'.repeat(65))
    enter()
    await Promise.resolve()
    expect(saved).toEqual([])
    expect(place.querySelector('small')?.textContent).toMatch(/too long/i)
    type('é'.repeat(64))
    enter()
    expect(saved).toHaveLength(1)
  })

  it('says that it is saved when it is, and not before', async () => {
    const { type, enter, place } = open()
    type('Ana N.')
    enter()
    expect(place.querySelector('[role="status"]')?.textContent).toBe('')
    await settled()
    expect(place.querySelector('[role="status"]')?.textContent).toBe(words.saved)
  })

  it('says why something was refused until it is written anew, and lets it be tried again', async () => {
    const { saved, type, enter, place, input } = open([{ kind: 'refused', text: 'It is full.' }, { kind: 'failed' }])
    const note = () => place.querySelector('small')?.textContent
    type('Ana N.')
    enter()
    await settled()
    expect([note(), input.getAttribute('aria-invalid')]).toEqual(['It is full.', 'true'])
    expect(place.querySelector('[role="alert"]')).not.toBeNull()
    expect(place.querySelector('[role="status"]')?.textContent).toBe('')
    type('Ana N.')
    await settled()
    expect(note()).toBe('Note')
    for (const count of [2, 3]) {
      enter()
      await settled()
      expect(saved).toHaveLength(count)
    }
    expect(place.querySelector('[role="status"]')?.textContent).toBe(words.saved)
  })

  it('is tied to its label and its note', () => {
    const { input, place } = open()
    expect(place.querySelector('label')?.getAttribute('for')).toBe(input.id)
    expect(input.getAttribute('aria-describedby')).toBe(place.querySelector('small')?.id)
  })
})

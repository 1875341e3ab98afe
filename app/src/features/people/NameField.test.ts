// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { render } from '../testing/index.ts'
import NameField from './NameField.vue'

const open = (value = 'Ana') => {
  const saved: string[] = []
  const { place } = render(NameField, {
    label: 'Name',
    note: 'Note',
    placeholder: '',
    value,
    hook: 'display-name',
    autocomplete: 'off',
    onSave: (name: string) => saved.push(name),
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

describe('a name field', () => {
  it('saves once on Enter, without white space around', () => {
    const { saved, type, enter } = open()
    type('  Ana N. ')
    enter()
    enter()
    expect(saved).toEqual(['Ana N.'])
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

  it('is tied to its label and its note', () => {
    const { input, place } = open()
    expect(place.querySelector('label')?.getAttribute('for')).toBe(input.id)
    expect(input.getAttribute('aria-describedby')).toBe(place.querySelector('small')?.id)
  })
})

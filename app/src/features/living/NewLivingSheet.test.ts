// @vitest-environment happy-dom
import { nextTick } from 'vue'
import { expect, it } from 'vitest'
import { CHAT, createFakeEngine, render } from '../testing/index.ts'
import { livingWords } from '../living-words.ts'
import { FIRST_NOTE_LENGTH_MAX, LIVING_LINE_LENGTH_MAX, OPTIONS_MAX } from './limits.ts'
import NewLivingSheet from './NewLivingSheet.vue'

HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true
}

const open = (kind: 'poll' | 'checklist' | 'note', answers: Partial<ReturnType<typeof createFakeEngine>> = {}) => {
  const fake = createFakeEngine()
  const { place } = render(NewLivingSheet, { conversation: CHAT, kind }, { ...fake, ...answers })
  const field = (hook: string, at = 0) => {
    const found = place.querySelectorAll<HTMLInputElement>(`[data-testid="${hook}"]`)[at]
    return found ?? expect.fail(`no ${hook}`)
  }
  const type = async (hook: string, text: string, at = 0) => {
    const input = field(hook, at)
    input.value = text
    input.dispatchEvent(new Event('input'))
    await nextTick()
  }
  const submit = async () => {
    place.querySelector('form')?.dispatchEvent(new Event('submit'))
    await new Promise((resolve) => setTimeout(resolve))
  }
  const lines = () => place.querySelectorAll('[data-testid="living-line"]').length
  return { fake, place, field, type, submit, lines }
}

it('has another line as soon as the last one has something in it, as many as a poll may have', async () => {
  const { type, lines, field } = open('poll')
  expect(field('living-line').maxLength).toBe(LIVING_LINE_LENGTH_MAX)
  for (let at = 0; at < OPTIONS_MAX; at++) await type('living-line', `option ${at}`, at)
  expect(lines()).toBe(OPTIONS_MAX)
})

it('sends its title, then a line for each option, and one ref for one poll', async () => {
  const { fake, type, field, submit } = open('poll')
  await type('living-title', 'Lunch?')
  await type('living-line', 'Soup', 0)
  await type('living-line', 'Pizza', 1)
  field('living-several').click()
  await submit()
  await submit()
  const [first, second] = fake.of('makeLiving')
  expect(first).toMatchObject({ conversation: CHAT, form: 2, text: 'Lunch?\nSoup\nPizza\n' })
  expect(second).toEqual(first)
})

it('says why nothing was made', async () => {
  const { place, submit } = open('checklist', { makeLiving: () => Promise.resolve({ kind: 'refused', reason: 'empty' }) })
  await submit()
  expect(place.querySelector('[role="alert"]')?.textContent).toContain(livingWords.refused.empty)
})

it('takes so many letters of a note at first', async () => {
  const { fake, type, field, submit } = open('note')
  expect(field('living-text').maxLength).toBe(FIRST_NOTE_LENGTH_MAX)
  await type('living-title', 'Plan')
  await type('living-text', 'one\ntwo')
  await submit()
  expect(fake.of('makeLiving')).toMatchObject([{ form: 4, text: 'Plan\none\ntwo' }])
})

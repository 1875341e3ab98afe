// @vitest-environment happy-dom
import { nextTick } from 'vue'
import type { App } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CHAT, createFakeEngine, renderField } from '../testing/index.ts'
import { DRAFT_LENGTH_MAX } from '../limits.ts'
import { useMessageParts } from '../message/index.ts'
import { words } from '../words.ts'
import MessageComposer from './MessageComposer.vue'

const apps: App[] = []
beforeEach(() => vi.spyOn(performance, 'mark').mockReturnValue({} as PerformanceMark))
afterEach(() => {
  for (const app of apps.splice(0)) app.unmount()
  document.body.replaceChildren()
  vi.restoreAllMocks()
})

const open = () => {
  const engine = createFakeEngine()
  const opened = renderField(MessageComposer, { conversation: CHAT, draft: undefined, placeholder: 'Message', focused: false }, engine)
  apps.push(opened.app)
  return { engine, ...opened, fault: () => opened.place.querySelector('[role="alert"]')?.textContent }
}

describe('Enter', () => {
  it('sends', () => {
    const { engine, type, press } = open()
    type('hello')
    press('Enter')
    expect(engine.of('send')).toHaveLength(1)
  })

  it.each([
    ['while it lasts', { isComposing: true, keyCode: 229 }],
    ['as Safari tells of it, when it is over', { isComposing: false, keyCode: 229 }],
  ])('that ends a composition sends nothing: %s', (_, how) => {
    const { engine, type, press } = open()
    type('にほん')
    const event = press('Enter', how)
    expect([engine.of('send'), event.defaultPrevented]).toEqual([[], false])
    press('Enter')
    expect(engine.of('send')).toHaveLength(1)
  })

  it.each(['\u200B', ' \u2800 ', '\u0301', '\u3164'])('sends nothing that nobody would see: %j', async (text) => {
    const { engine, place, type, press } = open()
    type(text)
    press('Enter')
    await nextTick()
    expect(engine.of('send')).toEqual([])
    expect(place.querySelector('button')?.getAttribute('aria-disabled')).toBe('true')
  })
})

it('a draft with a mention is shown as words, and sent with the mention', async () => {
  const engine = createFakeEngine()
  const text = `hi \u0002${'\u0004'.repeat(64)}@Ana\u0003`
  const props = { conversation: CHAT, draft: { text, ref: 'r' }, placeholder: 'Message', focused: false }
  const { app, field, press } = renderField(MessageComposer, props, engine)
  apps.push(app)
  await nextTick()
  expect(field.value).toBe('hi @Ana')
  press('Enter')
  expect(engine.of('send')).toMatchObject([{ text, ref: 'r' }])
})

describe('what is pasted', () => {
  it('attack: mentions nobody, whatever letters are hidden in it', async () => {
    const { engine, field, type, press } = open()
    type(`hi \u0002${'\u0004'.repeat(64)}@Ana\u0003`)
    await nextTick()
    expect(field.value).toBe('hi @Ana')
    press('Enter')
    expect(engine.of('send')).toMatchObject([{ text: 'hi @Ana' }])
  })

  it('and fits is the browser’s to insert', () => {
    const { paste, fault } = open()
    expect(paste('x'.repeat(DRAFT_LENGTH_MAX)).defaultPrevented).toBe(false)
    expect(fault()).toBeUndefined()
  })

  it('and is more than the box keeps is not inserted, and a sentence says so until somebody types', async () => {
    const { field, type, paste, fault } = open()
    type('mine')
    expect(paste('x'.repeat(1_048_576)).defaultPrevented).toBe(true)
    await nextTick()
    expect([fault(), field.value]).toEqual([words.chat.tooMuch, 'mine'])
    type('mine too')
    await nextTick()
    expect(fault()).toBeUndefined()
  })

  it('counts with what stays in the box', () => {
    const { field, type, paste } = open()
    type('12345')
    field.setSelectionRange(5, 5)
    expect(paste('x'.repeat(DRAFT_LENGTH_MAX - 4)).defaultPrevented).toBe(true)
    field.setSelectionRange(0, 5)
    expect(paste('x'.repeat(DRAFT_LENGTH_MAX - 4)).defaultPrevented).toBe(false)
  })

  it('as a picture is refused with a sentence, and a text with a picture of itself is a text', () => {
    const { paste } = open()
    expect(paste('', ['Files']).defaultPrevented).toBe(true)
    expect(paste('a table', ['text/plain', 'text/html', 'Files']).defaultPrevented).toBe(false)
  })
})

it('a text that is longer than what is kept says so', async () => {
  const { type, fault } = open()
  type('x'.repeat(DRAFT_LENGTH_MAX + 1))
  await nextTick()
  expect(fault()).toBe(words.chat.tooLong)
})

describe('typing outside of the box', () => {
  it.each([
    ['a letter', 'a', {}],
    ['a capital', 'A', { shiftKey: true }],
    ['a letter of another plane', '𞤀', {}],
    ['a dead key', 'Dead', {}],
    ['a composition', 'Process', { keyCode: 229 }],
    ['a paste', 'v', { ctrlKey: true }],
    ['a paste on a Mac', 'v', { metaKey: true }],
  ])('gives it the focus: %s', (_, key, how) => {
    const { field, press } = open()
    press(key, how, document.body)
    expect(document.activeElement).toBe(field)
  })

  it.each([
    ['a shortcut', 'k', { ctrlKey: true }],
    ['another shortcut', 'n', { altKey: true }],
    ['a key with a name', 'ArrowUp', {}],
    ['Space, which scrolls', ' ', {}],
    ['Enter, which presses', 'Enter', {}],
  ])('does not give it the focus: %s', (_, key, how) => {
    const { field, press } = open()
    press(key, how, document.body)
    expect(document.activeElement).not.toBe(field)
  })

  it('leaves the focus where letters are wanted, and on a sheet', () => {
    const { field, press } = open()
    const other = document.body.appendChild(document.createElement('input'))
    other.focus()
    press('a', {}, other)
    expect(document.activeElement).toBe(other)
    other.remove()
    const sheet = document.body.appendChild(document.createElement('dialog'))
    sheet.setAttribute('open', '')
    press('a', {}, document.body)
    expect(document.activeElement).not.toBe(field)
  })

  it('does not take a key that meant something else already', () => {
    const { field, press } = open()
    document.addEventListener('keydown', (event) => event.preventDefault(), { once: true })
    press('?', {}, document.body)
    expect(document.activeElement).not.toBe(field)
  })
})

describe('a mention in the box', () => {
  const MUM = `hi \u0002${'\u0004'.repeat(64)}@Mum\u0003!`
  const props = { conversation: CHAT, draft: { text: MUM, ref: 'r' }, placeholder: 'Message', focused: false }
  /** As the browser does it: it says so before, then the field has it, with the cursor behind it. */
  const edit = (field: HTMLTextAreaElement, value: string, { from, caret }: { readonly from: number; readonly caret: number }) => {
    field.setSelectionRange(from, from)
    const inputType = caret > from ? 'insertText' : 'deleteContentBackward'
    field.dispatchEvent(new InputEvent('beforeinput', { bubbles: true, inputType }))
    field.value = value
    field.setSelectionRange(caret, caret)
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }

  it('goes as a whole with a letter of its name: what this person calls somebody stays here', async () => {
    const engine = createFakeEngine()
    const { app, field, press } = renderField(MessageComposer, props, engine)
    apps.push(app)
    const parts = useMessageParts()
    await vi.waitFor(() => expect(parts.value).toBeDefined(), { timeout: 15_000 })
    edit(field, 'hi @Mu!', { from: 7, caret: 6 })
    await nextTick()
    await nextTick()
    expect([field.value, field.selectionStart]).toEqual(['hi !', 3])
    press('Enter')
    expect(engine.of('send')).toMatchObject([{ text: 'hi !' }])
  }, 20_000)
})

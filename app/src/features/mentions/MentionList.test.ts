// @vitest-environment happy-dom
import { createApp, h, nextTick, shallowRef } from 'vue'
import type { App } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createPinia } from 'pinia'
import type { AccountId, ConversationSummary, MemberView } from '@kith/protocol'
import { engineKey } from '../engine/index.ts'
import { withoutMarks } from '../marks.ts'
import { createDesk, deskKey } from '../message/index.ts'
import { CHAT, createFakeEngine, summary } from '../testing/index.ts'
import { mentionsIn, retyped } from './marks.ts'
import MentionList from './MentionList.vue'

const account = (letter: string): AccountId => letter.repeat(64) as AccountId
const member = (letter: string, name: string): MemberView => ({ account: account(letter), name, role: 'member', mine: false })
const MEMBERS = [member('a', 'Ana'), member('b', 'Anabel'), member('c', 'Ben')]

const apps: App[] = []
afterEach(() => {
  for (const app of apps.splice(0)) app.unmount()
  document.body.replaceChildren()
})

const nameIn = (option: Element | null) => option?.querySelector('.tx')?.textContent

/** The field of a message box, and what hears of its keys beside the list. */
const open = (chats: readonly ConversationSummary[] = []) => {
  const field = document.createElement('textarea')
  const place = document.createElement('div')
  document.body.append(place, field)
  field.focus()
  const marked = shallowRef('')
  const reached: string[] = []
  field.addEventListener('input', () => (marked.value = retyped(marked.value, field.value)))
  field.addEventListener('keydown', ({ key }) => reached.push(key))
  const app = createApp(() => {
    return h(MentionList, { field, marked: marked.value, onMention: (next: string) => (marked.value = next) })
  })
  const engine = { ...createFakeEngine(), readFirstChats: () => Promise.resolve({ chats, isWhole: true }) }
  app.use(createPinia()).provide(engineKey, engine)
  app.provide(
    deskKey,
    createDesk(CHAT, { name: () => '', isGroup: () => true, isOver: () => false, members: () => MEMBERS, messages: () => [] }),
  )
  app.mount(place)
  apps.push(app)
  const type = async (text: string) => {
    field.value = text
    field.setSelectionRange(text.length, text.length)
    field.dispatchEvent(new InputEvent('input', { bubbles: true }))
    await nextTick()
  }
  const press = async (key: string) => {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
    field.dispatchEvent(event)
    await nextTick()
    return event.defaultPrevented
  }
  const options = () => [...place.querySelectorAll('[role="option"]')]
  const shown = () => options().map(nameIn)
  const chosen = () => place.querySelector('[aria-selected="true"]')
  return { field, marked, reached, type, press, options, shown, chosen }
}

describe('the list of members', () => {
  it('opens with an @, is narrowed by letters, and closes where nobody is meant', async () => {
    const { type, shown, field } = open()
    await type('hi @')
    expect(shown()).toEqual(['Ana', 'Anabel', 'Ben'])
    await type('hi @an')
    expect(shown()).toEqual(['Ana', 'Anabel'])
    expect(field.getAttribute('aria-controls')).not.toBeNull()
    await type('hi @and')
    expect(shown()).toEqual([])
    expect([field.getAttribute('aria-controls'), field.getAttribute('aria-activedescendant')]).toEqual([null, null])
  })

  it.each(['Enter', 'Tab'])('is gone through by arrows, and %s takes one: the box hears of none of it', async (key) => {
    const { field, marked, type, press, chosen, options, reached } = open()
    await type('hi @an')
    await press('ArrowDown')
    expect(nameIn(chosen())).toBe('Anabel')
    expect(field.getAttribute('aria-activedescendant')).toBe(chosen()?.id)
    await press('ArrowDown')
    expect(nameIn(chosen())).toBe('Ana')
    await press('ArrowUp')
    expect(await press(key)).toBe(true)
    expect([field.value, field.selectionStart, options(), reached]).toEqual(['hi @Anabel ', 11, [], []])
    expect(withoutMarks(marked.value)).toBe('hi @Anabel ')
    expect(mentionsIn(marked.value)).toEqual([{ start: 3, end: 10, account: account('b') }])
    await press(key)
    expect(reached).toEqual([key])
  })

  it('takes what is tapped, in the middle of a text too, and keeps who was mentioned before', async () => {
    const { field, marked, type, options, press } = open()
    await type('@be')
    await press('Enter')
    field.value = '@Ben and @a so'
    field.setSelectionRange(11, 11)
    field.dispatchEvent(new InputEvent('input', { bubbles: true }))
    await nextTick()
    options()[0]?.dispatchEvent(new MouseEvent('click', { bubbles: true }))
    await nextTick()
    expect(field.value).toBe('@Ben and @Ana so')
    expect(mentionsIn(marked.value).map((one) => one.account)).toEqual([account('c'), account('a')])
  })

  it('closes by Escape until another @ is typed, and does not open for whoever is mentioned already', async () => {
    const { type, press, shown, reached } = open()
    await type('@')
    expect(await press('Escape')).toBe(true)
    expect(shown()).toEqual([])
    await type('@a')
    expect([shown(), await press('Escape'), reached]).toEqual([[], false, ['Escape']])
    await type('@a @')
    expect(shown()).toHaveLength(3)
    await type('@a @ben')
    await press('Enter')
    await type('@a @Ben')
    expect(shown()).toEqual([])
  })

  it('leaves every key alone that composes a letter', async () => {
    const { field, type, reached } = open()
    await type('@an')
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))
    expect(reached).toEqual(['Enter'])
  })
})

describe('for whoever does not see it', () => {
  it('the box says that it has a list, which one, and which of it is chosen, while there is one', async () => {
    const { field, type, press, chosen } = open()
    expect([field.getAttribute('aria-haspopup'), field.hasAttribute('aria-controls')]).toEqual(['listbox', false])
    await type('@an')
    expect(document.getElementById(field.getAttribute('aria-controls') ?? '')?.getAttribute('role')).toBe('listbox')
    expect(document.getElementById(field.getAttribute('aria-activedescendant') ?? '')).toBe(chosen())
    await press('Escape')
    expect([field.hasAttribute('aria-controls'), field.hasAttribute('aria-activedescendant')]).toEqual([false, false])
  })
})

it('a name that resembles a contact’s is warned about, and that of the contact is not', async () => {
  const ben = summary({ peer: account('d'), name: 'Вen' })
  const { type, options } = open([ben, summary({ peer: account('a'), name: 'Ana' })])
  await vi.waitFor(async () => {
    await type('@')
    expect(options().map((one) => one.querySelector('[data-testid="look-alike"]') !== null)).toEqual([false, false, true])
  })
  expect(options()[2]?.textContent).toContain('Вen')
})

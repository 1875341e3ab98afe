// @vitest-environment happy-dom
import { nextTick } from 'vue'
import { beforeAll, describe, expect, it } from 'vitest'
import { DOUBTFUL_HOSTS_SHOWN_MAX } from '../limits.ts'
import { render } from '../testing/index.ts'
import { preloadMessage } from '../message/index.ts'
import { messageWords } from '../message-words.ts'
import { words } from '../words.ts'
import MessageNote from './MessageNote.vue'

const note = (changes: Record<string, unknown> = {}): HTMLElement => {
  const props = {
    id: 'e1',
    mine: true,
    text: 'Hello',
    time: 0,
    state: 'saved',
    conflict: false,
    author: 'You',
    signed: true,
    fresh: false,
    tabbable: false,
  }
  const { place } = render(MessageNote, { ...props, ...changes })
  const element = place.querySelector<HTMLElement>('[data-testid="message"]')
  if (element === null) throw new Error('no note')
  return element
}
// What a note shows beside its text comes with a chunk of its own.
beforeAll(() => Promise.all(preloadMessage()))

const textOf = (element: Element): string | null | undefined => element.querySelector('[data-testid="message-text"]')?.textContent

describe('a note', () => {
  it.each(['saved', 'relay', 'unreadable', 'delivered', 'read'] as const)('says in the hook and in words that it is %s', (state) => {
    const element = note({ state })
    expect(element.dataset['state']).toBe(state)
    expect(element.dataset['mine']).toBe('true')
    expect(element.dataset['messageId']).toBe('e1')
    expect(element.querySelector('.tk')?.getAttribute('aria-label')).toBe(words.state[state])
  })

  it('says what to do when they could not read it', () => {
    expect(note({ state: 'delivered' }).querySelector('.conflict')).toBeNull()
    expect(note({ state: 'unreadable' }).querySelector('.conflict')?.textContent).toBe(messageWords.remarks.unreadable)
  })

  it('of somebody else has no tick', () => {
    expect(note({ mine: false }).querySelector('.tk')).toBeNull()
  })

  it('shows markup as the text it is', () => {
    const hostile = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>'
    const element = note({ text: hostile })
    expect(textOf(element)).toBe(hostile)
    expect(element.querySelector('img, script')).toBeNull()
  })

  it('keeps spaces and lines as they were written', () => {
    expect(textOf(note({ text: ' a\n\n  b ' }))).toBe(' a\n\n  b ')
  })

  it('links a safe address, without handing on who links', () => {
    const element = note({ text: 'see https://example.org/x and javascript:alert(1)' })
    const anchors = [...element.querySelectorAll('a')]
    expect(anchors.map((anchor) => anchor.getAttribute('href'))).toEqual(['https://example.org/x'])
    expect(anchors[0]?.getAttribute('rel')).toBe('noopener noreferrer nofollow')
  })

  it('gives the text a direction of its own', () => {
    expect(note({ text: 'رائع' }).querySelector('.bd')?.getAttribute('dir')).toBe('auto')
  })

  it('marks a message of which a second version exists', () => {
    expect(note({ mine: false, author: 'Ana' }).querySelector('.conflict')).toBeNull()
    expect(note({ mine: false, author: 'Ana', conflict: true }).querySelector('.conflict')?.textContent).toContain('Ana')
  })

  it('says that a message came after what stands below it', () => {
    expect(note({ mine: false, late: true }).querySelector('.conflict')?.textContent).toBe(messageWords.remarks.cameLater)
  })

  it('folds a very long text but keeps all of it on the page, and its time and tick in sight', async () => {
    const text = 'word '.repeat(1_000)
    const element = note({ text, signed: false })
    const button = element.querySelector<HTMLElement>('.unfold')
    expect(element.querySelector('.folded .tk')).not.toBeNull()
    expect(textOf(element)).toBe(text)
    for (const [isFolded, label] of [
      [false, words.chat.showLess],
      [true, words.chat.showMore],
    ] as const) {
      button?.click()
      await nextTick()
      expect(element.querySelector('.folded') !== null).toBe(isFolded)
      expect(element.querySelector('.unfold'), 'the same button, which keeps the focus').toBe(button)
      expect(button?.textContent?.trim()).toBe(label)
      expect(button?.getAttribute('aria-expanded')).toBe(String(!isFolded))
    }
  })

  it.each([
    ['signed', { signed: true }],
    ['not signed', { signed: false }],
    ['folded', { text: 'word '.repeat(1_000), signed: false }],
  ])('is named by its author, text, time and state, each once: %s', (_, changes) => {
    const element = note({ state: 'read', ...changes })
    const parts = (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => element.querySelector(`[id="${id}"]`))
    expect(parts[0]?.textContent).toBe('You:')
    expect(parts[1]?.textContent).toBe(textOf(element))
    expect(parts[2]?.tagName).toBe('TIME')
    expect(parts[3]?.getAttribute('aria-label') ?? parts[3]?.textContent).toBe(words.state.read)
    expect(parts).toHaveLength(4)
    expect(note({ mine: false }).getAttribute('aria-labelledby')?.split(' ')).toHaveLength(3)
  })

  it('says beside a doubtful address where it leads, and shows it as it was written', () => {
    const text = 'see https://p\u0430ypal.example/login and https://p\u0430ypal.example/'
    const element = note({ text })
    expect(textOf(element)).toBe(text)
    expect([...element.querySelectorAll('.conflict')].map((line) => line.textContent)).toEqual([
      messageWords.remarks.doubtfulHost.replace('{name}', 'xn--pypal-4ve.example'),
    ])
    expect(note({ text: 'https://paypal.example/' }).querySelector('.conflict, .doubtful')).toBeNull()
    const many = Array.from({ length: DOUBTFUL_HOSTS_SHOWN_MAX + 1 }, (_, at) => `https://\u0430${at}b.example/`).join(' ')
    expect(note({ text: many }).querySelectorAll('.conflict')).toHaveLength(DOUBTFUL_HOSTS_SHOWN_MAX)
    expect(note({ text: many }).querySelectorAll('.doubtful')).toHaveLength(DOUBTFUL_HOSTS_SHOWN_MAX + 1)
  })
})

// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { render } from '../testing/index.ts'
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
    expect(note({ state: 'unreadable' }).querySelector('.conflict')?.textContent).toBe(words.chat.unreadable)
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

  it('folds a very long text but keeps all of it on the page', async () => {
    const text = 'word '.repeat(1_000)
    const element = note({ text })
    expect(element.querySelector('.folded')).not.toBeNull()
    expect(textOf(element)).toBe(text)
    element.querySelector('button')?.click()
    await Promise.resolve()
    expect(element.querySelector('.folded')).toBeNull()
  })
})

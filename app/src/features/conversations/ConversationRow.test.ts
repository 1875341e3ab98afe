// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest'
import type { ConversationSummary } from '@kith/protocol'
import { ALIAS, ANA, CHAT, render, summary } from '../testing/index.ts'
import { listWords } from '../list-words.ts'
import { words } from '../words.ts'
import ConversationRow from './ConversationRow.vue'
import { PREVIEW_LENGTH_MAX } from '../limits.ts'
import { toConversationName, toPreview, toPreviewText } from './row.ts'

const row = (changes: Partial<ConversationSummary>, where = { current: false }): HTMLElement => {
  const { place } = render(ConversationRow, { conversation: summary(changes), ...where, now: 0 })
  const element = place.querySelector<HTMLElement>('[data-testid="conversation-item"]')
  if (element === null) throw new Error('no row')
  return element
}
const last = { text: 'See you', mine: false, state: 'read', time: 0 } as const

describe('a row of the list', () => {
  it('leads to its conversation', () => {
    const element = row({})
    expect(element.dataset['conversationId']).toBe(CHAT)
    expect(element.getAttribute('href')).toBe(`/chat#c-${ALIAS}`)
  })

  it('says what has become of a link that nobody has used', () => {
    const of = (link: ConversationSummary['link']) => row({ phase: 'inviting', link }).textContent
    expect(of('waiting')).toContain(words.list.nobodyYet)
    for (const over of ['expired', 'revoked'] as const) {
      expect(of(over)).toContain(words.chat.linkOver)
      expect(row({ phase: 'inviting', link: over, last: { ...last, mine: true } }).textContent).toContain(words.chat.linkOver)
    }
  })

  it('says that nothing was written only where that is known', () => {
    expect(row({ last: undefined }).textContent).toContain(words.list.nothingYet)
    expect(row({ last: undefined, isComing: true }).textContent).toContain(words.list.coming)
  })

  it('says what the chat is called behind who it is with', () => {
    const line = (title: string | undefined) => row({ name: 'Ana', title }).querySelector('.nm')?.textContent?.trim()
    expect(line('Balcony beans')).toBe('Ana · Balcony beans')
    for (const none of [undefined, '', '\u200b']) expect(line(none)).toBe('Ana')
  })

  it('has a menu that is called by who it is about', () => {
    const button = row({ name: 'Ana' }).parentElement?.querySelector('[data-testid="conversation-menu"]')
    expect([button?.getAttribute('aria-label'), button?.getAttribute('aria-haspopup')]).toEqual(['More about Ana', 'menu'])
  })

  it('says whether it is muted or pinned, a count before a pin', async () => {
    await vi.dynamicImportSettled()
    const marks = async (changes: Partial<ConversationSummary>) => {
      const element = row(changes)
      await vi.dynamicImportSettled()
      return [...element.querySelectorAll('[role="img"][aria-label]:not(.tk)')].map((mark) => mark.getAttribute('aria-label'))
    }
    expect(await marks({ isPinned: true, isMuted: true })).toEqual([listWords.muted, listWords.pinned])
    expect(await marks({ isPinned: true, unread: 2 })).toEqual(['2 unread'])
    expect(await marks({})).toEqual([])
  })

  it('shows a tick before an own last message only', () => {
    expect(row({ last }).querySelector('.tk')).toBeNull()
    expect(
      row({ last: { ...last, mine: true, state: 'relay' } })
        .querySelector('.tk')
        ?.getAttribute('aria-label'),
    ).toBe(words.state.relay)
  })

  it('shows a draft before anything else', () => {
    expect(row({ last, draft: 'Half written' }).textContent).toContain(words.list.draft)
    expect(row({ last, draft: 'Half written' }).textContent).toContain('Half written')
  })

  it('does not call what is being written in the open chat a draft', () => {
    const open = row({ last, draft: 'Half written' }, { current: true })
    expect(open.textContent).not.toContain(words.list.draft)
    expect(open.textContent).toContain(last.text)
  })

  it('keeps the letters and marks of every script in its line', () => {
    for (const text of ['ဖြိုးမင်း', 'ज़ों', 'בְּרֵאשִׁ֖ית']) expect(row({ last: { ...last, text } }).textContent).toContain(text)
  })

  it('counts what is unread, also in words', () => {
    expect(row({}).querySelector('.badge')).toBeNull()
    expect(row({ unread: 3 }).querySelector('.badge')?.getAttribute('aria-label')).toBe('3 unread')
    expect(row({ unread: 3 }).querySelector<HTMLElement>('[data-testid="unread"]')?.dataset['count']).toBe('3')
    const marked = row({ isMarkedUnread: true }).querySelector<HTMLElement>('[data-testid="unread"]')
    expect([marked?.dataset['count'], marked?.textContent?.trim(), marked?.getAttribute('aria-label')]).toEqual([
      '1',
      '',
      words.list.marked,
    ])
    expect(row({ unread: 120 }).querySelector('.badge')?.textContent).toBe('99+')
  })

  it('shows a hostile name and text as text', () => {
    const element = row({ name: '\u202E<i>Mallory</i>', last: { ...last, text: '<img src=x>\u202E' } })
    expect(element.querySelector('.nm')?.textContent).toBe('<i>Mallory</i>')
    expect(element.querySelector('i, img')).toBeNull()
    expect(element.querySelector('.nm > span')?.getAttribute('dir')).toBe('auto')
  })
})

describe('the row of a group', () => {
  it('has its title once, its own avatar, and who wrote last', () => {
    const author = { account: ANA, name: 'Ana', mine: false }
    const last = { text: 'Hi', mine: false, state: 'read', time: 0, author } as const
    const { place } = render(ConversationRow, {
      conversation: summary({ kind: 'group', role: 'member', name: 'Founder', title: 'Club', last }),
      current: false,
      now: 0,
    })
    expect(place.querySelector('.nm')?.textContent).toBe('Club')
    expect(place.querySelector('.pv')?.textContent?.trim()).toBe('Ana: Hi')
    expect(place.querySelector('.av')?.classList.contains('g')).toBe(true)
    const own = summary({ kind: 'group', role: 'member', last: { text: 'Hi', mine: true, state: 'read', time: 0 } })
    expect(toPreview(own)).toEqual({ kind: 'theirs', text: 'Hi', by: words.you })
    expect(toConversationName(summary({ kind: 'group', name: 'Founder' }))).toBe(words.group)
  })
})

describe('the preview', () => {
  it('is one line of a bounded length', () => {
    expect(toPreviewText('a\nb\t c')).toBe('a b c')
    expect(toPreviewText('x'.repeat(PREVIEW_LENGTH_MAX + 1))).toHaveLength(PREVIEW_LENGTH_MAX)
  })
})

describe('what a conversation is called', () => {
  it('is the name, else what it is', () => {
    expect(toConversationName(summary({ name: 'Ana' }))).toBe('Ana')
    expect(toConversationName(summary({ name: undefined, phase: 'inviting' }))).toBe(words.newChat)
    expect(toConversationName(summary({ name: '\u200B' }))).toBe(words.somebody)
  })
})

import { beforeEach, describe, expect, test } from 'vitest'
import { PUSH_CHATS_SHOWN_MAX, PUSH_PAGE_MS_MAX } from '../features/limits.ts'
import { NOTICE_WORDS } from './notice-words.ts'
import { createPushes } from './pushes.ts'
import type { Page } from './pushes.ts'

const NEWS = JSON.stringify({ kith: 'news', web_push: 8030, notification: { title: 'Your account is locked', body: 'Call this number' } })
const calm = { title: NOTICE_WORDS.de.newsTitle, body: NOTICE_WORDS.de.newsText, tag: 'kith', alias: undefined }
const chat = (alias: string) => ({ alias, title: `name ${alias}`, text: `text ${alias}` })

let shown: unknown[]
let opened: string[]
let said: unknown[]
beforeEach(() => {
  shown = []
  opened = []
  said = []
})

/** `answer`: what a page says is new; undefined for one that sleeps. */
const pageOf = (visibilityState: string, answer?: unknown): Page => ({
  focused: false,
  visibilityState,
  focus: async () => void opened.push('focused'),
  postMessage(message, [port] = []) {
    said.push(message)
    if (answer !== undefined && port instanceof MessagePort) port.postMessage(answer)
  },
})
const pushesWith = (...open: readonly Page[]) =>
  createPushes({
    language: 'de',
    patienceMs: PUSH_PAGE_MS_MAX / 40,
    registration: {
      showNotification: async (title, { body, tag, data: { alias } }) => void shown.push({ title, body, tag, alias }),
    },
    pages: { matchAll: async () => open, openWindow: async (url) => void opened.push(url) },
  })

describe('a push', () => {
  test('shows one sentence of our own while Kith is closed, whatever the push says', async () => {
    for (const text of [NEWS, undefined, 'nonsense', 'null', '{"kith":{"a":1}}']) {
      shown = []
      await pushesWith().show(text)
      expect(shown).toEqual([calm])
    }
  })
  test('shows nothing while somebody looks at Kith, in any tab', async () => {
    await pushesWith(pageOf('hidden', [chat('a')]), pageOf('visible')).show(NEWS)
    expect([shown, said]).toEqual([[], []])
  })
  test('shows name and text of each chat where a page behind others says what is new', async () => {
    await pushesWith(pageOf('hidden'), pageOf('hidden', [chat('a'), chat('b')])).show(NEWS)
    expect(shown).toEqual(['a', 'b'].map((alias) => ({ title: `name ${alias}`, body: `text ${alias}`, tag: `kith ${alias}`, alias })))
  })
  test('shows so many chats at most', async () => {
    const many = Array.from({ length: PUSH_CHATS_SHOWN_MAX + 1 }, (_, n) => chat(String(n)))
    await pushesWith(pageOf('hidden', many)).show(NEWS)
    expect(shown).toHaveLength(PUSH_CHATS_SHOWN_MAX)
  })
  test('shows the one sentence where all that is new is muted, and where the page sleeps', async () => {
    for (const page of [pageOf('hidden', []), pageOf('hidden')]) {
      shown = []
      await pushesWith(page).show(NEWS)
      expect(shown).toEqual([calm])
    }
  })
  test('that somebody tries out is shown although they look at Kith', async () => {
    await pushesWith(pageOf('visible')).show('{"kith":"test"}')
    expect(shown).toEqual([{ title: NOTICE_WORDS.de.testTitle, body: NOTICE_WORDS.de.testText, tag: 'kith-test', alias: undefined }])
  })
  test('of which the browser hands over only what it would show itself is told by that, and shown in our words', async () => {
    await pushesWith(pageOf('visible')).show(undefined, 'kith-test')
    await pushesWith().show(undefined, 'kith')
    expect(shown).toMatchObject([{ title: NOTICE_WORDS.de.testTitle }, { title: NOTICE_WORDS.de.newsTitle }])
  })
})

describe('a click on a notification', () => {
  const notification = (data: unknown) => ({ data, close: () => void opened.push('closed') })

  test('opens Kith, at its chat where it names one', async () => {
    await pushesWith().open(notification({ alias: undefined }))
    await pushesWith().open(notification({ alias: 'AbCdEf0-_9z' }))
    await pushesWith().open(notification(null))
    expect(opened).toEqual(['closed', '/', 'closed', '/chat#c-AbCdEf0-_9z', 'closed', '/'])
  })
  test('goes to a page that is open, and tells it which chat', async () => {
    await pushesWith(pageOf('hidden')).open(notification({ alias: 'AbCdEf0-_9z' }))
    expect([opened, said]).toEqual([['closed', 'focused'], [{ kind: 'open-chat', alias: 'AbCdEf0-_9z' }]])
  })
})

test('a subscription that the browser has ended is made anew by a page', async () => {
  await pushesWith(pageOf('hidden')).changed()
  expect(said).toEqual([{ kind: 'push-changed' }])
})

// What the service worker does with a push: nothing of it is read but whether somebody tries it out, since it comes through a relay and a push service.
// It never opens what waits: the engine is the one writer, and runs where a page is (docs/decisions/0056). A page of Kith that is open behind others says
// what is new in which chat; without one there is one sentence for everything.

import { PUSH_CHATS_SHOWN_MAX, PUSH_PAGE_MS_MAX } from '../features/limits.ts'
import type { Language } from '../features/languages.ts'
import { NOTICE_WORDS } from './notice-words.ts'

type Options = {
  readonly body: string
  readonly tag: string
  readonly icon: string
  readonly renotify: boolean
  readonly data: { readonly alias: string | undefined }
}
export type ShownNotification = { readonly data?: unknown; close(): void }
export type Registration = { showNotification(title: string, options: Options): Promise<void> }
export type Page = {
  readonly focused: boolean
  readonly visibilityState: string
  focus(): Promise<unknown>
  postMessage(message: unknown, transfer?: Transferable[]): void
}
export type Pages = {
  matchAll(query: { readonly type: 'window'; readonly includeUncontrolled: true }): Promise<readonly Page[]>
  openWindow(url: string): Promise<unknown>
}
type Parts = { readonly registration: Registration; readonly pages: Pages; readonly language: Language; readonly patienceMs?: number }
type Chat = { readonly alias: string; readonly title: string; readonly text: string }

/** The relay's pushes have it as well. */
const TEST_TAG = 'kith-test'
const ALL = { type: 'window', includeUncontrolled: true } as const

export function createPushes({ registration, pages, language, patienceMs = PUSH_PAGE_MS_MAX }: Parts) {
  const notices = NOTICE_WORDS[language]
  const notify = (title: string, { body, tag, alias }: { readonly body: string; readonly tag: string; readonly alias?: string }) =>
    registration.showNotification(title, { body, tag, icon: '/icon-192.png', renotify: true, data: { alias } })
  /** `tag`: of what a browser would show by itself. Some that know the declarative form hand over that instead of the text. */
  const show = async (text: string | undefined, tag?: string): Promise<void> => {
    if (tag === TEST_TAG || isTest(text)) return notify(notices.testTitle, { body: notices.testText, tag: TEST_TAG })
    const open = await pages.matchAll(ALL)
    // Whoever looks at Kith sees it there.
    if (open.some(({ visibilityState }) => visibilityState === 'visible')) return
    const chats = await whatIsNew(open, patienceMs)
    // A browser wants to see something for each push, also where all of it is muted.
    if (chats.length === 0) return notify(notices.newsTitle, { body: notices.newsText, tag: 'kith' })
    for (const { alias, title, text: body } of chats) await notify(title, { body, tag: `kith ${alias}`, alias })
  }
  return {
    show,
    /** A chat, where one was named; else Kith as it was left. */
    async open(notification: ShownNotification): Promise<void> {
      notification.close()
      const { alias } = (notification.data ?? {}) as { readonly alias?: unknown }
      const [page] = await pages.matchAll(ALL)
      const named = typeof alias === 'string' ? alias : undefined
      if (page === undefined) return void (await pages.openWindow(named === undefined ? '/' : `/chat#c-${named}`))
      if (named !== undefined) page.postMessage({ kind: 'open-chat', alias: named })
      await page.focus()
    },
    /** The browser has ended the subscription: a page subscribes anew, now or when one is opened. */
    async changed(): Promise<void> {
      for (const page of await pages.matchAll(ALL)) page.postMessage({ kind: 'push-changed' })
    },
  }
}

function isTest(text: string | undefined): boolean {
  try {
    return (JSON.parse(text ?? '') as { readonly kith?: unknown } | null)?.kith === 'test'
  } catch {
    return false
  }
}

/** As the first page says that answers in time; none when it names nothing, or nobody answers. */
function whatIsNew(open: readonly Page[], patienceMs: number): Promise<readonly Chat[]> {
  return new Promise((done) => {
    if (open.length === 0) return done([])
    setTimeout(() => done([]), patienceMs)
    for (const page of open) {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (Array.isArray(data)) done((data as readonly Chat[]).slice(0, PUSH_CHATS_SHOWN_MAX))
      }
      page.postMessage({ kind: 'what-is-new' }, [port2])
    }
  })
}

// While a page is open: keeps the subscription as the relay knows it, tells the service worker what is new when it asks, opens what was clicked, and
// takes away what is shown once somebody looks.

import type { ConversationSummary } from '@kith/protocol'
import type { EngineClient } from '../engine/index.ts'
import { usePlainWords } from '../message/index.ts'
import { browserPush } from './browser-push.ts'
import { toShown } from './shown-chats.ts'
import type { BrowserPush } from './browser-push.ts'

type Engine = Pick<EngineClient, 'readPush' | 'setPush'>

/** Subscribed anew where the browser or the relay has changed: another key, or another endpoint. Nothing where nobody asked to be notified. */
export async function keepPush(engine: Engine, browser: BrowserPush | undefined = browserPush()): Promise<void> {
  if (browser?.permission() !== 'granted') return
  const { endpoint, key } = await engine.readPush()
  if (endpoint === undefined || typeof key === 'string') return
  const current = await browser.current(key)
  if (current?.endpoint === endpoint) return
  await engine.setPush({ subscription: current ?? (await browser.subscribe(key)) })
}

export type FollowOptions = {
  readonly engine: Engine
  readonly chats: () => readonly ConversationSummary[]
  readonly open: (alias: string) => void
  readonly container?: ServiceWorkerContainer
  readonly page?: Document
  readonly browser?: BrowserPush | undefined
}

/** Returns what to call when the relay is there again. */
export function followPush({
  engine,
  chats,
  open,
  container = navigator.serviceWorker,
  page = document,
  browser = browserPush(),
}: FollowOptions): () => void {
  // There will be another time: when the relay comes back, or at the next start.
  const keep = (): void => void keepPush(engine, browser).catch(() => undefined)
  const clear = (): void => {
    if (page.visibilityState === 'visible' && browser?.permission() === 'granted') void browser.clear().catch(() => undefined)
  }
  const plainWords = usePlainWords()
  const tell = (port: MessagePort | undefined): void =>
    port?.postMessage(toShown(chats(), plainWords.value?.toPlainWords ?? ((text) => text)))
  container.addEventListener('message', ({ data, ports: [port] }: MessageEvent<{ kind?: unknown; alias?: unknown } | null>) => {
    if (data?.kind === 'push-changed') keep()
    if (data?.kind === 'what-is-new') tell(port)
    if (data?.kind === 'open-chat' && typeof data.alias === 'string') open(data.alias)
  })
  page.addEventListener('visibilitychange', clear)
  clear()
  return keep
}

// One chat of a thousand messages and one of a hundred thousand: opening it, going to its first message, reading on by wheel, going back to the newest,
// and to one in the middle that a search finds; and how long the engine takes to show a window in the middle. The messages are the engine's own work, signed, sealed and stored: another page of the origin asks
// for them on a line of its own, many at a time.

import type { Page } from '@playwright/test'
import type { World } from '../app/e2e/world.ts'

export const LONG_CHATS = [1_000, Number(process.env['LONG_CHAT'] ?? 100_000)]
const AT_ONCE = 500
const WHEEL_STEPS = 40
const WHEEL_PX = 900
const SHOWN_MS_MAX = 60_000
/** The index is brought level in its own time. */
const FOUND_MS_MAX = 600_000
const OPENINGS = 5

/** The longest task of the page's main thread, by the clock and in its own time: other work on the machine lengthens the first alone. */
type Phase = { readonly ms: number; readonly longestTaskMs: number; readonly longestTaskCpuMs: number; readonly nodes: number }

export async function measureLongChat(world: World, messages: number): Promise<Readonly<Record<string, unknown>>> {
  const newest = textOf(messages - 1)
  const ana = await world.person('Ana')
  await ana.open()
  await ana.newChat(textOf(0))
  await ana.closeSheet()
  const { page } = ana
  await ana.expectState(textOf(0), 'saved')
  // Nobody looks at the chat meanwhile: drawing each commit is not what is measured.
  await page.goto(`${world.url}settings`)
  const [writing, cpuBefore] = [performance.now(), await cpuSeconds(page)]
  await write(page, messages)
  const writeMs = performance.now() - writing
  const writeCpuMs = 1_000 * ((await cpuSeconds(page)) - cpuBefore)
  await page.goBack()
  const openings: Phase[] = []
  for (let turn = 0; turn < OPENINGS; turn += 1)
    openings.push(
      await phase(page, async () => {
        await page.reload()
        await ana.expectMessage(newest, 'me', SHOWN_MS_MAX)
      }),
    )
  const opened = openings.toSorted((a, b) => a.ms - b.ms)[OPENINGS >> 1]
  const first = await phase(page, async () => {
    await ana.message(newest).focus()
    await page.keyboard.press('Home')
    await ana.expectMessage(textOf(0), 'me', SHOWN_MS_MAX)
  })
  const scrolled = await phase(page, () => wheel(page))
  const last = await phase(page, async () => {
    await page.getByRole('button', { name: 'Back to the newest message' }).click()
    await ana.expectMessage(newest, 'me', SHOWN_MS_MAX)
  })
  const middle = await lookInTheMiddle(page, messages)
  const found = await find(page, Math.floor(messages / 2))
  const session = await ana.context.newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { metrics } = await session.send('Performance.enable').then(() => session.send('Performance.getMetrics'))
  const heapMb = Math.round((metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN) / 1e5) / 10
  return {
    bench: 'long-chat',
    messages,
    writeMs: Math.round(writeMs),
    writeCpuMs: Math.round(writeCpuMs),
    opened,
    first,
    scrolled,
    last,
    middle,
    found,
    heapMb,
  }
}

/** Of all processes of the browser so far: other work on the machine does not lengthen it. */
async function cpuSeconds(page: Page): Promise<number> {
  const session = await page.context().browser()?.newBrowserCDPSession()
  const { processInfo = [] } = (await session?.send('SystemInfo.getProcessInfo')) ?? {}
  await session?.detach()
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0)
}

const textOf = (index: number): string =>
  `message ${String(index).padStart(6, '0')}: some words, about as many as people write in one message of a chat, no more than that`

async function phase(page: Page, act: () => Promise<void>): Promise<Phase> {
  const browser = page.context().browser()
  if (browser === null) throw new Error('a page without a browser')
  await page.waitForTimeout(1_000)
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] })
  const start = performance.now()
  await act()
  const ms = Math.round(performance.now() - start)
  await page.waitForTimeout(500)
  return { ms, ...longestTask(await browser.stopTracing()), nodes: await page.getByTestId('message').count() }
}

type TraceEvent = { readonly name: string; readonly pid: number; readonly tid: number; readonly dur?: number; readonly tdur?: number } & {
  readonly args: { readonly name?: string }
}

/** Of all renderers: the one with the page is the one with work. */
function longestTask(trace: Buffer): Pick<Phase, 'longestTaskMs' | 'longestTaskCpuMs'> {
  const { traceEvents: events } = JSON.parse(trace.toString()) as { readonly traceEvents: readonly TraceEvent[] }
  const mains = new Set(events.filter(({ args }) => args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`))
  const tasks = events.filter(({ name, pid, tid }) => name === 'ThreadControllerImpl::RunTask' && mains.has(`${pid} ${tid}`))
  const most = (of: (event: TraceEvent) => number | undefined): number =>
    Math.round(tasks.reduce((longest, event) => Math.max(longest, of(event) ?? 0), 0) / 100) / 10
  return { longestTaskMs: most(({ dur }) => dur), longestTaskCpuMs: most(({ tdur }) => tdur) }
}

/** A message that a search finds, and the jump to it. The first search waits for the index. */
async function find(page: Page, at: number): Promise<Readonly<Record<'searched' | 'jumped', Phase>>> {
  const number = textOf(at).slice(8, 14)
  const result = page.getByTestId('search-result').filter({ hasText: number })
  await page.getByTestId('search').fill(number)
  await result.first().waitFor({ timeout: FOUND_MS_MAX })
  await page.getByTestId('search').fill('')
  const searched = await phase(page, async () => {
    await page.getByTestId('search').fill(number)
    await result.first().waitFor()
  })
  const jumped = await phase(page, async () => {
    await result.first().click()
    await page
      .getByTestId('message-text')
      .filter({ hasText: textOf(at) })
      .waitFor()
  })
  return { searched, jumped }
}

async function wheel(page: Page): Promise<void> {
  await page.mouse.move(700, 300)
  for (let step = 0; step < WHEEL_STEPS; step += 1) {
    await page.mouse.wheel(0, WHEEL_PX)
    await page.waitForTimeout(30)
  }
}

/** What the bench asks of the engine on a line of its own. */
type EngineLine = {
  readonly send: (text: string, ref: string) => Promise<unknown>
  /** The ids and texts of a window around an anchor, once the engine shows it. */
  readonly look: (anchor: unknown) => Promise<readonly { readonly id: string; readonly text?: string; readonly time: number }[]>
  readonly close: () => void
}

async function write(page: Page, messages: number): Promise<void> {
  const texts = Array.from({ length: messages - 1 }, (_, index) => textOf(index + 1))
  await page.evaluate(openLine)
  await page.evaluate(
    async ([all, atOnce]) => {
      const line = Reflect.get(globalThis, 'engineLine') as EngineLine
      for (let from = 0; from < all.length; from += atOnce)
        await Promise.all(all.slice(from, from + atOnce).map((text, at) => line.send(text, `long ${from + at}`)))
      line.close()
    },
    [texts, AT_ONCE] as const,
  )
}

/** How long the engine takes to show a window in the middle, by the time of a message there and by its id, ms. */
async function lookInTheMiddle(page: Page, messages: number): Promise<Readonly<Record<'byTimeMs' | 'byIdMs', number>>> {
  await page.evaluate(openLine)
  const seen = await page.evaluate(async () => {
    const line = Reflect.get(globalThis, 'engineLine') as EngineLine
    const timed = async (anchor: unknown) => {
      const start = performance.now()
      const rows = await line.look(anchor)
      return { rows, ms: Math.round(performance.now() - start) }
    }
    const [newest, oldest] = [await line.look({ kind: 'end' }), await line.look({ kind: 'time', time: 0 })]
    const time = Math.round(((newest.at(-1)?.time ?? 0) + (oldest[0]?.time ?? 0)) / 2)
    const byTime = await timed({ kind: 'time', time })
    const middle = byTime.rows[Math.floor(byTime.rows.length / 2)]
    const byId = await timed({ kind: 'entry', entry: middle?.id })
    line.close()
    return { byTimeMs: byTime.ms, byIdMs: byId.ms, text: middle?.text ?? '', isThere: byId.rows.some(({ id }) => id === middle?.id) }
  })
  const at = Number(/^message (\d+)/.exec(seen.text)?.[1] ?? NaN)
  if (!seen.isThere || !(at > messages / 10 && at < (9 * messages) / 10)) throw new Error(`the middle was not shown, but ${seen.text}`)
  return { byTimeMs: seen.byTimeMs, byIdMs: seen.byIdMs }
}

/** As a page of another tab would: it joins by name, see app/src/session/channel.ts. Runs in the page. */
async function openLine(): Promise<void> {
  const client = crypto.randomUUID()
  void navigator.locks.request(`kith-client-${client}`, () => new Promise(() => undefined))
  const calls = new BroadcastChannel('kith-engine')
  const up = await new Promise<{ engine: string }>((resolve) => {
    calls.onmessage = ({ data }) => (data.kind === 'up' ? resolve(data) : undefined)
    calls.postMessage({ kind: 'hello', client })
  })
  const line = new BroadcastChannel(`kith-line-${client}-${up.engine}-1`)
  const waiting = new Map<number, (value: never) => void>()
  let last = 0
  line.onmessage = ({ data }) => {
    if (data.kind === 'joined') waiting.get(0)?.(undefined as never)
    if (data.kind === 'answer') waiting.get(data.id)?.(data.value as never)
    if (data.kind === 'views') for (const { id, change } of data.views) waiting.get(id)?.(change.view as never)
    if (data.kind === 'refusal') throw new Error(data.message)
  }
  const ask = <T>(message: Readonly<Record<string, unknown>>) =>
    new Promise<T>((resolve) => {
      const id = (last += 1)
      waiting.set(id, (value) => (waiting.delete(id), resolve(value)))
      line.postMessage({ ...message, id })
    })
  const watch = async <T>(name: string, query: unknown): Promise<T> => {
    const shown = ask<T>({ kind: 'watch', name, query })
    const id = last
    return shown.finally(() => line.postMessage({ kind: 'unwatch', id }))
  }
  const joined = new Promise<void>((resolve) => waiting.set(0, resolve))
  calls.postMessage({ kind: 'line', join: { client, engine: up.engine, attempt: 1 } })
  await joined
  const [{ id: conversation }] = await watch<[{ id: string }]>('watchConversations', undefined)
  Reflect.set(globalThis, 'engineLine', {
    send: (text, ref) => ask({ kind: 'command', name: 'send', input: { conversation, text, ref } }),
    look: async (anchor) =>
      (
        await watch<{ messages: Awaited<ReturnType<EngineLine['look']>> }>('watchConversation', {
          conversation,
          anchor,
          before: 30,
          after: 30,
        })
      ).messages,
    close: () => (line.close(), calls.close()),
  } satisfies EngineLine)
}

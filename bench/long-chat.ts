// One chat of a hundred thousand messages: opening it, going to its first message, reading on by wheel and going back to the newest. The messages are the
// engine's own work, signed, sealed and stored: another page of the origin asks for them on a line of its own, many at a time.

import type { Page } from '@playwright/test'
import type { Person } from '../app/e2e/person.ts'
import type { World } from '../app/e2e/world.ts'

const MESSAGES = Number(process.env['LONG_CHAT'] ?? 100_000)
const AT_ONCE = 500
const WHEEL_STEPS = 40
const WHEEL_PX = 900
const SHOWN_MS_MAX = 60_000

/** The longest task of the page's main thread, by the clock and in its own time: other work on the machine lengthens the first alone. */
type Phase = { readonly ms: number; readonly longestTaskMs: number; readonly longestTaskCpuMs: number; readonly nodes: number }

export async function measureLongChat(world: World): Promise<Readonly<Record<string, unknown>>> {
  const ana = await world.person('Ana')
  await ana.open()
  await ana.newChat(textOf(0))
  await ana.closeSheet()
  const { page } = ana
  await ana.expectState(textOf(0), 'saved')
  const writing = performance.now()
  await write(ana)
  const writeMs = performance.now() - writing
  const opened = await phase(page, async () => {
    await page.reload()
    await ana.expectMessage(textOf(MESSAGES - 1), 'me', SHOWN_MS_MAX)
  })
  const first = await phase(page, async () => {
    await ana.message(textOf(MESSAGES - 1)).focus()
    await page.keyboard.press('Home')
    await ana.expectMessage(textOf(0), 'me', SHOWN_MS_MAX)
  })
  const scrolled = await phase(page, () => wheel(page))
  const last = await phase(page, async () => {
    await page.getByRole('button', { name: 'Back to the newest message' }).click()
    await ana.expectMessage(textOf(MESSAGES - 1), 'me', SHOWN_MS_MAX)
  })
  const session = await ana.context.newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { metrics } = await session.send('Performance.enable').then(() => session.send('Performance.getMetrics'))
  const heapMb = Math.round((metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN) / 1e5) / 10
  return { bench: 'long-chat', messages: MESSAGES, writeMs: Math.round(writeMs), opened, first, scrolled, last, heapMb }
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

async function wheel(page: Page): Promise<void> {
  await page.mouse.move(700, 300)
  for (let step = 0; step < WHEEL_STEPS; step += 1) {
    await page.mouse.wheel(0, WHEEL_PX)
    await page.waitForTimeout(30)
  }
}

/** As a page of another tab would: it joins by name, see app/src/session/channel.ts. */
async function write({ page }: Person): Promise<void> {
  const texts = Array.from({ length: MESSAGES - 1 }, (_, index) => textOf(index + 1))
  await page.evaluate(
    async ([all, atOnce]) => {
      const client = crypto.randomUUID()
      void navigator.locks.request(`kith-client-${client}`, () => new Promise(() => undefined))
      const calls = new BroadcastChannel('kith-engine')
      const up = await new Promise<{ engine: string }>((resolve) => {
        calls.onmessage = ({ data }) => (data.kind === 'up' ? resolve(data) : undefined)
        calls.postMessage({ kind: 'hello', client })
      })
      const join = { client, engine: up.engine, attempt: 1 }
      const line = new BroadcastChannel(`kith-line-${client}-${up.engine}-1`)
      const answered = new Map<number, (value: unknown) => void>()
      let conversation: unknown
      const listed = new Promise<void>((resolve) => {
        line.onmessage = ({ data }) => {
          if (data.kind === 'joined') line.postMessage({ kind: 'watch', id: 1, name: 'watchConversations', query: undefined })
          if (data.kind === 'views' && conversation === undefined) {
            conversation = data.views[0].change.view[0].id
            line.postMessage({ kind: 'unwatch', id: 1 })
            resolve()
          }
          if (data.kind === 'answer') answered.get(data.id)?.(data.value)
          if (data.kind === 'refusal') throw new Error(data.message)
        }
      })
      calls.postMessage({ kind: 'line', join })
      await listed
      const send = (text: string, id: number) =>
        new Promise((resolve) => {
          answered.set(id, resolve)
          line.postMessage({ kind: 'command', id, name: 'send', input: { conversation, text, ref: `long ${id}` } })
        })
      for (let from = 0; from < all.length; from += atOnce)
        await Promise.all(all.slice(from, from + atOnce).map((text, at) => send(text, from + at + 2)))
      line.close()
      calls.close()
    },
    [texts, AT_ONCE] as const,
  )
}

// WebKit, as Debian's MiniBrowser shows it on a screen in memory, driven by W3C WebDriver. Nothing it stores outlives it.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../free-port.ts'
import { REPORT_VIOLATIONS, type EnginePage } from './engine-page.ts'

const START_MS_MAX = 30_000
const ACTION_MS_MAX = 15_000
const POLL_MS = 100
/** Not an error: what an observer changed is laid out in the next frame. */
const LATE_LAYOUT = /^ResizeObserver loop completed/
/** WebKit tells no driver what a page says on its console, so the page keeps it, from when it has loaded on. */
const KEEP_PROBLEMS = `const kept = window.__problems = []
  const { error } = console
  console.error = (...words) => (kept.push('console error: ' + words.map(String).join(' ')), error.apply(console, words))
  addEventListener('error', (event) => ${LATE_LAYOUT}.test(event.message) || kept.push('uncaught: ' + event.message))
  addEventListener('unhandledrejection', (event) => kept.push('uncaught: ' + String(event.reason)))
  ${REPORT_VIOLATIONS}`
/** The name under which WebDriver hands out elements. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'
const SCREEN = '1600x1200x24'

type Paths = { readonly driver: string; readonly browser: string; readonly screen: string; readonly bus: string }
type Ask = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => Promise<unknown>

export async function openWebkit(paths: Paths, home: string): Promise<EnginePage> {
  const folder = await mkdtemp(join(tmpdir(), 'kith-webkit-'))
  const log = join(folder, 'console.txt')
  const started: ChildProcess[] = []
  const endAll = (): void => {
    for (const child of started.splice(0).toReversed()) endGroup(child)
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: POLL_MS })
  }
  process.once('exit', endAll)
  const close = async (): Promise<void> => {
    process.off('exit', endAll)
    endAll()
  }
  try {
    const display = await startScreen(paths.screen, started)
    const ask = await startSession({ paths, folder, log, display, started })
    const leave = (): Promise<void> => ask('DELETE', '').then(close, close)
    return { ...pageOf({ ask, log, home }), close: leave }
  } catch (error) {
    const said = existsSync(log) ? readFileSync(log, 'utf8') : ''
    await close()
    throw new Error(`WebKit could not be started: ${String(error)} ${said}`, { cause: error })
  }
}

/** A screen that nobody sees; it picks a free number itself. */
async function startScreen(program: string, started: ChildProcess[]): Promise<string> {
  const screen = spawn(program, ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp'], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  started.push(screen)
  const [number] = (await once(screen.stdio[3] as Readable, 'data', { signal: AbortSignal.timeout(START_MS_MAX) })) as [Buffer]
  return `:${number.toString().trim()}`
}

type Session = {
  readonly paths: Paths
  readonly folder: string
  readonly log: string
  readonly display: string
  readonly started: ChildProcess[]
}

async function startSession({ paths, folder, log, display, started }: Session): Promise<Ask> {
  // The driver keeps what the browser prints to itself, and a page's console is printed: line by line, or an error would wait in a buffer.
  const browser = join(folder, 'browser')
  await writeFile(
    browser,
    `#!/bin/sh\nexec stdbuf -oL '${paths.browser}' --enable-write-console-messages-to-stdout=true "$@" >>'${log}' 2>&1\n`,
    {
      mode: 0o700,
    },
  )
  const port = await freePort()
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    XDG_RUNTIME_DIR: folder,
    DISPLAY: display,
    LANG: 'en_US.UTF-8',
    GDK_BACKEND: 'x11',
    LIBGL_ALWAYS_SOFTWARE: '1',
    NO_AT_BRIDGE: '1',
    ...(process.getuid?.() === 0 ? { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' } : {}),
  }
  // A bus that starts nothing: desktop services would mount their folders here and outlive the walk.
  const bus = join(folder, 'bus.conf')
  await writeFile(bus, busConfig(folder))
  const driver = spawn(paths.bus, [`--config-file=${bus}`, '--', paths.driver, `--port=${port}`], {
    detached: true,
    stdio: 'ignore',
    env,
    cwd: folder,
  })
  started.push(driver)
  const root = `http://127.0.0.1:${port}`
  await answers(root, driver)
  const alwaysMatch = { 'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] } }
  const created = await wire(`${root}/session`, 'POST', { capabilities: { alwaysMatch } })
  const { sessionId } = created as { readonly sessionId: string }
  return (method, path, body) => wire(`${root}/session/${sessionId}${path}`, method, body)
}

const busConfig = (folder: string): string => `<busconfig><type>session</type><listen>unix:dir=${folder}</listen>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>`

async function answers(root: string, driver: ChildProcess): Promise<void> {
  for (const until = Date.now() + START_MS_MAX; Date.now() < until; await pause(POLL_MS)) {
    if (driver.exitCode !== null) break
    const isUp = await fetch(`${root}/status`, { signal: AbortSignal.timeout(ACTION_MS_MAX) }).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isUp) return
  }
  throw new Error('its driver does not answer')
}

async function wire(address: string, method: 'GET' | 'POST' | 'DELETE', body?: unknown): Promise<unknown> {
  const answer = await fetch(address, {
    method,
    signal: AbortSignal.timeout(START_MS_MAX),
    ...(method === 'POST' ? { body: JSON.stringify(body ?? {}), headers: { 'content-type': 'application/json' } } : {}),
  })
  const { value } = (await answer.json()) as { readonly value: unknown }
  if (!answer.ok) throw new Error(`WebKit, ${method} ${new URL(address).pathname}: ${JSON.stringify(value)}`)
  return value
}

type Driven = { readonly ask: Ask; readonly log: string; readonly home: string }

function pageOf({ ask, log, home }: Driven): Omit<EnginePage, 'close'> {
  const host = new URL(home).host
  const problems: string[] = []
  const read = (expression: string): Promise<unknown> => ask('POST', '/execute/sync', { script: `return (${expression})`, args: [] })
  /** WebKit tells no driver what a page asks for, but the page's own ledger holds it; it ends with the page. */
  const collect = async (): Promise<void> => {
    problems.push(...((await read('window.__problems?.splice(0) ?? []')) as readonly string[]))
    const names = (await read(`performance.getEntriesByType('resource').map(({ name }) => name)`)) as readonly string[]
    for (const name of names) {
      if (/^https?:/.test(name) && new URL(name).host !== host) problems.push(`asked another host: ${name}`)
    }
  }
  const tabs: string[] = []
  const newTab = async (): Promise<string> => ((await ask('POST', '/window/new', { type: 'tab' })) as { readonly handle: string }).handle
  const listen = (): Promise<unknown> => ask('POST', '/execute/sync', { script: KEEP_PROBLEMS, args: [] })
  let isHeld = false
  /** What an automated WebKit caches lies in memory, and is let go of while no tab has it open. One that is not looked at any more has, from here on. */
  const holdCaches = async (): Promise<void> => {
    if (isHeld) return
    const [old, address] = [await ask('GET', '/window'), await read('location.href')]
    const front = await newTab()
    await ask('POST', '/window', { handle: front })
    await ask('POST', '/url', { url: address })
    await ask('POST', '/window', { handle: old })
    await ask('POST', '/url', { url: `${home}healthz` })
    const script = `const done = arguments[0]
      caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name)))).then((held) => done((window.held = held).length))`
    isHeld = Number(await ask('POST', '/execute/async', { script, args: [] })) > 0
    await ask('POST', '/window', { handle: front })
  }
  const find = async (selector: string): Promise<string> => {
    for (const until = Date.now() + ACTION_MS_MAX; Date.now() < until; await pause(POLL_MS)) {
      const found = (await ask('POST', '/elements', { using: 'css selector', value: selector })) as readonly Record<string, string>[]
      for (const { [ELEMENT]: id } of found) {
        if (id !== undefined && (await ask('GET', `/element/${id}/displayed`)) === true) return id
      }
    }
    throw new Error(`WebKit sees no ${selector}`)
  }

  return {
    async open(address) {
      await ask('POST', '/url', { url: address })
      await listen()
    },
    async openTab(address) {
      await collect()
      if (tabs.length === 0) tabs.push(String(await ask('GET', '/window')))
      tabs.push(await newTab())
      await ask('POST', '/window', { handle: tabs.at(-1) })
      await ask('POST', '/url', { url: address })
      await listen()
    },
    async show(tab) {
      await collect()
      await ask('POST', '/window', { handle: tabs[tab] })
    },
    async leave() {
      await collect()
      const old = await ask('GET', '/window')
      const handle = await newTab()
      await ask('POST', '/window', { handle: old })
      await ask('DELETE', '/window')
      await ask('POST', '/window', { handle })
    },
    async reload() {
      await collect()
      await holdCaches()
      await ask('POST', '/refresh')
      await listen()
    },
    async goAndReturn(address) {
      await collect()
      await ask('POST', '/url', { url: address })
      await ask('POST', '/back')
      await listen()
    },
    click: async (selector) => void (await ask('POST', `/element/${await find(selector)}/click`)),
    type: async (selector, text) => void (await ask('POST', `/element/${await find(selector)}/value`, { text })),
    async wheel(selector, px) {
      const origin = { [ELEMENT]: await find(selector) }
      const scroll = { type: 'scroll', origin, x: 0, y: 0, deltaX: 0, deltaY: px }
      await ask('POST', '/actions', { actions: [{ type: 'wheel', id: 'wheel', actions: [scroll] }] })
    },
    read,
    async picture(name, size) {
      await ask('POST', '/window/rect', size)
      await mkdir(dirname(name), { recursive: true })
      await pause(5 * POLL_MS)
      await writeFile(name, Buffer.from(String(await ask('GET', '/screenshot')), 'base64'))
    },
    async problems() {
      await collect()
      const printed = existsSync(log) ? readFileSync(log, 'utf8').split('\n') : []
      return [...problems, ...printed.filter((line) => /^CONSOLE .*\bERROR\b/.test(line))]
    },
  }
}

/** Everything that was started for it is in its process group. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

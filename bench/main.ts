// `npm run bench`: first figures of the whole product on this machine, one line of JSON each. Names as arguments run only those; sizes
// (`--idle=2000`) are for `relay` and `shared-store`, `--messages=10000` for `link`.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { createWorld, type World } from '../app/e2e/world.ts'
import { CHROMIUM_ARGS, installedChromium } from '../tools/chromium.ts'
import { CATCH_UPS, measureCatchUp } from './catch-up.ts'
import { measureComposer } from './composer.ts'
import { measureLatency } from './latency.ts'
import { LONG_CHATS, measureLongChat } from './long-chat.ts'
import { START_CHATS, measureStartWithChats } from './start-chats.ts'
import { measureStart } from './start.ts'

const WORKLOAD_MS_MAX = 300_000
/** Many messages have to be written first; chats have to go to rest. */
const SLOW: Readonly<Record<string, number>> = { 'catch-up': 1_800_000, 'long-chat': 1_800_000, 'start-chats': 900_000, link: 1_800_000 }
/** Curves of the machine's own library: they are the same for any number of chats, and are not what is measured. */
const NATIVE_CURVES = join(import.meta.dirname, '../protocol/test/simulation/native-curves.ts')

const WORKLOADS: Readonly<Record<string, () => Promise<void>>> = {
  start: () => inWorld(measureStart),
  'start-chats': async () => {
    for (const chats of START_CHATS) await inWorld((world) => measureStartWithChats(world, chats))
  },
  latency: () => inWorld(measureLatency),
  composer: () => inWorld(measureComposer),
  relay: () => runAlone('relay.ts', [], process.argv.slice(2).filter(isSize)),
  'shared-store': () => runAlone('shared-store.ts', [], process.argv.slice(2).filter(isSize)),
  engine: () => runAlone('engine.ts'),
  scale: async () => {
    await runAlone('scale.ts', ['--import', NATIVE_CURVES])
    await runAlone('devices.ts', ['--import', NATIVE_CURVES])
  },
  membership: () => runAlone('membership.ts'),
  healing: () => runAlone('healing.ts'),
  chats: () => runAlone('chats.ts', ['--expose-gc', '--import', NATIVE_CURVES]),
  devices: () => runAlone('devices.ts', ['--import', NATIVE_CURVES]),
  link: () => runAlone('link.ts', ['--expose-gc', '--import', NATIVE_CURVES], process.argv.slice(2).filter(isSize)),
  return: () => runAlone('return.ts', ['--import', NATIVE_CURVES]),
  search: () => runAlone('search.ts'),
  'catch-up': async () => {
    for (const messages of CATCH_UPS) await inWorld((world) => measureCatchUp(world, messages))
  },
  'long-chat': async () => {
    for (const messages of LONG_CHATS) await inWorld((world) => measureLongChat(world, messages))
  },
}

const isSize = (argument: string): boolean => argument.startsWith('--')

async function main(): Promise<void> {
  const wanted = process.argv.slice(2).filter((argument) => !isSize(argument))
  for (const [name, run] of Object.entries(WORKLOADS)) {
    // What goes to many devices is a part of how it scales.
    if (wanted.length > 0 ? !wanted.includes(name) : name === 'devices') continue
    await withinTime(name, run)
  }
}

async function inWorld(measure: (world: World) => Promise<Readonly<Record<string, unknown>>>): Promise<void> {
  const browser = await chromium.launch({ executablePath: installedChromium(), args: [...CHROMIUM_ARGS] })
  const world = await createWorld(browser)
  try {
    console.log(JSON.stringify(await measure(world)))
  } finally {
    const problems = await world.close()
    for (const problem of problems) console.error(problem)
    await browser.close()
  }
}

/** A workload without a browser, in a process of its own. */
function runAlone(file: string, options: readonly string[] = [], sizes: readonly string[] = []): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [...options, join(import.meta.dirname, file), ...sizes], {
      stdio: 'inherit',
      timeout: SLOW[file.slice(0, -3)] ?? WORKLOAD_MS_MAX,
    })
    child.once('error', fail)
    child.once('close', (code) => (code === 0 ? done() : fail(new Error(`${file} ended with ${code ?? 'a signal'}`))))
  })
}

async function withinTime(name: string, run: () => Promise<void>): Promise<void> {
  const most = SLOW[name] ?? WORKLOAD_MS_MAX
  let timer: NodeJS.Timeout | undefined
  const overrun = new Promise<never>((_done, fail) => {
    timer = setTimeout(() => fail(new Error(`${name} took longer than ${most / 1_000} s`)), most)
  })
  try {
    await Promise.race([run(), overrun])
  } finally {
    clearTimeout(timer)
  }
}

await main()

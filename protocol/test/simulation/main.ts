// npm run simulate -- --seeds N [--from S] [--seed S] [--jobs J]: lives of two to five people with one to three devices each, each from its seed. Stops at the first broken promise
// with exit 1, what broke, and the command that replays it. The last line is one JSON summary.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { availableParallelism } from 'node:os'
import { SABOTAGES } from './sabotage.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    jobs: { type: 'string', default: String(Math.min(4, availableParallelism())) },
    /** Only one seed in so many: how the jobs share them out. */
    every: { type: 'string', default: '1' },
    /** A planted bug by name, to see that it is caught. */
    sabotage: { type: 'string' },
  },
})

type Summary = {
  seeds: number
  messages: number
  crashes: number
  restores: number
  devices: number
  broken: number
  seed?: number
  what?: readonly string[]
}

const whole = (name: string, text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} takes a whole number, not ${text}`)
  return value
}

const sabotage = values.sabotage === undefined ? undefined : SABOTAGES[values.sabotage]
if (values.sabotage !== undefined && sabotage === undefined) throw new Error(`--sabotage takes one of ${Object.keys(SABOTAGES).join(', ')}`)

const started = Date.now()
const from = whole('from', values.seed ?? values.from)
const seeds = values.seed === undefined ? whole('seeds', values.seeds) : 1
const every = Math.max(1, whole('every', values.every))
const jobs = Math.max(1, Math.min(whole('jobs', values.jobs), seeds))
const summary = jobs === 1 ? await liveAll() : await shareOut()
const { broken, seed } = summary
for (const line of summary.what ?? []) console.error(`broken: ${line}`)
if (seed !== undefined) {
  console.error(`replay: npm run simulate -- --seed ${seed}${values.sabotage === undefined ? '' : ` --sabotage ${values.sabotage}`}`)
}
console.log(JSON.stringify({ simulation: 'people', ...summary, seconds: Math.round((Date.now() - started) / 100) / 10 }))
process.exitCode = broken > 0 ? 1 : 0

async function liveAll(): Promise<Summary> {
  const { live } = await import('./life.ts')
  const sum: Summary = { seeds: 0, messages: 0, crashes: 0, restores: 0, devices: 0, broken: 0 }
  for (let at = from; at < from + seeds * every; at += every) {
    const life = await live(at, sabotage)
    sum.seeds += 1
    sum.messages += life.messages
    sum.crashes += life.crashes
    sum.restores += life.restores
    sum.devices += life.devices
    if (values.seed !== undefined) for (const line of life.lines) console.error(line)
    if (life.broken.length > 0) return { ...sum, broken: life.broken.length, seed: at, what: life.broken }
  }
  return sum
}

// Seeds are dealt out in turn to processes of their own, which so end at about the same time; the first that breaks ends the others.
async function shareOut(): Promise<Summary> {
  const children: ReturnType<typeof spawn>[] = []
  let isOver = false
  const parts = Array.from({ length: jobs }, async (_, job): Promise<Summary> => {
    const first = from + job
    const count = Math.ceil((seeds - job) / jobs)
    const options = [
      '--from',
      String(first),
      '--seeds',
      String(count),
      '--jobs',
      '1',
      '--every',
      String(jobs),
      ...(values.sabotage === undefined ? [] : ['--sabotage', values.sabotage]),
    ]
    const child = spawn(process.execPath, [...process.execArgv, import.meta.filename, ...options], { stdio: ['ignore', 'pipe', 'ignore'] })
    children.push(child)
    let last = ''
    for await (const line of createInterface({ input: child.stdout })) last = line
    // A process that ends without a word was ended because another found something, or it failed.
    if (last === '')
      return {
        seeds: 0,
        messages: 0,
        crashes: 0,
        restores: 0,
        devices: 0,
        broken: isOver ? 0 : 1,
        what: isOver ? [] : [`seeds from ${first} on, every ${jobs}, could not be lived: run them with --jobs 1 --every ${jobs}`],
      }
    const part = JSON.parse(last) as Summary
    if (part.broken > 0) {
      isOver = true
      for (const other of children) if (other !== child) other.kill()
    }
    return part
  })
  const all = await Promise.all(parts)
  const bad = all.find((part) => part.broken > 0 && part.seed !== undefined) ?? all.find((part) => part.broken > 0)
  const total = (name: 'seeds' | 'messages' | 'crashes' | 'restores' | 'devices'): number => all.reduce((sum, part) => sum + part[name], 0)
  const { seed, what } = bad ?? {}
  return {
    seeds: total('seeds'),
    messages: total('messages'),
    crashes: total('crashes'),
    restores: total('restores'),
    devices: total('devices'),
    broken: bad?.broken ?? 0,
    ...(seed === undefined ? {} : { seed }),
    ...(what === undefined ? {} : { what }),
  }
}

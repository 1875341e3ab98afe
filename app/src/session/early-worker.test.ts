import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { LEADER_LOCK } from './channel.ts'
import { endEarlyWorker, takeEarlyWorker } from './early-worker.ts'
import { EARLY_WORKER_MS_MAX } from './limits.ts'

const START = readFileSync(new URL('../../public/start.js', import.meta.url), 'utf8')
const ENGINE = '/assets/engine.worker-12345678.js'

type Made = { readonly url: unknown; onerror?: () => void }
type Surroundings = {
  readonly isKept?: boolean
  readonly leads?: boolean
  readonly engine?: string | null
  readonly refusesPolicy?: boolean
}

/** Runs public/start.js as a browser does, in a page that the service worker serves and that may lead. */
async function start({ isKept = true, leads = true, engine = ENGINE, refusesPolicy = false }: Surroundings = {}) {
  const made: Made[] = []
  const asked: string[] = []
  const createPolicy = (name: string, rules: { createScriptURL(url: string): string }) => {
    if (refusesPolicy) throw new TypeError('refused')
    return { createScriptURL: (url: string) => `${name}: ${rules.createScriptURL(url)}` }
  }
  const place = {
    kithEngine: undefined as Made | undefined,
    document: {
      currentScript: { getAttribute: () => engine },
      addEventListener: () => undefined,
    },
    navigator: {
      serviceWorker: { controller: isKept ? {} : null },
      locks: {
        request: async (name: string, options: { ifAvailable: boolean }, run: (lock: object | null) => void) => {
          asked.push(`${name} ${options.ifAvailable}`)
          await Promise.resolve()
          run(leads ? {} : null)
        },
      },
    },
    trustedTypes: { createPolicy },
    addEventListener: () => undefined,
    setTimeout: () => 0,
    clearTimeout: () => undefined,
    Worker: class {
      readonly url: unknown
      constructor(url: unknown) {
        this.url = url
        made.push(this)
      }
    },
  }
  runInNewContext(START, Object.assign(place, { window: place }))
  await new Promise((resolve) => setTimeout(resolve))
  return { place, made, asked }
}

afterEach(() => {
  vi.useRealTimers()
})

describe('the worker that is begun before the page', () => {
  test('is the engine, where everything is kept and nobody else leads', async () => {
    const { place, made, asked } = await start()
    expect(asked).toEqual([`${LEADER_LOCK} true`])
    expect(made.map(({ url }) => url)).toEqual([`kith-start: ${ENGINE}`])
    expect(place.kithEngine).toBe(made[0])
  })

  test.each([
    ['at a first visit', { isKept: false }],
    ['beside a page that leads', { leads: false }],
    ['served from its sources', { engine: null }],
    ['under a policy that does not know of it', { refusesPolicy: true }],
  ])('is not there %s', async (_where, surroundings) => {
    const { place, made } = await start(surroundings)
    expect(made).toEqual([])
    expect(place.kithEngine).toBeUndefined()
  })

  test('that fails is forgotten, and the session begins its own', async () => {
    const { place, made } = await start()
    made[0]?.onerror?.()
    expect(place.kithEngine).toBeUndefined()
  })

  test('is taken over once', () => {
    const worker = { terminate: () => undefined } as Worker
    const place = { kithEngine: worker }
    expect(takeEarlyWorker(place)).toBe(worker)
    expect(takeEarlyWorker(place)).toBeUndefined()
    expect(takeEarlyWorker({})).toBeUndefined()
  })

  test('is ended where nobody takes it over in time, as where another page leads', () => {
    vi.useFakeTimers()
    const [left, taken] = [vi.fn(), vi.fn()].map((terminate) => ({ terminate, place: { kithEngine: { terminate } as unknown as Worker } }))
    if (left === undefined || taken === undefined) return expect.fail('two places')
    endEarlyWorker(left.place)
    endEarlyWorker(taken.place)
    vi.advanceTimersByTime(EARLY_WORKER_MS_MAX - 1)
    expect(left.terminate).not.toHaveBeenCalled()
    takeEarlyWorker(taken.place)
    vi.advanceTimersByTime(1)
    expect(left.terminate).toHaveBeenCalledOnce()
    expect(taken.terminate).not.toHaveBeenCalled()
  })
})

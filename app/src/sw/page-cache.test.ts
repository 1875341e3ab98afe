import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createPageCache } from './page-cache.ts'
import type { PrecacheEntry } from './page-cache.ts'

const origin = 'https://chat.example.org'
const SCRIPT = '/assets/a-12345678.js'
const filesOf = (page: string): readonly PrecacheEntry[] => [
  { url: '/index.html', sha256: sha256Of(page) },
  { url: SCRIPT, sha256: sha256Of('script') },
]
const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')
const first = filesOf('page 1')
const second = filesOf('page 2')

let served: Record<string, string>
/** What the browser keeps by itself. */
let atHand: Record<string, string>
let asked: string[]

beforeEach(() => {
  served = { '/index.html': 'page 1', [SCRIPT]: 'script' }
  atHand = {}
  asked = []
  vi.stubGlobal('caches', memoryCaches())
  vi.stubGlobal('fetch', async (input: string | Request, init?: RequestInit) => {
    const url = typeof input === 'string' ? input : new URL(input.url).pathname
    asked.push(url)
    const body = init?.cache === 'default' ? (atHand[url] ?? served[url]) : served[url]
    return new Response(body ?? 'nothing', { status: body === undefined ? 404 : 200 })
  })
})
afterEach(() => vi.unstubAllGlobals())

describe('a version of the page', () => {
  test('answers navigations and its files once it is filled', async () => {
    const cache = createPageCache({ files: first, origin, language: 'en' })
    await cache.fill()
    served = {}
    for (const [url, text] of [
      ['/', 'page 1'],
      ['/c/some-conversation', 'page 1'],
      ['/?source=pwa', 'page 1'],
    ] as const) {
      expect(await textOf(cache, request(url, 'navigate'))).toBe(text)
    }
    expect(await textOf(cache, request(SCRIPT, 'cors'))).toBe('script')
  })

  test.each([
    ['/healthz', 'navigate'],
    ['/metrics', 'navigate'],
    ['/.well-known/kith/relays.json', 'cors'],
    ['/.well-known/kith/relays.json', 'navigate'],
    ['/sw.js', 'cors'],
    ['/assets/unknown.js', 'cors'],
    ['https://elsewhere.example/', 'navigate'],
  ] as const)('leaves %s as a %s request to the network', (url, mode) => {
    const cache = createPageCache({ files: first, origin, language: 'en' })
    expect(cache.fileFor(request('/', 'navigate'))).toBe('/index.html')
    expect(cache.fileFor(request(url, mode))).toBeUndefined()
  })

  test('leaves everything that is not a plain reading to the network', () => {
    const cache = createPageCache({ files: first, origin, language: 'en' })
    expect(cache.fileFor(request('/', 'navigate', 'POST'))).toBeUndefined()
  })

  test('does not become whole when one of its files is missing', async () => {
    delete served[SCRIPT]
    await expect(createPageCache({ files: first, origin, language: 'en' }).fill()).rejects.toThrow('404')
  })

  test('takes none of the files when one of them holds other bytes', async () => {
    served[SCRIPT] = 'another script'
    await expect(createPageCache({ files: first, origin, language: 'en' }).fill()).rejects.toThrow('other bytes')
    expect(await caches.keys()).toEqual([])
  })

  test('takes on a first visit what the browser has at hand, unless it is something else', async () => {
    atHand = { '/index.html': 'an older page', [SCRIPT]: 'script' }
    const cache = createPageCache({ files: first, origin, language: 'en' })
    await cache.fill()
    expect(asked).toEqual(['/index.html', SCRIPT, '/index.html'])
    expect(await textOf(cache, request('/', 'navigate'))).toBe('page 1')
  })

  test('leaves the other version as it is until it is dropped', async () => {
    const old = createPageCache({ files: first, origin, language: 'en' })
    await old.fill()
    served['/index.html'] = 'page 2'
    const next = createPageCache({ files: second, origin, language: 'en' })
    await next.fill()
    expect(await textOf(old, request('/', 'navigate'))).toBe('page 1')
    expect(await textOf(next, request('/', 'navigate'))).toBe('page 2')
    await caches.open('kith-relays')
    await next.dropOthers()
    expect(await caches.keys()).toEqual([expect.stringMatching(/^kith-page-/), 'kith-relays'])
    expect(await textOf(next, request('/', 'navigate'))).toBe('page 2')
  })

  test('takes nothing from what a relay that meant no good has left under the names of its files', async () => {
    const hostile = createPageCache({
      files: [
        { url: '/index.html', sha256: sha256Of('page 1') },
        { url: SCRIPT, sha256: sha256Of('hostile script') },
      ],
      origin,
      language: 'en',
    })
    served[SCRIPT] = 'hostile script'
    await hostile.fill()
    served = { '/index.html': 'page 2', [SCRIPT]: 'script' }
    atHand = { [SCRIPT]: 'hostile script' }
    const honest = createPageCache({ files: second, origin, language: 'en' })
    await honest.fill()
    expect(await textOf(honest, request(SCRIPT, 'cors'))).toBe('script')
  })

  test('that is served with one wrong file leaves the old version whole, and comes when it is right', async () => {
    const old = createPageCache({ files: first, origin, language: 'en' })
    await old.fill()
    const before = await caches.keys()
    served = { '/index.html': 'page 2', [SCRIPT]: 'hostile script' }
    const next = createPageCache({ files: second, origin, language: 'en' })
    await expect(next.fill()).rejects.toThrow('other bytes')
    expect(await caches.keys()).toEqual(before)
    expect(await textOf(old, request('/', 'navigate'))).toBe('page 1')
    expect(await textOf(old, request(SCRIPT, 'cors'))).toBe('script')
    served[SCRIPT] = 'script'
    await next.fill()
    expect(await textOf(next, request('/', 'navigate'))).toBe('page 2')
  })

  test('that the browser threw away is answered by the network, and kept again as a whole', async () => {
    const cache = createPageCache({ files: first, origin, language: 'en' })
    expect(await textOf(cache, request('/index.html', 'navigate'))).toBe('page 1')
    await settled()
    served = {}
    expect(await textOf(cache, request('/a/chat', 'navigate'))).toBe('page 1')
    expect(await textOf(cache, request(SCRIPT, 'cors'))).toBe('script')
  })

  test('that is gone and finds no room is answered by the network all the same', async () => {
    const cache = createPageCache({ files: first, origin, language: 'en' })
    const all = memoryCaches()
    const open = async (name: string) => ({ ...(await all.open(name)), put: () => Promise.reject(new Error('no room')) })
    vi.stubGlobal('caches', { ...all, open })
    for (const [url, text] of [['/index.html', 'page 1'] as const, [SCRIPT, 'script'] as const])
      expect(await textOf(cache, request(url, 'cors'))).toBe(text)
    await settled()
  })

  test('that the browser threw away gives way to the page of a later version, and takes none of its files', async () => {
    const cache = createPageCache({ files: first, origin, language: 'en' })
    served = { '/index.html': 'page 2', '/': 'page 2', [SCRIPT]: 'hostile script' }
    expect(await textOf(cache, request('/', 'navigate'))).toBe('page 2')
    await expect(textOf(cache, request(SCRIPT, 'cors'))).rejects.toThrow('other bytes')
    await settled()
    expect(await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()))).toEqual([[]])
  })
})

const request = (url: string, mode: RequestMode, method = 'GET') => ({ url: new URL(url, origin).href, mode, method }) as Request

describe('the words of a language', () => {
  const GERMAN = '/assets/de.first-12345678.js'
  const CHINESE = '/assets/zh-Hans.first-12345678.js'
  const withWords = (page: string): readonly PrecacheEntry[] => [
    ...filesOf(page),
    { url: GERMAN, sha256: sha256Of('deutsch'), language: 'de' },
    { url: CHINESE, sha256: sha256Of('中文'), language: 'zh-Hans' },
  ]
  const files = withWords('page 1')
  beforeEach(() => Object.assign(served, { [GERMAN]: 'deutsch', [CHINESE]: '中文' }))

  test('are fetched ahead for those who read it, and for nobody else', async () => {
    await createPageCache({ files, origin, language: 'de' }).fill()
    expect(asked).toContain(GERMAN)
    expect(asked).not.toContain(CHINESE)
  })

  test('are kept once somebody has chosen it, and are there in the next version too', async () => {
    const cache = createPageCache({ files, origin, language: 'en' })
    await cache.fill()
    expect(await textOf(cache, request(CHINESE, 'cors'))).toBe('中文')
    await settled()
    delete served[CHINESE]
    expect(await textOf(cache, request(CHINESE, 'cors'))).toBe('中文')

    Object.assign(served, { '/index.html': 'page 2', [CHINESE]: '中文' })
    const next = createPageCache({ files: withWords('page 2'), origin, language: 'en' })
    await next.fill()
    await next.dropOthers()
    served = {}
    expect(await textOf(next, request(CHINESE, 'cors'))).toBe('中文')
    await expect(textOf(next, request(GERMAN, 'cors'))).rejects.toThrow('404')
  })

  test('and what few ask for are kept once they are asked for, and not before', async () => {
    const DECODER = '/assets/qr-decoder-12345678.js'
    served[DECODER] = 'decoder'
    const decoder = { url: DECODER, sha256: sha256Of('decoder'), whenAsked: true } as const
    const cache = createPageCache({ files: [...files, decoder], origin, language: 'en' })
    await cache.fill()
    expect(asked).not.toContain(DECODER)
    expect(await textOf(cache, request(DECODER, 'cors'))).toBe('decoder')
    await settled()
    served = {}
    expect(await textOf(cache, request(DECODER, 'cors'))).toBe('decoder')
  })

  test('are not taken when they hold other bytes', async () => {
    const cache = createPageCache({ files, origin, language: 'en' })
    await cache.fill()
    served[GERMAN] = 'hostile script'
    await expect(textOf(cache, request(GERMAN, 'cors'))).rejects.toThrow('other bytes')
  })
})

async function textOf(cache: ReturnType<typeof createPageCache>, asking: Request): Promise<string> {
  const file = cache.fileFor(asking)
  if (file === undefined) throw new Error('not for the cache')
  return (await cache.answer(file, asking, (work) => void under.push(work))).text()
}

/** What goes on once something is answered. */
const under: Promise<unknown>[] = []
const settled = (): Promise<unknown> => Promise.all(under.splice(0))

function memoryCaches() {
  const all = new Map<string, Map<string, Response>>()
  const cacheOf = (kept: Map<string, Response>) => ({
    put: async (url: string, response: Response) => void kept.set(url, response),
    match: async (url: string) => kept.get(url)?.clone(),
    keys: async () => [...kept.keys()].map((url) => ({ url: origin + url })),
  })
  return {
    async open(name: string) {
      const kept = all.get(name) ?? new Map<string, Response>()
      all.set(name, kept)
      return cacheOf(kept)
    },
    match: async (url: string) => [...all.values()].flatMap((kept) => kept.get(url) ?? [])[0]?.clone(),
    keys: async () => [...all.keys()].filter((name) => all.has(name)).sort(),
    delete: async (name: string) => all.delete(name),
  }
}

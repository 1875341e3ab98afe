// One version of the page in the browser's cache: filled whole or not at all, of exactly the bytes that its list of files names. Of the languages it has
// the reader's own and those that an earlier version had; another one is kept once it has been asked for, and so is what few ever ask for.

/** `sha256` of the file's bytes, in hex. `language`: of a file that only those need who read it. `whenAsked`: kept once it has been asked for. */
export type PrecacheEntry = { readonly url: string; readonly sha256: string; readonly language?: string; readonly whenAsked?: true }

export type PageCache = {
  /** Fetches every file, but those of languages that nobody reads here, and those that wait until they are asked for; rejects when one is missing or holds other bytes, and then this version never becomes active. */
  fill(): Promise<void>
  /** Forgets other versions. */
  dropOthers(): Promise<void>
  /** The file that answers a request, or undefined when the request is not for this cache. */
  fileFor(request: Request): string | undefined
  /** Of bytes that are kept, or else of those that the network has. `until`: told of what is still done once that is answered. */
  answer(file: string, request: Request, until: (work: Promise<unknown>) => void): Promise<Response>
}

const PREFIX = 'kith-page-'
const START = '/index.html'
/** What the relay answers itself, also when it is opened in a tab. */
const NOT_THE_PAGE = /^\/(?:healthz|metrics|sw\.js|\.well-known\/.*)$/

/** As tools/precache.ts finds it. */
const LANGUAGE = /^\/assets\/([a-z]{2}(?:-[A-Z][a-z]{3})?)\./

type Version = { readonly files: readonly PrecacheEntry[]; readonly origin: string; readonly language: string }

export function createPageCache({ files, origin, language }: Version): PageCache {
  const name = PREFIX + shortHash(JSON.stringify(files))
  const known = new Map(files.map((file) => [file.url, file]))

  /** What an earlier version left, here or in the browser's own cache, may have come from a relay that meant no good. */
  const isFirst = async (): Promise<boolean> => !(await caches.keys()).some((other) => other.startsWith(PREFIX))

  async function languagesKept(): Promise<ReadonlySet<string>> {
    const kept = new Set([language])
    for (const other of await caches.keys()) {
      if (!other.startsWith(PREFIX)) continue
      for (const { url } of await (await caches.open(other)).keys()) {
        const found = LANGUAGE.exec(new URL(url, origin).pathname)?.[1]
        if (found !== undefined) kept.add(found)
      }
    }
    return kept
  }

  async function fetchFile({ url, sha256 }: PrecacheEntry, mode: RequestCache): Promise<Response> {
    const response = await fetch(url, { cache: mode })
    if (!response.ok || response.redirected) throw new Error(`${url} was answered with ${response.status}`)
    if ((await sha256Of(response.clone())) === sha256) return response
    // The browser may have had an older file at hand.
    if (mode === 'default') return fetchFile({ url, sha256 }, 'reload')
    throw new Error(`${url} was answered with other bytes than this version has`)
  }

  async function fill(): Promise<void> {
    const mode = (await isFirst()) ? 'default' : 'reload'
    const languages = await languagesKept()
    const needed = files.filter((file) => file.whenAsked === undefined && (file.language === undefined || languages.has(file.language)))
    const answers = await Promise.all(needed.map(async (file) => ({ url: file.url, response: await fetchFile(file, mode) })))
    const cache = await caches.open(name)
    await Promise.all(answers.map(({ url, response }) => cache.put(url, response)))
  }

  return {
    fill,
    async dropOthers() {
      const others = (await caches.keys()).filter((other) => other.startsWith(PREFIX) && other !== name)
      await Promise.all(others.map((other) => caches.delete(other)))
    },
    fileFor(request) {
      const url = new URL(request.url)
      if (request.method !== 'GET' || url.origin !== origin || NOT_THE_PAGE.test(url.pathname)) return undefined
      if (request.mode === 'navigate') return known.has(START) ? START : undefined
      return known.has(url.pathname) ? url.pathname : undefined
    },
    async answer(file, request, until) {
      const cache = await caches.open(name)
      const kept = await cache.match(file)
      const entry = known.get(file)
      if (kept !== undefined || entry === undefined) return kept ?? fetch(request)
      // A language that nobody has read here yet, what few ask for, or the browser has thrown away what was kept.
      try {
        const response = await fetchFile(entry, 'default')
        // A full disk keeps nothing, and takes nothing from whoever asks.
        const keep = file === START ? fill() : cache.put(file, response.clone())
        until(keep.catch(() => undefined))
        return response
      } catch (error) {
        // By now there may be a later version, whose files have other names.
        if (file === START) return fetch(request)
        throw error
      }
    },
  }
}

async function sha256Of(response: Response): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await response.arrayBuffer())
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Names a version: 64 bits are plenty to tell the two that are on one device apart. */
function shortHash(text: string): string {
  let high = 0x811c9dc5
  let low = 0x01000193
  for (let i = 0; i < text.length; i++) {
    high = Math.imul(high ^ text.charCodeAt(i), 0x01000193)
    low = Math.imul(low + text.charCodeAt(i), 0x85ebca6b) ^ (low >>> 13)
  }
  return (high >>> 0).toString(16).padStart(8, '0') + (low >>> 0).toString(16).padStart(8, '0')
}

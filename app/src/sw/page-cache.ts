// One version of the page in the browser's cache: filled whole or not at all, named by its content.

/** `revision` is null when the address itself carries a hash. */
export type PrecacheEntry = { readonly url: string; readonly revision: string | null }

export type PageCache = {
  /** Fetches every file; rejects when one is missing, and then this version never becomes active. */
  fill(): Promise<void>
  /** Forgets other versions. */
  dropOthers(): Promise<void>
  /** The file that answers a request, or undefined when the request is not for this cache. */
  fileFor(request: Request): string | undefined
  answer(file: string, request: Request): Promise<Response>
}

const PREFIX = 'kith-page-'
const START = '/index.html'
/** What the relay answers itself, also when it is opened in a tab. */
const NOT_THE_PAGE = /^\/(?:healthz|metrics|sw\.js|\.well-known\/.*)$/

export function createPageCache({ files, origin }: { readonly files: readonly PrecacheEntry[]; readonly origin: string }): PageCache {
  const name = PREFIX + digest(JSON.stringify(files))
  const known = new Set(files.map(({ url }) => url))

  async function fetchFile(cache: Cache, { url, revision }: PrecacheEntry): Promise<void> {
    // A file whose name is its content is the same in every version.
    const kept = revision === null ? await caches.match(url) : undefined
    const response = kept ?? (await fetch(url, { cache: revision === null ? 'default' : 'reload' }))
    if (!response.ok || response.redirected) throw new Error(`${url} was answered with ${response.status}`)
    await cache.put(url, response)
  }

  return {
    async fill() {
      const cache = await caches.open(name)
      await Promise.all(files.map((file) => fetchFile(cache, file)))
    },
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
    async answer(file, request) {
      const cache = await caches.open(name)
      // The browser may have thrown the cache away; the network is then the only source.
      return (await cache.match(file)) ?? fetch(request)
    },
  }
}

/** Names a version: 64 bits are plenty to tell the two that are on one device apart. */
function digest(text: string): string {
  let high = 0x811c9dc5
  let low = 0x01000193
  for (let i = 0; i < text.length; i++) {
    high = Math.imul(high ^ text.charCodeAt(i), 0x01000193)
    low = Math.imul(low + text.charCodeAt(i), 0x85ebca6b) ^ (low >>> 13)
  }
  return (high >>> 0).toString(16).padStart(8, '0') + (low >>> 0).toString(16).padStart(8, '0')
}

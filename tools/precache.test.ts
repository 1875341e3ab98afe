// The service worker's build step and the size count, on a small page built for the purpose.

import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BUILD_FILE, buildOf, listPrecache, precache } from './precache.ts'
import { firstLoad, measure } from './size.ts'

const SOURCES: Readonly<Record<string, string>> = {
  'index.html': '<!doctype html><link rel="stylesheet" href="/style.css"><script type="module" src="/main.ts"></script>',
  'style.css': 'body { color: red }',
  'main.ts': "import { greet } from './greet.ts'\nconsole.log(greet())\nvoid import('./later.ts').then(({ later }) => later())",
  'greet.ts': "export const greet = (): string => 'good morning'",
  'later.ts': "import { greet } from './greet.ts'\nexport const later = (): void => console.log('later', greet())",
  'sw.ts': "import { NAME } from './name.ts'\nself.addEventListener('install', () => console.log(NAME, self.__WB_MANIFEST))",
  'name.ts': "export const NAME = 'kept'",
  'public/icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'public/icon-512.png': 'PNG',
}

let root: string
let dist: string

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'kith-precache-'))
  dist = join(root, 'dist')
  mkdirSync(join(root, 'public'))
  for (const [path, text] of Object.entries(SOURCES)) writeFileSync(join(root, path), text)
  await buildPage()
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

function buildPage(): Promise<unknown> {
  const plugins = [precache({ entry: 'sw.ts', target: ['es2022'] })]
  return build({ configFile: false, root, logLevel: 'error', plugins, build: { outDir: dist, target: 'es2022', assetsInlineLimit: 0 } })
}

describe('which build it is', () => {
  const said = () => JSON.parse(readFileSync(join(dist, BUILD_FILE), 'utf8')) as { readonly version: string; readonly build: string }

  it('is told from the files alone, outside of any repository, and kept with them', () => {
    const entries = listPrecache(dist)
    expect(said().version).toMatch(/^\d+\.\d+\.\d+/)
    expect(said().build).toBe(buildOf(entries))
    expect(said().build).toMatch(/^[\da-f]{16}$/)
    expect(entries.map(({ url }) => url)).toContain(`/${BUILD_FILE}`)
    expect(JSON.stringify(said()), 'no place on a disk').not.toContain(root)
  })

  it('is another one for another file, name or content, and the same for the same', () => {
    const entries = [
      { url: '/a', sha256: '1' },
      { url: '/b', sha256: '2' },
    ]
    const all = [
      entries,
      entries.slice(1),
      [{ url: '/a', sha256: '3' }, ...entries.slice(1)],
      [{ url: '/c', sha256: '1' }, ...entries.slice(1)],
    ]
    expect(new Set(all.map(buildOf)).size).toBe(all.length)
    expect(buildOf([...entries, { url: `/${BUILD_FILE}`, sha256: '9' }])).toBe(buildOf(entries))
  })
})

describe('the service worker', () => {
  it('is one classic script with the list of everything built, itself left out', () => {
    const worker = readFileSync(join(dist, 'sw.js'), 'utf8')
    expect(worker).not.toMatch(/^import |__WB_MANIFEST/m)
    const urls = listPrecache(dist).map(({ url }) => url)
    expect(urls).toContain('/index.html')
    expect(urls).toContain('/icon.svg')
    expect(urls).not.toContain('/sw.js')
    expect(urls, 'what a system takes at an installation').not.toContain('/icon-512.png')
    for (const url of urls) expect(worker).toContain(url)
  })

  it('names the digest of every file, whether or not its name carries a hash', () => {
    const listed = listPrecache(dist)
    expect(listed.some(({ url }) => url.startsWith('/assets/'))).toBe(true)
    for (const { url, sha256 } of listed) {
      expect(sha256, url).toBe(
        createHash('sha256')
          .update(readFileSync(join(dist, url)))
          .digest('hex'),
      )
      expect(readFileSync(join(dist, 'sw.js'), 'utf8')).toContain(sha256)
    }
  })

  it('changes when any file of the page changes, and only then', async () => {
    const before = readFileSync(join(dist, 'sw.js'), 'utf8')
    await buildPage()
    expect(readFileSync(join(dist, 'sw.js'), 'utf8')).toBe(before)
    writeFileSync(join(root, 'public/icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>')
    await buildPage()
    expect(readFileSync(join(dist, 'sw.js'), 'utf8')).not.toBe(before)
  })
})

describe('the size count', () => {
  it('follows what is imported without waiting, and leaves out what comes later', () => {
    const urls = firstLoad(dist)
    expect(urls.some((url) => url.endsWith('.css'))).toBe(true)
    expect(urls.filter((url) => url.endsWith('.js')).length).toBeGreaterThan(0)
    const code = urls.filter((url) => url.endsWith('.js')).map((url) => readFileSync(join(dist, url), 'utf8'))
    expect(code.join('')).toContain('good morning')
    expect(code.join('')).not.toMatch(/["'`]later["'`]/)
  })

  it('names each budget and never counts more at first than is kept in all', () => {
    const [first, engine, both, all] = measure(dist)
    for (const size of [first, engine, both, all]) expect(size?.max).toBeGreaterThan(0)
    expect(first?.bytes ?? NaN).toBeLessThan(all?.bytes ?? NaN)
    expect(both?.bytes, 'the page and its worker, none here').toBe((first?.bytes ?? NaN) + (engine?.bytes ?? NaN))
  })
})

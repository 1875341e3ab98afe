// `npm run size`: counts what the built page costs, against its budgets. Exit 1 when one is broken.

import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { parseAst } from 'vite'
import { distFolder } from './dist.ts'
import { languageOf, listPrecache } from './precache.ts'
import {
  ENGINE_BYTES_MAX,
  FIRST_LOAD_BYTES_MAX,
  FIRST_LOAD_TRANSLATED_BYTES_MAX,
  FIRST_MESSAGE_BYTES_MAX,
  PRECACHE_BYTES_MAX,
} from './size-limits.ts'

export type Size = { readonly name: string; readonly bytes: number; readonly max: number }

export function measure(dist: string): readonly Size[] {
  const brotli = (url: string): number => brotliCompressSync(readFileSync(join(dist, url))).length
  const total = (urls: readonly string[]): number => urls.reduce((sum, url) => sum + brotli(url), 0)
  const listed = listPrecache(dist).flatMap(({ url, whenAsked }) => (whenAsked ? [] : [url]))
  const all = listed.filter((url) => languageOf(url) === undefined)
  const languages = [...new Set(listed.flatMap((url) => languageOf(url) ?? []))]
  const largest = Math.max(0, ...languages.map((language) => total(listed.filter((url) => languageOf(url) === language))))
  const first = firstLoad(dist)
  const workers = reached(
    dist,
    all.filter((url) => /worker-[\w-]+\.js$/i.test(url)),
  )
  return [
    { name: 'until the box accepts text', bytes: total(first), max: FIRST_LOAD_BYTES_MAX },
    { name: 'engine worker, loaded beside it', bytes: total(workers), max: ENGINE_BYTES_MAX },
    { name: 'both: until a message is kept', bytes: total([...first, ...workers]), max: FIRST_MESSAGE_BYTES_MAX },
    { name: 'everything kept offline', bytes: total(all) + largest, max: PRECACHE_BYTES_MAX },
    ...languages
      .filter((language) => language !== 'en')
      .map((language) => ({
        name: `until it accepts text, ${language}`,
        bytes: total([...first, ...listed.filter((url) => url.startsWith(`/assets/${language}.first-`))]),
        max: FIRST_LOAD_TRANSLATED_BYTES_MAX,
      })),
  ]
}

/** What index.html names, and what that imports without waiting. */
export function firstLoad(dist: string): readonly string[] {
  const page = readFileSync(join(dist, 'index.html'), 'utf8')
  const named = [...page.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)="([^"]+\.(?:js|css))"/g)].map((match) => String(match[1]))
  return reached(dist, named)
}

/** These files, and what they import without waiting. */
function reached(dist: string, from: readonly string[]): readonly string[] {
  const seen = new Set<string>()
  const visit = (url: string): void => {
    if (seen.has(url) || !existsSync(join(dist, url))) return
    seen.add(url)
    if (url.endsWith('.js'))
      for (const imported of staticImports(readFileSync(join(dist, url), 'utf8'))) visit(posix.resolve(posix.dirname(url), imported))
  }
  for (const url of from) visit(posix.resolve('/', url))
  return [...seen]
}

function staticImports(code: string): readonly string[] {
  return parseAst(code).body.flatMap((node) => {
    if (node.type === 'ImportDeclaration' || node.type === 'ExportAllDeclaration') return [node.source.value]
    if (node.type === 'ExportNamedDeclaration' && node.source !== null && node.source !== undefined) return [node.source.value]
    return []
  })
}

function main(): void {
  const sizes = measure(distFolder())
  for (const { name, bytes, max } of sizes) {
    console.log(`${name.padEnd(34)} ${kilobytes(bytes).padStart(7)} kB  of ${kilobytes(max)} kB`)
  }
  const broken = sizes.filter(({ bytes, max }) => bytes > max)
  for (const { name } of broken) console.error(`Over budget: ${name}.`)
  if (broken.length > 0) process.exitCode = 1
}

function kilobytes(bytes: number): string {
  return (bytes / 1_000).toFixed(1)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()

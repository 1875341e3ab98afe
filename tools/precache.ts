// The service worker's build step: compiles it on its own after the app, and hands it the list of files to keep.
// `self.__WB_MANIFEST` in the worker's source becomes that list: {url, sha256}, so that the worker takes nothing but what was built.

import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build, minifySync, type Plugin, type ResolvedConfig } from 'vite'
import { ROOT } from './dist.ts'
import { NOTICES_FILE } from './notices.ts'

export type PrecacheEntry = {
  readonly url: string
  readonly sha256: string
  readonly language?: string | undefined
  readonly whenAsked?: true | undefined
}

/** Files of one language alone carry its tag before a dot: /assets/de.first-….js. */
export const languageOf = (url: string): string | undefined => /^\/assets\/([a-z]{2}(?:-[A-Z][a-z]{3})?)\./.exec(url)?.[1]

type Options = {
  /** The worker's source, from the app's root. */
  readonly entry: string
  readonly target: string[]
}

export function precache({ entry, target }: Options): Plugin {
  let config: ResolvedConfig | undefined
  return {
    name: 'kith:precache',
    apply: 'build',
    configResolved(resolved) {
      config = resolved
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      // Rolldown also calls this after a failed build, when there is nothing to list.
      async handler(error?: Error) {
        if (config === undefined || error !== undefined) return
        const outDir = resolve(config.root, config.build.outDir)
        minifyPlainScripts(outDir)
        writeBuild(outDir)
        await buildWorker({ config, entry, target, outDir, entries: listPrecache(outDir) })
      },
    },
  }
}

/** What the page says of itself under About. */
export const BUILD_FILE = 'build.json'

/** Digits of a build that people compare: of so few files two never come to the same by chance. */
const BUILD_DIGITS = 16

/**
 * Which build this is: the digest of what `sha256sum` says of every file that the page may ask for, in the order of their paths. It depends on nothing but
 * those files, so whoever builds the same sources with the same tools has the same, with git or without, wherever the sources lie.
 */
export function buildOf(entries: readonly PrecacheEntry[]): string {
  const lines = entries.filter(({ url }) => url !== `/${BUILD_FILE}`).map(({ url, sha256 }) => `${sha256}  ${url}\n`)
  return createHash('sha256').update(lines.join('')).digest('hex').slice(0, BUILD_DIGITS)
}

function writeBuild(outDir: string): void {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly version: string }
  writeFileSync(join(outDir, BUILD_FILE), JSON.stringify({ version, build: buildOf(listPrecache(outDir)) }))
}

/** Scripts that lie beside the page as they were written. */
function minifyPlainScripts(outDir: string): void {
  for (const name of readdirSync(outDir)) {
    if (!name.endsWith('.js')) continue
    const path = join(outDir, name)
    const { code, errors } = minifySync(name, readFileSync(path, 'utf8'), { module: false, compress: { target: 'es2015' } })
    if (errors.length > 0) throw new Error(`${name} cannot be read as a script`)
    writeFileSync(path, code)
  }
}

/** A system takes these where it installs the page or puts it on a home screen, which it does with the network alone. */
const FOR_INSTALLING = /^\/(?:(?:icon-512|icon-maskable-\d+|apple-touch-icon)\.png|icon-mono\.svg)$/

/** Browsers that read codes themselves never ask for it, and what most codes are scanned for needs a network anyhow. */
const WHEN_ASKED = /^\/assets\/qr-decoder-[\w-]+\.js$/

/** Licences are read where Kith comes from. */
const FOR_READING = new Set([`/${NOTICES_FILE}`])

/** Everything in `dist` that the page may ask for without a network, in a stable order. The worker itself is fetched by the browser's own rules. */
export function listPrecache(dist: string): readonly PrecacheEntry[] {
  return listFiles(dist)
    .filter((url) => url !== '/sw.js' && !FOR_INSTALLING.test(url) && !FOR_READING.has(url))
    .map((url) => ({
      url,
      sha256: createHash('sha256')
        .update(readFileSync(join(dist, url)))
        .digest('hex'),
      language: languageOf(url),
      ...(WHEN_ASKED.test(url) ? { whenAsked: true } : {}),
    }))
}

/** What a page may ask for by name, in a stable order. */
export function listFiles(dist: string): readonly string[] {
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name).slice(dist.length).replaceAll('\\', '/'))
    .filter((url) => !/\.(?:map|br|gz)$/.test(url) && !url.startsWith('/.'))
    .toSorted((a, b) => (a < b ? -1 : 1))
}

type WorkerBuild = {
  readonly config: ResolvedConfig
  readonly entry: string
  readonly target: string[]
  readonly outDir: string
  readonly entries: readonly PrecacheEntry[]
}

async function buildWorker({ config, entry, target, outDir, entries }: WorkerBuild): Promise<void> {
  await build({
    configFile: false,
    root: config.root,
    mode: config.mode,
    logLevel: 'warn',
    publicDir: false,
    define: { 'self.__WB_MANIFEST': JSON.stringify(entries) },
    build: {
      outDir,
      emptyOutDir: false,
      target,
      sourcemap: false,
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: { input: resolve(config.root, entry), output: { format: 'iife', entryFileNames: 'sw.js' } },
    },
  })
}

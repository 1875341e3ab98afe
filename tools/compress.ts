// The last build step: lays each file beside itself once more, as small as brotli and gzip make it, so that no relay does that for a visitor who
// waits. Also what other servers look for (`x.js.br`, `x.js.gz`).

import { readFile, writeFile } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { listFiles } from './precache.ts'
import type { Plugin, ResolvedConfig } from 'vite'

const TEXTS: ReadonlySet<string> = new Set(['.html', '.js', '.css', '.json', '.webmanifest', '.svg', '.txt', '.wasm'])

const toBrotli = promisify(brotliCompress)
const toGzip = promisify(gzip)

export function compressed(): Plugin {
  let config: ResolvedConfig | undefined
  return {
    name: 'kith:compressed',
    apply: 'build',
    configResolved(resolved) {
      config = resolved
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      // Rolldown also calls this after a failed build.
      async handler(error?: Error) {
        if (config !== undefined && error === undefined) await compressAll(resolve(config.root, config.build.outDir))
      },
    },
  }
}

export async function compressAll(dist: string): Promise<void> {
  const texts = listFiles(dist).filter((url) => TEXTS.has(extname(url)))
  await Promise.all(texts.map((url) => compress(join(dist, url))))
}

/** Only where it is smaller. */
async function compress(path: string): Promise<void> {
  const plain = await readFile(path)
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length }
  const [brotli, zipped] = await Promise.all([toBrotli(plain, { params }), toGzip(plain, { level: constants.Z_BEST_COMPRESSION })])
  if (brotli.length < plain.length) await writeFile(`${path}.br`, brotli)
  if (zipped.length < plain.length) await writeFile(`${path}.gz`, zipped)
}

// A newer version of the built page, for whoever has to see an update happen.

import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Calls `use` with a copy of the build that differs as any release does: `<meta name="release" content="next">` is in its page. */
export async function withNextRelease(dist: string, use: (next: string) => Promise<void>): Promise<void> {
  const next = mkdtempSync(join(tmpdir(), 'kith-next-'))
  try {
    cpSync(dist, next, { recursive: true })
    releaseNextVersion(next)
    await use(next)
  } finally {
    rmSync(next, { recursive: true, force: true })
  }
}

/** Changes the start page and its digest in the worker's list. */
function releaseNextVersion(dist: string): void {
  const page = join(dist, 'index.html')
  const now = readFileSync(page, 'utf8')
  const next = now.replace('</head>', '<meta name="release" content="next"></head>')
  writeFileSync(page, next)
  const worker = join(dist, 'sw.js')
  const before = readFileSync(worker, 'utf8')
  const after = before.replace(sha256Of(now), sha256Of(next))
  if (after === before) throw new Error('The list of the service worker does not name index.html with its digest.')
  writeFileSync(worker, after)
}

const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')

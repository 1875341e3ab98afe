// The project's own files, for checks that read all of them.

import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './dist.ts'

const FOLDERS = ['protocol', 'signal-server', 'app', 'oracles', 'audits', 'tools', 'bench', 'docs', 'stubs', '.ci']
const SKIPPED = /(^|\/)(node_modules|dist|data|coverage|test-results|\.screens)(\/|$)/
const TEXT = /\.(ts|vue|css|html|md|json|webmanifest|svg|sql|js|mjs)$|\/run$/

export type SourceFile = { readonly path: string; readonly text: string }

/** Every text file of the project, with its path from the root. */
export function sourceFiles(): readonly SourceFile[] {
  const inFolders = FOLDERS.flatMap((folder) => walk(folder))
  const atRoot = readdirSync(ROOT, { withFileTypes: true }).flatMap((file) => (file.isFile() ? [file.name] : []))
  return [...inFolders, ...atRoot].filter((path) => TEXT.test(path)).map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
}

function walk(folder: string): readonly string[] {
  if (SKIPPED.test(folder)) return []
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (SKIPPED.test(path) || entry.isSymbolicLink()) return []
    return entry.isDirectory() ? walk(path) : [path]
  })
}

// The licences of everything by others that ships in the page, as one text: found by what the build has bundled, and by what it has made text of.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin, Rolldown } from 'vite'

export type ShippedPackage = { readonly name: string; readonly version: string; readonly license: string; readonly text: string }

export const NOTICES_FILE = 'third-party.txt'
/** What ships as data that the build makes a text of, so that no module names it. */
const AS_DATA = ['emojibase-data', 'cldr-annotations-full'] as const
/** Licences under which something may ship. */
export const ALLOWED = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'Apache-2.0 OR MIT',
  'MIT OR Apache-2.0',
  '(MIT OR Apache-2.0)',
  'BSD-3-Clause',
  'BSD-2-Clause',
  '0BSD',
  'Unicode-3.0',
])

type Manifest = {
  readonly name?: string
  readonly version?: string
  readonly license?: string
  readonly author?: string | { readonly name?: string }
}

/** The folder of the package that a module belongs to. */
export function packageFolderOf(id: string): string | undefined {
  const [path = ''] = id.replace(/^\0+/, '').split('?')
  const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]
  return folder !== undefined && existsSync(join(folder, 'package.json')) ? folder : undefined
}

export function readPackage(folder: string): ShippedPackage {
  const {
    name = folder,
    version = '',
    license = 'none named',
    author,
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file))
  const by = typeof author === 'string' ? author : author?.name
  const text = files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n')
  return { name, version, license, text: text === '' ? `${license}${by === undefined ? '' : `, ${by}`}` : text }
}

/** One text for each licence as it is written, under the names of those that have it. */
export function noticesText(packages: readonly ShippedPackage[]): string {
  // Of one version several folders may hold a copy.
  const once = new Map(packages.map((one) => [`${one.name} ${one.version} ${one.text}`, one]))
  const byText = Map.groupBy(
    [...once.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    ({ text }) => text,
  )
  const parts = Array.from(
    byText,
    ([text, all]) => `${all.map(({ name, version, license }) => `${name} ${version} (${license})`).join('\n')}\n\n${text}`,
  )
  return `Kith is made with the work of others. Each of these parts comes with its own licence:\n\n${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}

/** `page` writes the text; `worker` belongs to the builds of workers, which come before that. */
export function notices(root: string): { readonly page: Plugin; readonly worker: () => Plugin } {
  const folders = new Set(AS_DATA.map((name) => join(root, 'node_modules', name)))
  const note = (bundle: Rolldown.OutputBundle): void => {
    for (const output of Object.values(bundle))
      for (const id of output.type === 'chunk' ? output.moduleIds : []) {
        const folder = packageFolderOf(id)
        if (folder !== undefined) folders.add(folder)
      }
  }
  return {
    worker: () => ({ name: 'kith:notices-of-workers', apply: 'build', generateBundle: (_options, bundle) => note(bundle) }),
    page: {
      name: 'kith:notices',
      apply: 'build',
      generateBundle(_options, bundle) {
        note(bundle)
        this.emitFile({ type: 'asset', fileName: NOTICES_FILE, source: noticesText([...folders].map(readPackage)) })
      },
    },
  }
}

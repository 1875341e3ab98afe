// Where Firefox and WebKit for the walks come from: what is installed, else Debian's packages. Without them the walks of that engine are left
// out, and a line says so; in CI that is a failure.

import { accessSync, constants, globSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { installFromDebian } from './debian.ts'

const ENGINES = {
  firefox: { title: 'Firefox', packages: ['firefox-esr'], parts: ['firefox-esr'] },
  webkit: {
    title: 'WebKit',
    packages: ['webkit2gtk-driver', 'xvfb', 'xauth', 'dbus', 'dbus-daemon'],
    parts: ['WebKitWebDriver', 'Xvfb', 'dbus-run-session', 'MiniBrowser'],
  },
} as const
export type EngineName = keyof typeof ENGINES
type Part = (typeof ENGINES)[EngineName]['parts'][number]

export type Found = { readonly kind: 'found'; readonly path: (part: Part) => string } | { readonly kind: 'missing'; readonly how: string }

/** Where programs are looked for, and whether missing ones may be installed. */
type Machine = { readonly folders: readonly string[]; readonly mayInstall: boolean }

const here = (): Machine => ({
  // A browser without an installation of its own lies beside its library.
  folders: [
    '/usr/bin',
    '/usr/local/bin',
    ...globSync('/usr/{lib,libexec}/{*/,}webkit2gtk-4.1'),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ],
  mayInstall: true,
})

export function findEngine(name: EngineName, { folders }: Machine = here()): Found {
  const { title, packages, parts } = ENGINES[name]
  const paths = new Map<string, string | undefined>(
    parts.map((part) => [part, folders.map((folder) => join(folder, part)).find(isExecutable)]),
  )
  const missing = parts.filter((part) => paths.get(part) === undefined)
  if (missing.length > 0) {
    const how = `${title} is left out, for want of ${missing.join(', ')}. Debian, Ubuntu: sudo apt-get install ${packages.join(' ')}`
    return { kind: 'missing', how }
  }
  return { kind: 'found', path: (part) => paths.get(part) ?? part }
}

/** Installs what is missing where that is possible without asking. Throws in CI, where every engine must be walked through. */
export function prepareEngines(machine?: Machine): void {
  for (const name of Object.keys(ENGINES) as EngineName[]) {
    if (findEngine(name, machine).kind === 'missing' && machine?.mayInstall !== false) installFromDebian(ENGINES[name].packages)
    const found = findEngine(name, machine)
    if (found.kind === 'found') continue
    if (process.env['CI'] !== undefined) throw new Error(found.how)
    console.log(found.how)
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false // Not there, or not ours to run.
  }
}

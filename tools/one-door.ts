// The parts of the page that come later lie in one chunk (vite.config.ts). Left to itself, the bundler makes a file for each way into it, and the page a list of
// their names. Here the page has one way in: `import('./Part.vue')` becomes a part of one module.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Plugin } from 'vite'

const ID = '\0virtual:later'
const LATE_IMPORT = /(?<!typeof )\bimport\('(\.\.?\/[^']+)'\)/g

/** `isLate`: whether a module lies in that chunk. */
export function oneDoor(source: string, isLate: (path: string) => boolean): Plugin {
  const names = new Map<string, string>()
  const lateIn = (path: string, code: string): readonly string[] =>
    Array.from(code.matchAll(LATE_IMPORT), ([, part = '']) => resolve(dirname(path), part)).filter(isLate)

  return {
    name: 'kith:one-door',
    apply: 'build',
    enforce: 'pre',
    buildStart() {
      names.clear()
      const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.test)\.(?:ts|vue)$/.test(file))
      const late = files.flatMap((file) => lateIn(join(source, file), readFileSync(join(source, file), 'utf8')))
      for (const path of [...new Set(late)].toSorted()) names.set(path, `part${names.size}`)
    },
    resolveId: (id) => (id === ID ? ID : undefined),
    load: (id) =>
      id === ID ? Array.from(names, ([path, name]) => `export * as ${name} from ${JSON.stringify(path)}`).join('\n') : undefined,
    transform(code, id) {
      const [path = ''] = id.split('?')
      if (!path.startsWith(source) || lateIn(path, code).length === 0) return undefined
      const through = code.replace(LATE_IMPORT, (as, part: string) => {
        const name = names.get(resolve(dirname(path), part))
        return name === undefined ? as : `import(${JSON.stringify(ID)}).then((door) => door.${name})`
      })
      return { code: through, map: null }
    },
  }
}

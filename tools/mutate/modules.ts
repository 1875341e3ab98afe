// What mutants are planted into, and the tests that have to notice them.

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../dist.ts'

/** `tests`: asked first, the quickest first. `further`: only about mutants that those let live. */
export type Module = {
  readonly file: string
  readonly tests: readonly string[]
  readonly further: readonly string[]
  readonly curves: Curves
}
/** `native`: OpenSSL's, since faults are planted into what decides, not into curves. `shipped`: where a test needs what only those take. */
export type Curves = 'native' | 'shipped'

type Area = {
  readonly folder: string
  readonly tests: readonly string[]
  readonly further: readonly string[]
  /** A module with tests that need the curves that ship. */
  readonly shipped?: { readonly file: string; readonly tests: readonly string[] }
}

const SCENARIO = 'protocol/test/scenario'
const scenario = (...names: readonly string[]): readonly string[] => names.map((name) => `${SCENARIO}/${name}.test.ts`)
const beside = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `${folder}/${file}`)

/** Takes a second for each time that it is run. */
const IN_REVERSE = 'protocol/src/log/parking-in-reverse.test.ts'

const VECTORS = ['protocol/test/vectors/suite-1.test.ts', 'protocol/test/vectors/wire.test.ts']
/** A signature that OpenSSL does not take for a good one. */
const SMALL_ORDER = 'protocol/src/session/small-order.test.ts'

const AREAS: Readonly<Record<string, Area>> = {
  membership: {
    folder: 'protocol/src/membership',
    tests: [
      'protocol/test/membership/attacks.test.ts',
      'protocol/test/membership/member-state.test.ts',
      'protocol/src/membership/act.test.ts',
      'protocol/test/vectors/membership.test.ts',
    ],
    further: ['protocol/test/membership/histories.test.ts', ...scenario('group-attacks')],
  },
  log: {
    folder: 'protocol/src/log',
    tests: [...beside('protocol/src/log').filter((file) => file !== IN_REVERSE), 'protocol/test/vectors/log.test.ts'],
    further: [...scenario('strangers'), IN_REVERSE],
  },
  sessions: {
    folder: 'protocol/src/session',
    tests: [...beside('protocol/src/session').filter((file) => file !== SMALL_ORDER), ...VECTORS],
    further: scenario('strangers'),
    shipped: { file: 'prekey-bundle.ts', tests: [SMALL_ORDER] },
  },
  chains: {
    folder: 'protocol/src/group',
    tests: [...beside('protocol/src/group'), 'protocol/test/vectors/group-link.test.ts', 'protocol/test/vectors/suite-1.test.ts'],
    further: scenario('group-attacks', 'group-link-attacks', 'let-in'),
  },
  ingress: {
    folder: 'protocol/src/node/incoming',
    tests: beside('protocol/src/node/incoming'),
    further: scenario('strangers', 'introduction', 'flood', 'hostile-relay', 'hostile-have', 'linking-attacks', 'group-attacks'),
  },
}

export const AREA_NAMES = Object.keys(AREAS)

/** The modules of an area, each with the test of its own name first. A file of constants has nothing that decides. */
export function modulesOf(name: string): readonly Module[] {
  const area = AREAS[name]
  if (area === undefined) throw new Error(`no such area: ${name}; there are ${AREA_NAMES.join(', ')}`)
  return readdirSync(join(ROOT, area.folder))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !/^(?:limits|types|index)\.ts$/.test(file))
    .map((file) => {
      const own = `${area.folder}/${file.replace(/\.ts$/, '.test.ts')}`
      const shipped = area.shipped?.file === file ? area.shipped.tests : undefined
      const all = [...(shipped ?? []), ...area.tests]
      const tests = existsSync(join(ROOT, own)) ? [own, ...all.filter((test) => test !== own)] : all
      return {
        file: `${area.folder}/${file}`,
        tests,
        further: area.further.filter((test) => !tests.includes(test)),
        curves: shipped === undefined ? 'native' : 'shipped',
      }
    })
}

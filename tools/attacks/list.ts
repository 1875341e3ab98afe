// Every attack that Kith must survive, and the tests that show that it does. docs/attacks.md is made of it, and `npm run attacks` runs it.

import { ON_CLIENT } from './on-client.ts'
import { ON_DEVICES } from './on-devices.ts'
import { ON_DOCUMENTS } from './on-documents.ts'
import { ON_LOG } from './on-log.ts'
import { ON_MEMBERSHIP } from './on-membership.ts'
import { ON_SESSIONS } from './on-sessions.ts'
import { isWalk } from './attack.ts'
import type { Area, Attack, Proof } from './attack.ts'

export const AREAS: readonly Area[] = [ON_LOG, ON_SESSIONS, ON_MEMBERSHIP, ON_DEVICES, ON_DOCUMENTS, ON_CLIENT]

export const PROOFS: readonly Proof[] = AREAS.flatMap(({ attacks }) => attacks.flatMap(({ tests }) => tests))

/** The files of these tests, each once. */
export const filesOf = (proofs: readonly Proof[]): readonly string[] => [...new Set(proofs.map(([file]) => file))].toSorted()

export const PAGE = 'docs/attacks.md'

/** The list for readers. */
export function pageOf(areas: readonly Area[]): string {
  const all = areas.flatMap(({ attacks }) => attacks)
  const absent = all.filter((attack) => attack.absent !== undefined).length
  const head = [
    '# What Kith must survive',
    '',
    `${all.length} attacks, ${all.length - absent} of them with the tests that show that they lead nowhere. The other ${absent} are on something that Kith does not have. Each test first does the same with what is valid, and then changes one thing. \`npm run attacks\` runs them and says how each went; those in a browser with \`--browser\`. This page is written by \`npm run attacks -- --write\` from \`tools/attacks\`.`,
  ]
  return `${[...head, ...areas.flatMap(sectionOf)].join('\n')}\n`
}

const sectionOf = ({ name, attacks }: Area): readonly string[] => ['', `## ${name}`, '', ...attacks.flatMap(linesOf)]

function linesOf({ attack, tests, absent }: Attack): readonly string[] {
  if (absent !== undefined) return [`- **${attack}.** Not there: ${absent}.`]
  return [
    `- **${attack}.**`,
    ...tests.map((proof) => `  - ${proof[1]} — [${proof[0]}](../${proof[0]})${isWalk(proof) ? ', in a browser' : ''}`),
  ]
}

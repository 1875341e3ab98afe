// Faults that change nothing anybody could notice, each with its reason: tests cannot tell such a program from the right one.

import type { Mutant } from './mutants.ts'

/** `line`: the source line that the fault begins in, without the space around it; of one that stands there several times, all of them are meant. */
export type Alike = { readonly file: string; readonly line: string; readonly from: string; readonly to: string; readonly why: string }

const DEPTH = 'depth: authority === undefined ? 0 : authority.depth + 1,'

export const ALIKE: readonly Alike[] = [
  {
    file: 'protocol/src/membership/effects.ts',
    line: DEPTH,
    ...{ from: '0', to: '1' },
    why: 'Every grant goes back to the one that begins its group, so all depths are higher by the same; they are compared, and nothing else is done with them.',
  },
  {
    file: 'protocol/src/membership/effects.ts',
    line: DEPTH,
    ...{ from: '1', to: '2' },
    why: 'Depths are twice as high, in the same order; they are compared, and nothing else is done with them.',
  },
]

export function reasonOf(file: string, text: string, mutant: Mutant): string | undefined {
  const line = text.split('\n')[mutant.line - 1]?.trim()
  return ALIKE.find((one) => one.file === file && one.line === line && one.from === mutant.from && one.to === mutant.to)?.why
}

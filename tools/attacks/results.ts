// What the runners say of each test, and what that means for each attack.

import { isWalk } from './attack.ts'
import { isTitleOf } from './titles.ts'
import type { Attack, Proof } from './attack.ts'

/** A test that was run, with the titles of its groups and its values filled in. */
export type Ran = {
  readonly file: string
  readonly title: string
  readonly isGood: boolean
  readonly isLeftOut: boolean
  readonly said?: string
}

export type Verdict = {
  readonly attack: string
  readonly outcome: 'survived' | 'not survived' | 'not there' | 'not shown'
  /** The walks among its tests, which were not run. */
  readonly walks: number
  readonly tests: readonly Proof[]
  readonly why: readonly string[]
}

/** A test of several values counts when all of them passed. What was left out on this machine shows nothing. */
export function verdictOf({ attack, tests, absent }: Attack, ran: readonly Ran[], withWalks: boolean): Verdict {
  if (absent !== undefined) return { attack, outcome: 'not there', walks: 0, tests, why: [absent] }
  const run = tests.filter((proof) => withWalks || !isWalk(proof))
  const why = run.flatMap((proof) => {
    const [file, title] = proof
    const found = ran.filter((one) => one.file === file && (isTitleOf(title, one.title) || isTitleOf(`%s > ${title}`, one.title)))
    if (found.length === 0) return [`was not run: ${title} (${file})`]
    if (found.every(({ isLeftOut }) => isLeftOut)) return [`is left out here: ${title} (${file})`]
    return found
      .filter(({ isGood, isLeftOut }) => !isGood && !isLeftOut)
      .map((one) => `failed: ${one.title} (${file})${one.said === undefined ? '' : `: ${one.said}`}`)
  })
  const walks = tests.length - run.length
  if (run.length === 0) return { attack, outcome: 'not shown', walks, tests, why: [] }
  return { attack, outcome: why.length === 0 ? 'survived' : 'not survived', walks, tests, why }
}

type UnitReport = {
  readonly testResults: readonly {
    readonly name: string
    readonly message?: string
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[]
      readonly title: string
      readonly status: string
      readonly failureMessages?: readonly string[]
    }[]
  }[]
}

export function ranOfVitest(report: UnitReport, root: string): readonly Ran[] {
  return report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ ancestorTitles, title, status, failureMessages: [said] = [] }) => ({
      file: name.replace(`${root}/`, ''),
      title: [...ancestorTitles, title].join(' > '),
      isGood: status === 'passed',
      isLeftOut: status === 'skipped' || status === 'pending' || status === 'todo',
      ...(said === undefined ? {} : { said: said.split('\n')[0] ?? '' }),
    })),
  )
}

type Suite = {
  readonly title: string
  readonly file: string
  readonly suites?: readonly Suite[]
  readonly specs?: readonly { readonly title: string; readonly ok: boolean; readonly tests: readonly { readonly status: string }[] }[]
}

/** `folder`: what the files of the report are told from, as seen from the root of the project. */
export function ranOfPlaywright(suites: readonly Suite[], folder: string, around: readonly string[] = []): readonly Ran[] {
  return suites.flatMap(({ title, file, suites: inner = [], specs = [] }) => {
    // The outermost suite is the file.
    const titles = title === file ? around : [...around, title]
    return [
      ...specs.map((spec) => ({
        file: folder === '' ? file : `${folder}/${file}`,
        title: [...titles, spec.title].join(' > '),
        isGood: spec.ok,
        isLeftOut: spec.tests.every(({ status }) => status === 'skipped'),
      })),
      ...ranOfPlaywright(inner, folder, titles),
    ]
  })
}

// What the process that tries faults is told, and what it writes down: a line at once for each step, so that one that never ends takes no answer with it.

import type { Curves } from './modules.ts'

/** Holds the path of the job. */
export const JOB_VARIABLE = 'KITH_FAULTS'

export type Job = {
  /** The module, and what stands in its place: all its faults behind switches. */
  readonly file: string
  readonly text: string
  /** Asked in this order. */
  readonly tests: readonly string[]
  readonly curves: Curves
  /** The faults that are still to be found out, by number. */
  readonly alive: readonly number[]
  /** `later`: tests that take long are named, and not asked. Titles: only those are asked. */
  readonly dear: 'later' | readonly string[]
  /** On from the beginning, and the only one: for a fault that acts when a module is loaded, or in a test that cannot be run twice. */
  readonly only?: number
  readonly lines: string
}

export type Line =
  | { readonly at: 'file'; readonly file: string }
  /** Faults that are come by: in a test, in what a file does before its tests, or when the module is loaded, which concerns all that come after. */
  | { readonly at: 'reached'; readonly file: string; readonly numbers: readonly number[]; readonly where: 'test' | 'file' | 'module' }
  | { readonly at: 'dear'; readonly file: string; readonly title: string }
  /** Faults that a test comes by which does not pass twice in a row. */
  | { readonly at: 'unrepeatable'; readonly numbers: readonly number[] }
  | { readonly at: 'try'; readonly number: number }
  | { readonly at: 'killed'; readonly number: number; readonly by: string }
  /** After it the same test fails without a fault: what it says no longer counts in this process. */
  | { readonly at: 'unsure'; readonly number: number }
  /** Nothing more comes of this process. */
  | { readonly at: 'stop' }
  | { readonly at: 'broken'; readonly by: string }
  | { readonly at: 'end' }

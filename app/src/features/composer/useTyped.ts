// What is typed where mentions stand. Until what reads them has come it waits: as plain words they would say what this person calls somebody.

import { watch } from 'vue'
import { withoutMarks } from '../marks.ts'

export type Selected = { readonly from: number; readonly until: number }
type Retyped = (marked: string, text: string, selected?: Selected) => string

type Parts = {
  /** With the mentions. */
  readonly shown: () => string
  /** Undefined until it has come. */
  readonly retyped: () => Retyped | undefined
  readonly write: (marked: string) => void
}

export const useTyped = ({ shown, retyped, write }: Parts) => {
  let early: string | undefined
  const take = (typed: string, selected?: Selected): void => {
    const read = retyped()
    early = read === undefined && withoutMarks(shown()) !== shown() ? typed : undefined
    if (early === undefined) write(read?.(shown(), typed, selected) ?? typed)
  }
  watch(retyped, () => {
    if (early !== undefined) take(early)
  })
  return { take, waits: (): boolean => early !== undefined }
}

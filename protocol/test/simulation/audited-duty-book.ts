// In place of host/duty-book.ts in simulated lives (see preload.ts): the duties that are kept up have to be those of the whole state, each time.

import { createDutyBook as createReal } from '../../src/host/duty-book.ts'
import { dutiesOf } from '../fixtures/duties.ts'
import { momentAt } from '../../src/node/moment.ts'
import { findings } from './findings.ts'
import { wholeOf } from './wholes.ts'
import type { Duty } from '../../src/node/duty.ts'
import type { DutyBook } from '../../src/host/duty-book.ts'
import type { NodeState } from '../../src/node/state.ts'

export function createDutyBook(initial: NodeState, create = createReal): DutyBook {
  const book = create(initial)
  let state = initial
  // The same state at the same time has the same duties, whoever asks: two in seven do.
  let last: { readonly state: NodeState; readonly now: number; readonly texts: readonly string[] } | undefined
  const wantedAt = (now: number): readonly string[] => {
    if (last?.state !== state || last.now !== now) last = { state, now, texts: textsOf(dutiesOf(wholeOf(state), momentAt(now))) }
    return last.texts
  }
  return {
    follow(before, after) {
      state = after
      book.follow(before, after)
    },
    due(now) {
      const kept = book.due(now)
      const [found, wanted] = [textsOf(kept), wantedAt(now)]
      for (const text of wanted) if (!found.includes(text)) findings.add(`a duty was forgotten: ${text}`)
      for (const text of found) if (!wanted.includes(text)) findings.add(`a duty was kept too long: ${text}`)
      return kept
    },
  }
}

// What is made when a duty is carried out has no text.
const textsOf = (duties: readonly Duty[]): readonly string[] => duties.map((duty) => JSON.stringify(duty))

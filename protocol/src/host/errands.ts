// Runs the node's duties: whatever is due and not under way is started, and its outcome goes back into the loop. A relay that refuses
// or vanishes is asked again later, less and less often.

import { DEPOSITS_PER_DEVICE_MAX, RETRY_ASKED_MS_MAX } from '../limits.ts'
import { hasPassed } from '../node/moment.ts'
import { NetworkError } from '../ports.ts'
import { createCarrier } from './carry-out.ts'
import type { Duty } from '../node/duty.ts'
import type { NodeInput } from '../node/input.ts'
import type { Wait } from '../node/moment.ts'
import type { Clock } from '../ports.ts'
import type { OutsideParts } from './carry-out.ts'

/** The first pause, and the one at which they stop doubling. */
const RETRY_MS_FIRST = 500
const RETRY_MS_LAST = 60_000

export type ErrandParts = Omit<OutsideParts, 'deposits'> & {
  readonly clock: Clock
  /** What ought to be under way now. */
  readonly due: (now: number) => readonly Duty[]
  /** `done` is told when the input has become part of the durable state, or could not. */
  readonly push: (input: NodeInput, done: (result: 'durable' | 'faulty') => void) => void
  readonly faulty: (error: unknown, duty: Duty) => void
}

export type Errands = {
  /** Starts what is due. Call after every commit, and from time to time. */
  readonly run: () => void
  /** Forget all waits. */
  readonly hurry: () => void
}

export function createErrands(parts: ErrandParts): Errands {
  const carryOut = createCarrier(parts)
  const underWay = new Map<string, Duty>()
  const waits = new Map<string, Wait>()
  /** What was carried out last under each key. */
  const aims = new Map<string, string>()

  function run(): void {
    const now = parts.clock()
    for (const duty of parts.due(now)) {
      const wait = waits.get(duty.key)
      if (underWay.has(duty.key) || isCrowded(duty) || (wait !== undefined && !hasPassed(wait, now))) continue
      underWay.set(duty.key, duty)
      void perform(duty)
    }
  }

  function isCrowded(duty: Duty): boolean {
    if (duty.kind !== 'deposit') return false
    const others = [...underWay.values()].filter((other) => other.kind === 'deposit' && other.device === duty.device)
    return others.length >= DEPOSITS_PER_DEVICE_MAX
  }

  // Never rejects: an outcome, a later try, or a logged fault. A duty stays under way until its outcome is part of the state.
  async function perform(duty: Duty): Promise<void> {
    try {
      const { outcome, answer } = await carryOut(duty)
      if (answer?.kind === 'refused') wait(duty, answer.retryMs)
      else if (isRepeated(duty)) wait(duty, 0)
      else waits.delete(duty.key)
      parts.push(outcome, (result) => {
        underWay.delete(duty.key)
        if (result === 'faulty') wait(duty, 0)
      })
    } catch (error) {
      underWay.delete(duty.key)
      wait(duty, 0)
      if (!(error instanceof NetworkError)) parts.faulty(error, duty)
    }
  }

  // A relay whose answers prove nothing is given the same thing again and again, so it is given it less and less often.
  function isRepeated({ key, aim }: Duty): boolean {
    const before = aims.get(key)
    if (aim !== undefined) aims.set(key, aim)
    return aim !== undefined && aim === before
  }

  function wait(duty: Duty, atLeast: number): void {
    const before = waits.get(duty.key)?.ms ?? RETRY_MS_FIRST / 2
    const ms = Math.max(atLeast, Math.min(before * 2, RETRY_MS_LAST))
    waits.set(duty.key, { since: parts.clock(), ms: Math.min(ms, RETRY_ASKED_MS_MAX) })
  }

  return { run, hurry: () => waits.clear() }
}

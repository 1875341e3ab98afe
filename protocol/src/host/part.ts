// The part of the node that is loaded later, and the rows of groups.

import { PartNeededError, providePart } from '../node/part.ts'
import { provideGroupRows } from './records/conversation.ts'
import type { Later } from './lazily.ts'

/** Loads it, for all engines of this process. */
export async function loadPart(later: Later): Promise<void> {
  const { part, groupRows, groupIn } = await later()
  providePart(part)
  provideGroupRows({ groupRows, groupIn })
}

/** What `run` answers, once more where it turned out that it needs the part. */
export async function withPart<T>(later: Later, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof PartNeededError)) throw error
    await loadPart(later)
    return run()
  }
}

// Blocks and unblocks somebody.

import type { AccountId } from '@kith/protocol'
import { blockWords } from '../block-words.ts'
import { useEngine } from '../engine/index.ts'
import { useNotices } from '../notices/index.ts'

export const useBlocking = () => {
  const engine = useEngine()
  const notices = useNotices()

  /** Whether it is so now. */
  const set = async (account: AccountId, isBlocked: boolean): Promise<boolean> => {
    const outcome = await notices.attempt(engine.setBlocked({ account, isBlocked }))
    if (outcome?.kind === 'refused') notices.show(blockWords.tooMany)
    // Where somebody is blocked, that stands in place of what they wrote.
    else if (outcome !== undefined && !isBlocked) notices.show(blockWords.unblocked)
    return outcome?.kind === 'saved'
  }
  return { block: (account: AccountId) => set(account, true), unblock: (account: AccountId) => set(account, false) }
}

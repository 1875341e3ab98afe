// The starred messages of this device, the newest star first: read again when one was set or taken off, or a chat has changed.

import { onScopeDispose, shallowReadonly, shallowRef, watch } from 'vue'
import type { StarredMessage } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import { STARS_AT_ONCE } from '../limits.ts'
import { starred } from './state.ts'

export type FoundStars = {
  readonly state: 'looking' | 'found' | 'failed'
  readonly stars: readonly StarredMessage[]
  readonly hasMore: boolean
}

/** After a change others may follow at once: one more reading is enough for all of them. */
const AGAIN_MS = 250

export const useStars = (changed: () => unknown) => {
  const engine = useEngine()
  const found = shallowRef<FoundStars>({ state: 'looking', stars: [], hasMore: false })
  /** Of several readings only the last counts. */
  let reading = 0
  let timer: number | undefined

  const read = async (wanted: number): Promise<void> => {
    reading += 1
    const mine = reading
    const stars: StarredMessage[] = []
    try {
      let hasMore = true
      while (hasMore && stars.length < wanted) {
        const next = await engine.readStars({ after: stars.at(-1), limit: STARS_AT_ONCE })
        stars.push(...next.stars)
        hasMore = next.hasMore
      }
      if (mine === reading) found.value = { state: 'found', stars, hasMore }
    } catch {
      // What was shown before may be wrong by now.
      if (mine === reading) found.value = { state: 'failed', stars: [], hasMore: false }
    }
  }
  const again = (): Promise<void> => read(Math.max(STARS_AT_ONCE, found.value.stars.length))
  const more = (): Promise<void> => read(found.value.stars.length + STARS_AT_ONCE)

  watch(starred, () => void again())
  watch(changed, () => {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void again(), AGAIN_MS)
  })
  onScopeDispose(() => {
    reading += 1
    window.clearTimeout(timer)
  })
  void again()
  return { found: shallowReadonly(found), again, more }
}

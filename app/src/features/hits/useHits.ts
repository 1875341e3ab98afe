// What a search finds, kept level with what is there: looked up anew while somebody types, and again and again while it is shown, so that a message that
// was deleted goes within a second and a new one comes. An answer that another question has overtaken is let go.

import { onScopeDispose, shallowReadonly, shallowRef, watch } from 'vue'
import type { SearchHit, SearchOutcome, SearchQuery } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import { HITS_AT_ONCE, HITS_PER_ANSWER_MAX, LOOK_AGAIN_MS, LOOK_AGAIN_SHARE, TYPING_MS } from './limits.ts'

export type Question = Omit<SearchQuery, 'limit'>

/** `nothing-asked`: nothing to look for. `looking`: no answer to this question yet; hits are those of the one before. */
export type Found = {
  readonly state: 'nothing-asked' | 'looking' | 'found' | 'failed'
  readonly hits: readonly SearchHit[]
  readonly hasMore: boolean
  readonly isWhole: boolean
}

/** `first`: how many are asked for first. */
type Options = { readonly page?: Window; readonly max: number; readonly first?: () => number }

const NOTHING: Found = { state: 'nothing-asked', hits: [], hasMore: false, isWhole: true }
const FAILED: Found = { ...NOTHING, state: 'failed' }
const isSame = (a: Found, b: Found): boolean => JSON.stringify(a) === JSON.stringify(b)

/** `question`: undefined while nothing is asked. */
export const useHits = (question: () => Question | undefined, { page = window, max, first = () => HITS_AT_ONCE }: Options) => {
  const engine = useEngine()
  const found = shallowRef<Found>(NOTHING)
  let wanted = HITS_AT_ONCE
  let timer: number | undefined
  /** When the next look is, on the page's clock. */
  let due = Infinity
  let round = 0
  let isReading = false
  /** Something happened while an answer was read, which may not have it. */
  let isStale = false

  /** As many as are wanted, page by page. */
  const read = async (asked: Question, isOver: () => boolean): Promise<Found | undefined> => {
    const hits: SearchHit[] = []
    let [next, isWhole]: [string | undefined, boolean] = [asked.before, true]
    do {
      const limit = Math.min(HITS_PER_ANSWER_MAX, wanted - hits.length)
      const outcome: SearchOutcome = await engine.search({ ...asked, limit, before: next })
      if (isOver()) return undefined
      if (outcome.kind === 'refused') return outcome.reason === 'nothing-asked' ? NOTHING : FAILED
      hits.push(...outcome.hits)
      ;[next, isWhole] = [outcome.next, isWhole && outcome.isWhole]
    } while (next !== undefined && hits.length < wanted)
    return { state: 'found', hits, hasMore: next !== undefined, isWhole }
  }
  const look = async (): Promise<void> => {
    page.clearTimeout(timer)
    const asked = question()
    const mine = (round += 1)
    if (asked === undefined) return void (found.value = NOTHING)
    const start = performance.now()
    ;[isReading, isStale] = [true, false]
    const answer = await read(asked, () => mine !== round).catch(() => (mine === round ? FAILED : undefined))
    if (answer === undefined) return
    isReading = false
    if (!isSame(answer, found.value)) found.value = answer
    again(isStale ? TYPING_MS : Math.max(LOOK_AGAIN_MS, (performance.now() - start) / LOOK_AGAIN_SHARE))
  }
  const again = (ms: number): void => {
    page.clearTimeout(timer)
    due = performance.now() + ms
    timer = page.setTimeout(() => (page.document.visibilityState === 'visible' ? void look() : again(ms)), ms)
  }
  /** Something happened to the chats: what is shown is looked up again at once. One answer is read at a time, however much happens. */
  const lookSoon = (): void => {
    if (found.value.state === 'nothing-asked') return
    if (isReading) isStale = true
    else if (due > performance.now() + TYPING_MS) again(TYPING_MS)
  }
  watch(
    () => JSON.stringify(question()),
    (asked) => {
      round += 1
      wanted = first()
      isReading = false
      page.clearTimeout(timer)
      if (asked === undefined) return void (found.value = NOTHING)
      if (found.value.state !== 'looking') found.value = { ...found.value, state: 'looking' }
      timer = page.setTimeout(() => void look(), TYPING_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    round += 1
    page.clearTimeout(timer)
  })
  const more = (): Promise<void> => {
    wanted = Math.min(max, wanted + HITS_PER_ANSWER_MAX)
    return look()
  }
  return { found: shallowReadonly(found), more, lookAgain: look, lookSoon, isFull: () => wanted >= max }
}

// What waits for its date in a chat, and what is done about it. It is read anew after each deed here, when one is due, and while a relay lacks one.

import { onScopeDispose, shallowReadonly, shallowRef, watch } from 'vue'
import type { ConversationId, EntryId, ScheduleOutcome, ScheduledView } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import { toMarked } from '../mentions/index.ts'
import { useNotices } from '../notices/index.ts'
import { scheduledWords } from '../scheduled-words.ts'
import { words } from '../words.ts'

type Reason = Extract<ScheduleOutcome, { kind: 'refused' }>['reason']
type Wish = {
  readonly text: string
  /** Left out: now. */
  readonly due?: number
  readonly answers?: EntryId | undefined
  readonly instead?: EntryId
}

/** What it says, with whom it mentions, as it is written and sent. */
export const markedOf = ({ text, mentions = [] }: Pick<ScheduledView, 'text' | 'mentions'>): string => toMarked(text, mentions)

/** Changes whenever something was done about any of them in this page. */
const deeds = shallowRef(0)
const LACKING_MS = 3_000
const DUE_MS = 1_500
/** Timers hold no more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

const toSentence = (reason: Reason): string | undefined => {
  switch (reason) {
    case 'ref-used':
      return undefined
    case 'too-long':
      return words.chat.tooLong
    case 'unknown-conversation':
      return words.chat.unknown
    default:
      return scheduledWords.refused[reason]
  }
}

export const useScheduled = (conversation: ConversationId) => {
  const engine = useEngine()
  const notices = useNotices()
  const waiting = shallowRef<readonly ScheduledView[]>([])
  const fault = shallowRef<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0
  /** The same is asked once, however often the button is pressed. */
  let asked = { wish: '', ref: '' }

  const read = async (): Promise<void> => {
    const own = ++turn
    const found = await engine.readScheduled({ conversation }).catch(() => undefined)
    if (own !== turn || found === undefined) return
    waiting.value = found
    clearTimeout(timer)
    const [first] = found
    if (first === undefined) return
    const untilDue = Math.max(0, first.due - Date.now()) + DUE_MS
    timer = setTimeout(() => void read(), Math.min(found.every(({ left }) => left) ? untilDue : LACKING_MS, untilDue, LONGEST_TIMER_MS))
  }
  const schedule = async (wish: Wish): Promise<boolean> => {
    const said = JSON.stringify(wish)
    if (asked.wish !== said) asked = { wish: said, ref: crypto.randomUUID() }
    const outcome = await notices.attempt(engine.schedule({ conversation, ref: asked.ref, ...wish }))
    fault.value = outcome?.kind === 'refused' ? toSentence(outcome.reason) : undefined
    // Refused where another tab was first: what is there now is shown.
    deeds.value += 1
    if (outcome?.kind !== 'saved') return false
    asked = { wish: '', ref: '' }
    return true
  }
  const takeBack = async ({ message }: ScheduledView): Promise<boolean> => {
    const outcome = await notices.attempt(engine.unschedule({ conversation, message }))
    fault.value =
      outcome?.kind === 'refused' && outcome.reason === 'unknown-message' ? scheduledWords.refused['unknown-message'] : undefined
    deeds.value += 1
    return outcome?.kind === 'saved'
  }

  // Another tab may have changed it meanwhile.
  const look = (): void => void (document.visibilityState === 'visible' && read())
  watch(deeds, () => void read(), { immediate: true })
  document.addEventListener('visibilitychange', look)
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', look)
    turn += 1
    clearTimeout(timer)
  })
  return { waiting: shallowReadonly(waiting), fault: shallowReadonly(fault), schedule, takeBack }
}

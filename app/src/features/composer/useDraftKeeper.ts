// Keeps a text that is being written in the engine's store, a little after each change and before the page goes, and knows what is stored there under
// whose ref.

import { onScopeDispose } from 'vue'
import type { DraftOutcome } from '@kith/protocol'
import { DRAFT_LENGTH_MAX } from '../limits.ts'
import { isBlank } from '../visible.ts'
import { openDrafts } from './open-drafts.ts'

export const DRAFT_DELAY_MS = 250

export type Draft = { readonly text: string; readonly ref: string }

export type DraftKeeper = {
  /** Stores it soon, an empty one as taken away. */
  readonly keepSoon: (draft: Draft) => void
  /** Resolves when what was to be kept is stored; until anything can be stored, it waits. */
  readonly keepNow: () => Promise<void>
  /** What was to be kept is being sent instead, and this is what is stored meanwhile. */
  readonly letGo: () => Draft | undefined
  /**
   * This went out, and `older` was stored when it was sent. The engine takes away a draft that is the same; one from before it was finished goes too,
   * unless another has its place by now.
   */
  readonly wentOut: (sent: Draft, older: Draft | undefined) => Promise<void>
  readonly isWaiting: () => boolean
  /** True for refs under which this page has stored something. */
  readonly isOwn: (ref: string) => boolean
  /** The stored draft that this page shows, or has replaced. */
  stored: Draft | undefined
}

type Parts = {
  readonly page: Window
  readonly stored: Draft | undefined
  readonly save: (draft: Draft) => Promise<DraftOutcome | undefined>
  /** Another tab has sent this very draft. */
  readonly sentElsewhere: (draft: Draft) => void
  /** Whether the engine has said what it keeps. Before that, nothing may be put in its place. Always, where it is left out. */
  readonly canKeep?: () => boolean
}

export const useDraftKeeper = ({ page, stored, save, sentElsewhere, canKeep = () => true }: Parts): DraftKeeper => {
  const own = new Set<string>()
  let waiting: Draft | undefined
  let timer: number | undefined

  const letGo = (): Draft | undefined => {
    page.clearTimeout(timer)
    waiting = undefined
    return keeper.stored
  }
  const wentOut = async (sent: Draft, older: Draft | undefined): Promise<void> => {
    if (older === undefined || keeper.stored !== older) return
    keeper.stored = undefined
    if (older.ref !== sent.ref || older.text.trim() !== sent.text.trim()) await save({ text: '', ref: older.ref })
  }
  const keepNow = async (): Promise<void> => {
    const draft = waiting
    if (draft === undefined || !canKeep()) return
    const older = letGo()
    // Whoever empties the field takes away the draft that stood there.
    if (draft.text !== '') own.add((keeper.stored = draft).ref)
    if ((await save(draft.text === '' ? { text: '', ref: older?.ref ?? draft.ref } : draft))?.kind !== 'sent') return
    keeper.stored = older
    await wentOut(draft, older)
    sentElsewhere(draft)
  }
  const keeper: DraftKeeper = {
    keepSoon(draft) {
      letGo()
      if (draft.text.length > DRAFT_LENGTH_MAX) return
      waiting = draft
      timer = page.setTimeout(() => void keepNow(), DRAFT_DELAY_MS)
    },
    keepNow,
    letGo,
    wentOut,
    isWaiting: () => waiting !== undefined,
    isOwn: (ref) => own.has(ref),
    stored,
  }

  const keepAtOnce = (): void => void keepNow()
  const keepWhenHidden = (): void => {
    if (page.document.visibilityState === 'hidden') keepAtOnce()
  }
  // What can be stored nowhere yet is not left behind unasked. What can be is on its way before the page, and the engine with it, ends.
  const keepBeforeLeaving = (event: BeforeUnloadEvent): void => {
    if (canKeep()) keepAtOnce()
    else if (waiting !== undefined && !isBlank(waiting.text)) event.preventDefault()
  }
  page.addEventListener('beforeunload', keepBeforeLeaving)
  page.addEventListener('pagehide', keepAtOnce)
  openDrafts.add(keepNow)
  page.document.addEventListener('visibilitychange', keepWhenHidden)
  onScopeDispose(() => {
    page.removeEventListener('beforeunload', keepBeforeLeaving)
    page.removeEventListener('pagehide', keepAtOnce)
    openDrafts.delete(keepNow)
    page.document.removeEventListener('visibilitychange', keepWhenHidden)
    keepAtOnce()
  })
  return keeper
}

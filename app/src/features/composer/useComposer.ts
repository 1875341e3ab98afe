// The text being written. Every draft carries a ref which its sending uses, so that sending the same draft twice acts once.
// The field is emptied only when the engine has answered `saved`; what was typed on in between stays.

import { onScopeDispose, shallowReadonly, shallowRef } from 'vue'
import type { ConversationId, SendOutcome } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import { DRAFT_LENGTH_MAX } from '../limits.ts'
import { useNotices } from '../notices/index.ts'
import { openDrafts } from './open-drafts.ts'

export const DRAFT_DELAY_MS = 250

export type Draft = { readonly text: string; readonly ref: string }
export type Fault = Extract<SendOutcome, { kind: 'refused' }>['reason'] | 'failed'

/** How the field came to its new text: `replaced` when everything in it was selected before. */
export type Edit = 'continued' | 'replaced'

type Options = { readonly newRef?: () => string; readonly page?: Window; readonly onSent?: () => void }

export const useComposer = (conversation: ConversationId, first: Draft | undefined, options: Options = {}) => {
  const { newRef = () => crypto.randomUUID(), page = window, onSent } = options
  const engine = useEngine()
  const notices = useNotices()
  const text = shallowRef(first?.text ?? '')
  const fault = shallowRef<Fault>()
  let ref = first?.ref ?? newRef()
  /** What is on its way and still stands at the beginning of the field. */
  let shown: Draft | undefined
  let sendAgain = false
  let unsaved: Draft | undefined
  let timer: number | undefined

  const rest = (): string => (shown === undefined ? text.value : text.value.slice(shown.text.length))

  const save = async (): Promise<void> => {
    page.clearTimeout(timer)
    if (unsaved === undefined) return
    const draft = unsaved
    unsaved = undefined
    await notices.attempt(engine.saveDraft({ conversation, ...draft }))
  }
  const saveNow = (): void => void save()
  const saveSoon = (): void => {
    page.clearTimeout(timer)
    const draft = rest()
    unsaved = draft.length > DRAFT_LENGTH_MAX ? undefined : { text: draft, ref }
    timer = page.setTimeout(saveNow, DRAFT_DELAY_MS)
  }
  const edit = (next: string, how: Edit = 'continued'): void => {
    if (shown !== undefined && (how === 'replaced' || !next.startsWith(shown.text))) shown = undefined
    text.value = next
    fault.value = undefined
    saveSoon()
  }

  const settle = (sent: Draft, outcome: SendOutcome | undefined): void => {
    const isShown = shown?.ref === sent.ref
    if (outcome?.kind === 'saved') {
      if (isShown) {
        text.value = rest()
        shown = undefined
      }
      onSent?.()
      return
    }
    fault.value = outcome?.reason ?? 'failed'
    if (!isShown) return
    // The same text goes out with the same ref when it is tried again: whatever happened to the first try, it acts once.
    if (rest() === '') ref = sent.ref
    shown = undefined
  }
  const submit = async (): Promise<void> => {
    if (rest().trim() === '') return
    if (shown !== undefined) {
      sendAgain = true
      return
    }
    page.clearTimeout(timer)
    unsaved = undefined
    const sent: Draft = { text: text.value, ref }
    shown = sent
    ref = newRef()
    settle(sent, await notices.attempt(engine.send({ conversation, text: sent.text.trim(), ref: sent.ref })))
    if (!sendAgain) return
    sendAgain = false
    if (fault.value === undefined) await submit()
  }

  const saveWhenHidden = (): void => {
    if (page.document.visibilityState === 'hidden') saveNow()
  }
  page.addEventListener('pagehide', saveNow)
  openDrafts.add(save)
  page.document.addEventListener('visibilitychange', saveWhenHidden)
  onScopeDispose(() => {
    page.removeEventListener('pagehide', saveNow)
    openDrafts.delete(save)
    page.document.removeEventListener('visibilitychange', saveWhenHidden)
    saveNow()
  })
  return { text: shallowReadonly(text), fault: shallowReadonly(fault), edit, submit }
}

// The text being written. A ref stands for one text: sending it twice acts once, and a text that was changed gets another. The field is emptied only
// when the engine has answered `saved`; what was typed on in between stays. Composers of one chat in several tabs show the same draft until somebody
// types: what was typed is replaced by no other tab.

import { shallowReadonly, shallowRef } from 'vue'
import type { ConversationId, EntryId, SendOutcome } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import { DRAFT_LENGTH_MAX } from '../limits.ts'
import { useNotices } from '../notices/index.ts'
import { isBlank } from '../visible.ts'
import { useDraftKeeper } from './useDraftKeeper.ts'
import type { Draft } from './useDraftKeeper.ts'

export type Fault = Exclude<Extract<SendOutcome, { kind: 'refused' }>['reason'], 'ref-used'> | 'failed' | 'too-much'

/** How the field came to its new text: `replaced` when everything in it was selected before. */
export type Edit = 'continued' | 'replaced'

/** What stands in the field: the stored draft as it was, what was typed here, or what was typed and given to be sent, without success. */
type Origin = 'stored' | 'typed' | 'tried'

/** The message that the next one replies to; it is let go when that is sent. */
type Answering = { value: { readonly id: EntryId } | undefined }

type Options = { readonly newRef?: () => string; readonly page?: Window; readonly onSent?: () => void; readonly answering?: Answering }

const isRefUsed = (outcome: SendOutcome | undefined): boolean => outcome?.kind === 'refused' && outcome.reason === 'ref-used'

const useSending = ({ conversation, newRef, answering }: { conversation: ConversationId; newRef: () => string; answering: Answering }) => {
  const engine = useEngine()
  const notices = useNotices()
  return async ({ text, ref }: Draft): Promise<SendOutcome | undefined> => {
    const to = answering.value
    const sendAs = (own: string): Promise<SendOutcome | undefined> =>
      notices.attempt(engine.send({ conversation, text: text.trim(), ref: own, ...(to && { answers: to.id }) }))
    const first = await sendAs(ref)
    // Something else went out under that ref: this text gets one of its own.
    const outcome = isRefUsed(first) ? await sendAs(newRef()) : first
    if (outcome?.kind === 'saved' && answering.value === to) answering.value = undefined
    return outcome
  }
}

export const useComposer = (conversation: ConversationId, stored: Draft | undefined, options: Options = {}) => {
  const { newRef = () => crypto.randomUUID(), page = window, onSent, answering = { value: undefined } } = options
  const engine = useEngine()
  const notices = useNotices()
  const text = shallowRef(stored?.text ?? '')
  const fault = shallowRef<Fault>()
  let ref = stored?.ref ?? newRef()
  let origin: Origin = stored === undefined ? 'typed' : 'stored'
  /** What is on its way and still stands at the beginning of the field. */
  let shown: Draft | undefined
  let sendAgain = false
  const send = useSending({ conversation, newRef, answering })
  const keeper = useDraftKeeper({
    page,
    stored,
    save: (draft) => notices.attempt(engine.saveDraft({ conversation, ...draft })),
    sentElsewhere: (draft) => {
      if (shown === undefined && ref === draft.ref && text.value === draft.text) fill('', newRef(), 'typed')
    },
  })

  const fill = (next: string, nextRef: string, from: Origin): void => {
    text.value = next
    ref = nextRef
    origin = from
  }
  const rest = (): string => (shown === undefined ? text.value : text.value.slice(shown.text.length))
  const keepSoon = (): void => keeper.keepSoon({ text: rest(), ref })
  const edit = (next: string, how: Edit = 'continued'): void => {
    if (shown !== undefined && (how === 'replaced' || !next.startsWith(shown.text))) shown = undefined
    fill(next, next === text.value || origin === 'typed' ? ref : newRef(), 'typed')
    // What is longer than any message is not kept beyond this page, and says so as long as it is.
    fault.value = next.length > DRAFT_LENGTH_MAX ? 'too-long' : undefined
    keepSoon()
  }

  const applyOutcome = (sent: Draft, outcome: SendOutcome | undefined): void => {
    const isShown = shown?.ref === sent.ref
    if (outcome?.kind === 'saved') {
      if (isShown) {
        text.value = rest()
        shown = undefined
      }
      onSent?.()
      return
    }
    const isAlone = isShown && rest() === ''
    if (isShown) shown = undefined
    // The same text goes out with the same ref when it is tried again: whatever happened to the first try, it acts once.
    if (isAlone) fill(text.value, sent.ref, 'tried')
    // Something else was typed in its place meanwhile; what was not sent goes before it, so that neither is lost.
    else if (!isShown) edit(text.value === '' ? sent.text : `${sent.text}\n${text.value}`)
    fault.value = outcome === undefined || outcome.reason === 'ref-used' ? 'failed' : outcome.reason
  }
  const submit = async (): Promise<void> => {
    if (isBlank(rest())) return
    if (shown !== undefined) {
      sendAgain = true
      return
    }
    const older = keeper.letGo()
    const sent: Draft = { text: text.value, ref }
    shown = sent
    fill(text.value, newRef(), 'typed')
    const outcome = await send(sent)
    applyOutcome(sent, outcome)
    if (outcome?.kind === 'saved') void keeper.wentOut(sent, older)
    const isAgain = sendAgain && fault.value === undefined
    sendAgain = false
    if (isAgain) await submit()
  }

  /** The stored draft is this one now, or none. */
  const follow = (draft: Draft | undefined): void => {
    if (shown !== undefined || (draft !== undefined && keeper.isOwn(draft.ref))) return
    const isTypedHere = text.value === '' ? keeper.isWaiting() : origin !== 'stored'
    if (!isTypedHere) {
      keeper.stored = draft
      fill(draft?.text ?? '', draft?.ref ?? newRef(), draft === undefined ? 'typed' : 'stored')
    }
    // Another tab's draft took the place of what stands here, and is gone.
    else if (draft === undefined && keeper.stored !== undefined) keepSoon()
  }

  /** Something did not get into the field. */
  const complain = (about: Fault): void => void (fault.value = about)

  return { text: shallowReadonly(text), fault: shallowReadonly(fault), edit, submit, follow, complain }
}

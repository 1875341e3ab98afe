// One living message as it is now, read anew with each change, and what a person does to it.

import { computed, shallowRef, watch } from 'vue'
import type { AccountId, EntryId, LivingAct, LivingOutcome, LivingView } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import { livingWords } from '../living-words.ts'
import { messageWords } from '../message-words.ts'
import { useDesk } from '../message/index.ts'
import { useNotices } from '../notices/index.ts'
import { unread } from './forms.ts'

type Shown = { readonly id: string; readonly text: string; readonly living: { readonly form: number; readonly changes: number } }
type Reason = Exclude<Extract<LivingOutcome, { kind: 'refused' }>['reason'], 'empty'> | 'empty'

/** What was refused, in plain words. */
export const toSentence = (reason: Reason): string =>
  reason === 'empty' || reason === 'over' || reason === 'full' ? livingWords.refused[reason] : messageWords.refused[reason]

export const useLiving = (shown: Shown) => {
  const engine = useEngine()
  const notices = useNotices()
  const { conversation, isOver } = useDesk()
  const known = shallowRef<LivingView>()
  let turn = 0

  const read = async () => {
    if (conversation === undefined) return
    const own = ++turn
    // One that cannot be read now is what it said, until the next change.
    const read = await engine.readLiving({ conversation, message: shown.id as EntryId }).catch(() => undefined)
    if (own === turn && read?.living !== undefined) known.value = read.living
  }
  const act = async (doing: LivingAct): Promise<boolean> => {
    if (conversation === undefined) return false
    const outcome = await notices.attempt(engine.changeLiving({ conversation, message: shown.id as EntryId, act: doing }))
    if (outcome?.kind === 'refused') notices.show(toSentence(outcome.reason))
    await read()
    return outcome?.kind === 'saved'
  }
  const leaveOut = async (account: AccountId, isOut: boolean) => {
    if (conversation === undefined) return
    await notices.attempt(engine.leaveOut({ conversation, message: shown.id as EntryId, account, isOut }))
    await read()
  }
  watch(() => shown.living.changes, read, { immediate: true })
  return {
    view: computed(() => known.value ?? unread(shown.living.form, shown.text)),
    isHere: computed(() => known.value !== undefined),
    isOver,
    act,
    leaveOut,
  }
}

export type LivingDesk = ReturnType<typeof useLiving>

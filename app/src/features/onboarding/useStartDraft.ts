// What is being written on the first screen, kept like any other draft: by the engine, sealed, so that no reload takes it away. Tabs show the same
// text until somebody types: what was typed is replaced by no other tab.

import { shallowReadonly, shallowRef, watch } from 'vue'
import { useAppStore } from '../app/index.ts'
import { useDraftKeeper } from '../composer/index.ts'
import type { Draft } from '../composer/index.ts'
import { useEngine } from '../engine/index.ts'
import { useNotices } from '../notices/index.ts'

type Options = { readonly newRef?: () => string; readonly page?: Window }

export const useStartDraft = ({ newRef = () => crypto.randomUUID(), page = window }: Options = {}) => {
  const app = useAppStore()
  const engine = useEngine()
  const notices = useNotices()
  const text = shallowRef('')
  const ref = shallowRef(newRef())
  let isTypedHere = false
  let isReplaced = false
  let isRead = false
  const keeper = useDraftKeeper({
    page,
    stored: undefined,
    canKeep: () => app.view !== undefined,
    save: (draft) => notices.attempt(engine.saveDraft({ conversation: 'start', ...draft })),
    sentElsewhere: (draft) => {
      if (text.value === draft.text) fill('', newRef())
    },
  })

  const fill = (next: string, nextRef: string): void => {
    text.value = next
    ref.value = nextRef
    isTypedHere = false
  }
  const keepSoon = (): void => keeper.keepSoon({ text: text.value, ref: ref.value })
  const edit = (next: string): void => {
    // A ref stands for one tab's text: what another tab wrote and this one changes is another draft.
    if (!isTypedHere && text.value !== '') ref.value = newRef()
    text.value = next
    isTypedHere = true
    keepSoon()
  }

  /** The engine has said for the first time what it keeps: that goes before what was typed meanwhile. */
  const read = (stored: Draft | undefined): void => {
    isRead = true
    if (stored === undefined) {
      if (isTypedHere) keepSoon()
      return
    }
    keeper.stored = stored
    if (!isTypedHere || text.value === '') return fill(stored.text, stored.ref)
    ref.value = stored.ref
    text.value = `${stored.text}\n${text.value}`
    keepSoon()
  }
  /** Another tab's draft is the stored one now, or none is. */
  const follow = (stored: Draft | undefined): void => {
    if (stored !== undefined && keeper.isOwn(stored.ref)) {
      isReplaced = false
      return
    }
    if (keeper.isWaiting() || (isTypedHere && text.value !== '')) {
      // What took the place of this tab's draft is gone: the place is free again.
      if (stored === undefined && isReplaced) keepSoon()
      isReplaced = stored !== undefined
      return
    }
    if (stored?.text === text.value || (stored === undefined && text.value === '')) return
    keeper.stored = stored
    fill(stored?.text ?? '', stored?.ref ?? newRef())
  }
  watch(
    () => app.view,
    (view) => {
      if (view !== undefined) (isRead ? follow : read)(view.startDraft)
    },
    { immediate: true },
  )
  return { text: shallowReadonly(text), ref: shallowReadonly(ref), edit }
}

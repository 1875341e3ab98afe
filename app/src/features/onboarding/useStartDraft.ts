// What is being written on the first screen, kept like any other draft: by the engine, sealed, so that no reload takes it away.

import { onScopeDispose, shallowReadonly, shallowRef, watch } from 'vue'
import { useAppStore } from '../app/index.ts'
import { openDrafts } from '../composer/index.ts'
import { useEngine } from '../engine/index.ts'
import { useNotices } from '../notices/index.ts'

export const START_DRAFT_DELAY_MS = 250

type Options = { readonly newRef?: () => string; readonly page?: Window }

export const useStartDraft = ({ newRef = () => crypto.randomUUID(), page = window }: Options = {}) => {
  const app = useAppStore()
  const engine = useEngine()
  const notices = useNotices()
  const text = shallowRef('')
  const ref = shallowRef(newRef())
  let isUnsaved = false
  let timer: number | undefined

  const save = async (): Promise<void> => {
    page.clearTimeout(timer)
    if (!isUnsaved || app.view === undefined) return
    isUnsaved = false
    const draft = { text: text.value, ref: ref.value }
    const outcome = await notices.attempt(engine.saveDraft({ conversation: 'start', ...draft }))
    if (outcome?.kind !== 'sent' || text.value !== draft.text) return
    // Another tab has begun a chat with this very text.
    text.value = ''
    ref.value = newRef()
  }
  const saveNow = (): void => void save()
  const edit = (next: string): void => {
    text.value = next
    isUnsaved = true
    page.clearTimeout(timer)
    // Before the engine has said what it keeps, nothing may be put in its place.
    if (app.view !== undefined) timer = page.setTimeout(saveNow, START_DRAFT_DELAY_MS)
  }
  const stop = watch(
    () => app.view,
    (view) => {
      if (view === undefined) return
      queueMicrotask(() => stop())
      const kept = view.startDraft
      if (kept !== undefined) {
        ref.value = kept.ref
        text.value = text.value === '' ? kept.text : `${kept.text}\n${text.value}`
      }
      if (isUnsaved) edit(text.value)
    },
    { immediate: true },
  )
  page.addEventListener('pagehide', saveNow)
  openDrafts.add(save)
  onScopeDispose(() => {
    page.removeEventListener('pagehide', saveNow)
    openDrafts.delete(save)
    saveNow()
  })
  return { text: shallowReadonly(text), ref: shallowReadonly(ref), edit }
}

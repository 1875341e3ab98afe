// The address under which a photo is drawn, as long as somebody draws it.

import { onScopeDispose, shallowReadonly, shallowRef, watch } from 'vue'
import type { AttachmentView, FileRef, FileView } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import { readBlob } from './read-file.ts'

type PhotoOf = { readonly file: AttachmentView; readonly of: FileRef | undefined; readonly state?: FileView | undefined }

/** From here a photo is on this device whatever its state says. */
const isHere = (state: FileView | undefined): boolean => state === undefined || state.state === 'ready' || state.state === 'goes'

export const usePhotoUrl = (photo: () => PhotoOf) => {
  const engine = useEngine()
  const url = shallowRef<string>()
  const fault = shallowRef<'unknown' | 'not-here' | 'broken' | 'no-files-here'>()
  let isOver = false

  const forget = (): void => {
    if (url.value !== undefined) URL.revokeObjectURL(url.value)
    url.value = undefined
  }
  const load = async (): Promise<void> => {
    const { file, of } = photo()
    if (of === undefined) return
    const blob = await readBlob(file, { engine, of }).catch(() => 'not-here' as const)
    forget()
    if (isOver) return
    fault.value = typeof blob === 'string' ? blob : undefined
    if (typeof blob !== 'string') url.value = URL.createObjectURL(blob)
  }
  watch(
    () => [photo().of?.message, photo().of?.item, isHere(photo().state)] as const,
    ([, , here]) => {
      if (here) void load()
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    isOver = true
    forget()
  })
  /** What was read cannot be drawn. */
  const fail = (): void => {
    forget()
    fault.value = 'broken'
  }
  return { url: shallowReadonly(url), fault: shallowReadonly(fault), fail }
}

// The address under which a photo is drawn, as long as somebody draws it.

import { computed, onScopeDispose, shallowReadonly, shallowRef, watch } from 'vue'
import type { AttachmentView, FileRef } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import { isOnThisDevice } from './file-status.ts'
import type { FileStatus } from './file-status.ts'
import { readBlob } from './read-file.ts'
import type { Refusal } from './read-file.ts'

type PhotoOf = { readonly file: AttachmentView; readonly of: FileRef | undefined; readonly status: FileStatus }

export const usePhotoUrl = (photo: () => PhotoOf) => {
  const engine = useEngine()
  const url = shallowRef<string>()
  const fault = shallowRef<Refusal>()
  /** Every photo and every look at it is another round: what an older one was still reading is dropped. */
  let round = 0

  const forget = (): void => {
    if (url.value !== undefined) URL.revokeObjectURL(url.value)
    url.value = undefined
  }
  const load = async (mine: number): Promise<void> => {
    const { file, of, status } = photo()
    if (of === undefined) return
    const blob = await readBlob(file, { engine, of }).catch(() => 'not-here' as const)
    if (mine !== round) return
    if (typeof blob !== 'string') url.value = URL.createObjectURL(blob)
    else if (blob === 'not-here' && status.state !== 'unknown' && !isUnknown() && photo().status.state !== status.state) await load(mine)
    else fault.value = blob
  }
  const isUnknown = () => photo().status.state === 'unknown'
  watch(
    // Most are here, so it is read before that is known; that it was not found says nothing until then.
    [() => photo().of?.message, () => photo().of?.item, () => isUnknown() || isOnThisDevice(photo().status.state)],
    ([, , mayBeHere]) => {
      round += 1
      forget()
      fault.value = undefined
      if (mayBeHere) void load(round)
    },
    { immediate: true },
  )
  // An own message is shown a moment before it is settled that its photos are here.
  watch(
    () => photo().status.state,
    (_, before) => {
      if (fault.value !== 'not-here' || before === 'unknown') return
      fault.value = undefined
      void load(round)
    },
  )
  onScopeDispose(() => {
    round += 1
    forget()
  })
  /** What was read cannot be drawn. A picture that is no longer shown says so in vain. */
  const fail = ({ currentTarget }: Event): void => {
    if (currentTarget instanceof HTMLImageElement && currentTarget.src !== url.value) return
    forget()
    fault.value = 'broken'
  }
  return { url: shallowReadonly(url), fault: computed(() => (isUnknown() ? undefined : fault.value)), fail }
}

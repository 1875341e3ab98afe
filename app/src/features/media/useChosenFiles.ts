// What is about to be sent: photos are drawn anew at once, so that what is looked at is what goes.

import { computed, onScopeDispose, shallowReadonly, shallowRef } from 'vue'
import type { NewFile } from '@kith/protocol'
import { preparePhoto } from './prepare-photo.ts'
import { isPictureOrFilm, toSentFileName } from './file-name.ts'
import type { PreparedPhoto } from './prepare-photo.ts'

export type ChosenFile = {
  readonly key: number
  readonly file: File
  readonly prepared?: PreparedPhoto | undefined
  readonly url?: string | undefined
}

export const useChosenFiles = (files: readonly File[]) => {
  const chosen = shallowRef<readonly ChosenFile[]>(files.map((file, key) => ({ key, file })))
  const isReady = shallowRef(false)
  const asFiles = shallowRef(false)
  let isOver = false

  const prepare = async (): Promise<void> => {
    for (const { key, file } of chosen.value) {
      const prepared = await preparePhoto(file).catch(() => undefined)
      if (isOver) return
      // It was taken out meanwhile: nobody would let go of its address.
      if (!chosen.value.some((one) => one.key === key)) continue
      const url = prepared && URL.createObjectURL(prepared.blob)
      chosen.value = chosen.value.map((one) => (one.key === key ? { ...one, prepared, url } : one))
    }
    isReady.value = true
  }
  void prepare()

  const takeOut = (key: number): void => {
    const gone = chosen.value.find((one) => one.key === key)
    if (gone?.url !== undefined) URL.revokeObjectURL(gone.url)
    chosen.value = chosen.value.filter((one) => one !== gone)
  }
  /** What goes of it: the photo that was drawn anew, or nothing but the file itself. */
  const sentOf = ({ file, prepared }: ChosenFile): Blob => (prepared === undefined || asFiles.value ? file : prepared.blob)
  /** It goes with all that a camera wrote into it. */
  const tellsAll = (one: ChosenFile): boolean => isReady.value && sentOf(one) === one.file && isPictureOrFilm(one.file)
  const toNewFiles = (): readonly NewFile[] =>
    chosen.value.map(({ file, prepared }) =>
      prepared === undefined || asFiles.value
        ? { source: file, name: toSentFileName(file.name), photo: undefined }
        : { source: prepared.blob, name: '', photo: prepared.photo },
    )
  onScopeDispose(() => {
    isOver = true
    for (const { url } of chosen.value) if (url !== undefined) URL.revokeObjectURL(url)
  })
  const hasPhotos = computed(() => chosen.value.some(({ prepared }) => prepared !== undefined))
  return { chosen: shallowReadonly(chosen), isReady: shallowReadonly(isReady), asFiles, hasPhotos, takeOut, sentOf, tellsAll, toNewFiles }
}

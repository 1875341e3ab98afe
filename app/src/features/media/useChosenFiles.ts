// What is about to be sent: photos are drawn anew at once, so that what is looked at is what goes.

import { computed, onScopeDispose, shallowReadonly, shallowRef } from 'vue'
import type { NewFile } from '@kith/protocol'
import { FILES_MAX } from './limits.ts'
import { preparePhoto } from './prepare-photo.ts'
import { prepareVideo } from './prepare-video.ts'
import { isPictureOrFilm, toSentFileName } from './file-name.ts'
import type { PreparedPhoto } from './prepare-photo.ts'
import type { PreparedVideo } from './prepare-video.ts'

export type ChosenFile = {
  readonly key: number
  readonly file: File
  readonly prepared?: PreparedPhoto | undefined
  readonly film?: PreparedVideo | undefined
  readonly url?: string | undefined
}

export const useChosenFiles = (files: readonly File[]) => {
  const chosen = shallowRef<readonly ChosenFile[]>([])
  /** How many are not prepared yet. */
  const unready = shallowRef(0)
  const isReady = computed(() => unready.value === 0)
  const asFiles = shallowRef(false)
  let isOver = false
  let nextKey = 0

  const prepare = async (ones: readonly ChosenFile[]): Promise<void> => {
    for (const { key, file } of ones) {
      const prepared = await preparePhoto(file).catch(() => undefined)
      const film = prepared === undefined ? await prepareVideo(file).catch(() => undefined) : undefined
      if (isOver) return
      // It was taken out meanwhile: nobody would let go of its address.
      if (!chosen.value.some((one) => one.key === key)) continue
      const picture = prepared ?? film?.poster
      const url = picture && URL.createObjectURL(picture.blob)
      chosen.value = chosen.value.map((one) => (one.key === key ? { ...one, prepared, film, url } : one))
    }
    unready.value -= ones.length
  }
  /** Whether there was room for all of them. */
  const add = (more: readonly File[]): boolean => {
    const ones = more.slice(0, Math.max(0, FILES_MAX - chosen.value.length)).map((file) => ({ key: nextKey++, file }))
    chosen.value = [...chosen.value, ...ones]
    unready.value += ones.length
    void prepare(ones)
    return ones.length === more.length
  }
  add(files)

  const takeOut = (key: number): void => {
    const gone = chosen.value.find((one) => one.key === key)
    if (gone?.url !== undefined) URL.revokeObjectURL(gone.url)
    chosen.value = chosen.value.filter((one) => one !== gone)
  }
  /** What goes of it: the photo that was drawn anew, the video without what its camera wrote into it, or nothing but the file itself. */
  const sentOf = ({ file, prepared, film }: ChosenFile): Blob => (asFiles.value ? file : ((prepared ?? film)?.blob ?? file))
  /** What was taken out of a video, if anything was. */
  const cleaned = (one: ChosenFile): 'all' | 'most' | undefined => {
    if (one.film === undefined || sentOf(one) === one.file) return undefined
    return one.film.isWhole ? 'all' : 'most'
  }
  /** It goes with all that a camera wrote into it. */
  const tellsAll = (one: ChosenFile): boolean => isReady.value && sentOf(one) === one.file && isPictureOrFilm(one.file)
  const toNewFiles = (): readonly NewFile[] => {
    // A video whose poster finds no room among the files of a message goes without.
    let room = FILES_MAX - chosen.value.length
    return chosen.value.flatMap(({ file, prepared, film }): readonly NewFile[] => {
      if (asFiles.value || (prepared ?? film) === undefined) return [{ source: file, name: toSentFileName(file.name), photo: undefined }]
      if (film === undefined) return prepared === undefined ? [] : [photoOf(prepared)]
      const hasPoster = room > 0
      room -= 1
      const video = { source: film.blob, name: '', photo: undefined, video: { ...film.video, hasPoster } }
      return hasPoster ? [video, photoOf(film.poster)] : [video]
    })
  }
  onScopeDispose(() => {
    isOver = true
    for (const { url } of chosen.value) if (url !== undefined) URL.revokeObjectURL(url)
  })
  const hasPhotos = computed(() => chosen.value.some(({ prepared, film }) => (prepared ?? film) !== undefined))
  return {
    chosen: shallowReadonly(chosen),
    isReady,
    asFiles,
    hasPhotos,
    add,
    takeOut,
    sentOf,
    tellsAll,
    cleaned,
    toNewFiles,
  }
}

const photoOf = ({ blob, photo }: PreparedPhoto): NewFile => ({ source: blob, name: '', photo })

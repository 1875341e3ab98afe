// What a screen reader is told of a file: that it has begun, stopped or come, once each. The figures between would be read out one by one.

import { shallowReadonly, shallowRef, watch } from 'vue'
import type { ShallowRef } from 'vue'
import type { FileView } from '@kith/protocol'
import { mediaWords } from '../media-words.ts'
import { isOnThisDevice } from './file-words.ts'

const isFromHere = (state: FileView['state'] | undefined): boolean => state !== undefined && (state === 'sealing' || isOnThisDevice(state))

/** Empty until the state changes. */
export const useStateNews = (
  state: () => FileView['state'] | undefined,
  sentence: () => string | undefined,
): Readonly<ShallowRef<string>> => {
  const news = shallowRef('')
  watch(state, (now, before) => {
    if (now !== undefined) news.value = sentence() ?? ''
    else news.value = isFromHere(before) ? mediaWords.went : mediaWords.came
  })
  return shallowReadonly(news)
}

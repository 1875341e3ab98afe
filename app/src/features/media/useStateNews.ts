// What a screen reader is told of a file: that it has begun, stopped or come, once each. The figures between would be read out one by one.

import { shallowReadonly, shallowRef, watch } from 'vue'
import type { ShallowRef } from 'vue'
import { mediaWords } from '../media-words.ts'
import { isOnThisDevice } from './file-status.ts'
import type { StatusName } from './file-status.ts'

/** Empty until the state changes. */
export const useStateNews = (state: () => StatusName, sentence: () => string | undefined): Readonly<ShallowRef<string>> => {
  const news = shallowRef('')
  watch(state, (now, before) => {
    // That it is known at last how far it is, is no news of it.
    if (before === 'unknown' || now === 'unknown') return
    if (now !== 'here') news.value = sentence() ?? ''
    else news.value = before === 'sealing' || isOnThisDevice(before) ? mediaWords.went : mediaWords.came
  })
  return shallowReadonly(news)
}

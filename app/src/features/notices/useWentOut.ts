// One toast when messages that were written offline have gone out.

import { watch } from 'vue'
import { countWords, words } from '../words.ts'
import { useNotices } from './store.ts'

export const useWentOut = (wentOut: () => number): void => {
  const notices = useNotices()
  let said: number | undefined
  watch(wentOut, (count) => {
    // They go out one after the other, and each count contains the one before.
    if (said !== undefined && count > 0) notices.dismiss(said)
    said = count > 0 ? notices.show(countWords(words.toast.wentOut, count)) : undefined
  })
}

// One toast when messages that were written offline have gone out.

import { watch } from 'vue'
import { countWords, words } from '../words.ts'
import { useNotices } from './store.ts'

export const useWentOut = (wentOut: () => number): void => {
  const notices = useNotices()
  watch(wentOut, (count) => {
    if (count > 0) notices.show(countWords(words.toast.wentOut, count))
  })
}

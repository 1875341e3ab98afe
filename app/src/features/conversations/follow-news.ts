// From now on what is new is told while a page is open, and groups are looked into whose rule asks for that.

import { useMeant } from '../alerts/index.ts'
import { useMessageNews } from './useMessageNews.ts'

type Options = Parameters<typeof useMessageNews>[0] & Parameters<typeof useMeant>[0]

export const followNews = (options: Options): void => {
  useMeant(options)
  useMessageNews(options)
}

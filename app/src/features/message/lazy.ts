// What is done with a message is fetched beside the first messages. Until it is here, a message is its text.

import { createLateParts } from '../app/index.ts'

const parts = createLateParts(() => import('./parts.ts'))

/** What a message says in one line of the list. */
const plainWords = createLateParts(() => import('./plain-words.ts'))

export const useMessageParts = parts.use
export const usePlainWords = plainWords.use
export const preloadMessage = (): readonly Promise<unknown>[] => [
  parts.load(),
  ...[() => import('./EmojiSheet.vue'), () => import('./InfoSheet.vue'), () => import('./DeleteDialog.vue')].map((part) => part()),
]

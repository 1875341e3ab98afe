// What is done with a message is fetched beside the first messages, so that it weighs on no first load. Until it is here, a message is its text.

import { shallowReadonly, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'

const loadParts = () => import('./parts.ts')
type Parts = Awaited<ReturnType<typeof loadParts>>

const parts = shallowRef<Parts>()
let loading: Promise<void> | undefined

const load = (): Promise<void> =>
  (loading ??= loadParts().then(
    (loaded) => void (parts.value = loaded),
    () => {
      loading = undefined
      addEventListener('online', () => void load(), { once: true })
    },
  ))

export const preloadMessage = (): readonly Promise<unknown>[] => [
  load(),
  ...[() => import('./EmojiSheet.vue'), () => import('./InfoSheet.vue'), () => import('./DeleteDialog.vue')].map((part) => part()),
]

export const useMessageParts = (): Readonly<ShallowRef<Parts | undefined>> => {
  void load()
  return shallowReadonly(parts)
}

// Keeps this device notified while Kith is closed, where somebody has asked for that: nothing of it is fetched anywhere else.

import { watch } from 'vue'
import type { ConversationSummary } from '@kith/protocol'
import { useEngine } from '../features/engine/index.ts'
import { loadPush } from '../features/settings/index.ts'

type Options = {
  /** The relay can be asked, and nothing that matters more is under way. */
  readonly ready: () => boolean
  readonly chats: () => readonly ConversationSummary[]
  readonly open: (alias: string) => void
  readonly page?: { readonly Notification?: Pick<typeof Notification, 'permission'> }
}

export const useNotified = ({ ready, chats, open, page = window }: Options): void => {
  const engine = useEngine()
  let keep: Promise<() => void> | undefined
  watch(
    ready,
    async (is) => {
      if (!is || page.Notification?.permission !== 'granted') return
      keep ??= loadPush().then(({ followPush }) => followPush({ engine, chats, open }))
      ;(await keep)()
    },
    { immediate: true },
  )
}

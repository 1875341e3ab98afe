// Who is here and who writes, one watch for the whole page; and what this page tells of the person before it.

import { onScopeDispose, shallowReactive, shallowRef } from 'vue'
import { defineStore } from 'pinia'
import type { AccountId, PresenceView } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import type { Presence } from './index.ts'
import { useOwnPresence } from './useOwnPresence.ts'

export const usePresence = defineStore('presence', () => {
  const engine = useEngine()
  const view = shallowRef<PresenceView>({ here: [], typing: [] })
  /** Of those who were looked at. */
  const seen = shallowReactive(new Map<AccountId, number | undefined>())

  const readSeen = async (account: AccountId): Promise<void> => {
    const { seen: at } = await engine.readSeen({ account })
    seen.set(account, at)
  }
  const show = (shown: PresenceView): void => {
    for (const account of view.value.here) if (seen.has(account) && !shown.here.includes(account)) void readSeen(account)
    view.value = shown
  }
  onScopeDispose(engine.watchPresence(show))

  return {
    of(account: AccountId): Presence {
      if (!seen.has(account)) {
        seen.set(account, undefined)
        void readSeen(account)
      }
      return { isHere: view.value.here.includes(account), seen: seen.get(account) }
    },
    writersIn: (conversation: string) => view.value.typing.filter((one) => one.conversation === conversation),
    ...useOwnPresence(),
  }
})

// An invitation that is read here is kept for this browser from the first sign of a person on. Scanners and previews open links as well, and
// must not use them up: a link that only loads is still everybody's (docs/protocol.md §3.5).

import { onScopeDispose, watch } from 'vue'
import type { ConversationId } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import { useNotices } from '../notices/index.ts'

/** What only people do. Not `scroll`, which pages do by themselves, and not `userActivation`, which the tools that drive browsers set. */
const SIGNS = ['pointerdown', 'pointermove', 'touchstart', 'wheel', 'keydown'] as const
/** In view for so long is a sign as well, ms. */
const IN_VIEW_MS = 20_000

export const useClaim = (conversation: ConversationId, isInvited: () => boolean, page: Window = window): void => {
  const engine = useEngine()
  const notices = useNotices()
  let timer: ReturnType<typeof setTimeout> | undefined

  const stop = (): void => {
    clearTimeout(timer)
    for (const sign of SIGNS) page.removeEventListener(sign, see, true)
    page.document.removeEventListener('visibilitychange', wait)
  }
  const claim = (): void => {
    stop()
    void notices.attempt(engine.claimInvite({ conversation }))
  }
  const see = (event: Event): void => {
    if (event.isTrusted) claim()
  }
  const wait = (): void => {
    clearTimeout(timer)
    if (page.document.visibilityState === 'visible') timer = setTimeout(claim, IN_VIEW_MS)
  }
  const start = (): void => {
    for (const sign of SIGNS) page.addEventListener(sign, see, { capture: true, passive: true })
    page.document.addEventListener('visibilitychange', wait)
    wait()
  }
  watch(isInvited, (invited) => (invited ? start() : stop()), { immediate: true })
  onScopeDispose(stop)
}

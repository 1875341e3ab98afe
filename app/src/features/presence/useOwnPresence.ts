// What the engine is told of the person before this page: that they are here as long as it is in front, and where they write as long as they do.

import { onScopeDispose } from 'vue'
import type { ConversationId } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'

/** Before the engine stops believing it (HERE_MS of the protocol). */
const AGAIN_MS = 20_000
/** While somebody writes it is told so often, and no more once they have paused for so long. */
const WRITING_MS = 3_000
const PAUSE_MS = 5_000

export const useOwnPresence = (page: Document = document) => {
  const engine = useEngine()
  let typing: ConversationId | undefined
  let toldAt = -Infinity
  let pause: number | undefined

  const isHere = (): boolean => page.visibilityState === 'visible'
  const tell = (): void => {
    toldAt = performance.now()
    // Who cannot be told is told again soon.
    engine.tellPresence({ isHere: isHere(), typing: isHere() ? typing : undefined }).catch(() => undefined)
  }
  /** Undefined: they write nowhere, or what they wrote is sent or gone. */
  const typed = (conversation: ConversationId | undefined): void => {
    const isNews = conversation !== typing
    typing = conversation
    window.clearTimeout(pause)
    if (conversation !== undefined) pause = window.setTimeout(() => typed(undefined), PAUSE_MS)
    if (isNews || (conversation !== undefined && performance.now() > toldAt + WRITING_MS)) tell()
  }

  const again = window.setInterval(() => void (isHere() && tell()), AGAIN_MS)
  page.addEventListener('visibilitychange', tell)
  tell()
  onScopeDispose(() => {
    window.clearInterval(again)
    window.clearTimeout(pause)
    page.removeEventListener('visibilitychange', tell)
  })
  return { typed }
}

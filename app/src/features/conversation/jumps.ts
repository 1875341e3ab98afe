// Ways to somewhere else in a conversation: the window is moved there, and then the place is kept until everything has settled.

import { nextTick } from 'vue'
import type { ShallowRef } from 'vue'
import type { ConversationView, EntryId } from '@kith/protocol'
import { topOf } from './held-place.ts'
import { noteOf } from './reading-place.ts'
import type { HeldPlace } from './held-place.ts'
import type { Moves } from './useConversation.ts'

type Options = {
  readonly scroller: Readonly<ShallowRef<HTMLElement | null>>
  readonly view: () => ConversationView
  readonly place: HeldPlace
  readonly atEnd: ShallowRef<boolean>
  readonly look: () => void
  readonly moves: Moves
}

/** What one has come for stands so far below the upper edge. */
export const MARKER_GAP_PX = 72

export const createJumps = ({ scroller, view, place, atEnd, look, moves }: Options) => {
  const leaveFor = async (there: Promise<void>): Promise<void> => {
    place.letGo()
    atEnd.value = false
    await there
    await nextTick()
  }
  /** `behavior`: of the way there, where it is on the page already. */
  const goToEnd = async (behavior: ScrollBehavior): Promise<void> => {
    const isFar = view().hasNewer
    await moves.goToEnd()
    await nextTick()
    place.goToEnd(isFar ? 'instant' : behavior)
    look()
  }
  const goToStart = async (): Promise<void> => {
    await leaveFor(moves.goToStart())
    place.goToStart()
    look()
  }
  /** Shows a message somewhere in the conversation; false when it is not here. */
  const goToMessage = async (id: EntryId): Promise<boolean> => {
    await leaveFor(moves.goTo({ kind: 'entry', entry: id }))
    const element = scroller.value
    const note = element === null ? undefined : noteOf(element, id)
    if (element === null || note === undefined) return false
    place.hold({ element: note, top: topOf(element) + MARKER_GAP_PX })
    place.keep()
    look()
    return true
  }
  return { goToEnd, goToStart, goToMessage }
}

// Keeps the reader's place: at the end while they are there, else at the message that they read, to the pixel, whatever comes, grows or goes
// above it, over the timeline or around it. Browsers that anchor scrolling themselves are told not to, so all of them do the same.

import { nextTick, onBeforeUnmount, onMounted, shallowReadonly, shallowRef, watch } from 'vue'
import type { InjectionKey, ShallowRef } from 'vue'
import type { ConversationView, EntryId } from '@kith/protocol'
import { createHeldPlace, topOf } from './held-place.ts'
import { createJumps, MARKER_GAP_PX } from './jumps.ts'
import { movedFrom, readingPlaceIn } from './reading-place.ts'
import type { ReadingPlace } from './reading-place.ts'
import type { Moves } from './useConversation.ts'

type ElementRef = Readonly<ShallowRef<HTMLElement | null>>

type Options = Moves & {
  readonly scroller: ElementRef
  readonly content: ElementRef
  readonly view: () => ConversationView
}

/** Makes a change of heights, during which `element` stays where it is on the screen. */
export type KeepStill = (element: Element, change: () => void) => void
export const keepStillKey: InjectionKey<KeepStill> = Symbol('keep still')

const END_PX = 48
/** So close to where the window ends, it goes on. */
const NEAR_PX = 1_200
/** What readers do to scroll by themselves. */
const OWN_HAND = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const

/** Whether a message was written here meanwhile: in the window, or beyond it as the last line of the chat. */
const hasOwnNew = (before: ConversationView, shown: ConversationView): boolean => {
  if (shown.hasNewer) return shown.summary.last?.mine === true && shown.summary.last.text !== before.summary.last?.text
  const last = shown.messages.at(-1)
  return !before.hasNewer && last?.kind === 'text' && last.mine && last.id !== before.messages.at(-1)?.id
}

const stayIn = (scroller: HTMLElement, reading: ReadingPlace): void => {
  const moved = movedFrom(reading, scroller)
  if (moved !== 0) scroller.scrollTop += moved
}

export const useTimelineScroll = ({ scroller, content, view, ...moves }: Options) => {
  const atEnd = shallowRef(true)
  let opened = false
  let reading: ReadingPlace = []
  const place = createHeldPlace({ scroller, settled: () => look() })

  const goOnFrom = (element: HTMLElement): void => {
    const [first] = reading
    const below = element.scrollHeight - element.scrollTop - element.clientHeight
    if (first === undefined || place.what() !== undefined) return
    if (element.scrollTop < NEAR_PX && view().hasOlder) moves.goOn('older', first.id as EntryId)
    else if (below < NEAR_PX && view().hasNewer) moves.goOn('newer', first.id as EntryId)
  }
  /** On the way to somewhere else, which the window may take its time for: what is on the screen until then is not where one is. */
  const isLeaving = (): boolean => moves.goal.value !== undefined && moves.goal.value.kind !== 'end'
  const look = (): void => {
    const element = scroller.value
    if (element === null || !opened) return
    const isThere = !isLeaving() && !view().hasNewer && element.scrollHeight - element.scrollTop - element.clientHeight < END_PX
    if (place.what() !== 'end' || isThere) atEnd.value = isThere
    // Whoever is at the end reads nothing that has to be kept in its place, and to ask every note in view for it costs a layout.
    reading = atEnd.value ? [] : readingPlaceIn(element)
    if (!atEnd.value) goOnFrom(element)
  }
  const keepStill: KeepStill = (element, change) => {
    place.hold({ element, top: topOf(element) })
    change()
    void nextTick(() => {
      place.keep()
      look()
    })
  }
  const openAtPlace = (element: HTMLElement): void => {
    const marker = element.querySelector('[data-unread-marker]')
    if (marker === null) place.jumpToEnd()
    else {
      place.hold({ element: marker, top: topOf(element) + MARKER_GAP_PX })
      place.keep()
    }
    opened = true
    look()
    if (atEnd.value) place.letGo()
  }
  const keepPlace = (behavior: ScrollBehavior): void => {
    const element = scroller.value
    if (element === null) return
    if (!opened) openAtPlace(element)
    else if (atEnd.value && !view().hasNewer && (place.what() ?? 'end') === 'end') place.jumpToEnd()
    else if (place.what() !== undefined) place.keep(behavior)
    else stayIn(element, reading)
    look()
  }

  // Whoever leaves the end reads a message, and the window goes along with that; whoever comes back follows the end.
  watch(atEnd, (isThere) => {
    if (isThere) void moves.goToEnd()
    else if (moves.goal.value === undefined && reading[0] !== undefined && view().anchor.kind === 'end')
      void moves.goTo({ kind: 'entry', entry: reading[0].id as EntryId })
  })
  const jumps = createJumps({ scroller, view, place, atEnd, look, moves })
  watch(view, (shown, before) => {
    if (hasOwnNew(before, shown)) {
      place.letGo()
      atEnd.value = true
      if (shown.hasNewer) void jumps.goToEnd('instant')
    }
    const followsEnd = atEnd.value && !shown.hasNewer
    if (scroller.value !== null && opened && !followsEnd) reading = readingPlaceIn(scroller.value)
  })
  watch(view, () => keepPlace('instant'), { flush: 'post' })

  const observer = new ResizeObserver(() => opened && keepPlace('smooth'))
  onMounted(() => {
    for (const element of [scroller.value, content.value]) if (element !== null) observer.observe(element)
    for (const name of OWN_HAND) scroller.value?.addEventListener(name, place.letGo, { passive: true })
    keepPlace('instant')
  })
  onBeforeUnmount(() => {
    place.letGo()
    observer.disconnect()
  })

  return { atEnd: shallowReadonly(atEnd), look, keepStill, ...jumps }
}

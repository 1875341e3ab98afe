// Keeps the reader's place: at the end while they are there, at the same line while older messages come in above, while a note unfolds, and
// while something comes or goes over the timeline. Heights of what was never seen are guesses, so places are kept until they have settled.

import { nextTick, onBeforeUnmount, onMounted, shallowReadonly, shallowRef, watch } from 'vue'
import type { InjectionKey, ShallowRef } from 'vue'
import type { MessageView } from '@kith/protocol'
import { createHeldPlace, topOf } from './held-place.ts'
import type { Anchor } from './held-place.ts'

type ElementRef = Readonly<ShallowRef<HTMLElement | null>>

type Options = {
  readonly scroller: ElementRef
  readonly content: ElementRef
  readonly messages: () => readonly MessageView[]
  readonly loadOlder: () => void
}

/** Makes a change of heights, during which `element` stays where it is on the screen. */
export type KeepStill = (element: Element, change: () => void) => void
export const keepStillKey: InjectionKey<KeepStill> = Symbol('keep still')

const END_PX = 48
const OLDER_PX = 600
const MARKER_GAP_PX = 72
/** What readers do to scroll by themselves. */
const OWN_HAND = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const

const firstVisible = (scroller: HTMLElement): Anchor | undefined => {
  const edge = topOf(scroller)
  for (const element of scroller.querySelectorAll('[data-message-id]')) {
    const { top, bottom } = element.getBoundingClientRect()
    if (bottom > edge) return { element, top }
  }
  return undefined
}

export const useTimelineScroll = ({ scroller, content, messages, loadOlder }: Options) => {
  const atEnd = shallowRef(true)
  let opened = false
  let anchor: Anchor | undefined
  /** Where the scroller's upper edge was last seen. */
  let edge = 0
  const place = createHeldPlace({ scroller, settled: () => look() })

  const look = (): void => {
    const element = scroller.value
    if (element === null || !opened) return
    const isThere = element.scrollHeight - element.scrollTop - element.clientHeight < END_PX
    if (place.what() !== 'end' || isThere) atEnd.value = isThere
    if (element.scrollTop < OLDER_PX) loadOlder()
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
    edge = topOf(element)
    look()
    if (atEnd.value) place.letGo()
  }
  const keepPlace = (): void => {
    const element = scroller.value
    if (element === null) return
    if (!opened) openAtPlace(element)
    else if (atEnd.value) place.jumpToEnd()
    else if (place.what() !== undefined) place.keep()
    else if (anchor?.element.isConnected === true) element.scrollTop += topOf(anchor.element) - anchor.top
    look()
  }
  const settle = (): void => {
    const element = scroller.value
    if (element === null || !opened) return
    const moved = topOf(element) - edge
    edge += moved
    if (atEnd.value && (place.what() ?? 'end') === 'end') place.jumpToEnd()
    else if (place.what() !== undefined) place.keep('smooth')
    // Something came or went above: what is being read stays where it is on the screen.
    else element.scrollTop += moved
    look()
  }

  watch(messages, (shown, before) => {
    const last = shown.at(-1)
    const isOwnNew = last?.kind === 'text' && last.mine && last.id !== before.at(-1)?.id && shown.length >= before.length
    if (isOwnNew) {
      place.letGo()
      atEnd.value = true
    }
    anchor = atEnd.value || scroller.value === null ? undefined : firstVisible(scroller.value)
  })
  watch(messages, keepPlace, { flush: 'post' })

  const observer = new ResizeObserver(settle)
  onMounted(() => {
    for (const element of [scroller.value, content.value]) if (element !== null) observer.observe(element)
    for (const name of OWN_HAND) scroller.value?.addEventListener(name, place.letGo, { passive: true })
    keepPlace()
  })
  onBeforeUnmount(() => {
    place.letGo()
    observer.disconnect()
  })

  return { atEnd: shallowReadonly(atEnd), look, goToEnd: place.goToEnd, goToStart: place.goToStart, keepStill }
}

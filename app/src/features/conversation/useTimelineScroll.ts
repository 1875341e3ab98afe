// Keeps the reader's place: at the end while they are there, at the same line while older messages come in above.

import { onBeforeUnmount, onMounted, shallowReadonly, shallowRef, watch } from 'vue'
import type { ShallowRef } from 'vue'
import type { MessageView } from '@kith/protocol'

type ElementRef = Readonly<ShallowRef<HTMLElement | null>>

type Options = {
  readonly scroller: ElementRef
  readonly content: ElementRef
  readonly messages: () => readonly MessageView[]
  readonly loadOlder: () => void
}

const END_PX = 48
const OLDER_PX = 600
const MARKER_GAP_PX = 72

type Anchor = { readonly element: Element; readonly top: number }

const firstVisible = (scroller: HTMLElement): Anchor | undefined => {
  const edge = scroller.getBoundingClientRect().top
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

  const jumpToEnd = (behavior: ScrollBehavior = 'instant'): void => {
    scroller.value?.scrollTo({ top: scroller.value.scrollHeight, behavior })
  }
  const look = (): void => {
    const element = scroller.value
    if (element === null || !opened) return
    atEnd.value = element.scrollHeight - element.scrollTop - element.clientHeight < END_PX
    if (element.scrollTop < OLDER_PX) loadOlder()
  }
  const openAtPlace = (element: HTMLElement): void => {
    const marker = element.querySelector<HTMLElement>('[data-unread-marker]')
    if (marker === null) jumpToEnd()
    else element.scrollTop += marker.getBoundingClientRect().top - element.getBoundingClientRect().top - MARKER_GAP_PX
    opened = true
    look()
  }
  const keepPlace = (): void => {
    const element = scroller.value
    if (element === null) return
    if (!opened) openAtPlace(element)
    else if (atEnd.value) jumpToEnd()
    else if (anchor?.element.isConnected === true) element.scrollTop += anchor.element.getBoundingClientRect().top - anchor.top
    look()
  }

  watch(messages, (shown, before) => {
    const last = shown.at(-1)
    const isOwnNew = last?.kind === 'text' && last.mine && last.id !== before.at(-1)?.id && shown.length >= before.length
    if (isOwnNew) atEnd.value = true
    anchor = atEnd.value || scroller.value === null ? undefined : firstVisible(scroller.value)
  })
  watch(messages, keepPlace, { flush: 'post' })

  const observer = new ResizeObserver(() => {
    if (opened && atEnd.value) jumpToEnd()
  })
  onMounted(() => {
    for (const element of [scroller.value, content.value]) if (element !== null) observer.observe(element)
    keepPlace()
  })
  onBeforeUnmount(() => observer.disconnect())

  return { atEnd: shallowReadonly(atEnd), look, jumpToEnd }
}

// @vitest-environment happy-dom
import { nextTick, shallowRef } from 'vue'
import { expect, it, vi } from 'vitest'
import type { Anchor } from '@kith/protocol'
import { conversationView, entry, message, withSetup } from '../testing/index.ts'
import { useTimelineScroll } from './useTimelineScroll.ts'

/** A timeline whose end is in view. The window goes where it is asked to when `arrive` is called. */
const begin = () => {
  const place = document.createElement('div')
  place.innerHTML = '<div><article data-message-id=""></article></div>'
  document.body.append(place)
  const note = place.querySelector<HTMLElement>('article')
  if (note !== null) note.dataset['messageId'] = entry('old')
  for (const [name, value] of [
    ['scrollHeight', 1_000],
    ['clientHeight', 400],
  ] as const)
    Object.defineProperty(place, name, { value })
  const goal = shallowRef<Anchor>()
  let arrived = (): void => undefined
  const go = (anchor: Anchor) => {
    goal.value = anchor
    return new Promise<void>((resolve) => (arrived = resolve))
  }
  const moves = {
    goal,
    goTo: vi.fn(go),
    goOn: vi.fn(),
    goToStart: vi.fn(() => go({ kind: 'time', time: 0 })),
    goToEnd: vi.fn(() => go({ kind: 'end' })),
  }
  const view = shallowRef(conversationView({ messages: [message('old')] }))
  const { result } = withSetup(() =>
    useTimelineScroll({ scroller: shallowRef(place), content: shallowRef(place.querySelector('div')), view: () => view.value, ...moves }),
  )
  return {
    ...result,
    ...moves,
    arrive: () => {
      goal.value = undefined
      arrived()
    },
  }
}

it('whoever goes to a message while the end is still on the screen is not taken back there', async () => {
  const { atEnd, look, goToMessage, goToEnd, arrive } = begin()
  expect(atEnd.value).toBe(true)
  const going = goToMessage(entry('old'))
  // The browser tells of the scrolling that brought one to the end.
  look()
  await nextTick()
  expect([atEnd.value, goToEnd.mock.calls]).toEqual([false, []])
  arrive()
  expect(await going).toBe(true)
})

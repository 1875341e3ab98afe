// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { defineComponent, h, nextTick, provide, shallowRef } from 'vue'
import type { MessageView } from '@kith/protocol'
import { entry, message, render } from '../testing/index.ts'
import PinnedBar from './PinnedBar.vue'
import { createDesk, deskKey } from './desk.ts'

const pinned = (name: string, time: number) => message(name, { time, isPinned: true })

const bar = (first: readonly MessageView[]) => {
  const messages = shallowRef(first)
  const gone: string[] = []
  const Around = defineComponent({
    setup() {
      const desk = createDesk()
      desk.verbs.jump = (id) => void gone.push(id)
      provide(deskKey, desk)
      return () => h(PinnedBar, { messages: messages.value })
    },
  })
  const { place } = render(Around, {})
  const button = () => place.querySelector<HTMLElement>('[data-testid="pinned"]')
  return { messages, gone, shown: () => button()?.dataset['pinned'], tap: () => button()?.click() }
}

it('goes from the newest to the oldest, and begins again', async () => {
  const { gone, tap } = bar([pinned('a', 1), pinned('b', 2)])
  for (let taps = 0; taps < 3; taps += 1) {
    tap()
    await nextTick()
  }
  expect(gone).toEqual(['b', 'a', 'b'].map(entry))
})

it('what is pinned meanwhile takes nobody away from where they are', async () => {
  const { messages, shown, tap } = bar([pinned('a', 1), pinned('b', 2), pinned('c', 3)])
  tap()
  await nextTick()
  expect(shown()).toBe(entry('b'))
  messages.value = [...messages.value, pinned('d', 4)]
  await nextTick()
  expect(shown()).toBe(entry('b'))
})

it('shows the newest where nobody goes through them', async () => {
  const { messages, shown } = bar([pinned('a', 1)])
  messages.value = [...messages.value, pinned('b', 2)]
  await nextTick()
  expect(shown()).toBe(entry('b'))
})

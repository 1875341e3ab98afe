// @vitest-environment happy-dom
import { createPinia } from 'pinia'
import { createApp, h, nextTick } from 'vue'
import { expect, it, vi } from 'vitest'
import type { AttachmentView, ConversationId, FileView } from '@kith/protocol'
import { SLOW_MS } from '../app/index.ts'
import { engineKey } from '../engine/index.ts'
import { createDesk, deskKey } from '../message/index.ts'
import { mediaWords } from '../media-words.ts'
import { createFakeEngine, entry } from '../testing/index.ts'
import NoteFiles from './NoteFiles.vue'

const picture = { width: 4, height: 3, thumbhash: new Uint8Array(0) }
const FILES: readonly AttachmentView[] = [
  { name: 'walk.pdf', size: 9 },
  { name: '', size: 9, photo: picture },
  { name: '', size: 9, video: { ...picture, duration: 1_000, hasPoster: false } },
  { name: '', size: 9, voice: { duration: 1_000, waveform: new Uint8Array(1) } },
]
// Nobody else looks at it: those who look at one chat share their look.
const conversation = 'f'.repeat(64) as ConversationId
const message = entry('m')
const paused = (item: number): FileView => ({ id: `${message}/${item}`, message, item, state: 'paused', done: 4 })

const begin = () => {
  let show: (views: readonly FileView[]) => void = () => expect.fail('nobody watches')
  let watches = 0
  const watchFiles = (_: unknown, told: typeof show) => {
    show = told
    watches += 1
    return () => undefined
  }
  const place = document.createElement('div')
  document.body.append(place)
  const app = createApp(() => h(NoteFiles, { id: message, labelId: 'label', files: FILES, mine: false, tabbable: true }))
  app.use(createPinia()).provide(engineKey, { ...createFakeEngine(), watchFiles })
  const chat = { name: () => 'Ana', isGroup: () => false, isOver: () => false, members: () => [], messages: () => [] }
  app.provide(deskKey, createDesk(conversation, chat))
  app.mount(place)
  const all = () => [...place.querySelectorAll<HTMLElement>('[data-testid="attachment"]')]
  const by = (kind: string) => all().find((one) => one.dataset['kind'] === kind) ?? expect.fail(`no ${kind}`)
  return {
    by,
    watches: () => watches,
    states: () => all().map(({ dataset }) => [dataset['kind'], dataset['state'], dataset['bytes']]),
    hooks: () =>
      [...place.querySelectorAll<HTMLElement>('button[data-testid]')]
        .filter((one) => one.closest('[inert]') === null)
        .map((one) => one.dataset['testid']),
    news: () => [...place.querySelectorAll('[role="status"]')].map((one) => one.textContent).join(''),
    button: () => by('file').querySelector('button') ?? expect.fail('no room for a button'),
    show: async (views: readonly FileView[]) => {
      show(views)
      await nextTick()
    },
    end: () => {
      app.unmount()
      place.remove()
    },
  }
}

it('says nothing of where files are before that is known, and offers nothing to do with them', async () => {
  const { states, hooks, button, by, show, end } = begin()
  expect(states()).toEqual(['image', 'video', 'voice', 'file'].map((kind) => [kind, 'unknown', undefined]))
  expect(hooks()).toEqual([])
  expect(button().style.visibility, 'its room is kept').toBe('hidden')
  expect(by('voice').querySelector('.vp[inert]'), 'and that of its player').not.toBeNull()

  await show([])
  expect(states()).toEqual(['image', 'video', 'voice', 'file'].map((kind) => [kind, 'here', '9']))
  expect(hooks()).toEqual(['video-play', 'video-open', 'voice-play', 'attachment-save'])
  expect(button().style.visibility).toBe('')
  end()
})

it('has one that is on its way stand there as that at once, which is no news', async () => {
  const { states, hooks, news, show, end } = begin()
  await show([0, 1, 2, 3].map(paused))
  expect(states()).toEqual(['image', 'video', 'voice', 'file'].map((kind) => [kind, 'waiting', '4']))
  expect(hooks()).toEqual(Array.from({ length: 4 }, () => 'attachment-get'))
  expect(news()).toBe('')
  await show([])
  expect(news(), 'that they have come is some').not.toBe('')
  end()
})

it('says after a while that they cannot be opened yet, asks again, and takes that back once it is known where they are', async () => {
  vi.useFakeTimers()
  const { by, watches, show, end } = begin()
  const isSaid = () => ['image', 'voice', 'file'].map((kind) => by(kind).textContent?.includes(mediaWords.state.unknown))
  expect([isSaid(), watches()]).toEqual([[false, false, false], 1])
  await vi.advanceTimersByTimeAsync(SLOW_MS)
  expect([isSaid(), watches()]).toEqual([[true, true, true], 2])
  await show([])
  expect(isSaid()).toEqual([false, false, false])
  await vi.advanceTimersByTimeAsync(2 * SLOW_MS)
  expect(watches(), 'nothing is asked any more').toBe(2)
  end()
  vi.useRealTimers()
})

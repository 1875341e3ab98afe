// @vitest-environment happy-dom
import { nextTick } from 'vue'
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import type { AttachmentView, SearchHit, SearchOutcome, SearchQuery } from '@kith/protocol'
import { ANA, CHAT, createFakeEngine, entry, render } from '../testing/index.ts'
import { voiceWords } from '../voice-words.ts'
import GallerySheet from './GallerySheet.vue'
import { GALLERY_MESSAGES_MAX } from './limits.ts'

// happy-dom has no open dialogs.
beforeAll(() => {
  HTMLDialogElement.prototype.showModal ??= function () {
    this.open = true
  }
})
beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const paper: AttachmentView = { name: 'paper.pdf', size: 3, photo: undefined }
const hit = (at: number): SearchHit => ({
  conversation: CHAT,
  message: entry(`m${at}x`),
  account: ANA,
  mine: true,
  time: at,
  orderKey: String(at).padStart(6, '0'),
  text: '',
  marks: [],
  files: [paper],
})

/** An engine that has so many messages with a file each. */
const archive = (count: number) => {
  const there = Array.from({ length: count }, (_, at) => hit(count - at))
  return vi.fn(({ kind, before, limit }: SearchQuery): Promise<SearchOutcome> => {
    const all = kind === 'file' ? there.filter(({ orderKey }) => before === undefined || orderKey < before) : []
    const hits = all.slice(0, limit)
    return Promise.resolve({ kind: 'found', hits, next: all.length > limit ? hits.at(-1)?.orderKey : undefined, isWhole: true })
  })
}
const open = async (search: ReturnType<typeof archive>) => {
  const { place } = render(GallerySheet, { conversation: CHAT }, { ...createFakeEngine(), search })
  const settle = async () => {
    await vi.advanceTimersByTimeAsync(300)
    await nextTick()
  }
  await settle()
  const one = (hook: string) => place.querySelector<HTMLElement>(`[data-testid="${hook}"]`)
  const rows = () => [...place.querySelectorAll<HTMLElement>('[data-testid="gallery-row"]')].map((row) => row.dataset['messageId'])
  const press = async (hook: string) => {
    one(hook)?.click()
    await settle()
  }
  const tab = async (name: string) => {
    place.querySelector<HTMLElement>(`[data-tab="${name}"]`)?.click()
    await settle()
  }
  return { place, one, rows, press, tab, settle, search }
}

it('asks for one kind in one chat, and says where there is none', async () => {
  const { place, search, tab, rows } = await open(archive(2))
  expect(search.mock.lastCall?.[0]).toMatchObject({ text: '', kind: 'picture', conversation: CHAT })
  expect(place.textContent).toContain(voiceWords.gallery.none.picture)
  await tab('file')
  expect(search.mock.lastCall?.[0]).toMatchObject({ kind: 'file', conversation: CHAT })
  expect(rows()).toEqual([entry('m2x'), entry('m1x')])
})

it('goes through all of them, and never has more than a window of them on the page', async () => {
  const count = GALLERY_MESSAGES_MAX + 30
  const { tab, rows, press, one } = await open(archive(count))
  await tab('file')
  const seen = new Set(rows())
  for (let presses = 0; one('gallery-older') !== null; presses += 1) {
    if (presses > 30) throw new Error('there is no end to it')
    await press('gallery-older')
    for (const id of rows()) seen.add(id)
    expect(rows().length).toBeLessThanOrEqual(GALLERY_MESSAGES_MAX)
  }
  expect(seen.size).toBe(count)
  while (one('gallery-newer') !== null) await press('gallery-newer')
  expect(rows()[0], 'and back').toBe(entry(`m${count}x`))
})

it('keeps what it shows until the next window is there, and goes back to what is next to it', async () => {
  const count = GALLERY_MESSAGES_MAX + 30
  const { tab, rows, press, one } = await open(archive(count))
  await tab('file')
  while (rows().length < GALLERY_MESSAGES_MAX) await press('gallery-older')
  const [before, edge] = [rows(), rows().at(-1)]
  one('gallery-older')?.click()
  await nextTick()
  await vi.advanceTimersByTimeAsync(1)
  expect(rows(), 'nothing goes before something comes').toEqual(before)
  await vi.advanceTimersByTimeAsync(300)
  await nextTick()
  expect(rows()[0], 'and then what follows').toBe(entry(`m${count - GALLERY_MESSAGES_MAX}x`))
  await press('gallery-newer')
  expect([rows().length, rows().at(-1)]).toEqual([GALLERY_MESSAGES_MAX, edge])
})

it('has nothing any more, within a second, of what was deleted', async () => {
  let search = archive(2)
  const { tab, rows } = await open(vi.fn((query: SearchQuery) => search(query)))
  await tab('file')
  expect(rows()).toHaveLength(2)
  search = archive(1)
  await vi.advanceTimersByTimeAsync(900)
  expect(rows()).toEqual([entry('m1x')])
})

it('goes from tab to tab by arrow keys, and round at the ends', async () => {
  const { place, settle } = await open(archive(0))
  const chosen = () => place.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')
  const key = async (name: string) => {
    chosen()?.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }))
    await settle()
    return chosen()?.dataset['tab']
  }
  expect([await key('ArrowRight'), await key('End'), await key('ArrowRight'), await key('ArrowLeft')]).toEqual([
    'file',
    'voice',
    'picture',
    'voice',
  ])
  expect(chosen()).toBe(document.activeElement)
})

import { expect, it } from 'vitest'
import type { AttachmentView, SearchHit } from '@kith/protocol'
import { ANA, CHAT, entry } from '../testing/index.ts'
import { toItems, toMonths } from './gallery.ts'

const picture = { width: 4, height: 3, thumbhash: new Uint8Array(5) }
const file = (changes: Partial<AttachmentView>): AttachmentView => ({ name: '', size: 1, photo: undefined, ...changes })
const photo = file({ photo: picture })
const film = file({ video: { ...picture, duration: 1_000, hasPoster: true } })
const voice = file({ voice: { duration: 1_000, waveform: new Uint8Array(1) } })
const paper = file({ name: 'paper.pdf' })

const hit = (name: string, files?: readonly AttachmentView[]): SearchHit => ({
  conversation: CHAT,
  message: entry(name),
  account: ANA,
  mine: false,
  time: 0,
  orderKey: name,
  text: '',
  marks: [],
  ...(files === undefined ? {} : { files }),
})
const keys = (hits: readonly SearchHit[], tab: Parameters<typeof toItems>[1]) =>
  toItems(hits, tab).map(({ hit: { orderKey }, of }) => `${orderKey}${of.item}`)

it('takes from each message what belongs under its tab', () => {
  const hits = [hit('b', [photo, paper, voice]), hit('a', [voice, photo])]
  expect(keys(hits, 'picture')).toEqual(['b0', 'a1'])
  expect(keys(hits, 'file')).toEqual(['b1'])
  expect(keys(hits, 'voice')).toEqual(['b2', 'a0'])
  expect(keys([hit('none')], 'picture')).toEqual([])
})

it('shows a video once, with the photo that stands for it', () => {
  const [item, next, ...others] = toItems([hit('a', [film, photo, photo])], 'picture')
  expect([item?.of.item, item?.poster?.of.item, next?.of.item, others.length]).toEqual([0, 1, 2, 0])
  const bare = file({ video: { ...picture, duration: 1_000, hasPoster: false } })
  expect(keys([hit('a', [bare, photo])], 'picture')).toEqual(['a0', 'a1'])
})

it('puts what follows each other in one month together, and never out of its order', () => {
  const months = toMonths([9, 8, 3, 7], { timeOf: (item) => item, nameOf: (time) => (time > 5 ? 'late' : 'early') })
  expect(months).toEqual([
    { name: 'late', items: [9, 8] },
    { name: 'early', items: [3] },
    { name: 'late', items: [7] },
  ])
})

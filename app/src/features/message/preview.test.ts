import { expect, it } from 'vitest'
import { LINE_LENGTH_MAX } from '../limits.ts'
import { words } from '../words.ts'
import { playedOf, toPreview } from './preview.ts'

const photo = { name: '', size: 1, photo: { width: 1, height: 1, thumbhash: new Uint8Array(0) } }

it('a message without words is what it carries, with nothing hidden in its name', () => {
  expect(toPreview({ text: 'From the ridge', files: [photo] })).toBe('From the ridge')
  expect(toPreview({ text: '', files: [photo] })).toBe(words.chat.photo)
  expect(toPreview({ text: '', files: [{ name: 'way\u202E.gpx', size: 1 }] })).toBe('way.gpx')
  const voice = { name: '', size: 1, voice: { duration: 62_900, waveform: new Uint8Array(1) } }
  expect(toPreview({ text: '', files: [voice] })).toBe('Voice message (1:02)')
  expect([playedOf({ text: '', files: [voice] }), playedOf({ text: '🎬 1:02' }), playedOf({ text: '', files: [photo] })]).toEqual([
    'voice',
    'video',
    undefined,
  ])
  expect(playedOf({ text: 'Listen', files: [voice] }), 'its words stand there').toBeUndefined()
  expect(toPreview({ text: '' }), 'a quote tells of no files').toBe(words.chat.photo)
})

it.each([
  ['**bold** and _slanted_ and ~~gone~~', 'bold and slanted and gone'],
  ['`code` stays', 'code stays'],
  ['> quoted\n- one\n- two', 'quoted\none\ntwo'],
  ['```js\nlet a\n```', 'let a\n'],
  ['2*3*4 and snake_case', '2*3*4 and snake_case'],
  ['**never closed', '**never closed'],
  ['https://kith.example/a_b_c', 'https://kith.example/a_b_c'],
])('words in one line are without the marks that shape them: %s', (text, shown) => expect(toPreview({ text })).toBe(shown))

it('one line is bounded, however long a text is, and no letter of it is cut in two', () => {
  for (const text of ['x'.repeat(16_000), `**${'y'.repeat(16_000)}**`, '😀'.repeat(8_000)]) {
    const line = toPreview({ text })
    expect(line.length).toBeLessThanOrEqual(LINE_LENGTH_MAX + 1)
    expect(line).not.toMatch(/\p{Surrogate}/u)
  }
})

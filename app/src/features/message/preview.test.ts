import { expect, it } from 'vitest'
import { words } from '../words.ts'
import { toPreview } from './preview.ts'

const photo = { name: '', size: 1, photo: { width: 1, height: 1, thumbhash: new Uint8Array(0) } }

it('a message without words is what it carries, with nothing hidden in its name', () => {
  expect(toPreview({ text: 'From the ridge', files: [photo] })).toBe('From the ridge')
  expect(toPreview({ text: '', files: [photo] })).toBe(words.chat.photo)
  expect(toPreview({ text: '', files: [{ name: 'way\u202E.gpx', size: 1 }] })).toBe('way.gpx')
  expect(toPreview({ text: '' }), 'a quote tells of no files').toBe(words.chat.photo)
})

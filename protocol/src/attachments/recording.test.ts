import { describe, expect, it } from 'vitest'
import { utf8ToBytes } from '../bytes/bytes.ts'
import { recordingIn } from './recording.ts'

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const header = (type: string): Uint8Array =>
  bytesOf(`\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82${type}B\x87\x81\x04`)

describe('a recording', () => {
  it('is told by how it begins', () => {
    expect(recordingIn(header('\x84webm'))).toBe('webm')
    expect(recordingIn(bytesOf('OggS\0\x02'))).toBe('ogg')
    expect(recordingIn(bytesOf('\0\0\0\x18ftypmp42'))).toBe('mp4')
  })

  it.each([
    ['Matroska, which holds anything', header('\x88matroska')],
    ['SVG', utf8ToBytes('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ['HTML', utf8ToBytes('<!doctype html><script>alert(1)</script>')],
    ['HTML that names a type of box', utf8ToBytes('<!--tftyp--><script>alert(1)</script>')],
    ['a picture', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)],
    ['a playlist that fetches from elsewhere', utf8ToBytes('#EXTM3U\nhttps://elsewhere.example/1.ts')],
    ['a beginning that is cut off', bytesOf('\x1aE\xdf')],
    ['nothing', new Uint8Array(0)],
  ])('is not %s', (_, bytes) => {
    expect(recordingIn(bytes)).toBeUndefined()
  })
})

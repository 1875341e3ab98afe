import { expect, test } from 'vitest'
import { FILE_NAME_LENGTH_MAX } from '../limits.ts'
import { toShownFileName } from '../shown-file-name.ts'
import { toSavedFileName } from '../saved-file.ts'
import { isActiveFile, isPictureOrFilm, toNameParts, toPhotoFileName, toSentFileName } from './file-name.ts'
import { FILES_MAX, PHOTO_READ_BYTES_MAX, BLUR_SIDE_MAX } from './limits.ts'
import { blurOf } from './blur.ts'
import { preparePhoto } from './prepare-photo.ts'

test('what is longer than a name, a message or a picture may be is cut, or goes as a file', async () => {
  expect(toShownFileName('x'.repeat(FILE_NAME_LENGTH_MAX + 1)).length).toBe(FILE_NAME_LENGTH_MAX)
  expect(FILES_MAX, 'as many as a message may have').toBe(10)
  expect(await preparePhoto({ type: 'image/jpeg', size: PHOTO_READ_BYTES_MAX + 1 } as Blob)).toBeUndefined()
})

test('a blur that is none is drawn as nothing, and none is larger than a blur', () => {
  for (let seed = 0; seed < 256; seed += 1)
    for (const length of [5, 12, 25]) {
      const picture = blurOf(Uint8Array.from({ length }, (_, at) => (seed * 31 + at * seed) & 0xff))
      expect(Math.max(picture?.width ?? 0, picture?.height ?? 0)).toBeLessThanOrEqual(BLUR_SIDE_MAX)
    }
})

test('a name shows the ending that it has', () => {
  expect(toShownFileName('photo\u202egpj.exe')).toBe('photogpj.exe')
  expect(isActiveFile('photo\u202egpj.exe')).toBe(true)
  expect(isActiveFile('letter.pdf')).toBe(false)
  expect(isActiveFile('picture.SVG')).toBe(true)
})

test('a name is saved without a path, a device, or a place among hidden files', () => {
  expect(['../../etc/passwd', 'C:\\x.txt', '.bashrc', 'con.txt', '...', 'a.txt.  '].map(toSavedFileName)).toEqual([
    '_.._etc_passwd',
    'C__x.txt',
    'bashrc',
    '_con.txt',
    'file',
    'a.txt',
  ])
})

test('a long name is cut in front of its ending', () => {
  const sent = toSentFileName(`${'ü'.repeat(300)}.pdf`)
  expect(sent.endsWith('ü.pdf')).toBe(true)
  expect(new TextEncoder().encode(sent).length).toBeLessThanOrEqual(255)
  expect(toNameParts('a very long name of a report.pdf')).toEqual({ start: 'a very long name of ', end: 'a report.pdf' })
})

test('a photo is saved as what it is, whatever its sender calls it', () => {
  expect(toPhotoFileName('holiday.exe', 'image/jpeg')).toBe('holiday.jpg')
  expect(toPhotoFileName('holiday.jpg.html', 'image/png')).toBe('holiday.jpg.png')
  expect(toPhotoFileName('run.\u200Bdesktop ', 'image/webp')).toBe('run.webp')
  expect(toPhotoFileName('no ending', 'image/webp')).toBe('no ending.webp')
  for (const name of ['', '.exe', '...']) expect(toPhotoFileName(name, 'image/jpeg')).toBe('photo.jpg')
})

test('pictures and films are known by their type, and by their ending where the browser gives none', () => {
  for (const type of ['image/heic', 'image/svg+xml', 'video/mp4']) expect(isPictureOrFilm({ type, name: 'x' })).toBe(true)
  for (const name of ['IMG_1.HEIC', 'x.tif', 'x.dng', 'clip.mov', 'x.ARW']) expect(isPictureOrFilm({ type: '', name })).toBe(true)
  for (const name of ['walks.pdf', 'heic', 'way.gpx']) expect(isPictureOrFilm({ type: '', name })).toBe(false)
})

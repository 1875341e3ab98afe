import { expect, test } from 'vitest'
import { isActiveFile, toNameParts, toSavedFileName, toSentFileName, toShownFileName } from './file-name.ts'

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

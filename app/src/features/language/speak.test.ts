import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createLateParts } from '../app/index.ts'
import { searchWords } from '../search-words.ts'
import { spoken, wanted } from '../spoken.ts'
import { formats } from '../time/index.ts'
import { words } from '../words.ts'
import { beginToSpeak, choose, speak } from './speak.ts'

const root = { lang: 'en', dir: 'ltr' }
const kept = new Map<string, string>()
beforeEach(() => {
  vi.stubGlobal('document', { documentElement: root })
  vi.stubGlobal('navigator', { language: 'es-MX', languages: ['es-MX', 'en'] })
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  })
})
afterEach(async () => {
  await speak('en')
  kept.clear()
  vi.unstubAllGlobals()
})

it('begins with what the reader reads, and has the words of later parts before them', async () => {
  await beginToSpeak()
  expect(words.settings.title).toBe('Ajustes')
  expect(searchWords.narrow, 'not fetched before it is needed').toBe('Filters')
  expect(root).toEqual({ lang: 'es', dir: 'ltr' })
  const parts = createLateParts(async () => ({ here: true }))
  await parts.load()
  expect(searchWords.narrow).toBe('Filtros')
})

it('begins with what was chosen last', async () => {
  await choose('ar')
  expect([words.settings.title, searchWords.narrow, root.dir]).toEqual(['الإعدادات', 'عوامل التصفية', 'rtl'])
  await speak('en')
  expect([words.settings.title, root.dir]).toEqual(['Settings', 'ltr'])
  await beginToSpeak()
  expect(words.settings.title).toBe('الإعدادات')
})

it('follows the browser again where that is chosen', async () => {
  await choose('de')
  expect(formats.value.language).toBe('de')
  await choose('system')
  expect([spoken.value, formats.value.language, formats.value.dates]).toEqual(['es', 'es', 'es-MX'])
})

it('speaks what was chosen last, whichever words come first', async () => {
  const [german, chinese] = [speak('de'), speak('zh-Hans')]
  expect(wanted.value).toBe('zh-Hans')
  await Promise.all([german, chinese])
  expect([spoken.value, words.settings.title]).toEqual(['zh-Hans', '设置'])
})

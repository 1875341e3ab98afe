import { expect, it } from 'vitest'
import { languageFor } from './languages.ts'

it.each([
  [['de-AT', 'en'], 'de'],
  [['fr-FR', 'es-419'], 'es'],
  [['zh-CN'], 'zh-Hans'],
  [['zh-SG', 'en'], 'zh-Hans'],
  [['zh-TW', 'en-US'], 'en'],
  [['ar'], 'ar'],
  [['C', 'not a tag', 'de'], 'de'],
  [['ja', 'ko'], 'en'],
  [[], 'en'],
] as const)('whoever reads %j is spoken to in %s', (wanted, language) => {
  expect(languageFor(wanted)).toBe(language)
})

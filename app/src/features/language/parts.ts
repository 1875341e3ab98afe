// The parts of the words: `first` comes with the page, each of the others with the screens that say it. Every language has each of them.

import type * as later from './en/later.ts'
import type { FirstEnglish } from '../words.ts'

export type English = { readonly first: FirstEnglish } & { readonly [Name in keyof typeof later]: (typeof later)[Name] }

export type Part = keyof English

// The language that the page speaks. Changed by speak.ts alone, together with the words.

import { shallowRef } from 'vue'
import type { Language } from './languages.ts'

export const spoken = shallowRef<Language>('en')
/** What will be spoken once its words are here. */
export const wanted = shallowRef<Language>('en')

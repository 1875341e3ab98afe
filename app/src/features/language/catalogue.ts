// What is shown of each part of the words, once those of a language are here. Whoever reads it in a template or in a computed value follows.
// docs/decisions/0057.

import { shallowReactive } from 'vue'
import type { Forms, Plural } from '../plural.ts'
import type { Categories, Language } from '../languages.ts'
import type { English, Part } from './parts.ts'

/** The same keys as in English, with the forms that the language has for numbers. */
type Translated<Text, L extends Language> = Text extends string
  ? string
  : Text extends Plural
    ? { readonly [Category in Categories[L]]: string }
    : { readonly [Key in keyof Text]: Translated<Text[Key], L> }

type Shown<Text> = Text extends string ? string : Text extends Plural ? Forms : { readonly [Key in keyof Text]: Shown<Text[Key]> }

export type FirstOf<L extends Language> = Translated<English['first'], L>
export type LaterOf<L extends Language> = { readonly [P in Exclude<Part, 'first'>]: Translated<English[P], L> }

export type Catalogue = { readonly [P in Part]?: object }

type Shelf = { readonly shown: object; readonly besides: object }
const shelves = new Map<Part, Shelf>()
let catalogue: Catalogue = {}

const put = (part: Part, { shown, besides }: Shelf): void => void Object.assign(shown, catalogue[part] ?? besides)

/** `besides`: what is said in languages that bring no words of their own for this part. Without it nothing is there to be said before a language is. */
export const createWords = <P extends Part>(part: P, besides: English[P] | object = {}): Shown<English[P]> => {
  const shelf = { shown: shallowReactive({ ...besides }), besides }
  shelves.set(part, shelf)
  put(part, shelf)
  return shelf.shown as unknown as Shown<English[P]>
}

/** What it lacks stays as it is. */
export const showWords = (next: Catalogue): void => {
  catalogue = next
  for (const [part, shelf] of shelves) put(part, shelf)
}

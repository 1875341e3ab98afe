// The `meta` document of a conversation: what its members say together about it (docs/protocol.md §10.2).

import { cleanName } from '../conversation/text.ts'
import { setValue, valueOf } from './document.ts'
import { textIn } from './admission.ts'
import type { Document } from './document.ts'
import type { DocumentState } from './state.ts'

export type Meta = { readonly title: string | undefined }

/** What the members have agreed on; values that are no text count as none. */
export const readMeta = (document: Document): Meta => ({
  title: textOr(valueOf(document, ROOT, 'title'), cleanName),
})

/** Gives the conversation a title, or takes it away with ''. The update to put into an entry, or undefined when nothing changes. */
export const setTitle = (document: Document, title: string): Uint8Array | undefined =>
  setValue(document, { root: ROOT, key: 'title', value: cleanName(title) || undefined })

/** The title that one update gives. `state`: the document after it. Independent of what others did meanwhile. */
export const titleIn = (update: Uint8Array, state: DocumentState): string | undefined =>
  textOr(textIn(update, { root: ROOT, key: 'title', state }), cleanName)

const ROOT = 'meta'

const textOr = (value: unknown, clean: (text: string) => string): string | undefined =>
  typeof value === 'string' ? clean(value) || undefined : undefined

// The documents that exist and what an update of each may do (docs/protocol.md §10.2).

import { ACCOUNT_BYTES_PER_AUTHOR_MAX, DOCUMENT_CLOCK_MAX, META_BYTES_PER_AUTHOR_MAX, META_VALUES_PER_AUTHOR_MAX } from './limits.ts'
import type { ContentKind, ValueType } from './update.ts'

export type DocumentPolicy = {
  /** The shared types of the document by name, each with the plain values that its readers expect. Each is a map: its items have keys. */
  readonly roots: ReadonlyMap<string, readonly ValueType[]>
  readonly contents: readonly ContentKind[]
  /** Whose content an author may delete. To overwrite a value of a map is to delete it. */
  readonly deletes: 'own' | 'any'
  /**
   * What one author may write. A share of his own, not of the whole: so nobody can take another's room, and all sides agree on what is
   * admitted though updates of different authors reach them in different order.
   */
  readonly bytesMax: number
  readonly valuesMax: number
}

export const DOCUMENT_KINDS = {
  /** Number 1 of a conversation: the title, by every member. Authors keep what they delete, so nothing is ever collected. */
  meta: {
    roots: new Map([['meta', ['text']]]),
    contents: ['any'],
    deletes: 'any',
    bytesMax: META_BYTES_PER_AUTHOR_MAX,
    valuesMax: META_VALUES_PER_AUTHOR_MAX,
  },
  /** One's own devices only. Collected, so that a deleted draft is gone. */
  account: {
    roots: new Map<string, readonly ValueType[]>([
      ['contacts', ['object']],
      ['drafts', ['object']],
      ['settings', ['text', 'number', 'boolean']],
      ['conversations', ['boolean', 'text']],
      ['stars', ['object']],
      ['reads', ['number']],
    ]),
    contents: ['any', 'deleted'],
    deletes: 'any',
    bytesMax: ACCOUNT_BYTES_PER_AUTHOR_MAX,
    valuesMax: DOCUMENT_CLOCK_MAX,
  },
} as const satisfies Record<string, DocumentPolicy>

export type DocumentKind = keyof typeof DOCUMENT_KINDS

/** The number by which entries name the meta document. */
export const META_DOCUMENT = 1

// What admission remembers of a document: where every struct belongs, not what it says (docs/protocol.md §10.3).

import type { StructId } from './parts.ts'

/** Structs of one client, `from` inclusive, `to` exclusive, that lie in one place. */
export type Span = { readonly from: number; readonly to: number; readonly place: number; readonly isType: boolean }

/** A map or list: a key of a root, or a type inside another place. `nesting` of a root is 0. */
export type Place = { readonly name: string; readonly nesting: number }

export type DocumentState = {
  readonly spans: ReadonlyMap<number, readonly Span[]>
  readonly places: readonly Place[]
  /** Bytes of all admitted updates of each client. */
  readonly bytes: ReadonlyMap<number, number>
}

/** An empty document. */
export const createDocumentState = (): DocumentState => ({ spans: new Map(), places: [], bytes: new Map() })

/** Bytes of all admitted updates. */
export const bytesOf = ({ bytes }: Pick<DocumentState, 'bytes'>): number => [...bytes.values()].reduce((sum, own) => sum + own, 0)

/** The clock that the next struct of a client must have. */
export const nextClock = (spans: ReadonlyMap<number, readonly Span[]>, client: number): number => spans.get(client)?.at(-1)?.to ?? 0

/** The span that holds a struct. */
export function spanOf(spans: ReadonlyMap<number, readonly Span[]>, id: StructId): Span | undefined {
  const own = spans.get(id.client) ?? []
  let low = 0
  for (let high = own.length; low < high;) {
    const middle = (low + high) >> 1
    if ((own[middle] as Span).to > id.clock) high = middle
    else low = middle + 1
  }
  const span = own[low]
  return span !== undefined && span.from <= id.clock ? span : undefined
}

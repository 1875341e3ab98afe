// What admission remembers of a document: where every struct belongs, not what it says (docs/protocol.md §10.3).

import { list, mapped, struct, text, u32, u48, u8 } from '../bytes/codec.ts'
import { DOCUMENT_CLOCK_MAX, KEY_LENGTH_MAX } from './limits.ts'
import type { Codec } from '../bytes/codec.ts'
import type { StructId } from './update.ts'

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

type FlatState = {
  readonly clients: readonly {
    readonly client: number
    readonly spans: readonly { readonly to: number; readonly place: number; readonly isType: number }[]
  }[]
  readonly places: readonly Place[]
  readonly shares: readonly { readonly client: number; readonly bytes: number }[]
}

const span = struct<FlatState['clients'][number]['spans'][number]>({ to: u32, place: u32, isType: u8 })
const flatState: Codec<FlatState> = struct({
  clients: list(struct<FlatState['clients'][number]>({ client: u32, spans: list(span, DOCUMENT_CLOCK_MAX) }), DOCUMENT_CLOCK_MAX),
  places: list(struct<Place>({ name: text(4 * KEY_LENGTH_MAX), nesting: u8 }), DOCUMENT_CLOCK_MAX),
  shares: list(struct<FlatState['shares'][number]>({ client: u32, bytes: u48 }), DOCUMENT_CLOCK_MAX),
})

/** A document's state for storage. */
export const documentState: Codec<DocumentState> = mapped(
  flatState,
  ({ clients, places, shares }): DocumentState => ({
    spans: new Map(
      clients.map(({ client, spans }) => [
        client,
        spans.map(({ to, place, isType }, at) => ({ from: spans[at - 1]?.to ?? 0, to, place, isType: isType === 1 })),
      ]),
    ),
    places,
    bytes: new Map(shares.map(({ client, bytes }) => [client, bytes])),
  }),
  ({ spans, places, bytes }) => ({
    clients: [...spans].map(([client, own]) => ({
      client,
      spans: own.map(({ to, place, isType }) => ({ to, place, isType: isType ? 1 : 0 })),
    })),
    places,
    shares: [...bytes].map(([client, own]) => ({ client, bytes: own })),
  }),
)

// No byte of a peer reaches Yjs unexamined (docs/protocol.md §10.3). An update is admitted when every struct is its author's, follows
// what the author wrote before, and hangs on something that exists. Yjs then applies it completely, at a cost that its size bounds.

import { DOCUMENT_NESTING_MAX } from '../limits.ts'
import { nextClock, spanOf } from './state.ts'
import { readUpdate } from './update.ts'
import type { DocumentPolicy } from './kinds.ts'
import type { DocumentState, Place, Span } from './state.ts'
import type { StructId } from './parts.ts'
import type { Deletion, Struct, Update } from './update.ts'

export type UpdateRefusal =
  /** No update, or one that Kith never writes: too long, odd numbers, left-over bytes. */
  | 'malformed'
  | 'empty'
  /** A struct or a deletion that is not the author's to write. */
  | 'client'
  | 'deletion'
  /** Content, root, key or nesting that the document does not have. */
  | 'content'
  | 'root'
  | 'nesting'
  /** Neighbours that lie in different places. */
  | 'place'
  /** Structs that the author has written before, differently or again. */
  | 'clock'
  /** More than the author's share. */
  | 'full'

/** `clock`, `origin`, `deletion`: what is not here yet. */
export type MissingPast = 'clock' | 'origin' | 'deletion'

export type UpdateVerdict =
  | { readonly kind: 'admitted'; readonly state: DocumentState }
  /** It speaks of something unknown. Try again after the document grew; once all entries before it are open, it is a refusal. */
  | { readonly kind: 'waiting'; readonly reason: MissingPast }
  | { readonly kind: 'refused'; readonly reason: UpdateRefusal }

export type UpdateClaim = {
  readonly update: Uint8Array
  /** `clientOf` the device that wrote the entry. */
  readonly client: number
  readonly state: DocumentState
  readonly policy: DocumentPolicy
}

/** Decides about one update. An admitted one leaves nothing pending in Yjs; apply it to the document before the next. */
export function admitUpdate(claim: UpdateClaim): UpdateVerdict {
  const update = readUpdate(claim.update)
  if (update === undefined) return refused('malformed')
  if (update.structs.length === 0 && update.deletions.length === 0) return refused('empty')
  if (update.structs.length > 1 || update.structs.some(({ client, structs }) => client !== claim.client || structs.length === 0))
    return refused('client')
  const bytes = (claim.state.bytes.get(claim.client) ?? 0) + claim.update.length
  if (bytes > claim.policy.bytesMax) return refused('full')
  const placed = placeStructs(update, claim)
  if (placed.kind !== 'placed') return placed
  const { spans, places } = placed
  const fault = faultOfDeletions(update.deletions, { claim, spans })
  return fault ?? { kind: 'admitted', state: { spans, places, bytes: new Map(claim.state.bytes).set(claim.client, bytes) } }
}

const refused = (reason: UpdateRefusal): UpdateVerdict & { readonly kind: 'refused' } => ({ kind: 'refused', reason })
const waiting = (reason: MissingPast): UpdateVerdict & { readonly kind: 'waiting' } => ({ kind: 'waiting', reason })

type PlacedStructs = { readonly kind: 'placed'; readonly spans: ReadonlyMap<number, readonly Span[]>; readonly places: readonly Place[] }
type Verdict = Exclude<UpdateVerdict, { readonly kind: 'admitted' }>

/** Finds the place of each struct, one after the other: later ones may hang on earlier ones. */
function placeStructs(update: Update, claim: UpdateClaim): PlacedStructs | Verdict {
  const own = [...(claim.state.spans.get(claim.client) ?? [])]
  const spans = new Map(claim.state.spans)
  const places = new Places(claim.state.places)
  if (update.structs.length > 0) spans.set(claim.client, own)
  for (const struct of update.structs[0]?.structs ?? []) {
    const clock = own.at(-1)?.to ?? 0
    if (clock + struct.length > claim.policy.valuesMax) return refused('full')
    if (struct.clock !== clock) return struct.clock > clock ? waiting('clock') : refused('clock')
    if (!claim.policy.contents.includes(struct.content)) return refused('content')
    const place = placeOf(struct, { claim, spans, places })
    if (typeof place !== 'number') return place
    if (!isExpected(struct, places.all[place], claim.policy)) return refused('content')
    append(own, { from: clock, to: clock + struct.length, place, isType: struct.content === 'type' })
  }
  return { kind: 'placed', spans, places: places.all }
}

type PlaceSearch = { readonly claim: UpdateClaim; readonly spans: ReadonlyMap<number, readonly Span[]>; readonly places: Places }

function placeOf(struct: Struct, scene: PlaceSearch): number | Verdict {
  if (struct.parent !== undefined) return placeInParent(struct, struct.parent, scene)
  const neighbours = [struct.origin, struct.rightOrigin].filter((id) => id !== undefined)
  const places = neighbours.map((id) => spanOf(scene.spans, id)?.place)
  const [first, second] = places
  if (first === undefined || places.includes(undefined)) return waiting('origin')
  if (second !== undefined && first !== second) return refused('place')
  // A map has one value after the other and no lists: nothing lies to the right, nothing is longer than one.
  const isInMap = scene.places.all[first]?.name.includes(KEY_MARK) === true
  return isInMap && (struct.rightOrigin !== undefined || struct.length !== 1) ? refused('place') : first
}

// What readers of a root do not expect is kept out here, once, instead of in each of them.
function isExpected({ content, values }: Struct, place: Place | undefined, { roots }: DocumentPolicy): boolean {
  if (content !== 'any' || place === undefined || place.nesting > 0) return true
  const expected = roots.get(place.name.slice(0, place.name.indexOf(KEY_MARK)))
  return values.every(({ type }) => expected?.includes(type))
}

function placeInParent(struct: Struct, parent: NonNullable<Struct['parent']>, scene: PlaceSearch): number | Verdict {
  if (parent.kind === 'root') {
    if (!scene.claim.policy.roots.has(parent.name)) return refused('root')
    if (struct.key === undefined || struct.length !== 1) return refused('place')
    return scene.places.indexOf({ name: parent.name + KEY_MARK + struct.key, nesting: 0 })
  }
  const span = spanOf(scene.spans, parent.id)
  if (span === undefined) return waiting('origin')
  if (!span.isType) return refused('place')
  const nesting = (scene.places.all[span.place]?.nesting ?? 0) + 1
  if (nesting > DOCUMENT_NESTING_MAX) return refused('nesting')
  const name = `${parent.id.client}:${parent.id.clock}`
  if (struct.key !== undefined && struct.length !== 1) return refused('place')
  return scene.places.indexOf({ name: struct.key === undefined ? name : name + KEY_MARK + struct.key, nesting })
}

const KEY_MARK = '#'

/** The places of a document by number. */
class Places {
  readonly all: Place[]
  private readonly numbers: Map<string, number>

  constructor(places: readonly Place[]) {
    this.all = [...places]
    this.numbers = new Map(places.map((place, number) => [place.name, number]))
  }

  indexOf(place: Place): number {
    const known = this.numbers.get(place.name)
    if (known !== undefined) return known
    this.numbers.set(place.name, this.all.length)
    return this.all.push(place) - 1
  }
}

function append(own: Span[], span: Span): void {
  const last = own.at(-1)
  if (last !== undefined && last.place === span.place && !last.isType && !span.isType) own[own.length - 1] = { ...last, to: span.to }
  else own.push(span)
}

// A deletion of something that does not exist yet would make it born deleted.
function faultOfDeletions(
  deletions: readonly Deletion[],
  { claim, spans }: { readonly claim: UpdateClaim; readonly spans: ReadonlyMap<number, readonly Span[]> },
): Verdict | undefined {
  for (const { client, clock, length } of deletions) {
    if (client !== claim.client && claim.policy.deletes === 'own') return refused('deletion')
    if (clock + length > nextClock(spans, client)) return client === claim.client ? refused('deletion') : waiting('deletion')
  }
  return undefined
}

/** The text that an update gives to a key of a root, for the line in the timeline that tells of it. */
export function textIn(
  update: Uint8Array,
  at: { readonly root: string; readonly key: string; readonly state: DocumentState },
): string | undefined {
  const name = at.root + KEY_MARK + at.key
  const structs = readUpdate(update)?.structs.flatMap((block) => block.structs) ?? []
  const isThere = (struct: Struct): boolean => {
    if (struct.parent?.kind === 'root') return struct.parent.name === at.root && struct.key === at.key
    const origin: StructId | undefined = struct.origin
    const span = origin === undefined ? undefined : spanOf(at.state.spans, origin)
    return span !== undefined && at.state.places[span.place]?.name === name
  }
  return structs.filter(isThere).flatMap(textsOf).at(-1)
}

/** Whether an update deletes what stands, or stood, under a key of a root. `state`: the document after it. */
export function deletesIn(update: Uint8Array, at: { readonly root: string; readonly key: string; readonly state: DocumentState }): boolean {
  const place = at.state.places.findIndex(({ name }) => name === at.root + KEY_MARK + at.key)
  if (place < 0) return false
  return (readUpdate(update)?.deletions ?? []).some(({ client, clock, length }) =>
    (at.state.spans.get(client) ?? []).some((span) => span.place === place && span.from < clock + length && span.to > clock),
  )
}

const textsOf = ({ values }: Struct): readonly string[] => values.flatMap((value) => (value.type === 'text' ? [value.text] : []))

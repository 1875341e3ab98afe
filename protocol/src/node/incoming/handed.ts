// Bodies that another own device has handed over opened, until their entries come (docs/protocol.md §13.5). In memory alone, since they come again with
// what they belong to. What is done with them is in devices/handed.ts.

import { IdMap } from '../../bytes/id-map.ts'
import type { EntryId } from '../../bytes/ids.ts'
import type { KeptBody } from '../../log/kept-body.ts'

export type Handed = { readonly bodies: IdMap<EntryId, KeptBody>; readonly bytes: number }

export const NOTHING_HANDED: Handed = { bodies: IdMap.empty(), bytes: 0 }

/** Whether nobody has to wait for the key of an entry. */
export const isHandedOver = (handed: Handed, entry: EntryId): boolean => handed.bodies.has(entry)

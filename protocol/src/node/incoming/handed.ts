// Bodies that another own device has handed over opened, until their entries come (docs/protocol.md §13.5). In memory alone, since they come again with
// what they belong to. What is done with them is in devices/handed.ts.

import { IdMap } from '../../bytes/id-map.ts'
import { accountOf } from '../members.ts'
import type { DeviceId, EntryId } from '../../bytes/ids.ts'
import type { KeptBody } from '../../log/kept-body.ts'
import type { Draft } from '../draft.ts'

export type Handed = { readonly bodies: IdMap<EntryId, KeptBody>; readonly bytes: number }

export const NOTHING_HANDED: Handed = { bodies: IdMap.empty(), bytes: 0 }

export const isOwnDevice = ({ state }: Draft, device: DeviceId): boolean => accountOf(state, device) === state.self.account

/** Whether nobody has to wait for the key of an entry. */
export const isHandedOver = ({ state }: Pick<Draft, 'state'>, entry: EntryId): boolean => state.handed.bodies.has(entry)

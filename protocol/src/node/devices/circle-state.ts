// What the node keeps of a person's own devices beside their conversation, and of the end of any device.

import type { IdMap } from '../../bytes/id-map.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'

/**
 * What this device shares with the person's other ones. `lists`: the own signed device lists as far as they are known, the present one last. `names`: what
 * the devices are called. `untold`: devices that are to hear of the present list.
 */
export type Circle = {
  readonly conversation: ConversationId
  readonly lists: readonly Uint8Array[]
  readonly names: IdMap<DeviceId, string>
  readonly untold: readonly DeviceId[]
  /** Conversations that were removed from this device, and stay so whatever the others say. */
  readonly removed: readonly ConversationId[]
  /** Hex of the mark of the account document, as far as others are to hear of it; undefined before its first change. */
  readonly mark: string | undefined
  readonly accounts: IdMap<DeviceId, OwnAccount>
  /** Devices that were linked by this one. */
  readonly made?: readonly DeviceId[]
}

/** The account document on another own device, as that one has said, and which mark of this one's it was told of last. Marks in hex. */
export type OwnAccount = { readonly vector: Uint8Array; readonly said: string | undefined; readonly told: string | undefined }

/**
 * `isRevoked`: the newest list of its account does not name it, so nobody writes to it, nor reads what it writes from then on. `cuts`: how many of its
 * entries count, where that is known.
 */
export type DeviceEnd = { readonly isRevoked: boolean; readonly cuts: ReadonlyMap<ConversationId, number> }

// What the outside must supply to the engine. Adapters implement these; contract suites in protocol/test/contract prove them.

import type { ConversationId, DeviceId, UnixMs } from './bytes/ids.ts'
import type { RelayAddress } from './wire/capability.ts'
import type { PushedBlob, RelayAnswer, RelayRequest } from './wire/relay.ts'

/** Milliseconds since 1970. May jump; nothing but display and timers relies on it. */
export type Clock = () => UnixMs

/** `length` bytes from a cryptographic source. */
export type Random = (length: number) => Uint8Array

/** Calls back once after `ms`; returns a function that cancels. */
export type Timer = (ms: number, callback: () => void) => () => void

// ---------------------------------------------------------------------------------------------------------------- store

/** Ordered tables; keys are ASCII texts that sort byte by byte. */
export const TABLES = ['state', 'conversations', 'peers', 'entries', 'bodies', 'timeline', 'index', 'relations', 'sent'] as const
export type Table = (typeof TABLES)[number]

export type StoreWrite =
  /**
   * Each value is sealed under a key of its own. `shred` names what such keys belong to (`<conversation>/<day>`), so that they can be
   * destroyed together.
   */
  | { readonly kind: 'put'; readonly table: Table; readonly key: string; readonly value: Uint8Array; readonly shred?: string }
  | { readonly kind: 'delete'; readonly table: Table; readonly key: string }
  /** All rows of a table from `from` on and before `to`, those that cannot be read included. */
  | { readonly kind: 'delete-range'; readonly table: Table; readonly from: string; readonly to: string }
  /** Destroys the keys of this name: everything sealed under them is unreadable from now on. */
  | { readonly kind: 'shred'; readonly shred: string }
  /** Destroys the keys of all names from `from` on and before `to`. */
  | { readonly kind: 'shred-range'; readonly from: string; readonly to: string }

export type StoreRange = {
  readonly table: Table
  /** Inclusive. */
  readonly from?: string
  /** Exclusive. */
  readonly to?: string
  readonly limit?: number
  readonly order?: 'ascending' | 'descending'
}

export type StoreRow = { readonly key: string; readonly value: Uint8Array }

/**
 * Durable, sealed rows. Rejects with {@link StoreError}. Without room (`quota`) a commit, and those that wait behind it, leave nothing
 * behind, and later ones may be tried; after any other rejected commit the engine stops and is started anew.
 */
export interface Store {
  /**
   * All writes, in order, or none. Resolves when they are durable. Commits take effect in the order in which they were called. What was taken
   * away is unreadable by then, also in traces that the disk has kept of it; what was overwritten, a minute later at the latest. The adapter
   * says where a device cannot do that.
   */
  commit(writes: readonly StoreWrite[]): Promise<void>
  get(table: Table, key: string): Promise<Uint8Array | undefined>
  /** Rows of a range; a row whose key was destroyed is left out. */
  read(range: StoreRange): Promise<readonly StoreRow[]>
}

/** `code`: quota, closed, corrupt, outdated (written by a newer version), or failed. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: 'quota' | 'closed' | 'corrupt' | 'outdated' | 'failed'

  constructor(code: StoreError['code'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

// -------------------------------------------------------------------------------------------------------------- network

/** A device that may reach this one directly, and that this one may dial. */
export type DirectPeer = { readonly device: DeviceId; readonly signingKey: Uint8Array; readonly relays: readonly RelayAddress[] }

export type NetworkEvent =
  /** A fresh stream to a relay is open; nothing has been said on it. `relay`: hex of the relay's key. */
  | { readonly kind: 'relay-up'; readonly relay: string }
  | { readonly kind: 'relay-down'; readonly relay: string }
  /** Whoever answers at this relay's address has proven another key. */
  | { readonly kind: 'relay-replaced'; readonly relay: string; readonly url: string }
  /** What lay in mailboxes of this device, oldest first in each. */
  | { readonly kind: 'blobs'; readonly relay: string; readonly blobs: readonly PushedBlob[] }
  /** A Noise-protected direct stream to an allowed device is open and has answered a ping. */
  | { readonly kind: 'peer-up'; readonly device: DeviceId }
  | { readonly kind: 'peer-down'; readonly device: DeviceId }
  | { readonly kind: 'frame'; readonly device: DeviceId; readonly frame: Uint8Array }
  /** From a stream for files, which has a credit window of its own. */
  | { readonly kind: 'file-frame'; readonly device: DeviceId; readonly frame: Uint8Array }
  /** What the browser says about its network. */
  | { readonly kind: 'network'; readonly state: 'online' | 'offline' }

/** Connections, and nothing about their meaning. The adapter owns reconnecting, backoff, heartbeats and credit. */
export interface Network {
  /** Stay connected to exactly these relays. */
  setRelays(relays: readonly RelayAddress[]): void
  /** Rejects with {@link NetworkError} when the relay is not connected or the stream breaks before the answer. */
  request(relay: string, request: RelayRequest): Promise<RelayAnswer>
  /** The only devices that may open a circuit to this one, or see its addresses. */
  setPeers(peers: readonly DirectPeer[]): void
  /** Try to reach an allowed device directly. Success arrives as `peer-up`; the adapter paces repeated calls. */
  dial(device: DeviceId): void
  /** Resolves when the frame is within the link's credit window; rejects with {@link NetworkError} when there is no link. */
  send(device: DeviceId, frame: Uint8Array): Promise<void>
  /** The same on a stream of its own, which is opened for it: files keep no message waiting. Left out where there are no such streams. */
  readonly sendFile?: (device: DeviceId, frame: Uint8Array) => Promise<void>
  /** Forget all backoff and try now: the user asked, or the network came back. */
  retry(): void
  /** One listener; events arrive in order. */
  listen(listener: (event: NetworkEvent) => void): void
}

/** `code`: disconnected (retry after the next `relay-up` or `peer-up`) or timeout. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError'
  readonly code: 'disconnected' | 'timeout'

  constructor(code: NetworkError['code'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

// ---------------------------------------------------------------------------------------------------------------- files

/** The bytes of one file, as given. Durable after `flush`. Without room `write` throws {@link StoreError} `quota`. */
export type KeptFile = {
  /** Fewer bytes where the file ends before. */
  readonly read: (at: number, length: number) => Uint8Array
  readonly write: (at: number, bytes: Uint8Array) => void
  readonly flush: () => void
  /** Before it is removed, or opened again. */
  readonly close: () => void
}

/** Files apart from the rows, for bytes that are sealed already. `name`: hex. */
export interface FileStore {
  /** `write`: made where there is none. Rejects with {@link StoreError}: `corrupt` where there is none, `failed` where the browser keeps no files for us. */
  open(conversation: ConversationId, name: string, how: 'read' | 'write'): Promise<KeptFile>
  remove(conversation: ConversationId, name: string): Promise<void>
  /** All files of a conversation, none of which is open. */
  removeAll(conversation: ConversationId): Promise<void>
}

// ------------------------------------------------------------------------------------------------------------ documents

/** A Yjs document kept sealed at rest. `name`: `account` (`account/2` and so on after one that broke), or `meta/<conversation>`. */
export interface DocumentStore {
  /** The sealed updates of a document, oldest first; empty when there is none. */
  load(name: string): Promise<readonly Uint8Array[]>
  /**
   * Adds one update; resolves when it is durable. The adapter seals it, and compacts with `snapshot` when the list grew long. One that
   * rejects takes with it those that were asked for meanwhile, because they may rest on it.
   */
  append(name: string, update: Uint8Array, snapshot: () => Uint8Array): Promise<void>
  /** Resolves when what was deleted in a document cannot be read any more, as what a commit takes away; unasked this takes up to two minutes. */
  tidy(name: string): Promise<void>
  /** Leaves nothing of a document behind; resolves when that is durable. Not while anything else is asked of the same document. */
  erase(name: string): Promise<void>
}

// What the engine's worker and the page that owns its network say to each other, over a port that nobody else has.

import type { DeviceId, DirectPeer, NetworkError, NetworkEvent, RelayAddress, RelayAnswer, RelayRequest } from '@kith/protocol'

/** Who the network is for: the device's signing seed is its libp2p identity. */
export type NetworkIdentity = { readonly signSeed: Uint8Array; readonly device: DeviceId }

export type ToNetwork =
  /** Always first. */
  | { readonly kind: 'open'; readonly identity: NetworkIdentity }
  | { readonly kind: 'set-relays'; readonly relays: readonly RelayAddress[] }
  | { readonly kind: 'set-peers'; readonly peers: readonly DirectPeer[] }
  | { readonly kind: 'request'; readonly id: number; readonly relay: string; readonly request: RelayRequest }
  | { readonly kind: 'send' | 'send-file'; readonly id: number; readonly device: DeviceId; readonly frame: Uint8Array }
  | { readonly kind: 'dial'; readonly device: DeviceId }
  | { readonly kind: 'retry' }

export type FromNetwork =
  | { readonly kind: 'event'; readonly event: NetworkEvent }
  /** `answer`: undefined for a frame that was sent. */
  | { readonly kind: 'done'; readonly id: number; readonly answer: RelayAnswer | undefined }
  | { readonly kind: 'broken'; readonly id: number; readonly code: NetworkError['code']; readonly message: string }

/** A copy that owns its memory, so that it can be handed over: posting a part of a larger buffer would copy all of it. */
export const ownBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes.slice()

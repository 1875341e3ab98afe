// The network of a device that has none: nothing is sent, nothing comes.

import { NetworkError } from '@kith/protocol'
import type { Network } from '@kith/protocol'

const refuse = () => Promise.reject(new NetworkError('disconnected', 'there is no network'))

export const NO_NETWORK: Network = {
  setRelays: () => undefined,
  request: refuse,
  setPeers: () => undefined,
  dial: () => undefined,
  send: refuse,
  retry: () => undefined,
  listen: () => undefined,
}

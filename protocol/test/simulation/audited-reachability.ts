// In place of host/network/reachability.ts in simulated lives (see preload.ts): what the network is told has to be what follows from the whole state, each time.

import { toHex } from '../../src/bytes/bytes.ts'
import { createReachability as createReal, reachOf } from '../../src/host/network/reachability.ts'
import { findings } from './findings.ts'
import { wholeOf } from './wholes.ts'
import type { Reachability } from '../../src/host/network/reachability.ts'
import type { NodeState } from '../../src/node/state.ts'
import type { Network } from '../../src/ports.ts'

export * from '../../src/host/network/reachability.ts'

export function createReachability(network: Network, given: Parameters<typeof createReal>[1]): Reachability {
  let told = { peers: '', relays: '' }
  const watched: Network = {
    ...network,
    setPeers(peers) {
      told = { ...told, peers: peers.map(({ device }) => device).join() }
      network.setPeers(peers)
    },
    setRelays(relays) {
      told = { ...told, relays: relays.map(({ key }) => toHex(key)).join() }
      network.setRelays(relays)
    },
  }
  const audit = (state: NodeState): void => {
    const { peers, relays } = reachOf(wholeOf(state))
    if (told.peers !== peers.map(({ device }) => device).join()) findings.add('the network was told of other devices than the state names')
    if (told.relays !== [...relays.keys()].join()) findings.add('the network was told of other relays than the state names')
  }
  const real = createReal(watched, given)
  audit(given.initial)
  return {
    follow(before, after) {
      real.follow(before, after)
      audit(after)
    },
    dial: real.dial,
  }
}

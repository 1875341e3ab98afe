// The two ends of a session as both sides must see them (docs/protocol.md §4.2).

import type { PairingEnds } from '../../session/pqxdh.ts'
import type { NodeState, Peer } from '../state.ts'

export const endsOf = (state: NodeState, peer: Pick<Peer, 'account' | 'device' | 'list'>): PairingEnds => ({
  self: { account: state.self.account, device: state.self.device, listHash: state.self.list.hash },
  peer: { account: peer.account, device: peer.device, listHash: peer.list.hash },
})

// The two ends of a session as both sides must see them (docs/protocol.md §4.2).

import { parseDeviceList, pinnedFrom } from '../../identity/device-list.ts'
import type { PairingEnds } from '../../session/pqxdh.ts'
import type { NodeState, Peer } from '../state.ts'

export const endsOf = ({ self, circle }: NodeState, peer: Pick<Peer, 'account' | 'device' | 'list'>): PairingEnds => ({
  self: {
    account: self.account,
    device: self.device,
    listHash: self.list.hash,
    earlier: () => (circle?.lists ?? []).flatMap((signed) => pinnedFrom(signed)?.hash ?? []),
  },
  peer: {
    account: peer.account,
    device: peer.device,
    listHash: peer.list.hash,
    earlier: () => [parseDeviceList(peer.list.signed)?.prev ?? peer.list.hash],
  },
})

// Devices that a list does not name any more (docs/protocol.md §13.7): from here on nobody writes to them, and nothing counts that they write.

import { startChain } from '../author.ts'
import { withNet, withoutItem, withPeer } from '../change.ts'
import { closeMailbox } from '../terms/terms.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { PinnedDeviceList } from '../../identity/device-list.ts'
import type { Draft } from '../draft.ts'

/** Those of this account that were listed before, each once. How much of what they wrote counts is said in each conversation. */
export function endUnlisted(draft: Draft, list: PinnedDeviceList): void {
  const listed = new Set(list.devices.map(({ id }) => id))
  const gone = [...draft.state.peers.looks()].flatMap(({ account, device }) =>
    account === list.account && !listed.has(device.id) ? [device.id] : [],
  )
  for (const device of gone) end(draft, device)
}

function end(draft: Draft, device: DeviceId): void {
  const peer = draft.state.peers.get(device)
  if (peer === undefined || peer.end?.isRevoked === true) return
  const shared = draft.state.conversations.getAll(draft.state.directory.shared.get(device) ?? [])
  draft.state = withPeer(draft.state, {
    ...peer,
    end: { isRevoked: true, cuts: peer.end?.cuts ?? new Map() },
    pairing: undefined,
    inbox: undefined,
    envelopes: [],
    bundle: undefined,
  })
  closeMailbox(draft, peer.inbox)
  draft.state = withNet(draft.state, { links: withoutItem(draft.state.net.links, device) })
  // What it holds opens nothing that is written from here on.
  for (const { id, group } of shared) if (group === undefined) startChain(draft, id)
}

// Devices that a list does not name any more (docs/protocol.md §13.7): from here on nobody writes to them, and nothing counts that they write.

import { parseDeviceList } from '../../identity/device-list.ts'
import { startChain } from '../author.ts'
import { withNet, withoutItem, withPeer } from '../change.ts'
import { closeMailbox } from '../terms/terms.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { PinnedDeviceList } from '../../identity/device-list.ts'
import type { Draft } from '../draft.ts'

/**
 * Those of this account that were listed before, each once. How much of what they wrote counts is said in each conversation. Whoever is left out and not
 * revoked lost its place to another change of the list at the same time: it is silent until a list names it again.
 */
export function endUnlisted(draft: Draft, list: PinnedDeviceList): void {
  const listed = new Set(list.devices.map(({ id }) => id))
  const revoked = new Set(parseDeviceList(list.signed)?.revoked.map(({ device }) => device))
  for (const device of devicesOf(draft, list)) if (!listed.has(device)) end(draft, device, revoked.has(device) ? 'revoked' : 'silent')
}

/** Whoever was silent, and is listed again, goes on with its sessions. */
export function resumeListed(draft: Draft, list: PinnedDeviceList): void {
  const listed = new Set(list.devices.map(({ id }) => id))
  for (const device of devicesOf(draft, list)) {
    const peer = listed.has(device) ? draft.state.peers.get(device) : undefined
    if (peer?.end?.isRevoked !== true || peer.pairing === undefined) continue
    const { end: _, ...rest } = peer
    draft.state = withPeer(draft.state, rest)
    beginChains(draft, device)
  }
}

const devicesOf = (draft: Draft, { account: of }: PinnedDeviceList): readonly DeviceId[] =>
  [...draft.state.peers.looks()].flatMap(({ account, device }) => (account === of ? [device.id] : []))

function end(draft: Draft, device: DeviceId, how: 'revoked' | 'silent'): void {
  const peer = draft.state.peers.get(device)
  const isEnded = peer?.end?.isRevoked === true
  // Nothing came of a device that was never met, and nothing can.
  if (peer === undefined || (peer.pairing === undefined && (isEnded || how === 'silent')) || (isEnded && how === 'silent')) return
  const ended = { ...peer, end: { isRevoked: true, cuts: peer.end?.cuts ?? new Map() } }
  draft.state = withPeer(
    draft.state,
    how === 'silent' ? ended : { ...ended, pairing: undefined, inbox: undefined, envelopes: [], bundle: undefined },
  )
  if (how === 'revoked') closeMailbox(draft, peer.inbox)
  draft.state = withNet(draft.state, { links: withoutItem(draft.state.net.links, device) })
  if (!isEnded) beginChains(draft, device)
}

// What it holds opens nothing that is written from here on.
function beginChains(draft: Draft, device: DeviceId): void {
  const shared = draft.state.conversations.getAll(draft.state.directory.shared.get(device) ?? [])
  for (const { id, group } of shared) if (group === undefined) startChain(draft, id)
}

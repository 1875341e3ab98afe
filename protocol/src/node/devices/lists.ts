// Device lists of others, and of the own account by another own device: only the next one counts, signed by the account (docs/protocol.md §2.3).

import { equalBytes } from '../../bytes/bytes.ts'
import { acceptDeviceList } from '../../identity/device-list.ts'
import { withPeer } from '../change.ts'
import { refuse } from '../draft.ts'
import { addPerson } from '../groups/settle.ts'
import { mayJudgeList } from '../incoming/effort.ts'
import { endUnlisted } from './end.ts'
import { takeOwnList } from './own-list.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { PinnedDeviceList } from '../../identity/device-list.ts'
import type { Draft } from '../draft.ts'

/** `device` hands over a list of its own account. */
export function acceptList(draft: Draft, device: DeviceId, signed: Uint8Array): void {
  const peer = draft.state.peers.get(device)
  if (peer === undefined) return
  if (peer.end?.isRevoked === true) return refuse(draft, 'device list', 'revoked')
  const { self } = draft.state
  const pinned = peer.account === self.account ? self.list : peer.list
  if (equalBytes(signed, pinned.signed)) return
  if (!mayJudgeList(draft, device)) return refuse(draft, 'device list', 'too-many')
  const acceptance = acceptDeviceList(pinned, signed)
  if (acceptance.kind === 'refused') {
    // What is older than the one that is known comes along for whoever has missed it.
    if (acceptance.reason !== 'rollback') refuse(draft, 'device list', acceptance.reason)
    return
  }
  takeList(draft, acceptance.pinned)
}

/** The newest list of an account, for all that is known of it. */
export function takeList(draft: Draft, list: PinnedDeviceList): void {
  if (list.account === draft.state.self.account) return takeOwnList(draft, list)
  const devices = [...draft.state.peers.looks()].flatMap((look) => (look.account === list.account ? [look.device.id] : []))
  for (const peer of draft.state.peers.getAll(devices)) draft.state = withPeer(draft.state, { ...peer, list })
  endUnlisted(draft, list)
  for (const id of sharedBy(draft, devices))
    if (draft.state.conversations.get(id)?.group?.people.has(list.account) === true) addPerson(draft, id, list)
}

const sharedBy = (draft: Draft, devices: readonly DeviceId[]) => [
  ...new Set(devices.flatMap((device) => draft.state.directory.shared.get(device) ?? [])),
]

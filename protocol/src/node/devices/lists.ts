// Device lists of others, and of the own account by another own device: only the next one counts, signed by the account (docs/protocol.md §2.3).

import { equalBytes } from '../../bytes/bytes.ts'
import { acceptDeviceList, mergedLists, parseDeviceList, signDeviceList } from '../../identity/device-list.ts'
import { deviceIdFromKeys } from '../../identity/device.ts'
import { withPeer } from '../change.ts'
import { refuse } from '../draft.ts'
import { addPerson } from '../groups/settle.ts'
import { mayJudgeList } from '../incoming/effort.ts'
import { areOfOther, compareLists, settleSplit, takeToldLists } from '../terms/alarms.ts'
import { endUnlisted, resumeListed } from './end.ts'
import { takeOwnList } from './own-list.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { DeviceKeys } from '../../identity/device.ts'
import type { DeviceList, DeviceListRefusal, PinnedDeviceList } from '../../identity/device-list.ts'
import type { Draft } from '../draft.ts'

/** `device` hands over lists of its own account, or two of another one's that contradict each other. */
export function acceptLists(draft: Draft, device: DeviceId, lists: readonly Uint8Array[]): void {
  const account = draft.state.peers.get(device)?.account
  if (account !== undefined && areOfOther(lists, account)) return takeToldLists(draft, device, lists)
  for (const signed of lists) acceptList(draft, device, signed)
}

/** `device` hands over a list of its own account. */
export function acceptList(draft: Draft, device: DeviceId, signed: Uint8Array): void {
  const peer = draft.state.peers.get(device)
  if (peer === undefined) return
  if (peer.end?.isRevoked === true) return refuse(draft, 'device list', 'revoked')
  const { self } = draft.state
  const pinned = peer.account === self.account ? self.list : peer.list
  if (equalBytes(signed, pinned.signed)) return
  const isOwn = peer.account === self.account
  if (isOwn && draft.state.circle?.lists.some((known) => equalBytes(known, signed)) === true) return
  if (!mayJudgeList(draft, device)) return refuse(draft, 'device list', 'too-many')
  const acceptance = acceptDeviceList(pinned, signed)
  compareLists(draft, pinned, signed)
  if (acceptance.kind === 'accepted') return isOwn ? takeTogether(draft, acceptance.pinned) : takeList(draft, acceptance.pinned)
  if (isOwn && CONTRADICTS.has(acceptance.reason)) {
    const other = acceptDeviceList(undefined, signed, self.account)
    if (other.kind === 'accepted') return takeTogether(draft, other.pinned, device)
  }
  // What is older than the one that is known comes along for whoever has missed it.
  if (acceptance.reason !== 'rollback') refuse(draft, 'device list', acceptance.reason)
}

/** Of the own account, why a list that it has signed is none that follows the present one: two devices have changed it without having heard of each other. */
const CONTRADICTS: ReadonlySet<DeviceListRefusal> = new Set(['fork', 'gap', 'rollback'])

// `behind`: who may not know the list that is known here.
function takeTogether(draft: Draft, list: PinnedDeviceList, behind?: DeviceId): void {
  const { self, circle } = draft.state
  const together = mergedLists(self.list, list, (device) => circle?.made?.includes(device) === true)
  if (behind === undefined && together !== undefined && hasSame(together, list)) return takeOwnList(draft, list)
  if (together !== undefined) {
    const next = acceptDeviceList(self.list, signDeviceList(together, self.secret))
    return next.kind === 'accepted' ? takeOwnList(draft, next.pinned) : refuse(draft, 'device list', next.reason)
  }
  if (behind === undefined) return takeOwnList(draft, list)
  if (circle !== undefined && !circle.untold.includes(behind))
    draft.state = { ...draft.state, circle: { ...circle, untold: [...circle.untold, behind] } }
}

const hasSame = (together: DeviceList, list: PinnedDeviceList): boolean => {
  const said = parseDeviceList(list.signed)
  const names = ({ devices, revoked }: DeviceList): string =>
    [...devices.map(deviceIdFromKeys), '', ...revoked.map(({ device }) => device).toSorted()].join()
  return said !== undefined && names({ ...said, devices: said.devices.toSorted(byId) }) === names(together)
}

const byId = (a: DeviceKeys, b: DeviceKeys): number => (deviceIdFromKeys(a) < deviceIdFromKeys(b) ? -1 : 1)

/** The newest list of an account, for all that is known of it. */
export function takeList(draft: Draft, list: PinnedDeviceList): void {
  if (list.account === draft.state.self.account) return takeTogether(draft, list)
  settleSplit(draft, list)
  const devices = [...draft.state.peers.looks()].flatMap((look) => (look.account === list.account ? [look.device.id] : []))
  for (const peer of draft.state.peers.getAll(devices)) draft.state = withPeer(draft.state, { ...peer, list })
  endUnlisted(draft, list)
  resumeListed(draft, list)
  for (const id of sharedBy(draft, devices))
    if (draft.state.conversations.get(id)?.group?.people.has(list.account) === true) addPerson(draft, id, list)
}

const sharedBy = (draft: Draft, devices: readonly DeviceId[]) => [
  ...new Set(devices.flatMap((device) => draft.state.directory.shared.get(device) ?? [])),
]

// Linking a device (docs/protocol.md §13.3): the old one writes the new one into the list and hands over the account, the new one takes it in place of the
// account that it was made with, and begins to talk with the old one.

import { encode, tryDecode } from '../../bytes/codec.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { cleanName } from '../../conversation/text.ts'
import { accountIdFromKey, accountKeyOf } from '../../identity/account.ts'
import { acceptDeviceList } from '../../identity/device-list.ts'
import { devicePublicFromKeys } from '../../identity/device.ts'
import { DEVICES_PER_ACCOUNT_MAX, LISTS_HANDED_MAX } from '../../limits.ts'
import { handover as handoverCodec } from '../../linking/handover.ts'
import { addFeed } from '../../log/log.ts'
import { createMailboxKeys, grantOf } from '../../mailbox/keys.ts'
import { initiate } from '../../session/pairing.ts'
import { takeOneTime } from '../../session/prekeys.ts'
import { freshPrekeys, handChain } from '../author.ts'
import { withConversation, withPeer } from '../change.ts'
import { found } from '../draft.ts'
import { endsOf } from '../incoming/ends.ts'
import { createPeer } from '../invites/pair.ts'
import { ensureCircle, enterCircle, nameDevice, NO_ACCOUNT, nameThis, say } from './circle.ts'
import { listWith, takeOwnList } from './own-list.ts'
import { newInbox, sayReach } from './share.ts'
import { isRevoked } from '../members.ts'
import { createInbox, homeNow, wordsOf } from '../mailboxes/own.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { PinnedDeviceList } from '../../identity/device-list.ts'
import type { Handover } from '../../linking/handover.ts'
import type { Answer, Draft } from '../draft.ts'
import type { InputOf } from '../input.ts'

const answer = (draft: Draft, value: Answer): void => void draft.effects.push({ kind: 'answer', answer: value })
const refuseFor = (draft: Draft, reason: string): void => answer(draft, { kind: 'refused', reason })

/** The new device becomes one of the own ones. The answer holds the handover, which nobody but that device may read. */
export function linkDevice(draft: Draft, { keys, name, ownName }: InputOf<'link-device'>): void {
  const { self } = draft.state
  const home = homeNow(draft.state)
  const device = devicePublicFromKeys(keys)
  if (home === undefined) return refuseFor(draft, 'no-relay-yet')
  if (self.list.devices.length >= DEVICES_PER_ACCOUNT_MAX) return refuseFor(draft, 'too-many')
  const known = draft.state.peers.get(device.id)
  const isListed = self.list.devices.some(({ id }) => id === device.id)
  // One that never came in may try again.
  if (isListed ? known?.pairing !== undefined || known?.account !== self.account : known !== undefined) return refuseFor(draft, 'known')
  ensureCircle(draft)
  if (!isListed) takeOwnList(draft, listWith(self, keys, draft.env.now))
  const { conversation: id, lists, made = [] } = ensureCircle(draft)
  draft.state = { ...draft.state, circle: { ...ensureCircle(draft), made: [...made.filter((other) => other !== device.id), device.id] } }
  const inbox = { keys: createMailboxKeys(home, draft.env.random), registered: false }
  const { list, secret, readReceipts } = draft.state.self
  draft.state = withPeer(draft.state, { ...createPeer({ device, list, outbox: undefined }), inbox })
  const circle = found(draft, id)
  draft.state = withConversation(draft.state, { ...circle, log: addFeed(circle.log, { device: device.id, signingKey: device.signingKey }) })
  nameThis(draft, cleanName(ownName))
  nameDevice(draft, device.id, cleanName(name))
  const taken = takeOneTime(draft.state.prekeys, device.id)
  draft.state = { ...draft.state, prekeys: taken.store }
  const listed = new Set(list.devices.map((known) => known.id))
  const value: Handover = {
    entropy: secret.entropy,
    lists: lists.slice(-LISTS_HANDED_MAX),
    former: formerIn(draft, id),
    circle: id,
    bundle: taken.bundle,
    grant: grantOf(inbox.keys),
    name: self.name,
    readReceipts,
    names: [...(draft.state.circle?.names ?? [])].flatMap(([of, called]) => (listed.has(of) ? [{ device: of, name: called }] : [])),
  }
  answer(draft, { kind: 'handover', handover: encode(handoverCodec, value) })
}

const formerIn = (draft: Draft, circle: ConversationId): Handover['former'] =>
  [...found(draft, circle).log.feeds.keys()]
    .flatMap((device) => (isRevoked(draft.state, device) ? (draft.state.peers.get(device) ?? []) : []))
    .map(({ device: { signingKey, agreementKey } }) => ({ signingKey, agreementKey }))

/** This device is one of that account from now on. Only where nothing has happened here that would be lost with the account before. */
export function joinAccount(draft: Draft, { handover: bytes }: InputOf<'join-account'>): void {
  if (draft.state.conversations.size > 0 || draft.state.circle !== undefined) return refuseFor(draft, 'in-use')
  const handover = tryDecode(handoverCodec, bytes)
  const lists = handover && listsIn(draft, handover)
  if (handover === undefined || lists === undefined) return refuseFor(draft, 'not-authentic')
  const { device } = draft.state.self
  const list = lists.at(-1) as PinnedDeviceList
  const old = list.devices.find(({ id }) => id !== device.id && id === devicePublicFromKeys(handover.bundle).id)
  if (old === undefined) return refuseFor(draft, 'not-authentic')
  draft.state = {
    ...draft.state,
    self: {
      secret: { entropy: handover.entropy },
      account: list.account,
      device,
      list,
      name: handover.name,
      readReceipts: handover.readReceipts,
    },
    circle: {
      ...NO_ACCOUNT,
      conversation: handover.circle,
      lists: handover.lists,
      names: IdMap.of(handover.names.map(({ device: of, name }) => [of, name])),
      untold: [],
      removed: [],
    },
  }
  for (const other of list.devices)
    if (other.id !== device.id) draft.state = withPeer(draft.state, createPeer({ device: other, list, outbox: undefined }))
  const former = handover.former.map(devicePublicFromKeys)
  for (const device of former)
    draft.state = withPeer(draft.state, { ...createPeer({ device, list, outbox: undefined }), end: { isRevoked: true, cuts: new Map() } })
  enterCircle(draft, handover.circle, [...list.devices, ...former])
  const peer = createPeer({ device: old, list, outbox: handover.grant })
  const initiation = initiate(undefined, endsOf(draft.state, peer), handover.bundle, draft.env)
  if (initiation.kind === 'refused') throw new RangeError('the bundle of a handover does not serve')
  const inbox = createInbox(draft, draft.state.home ?? handover.grant.relay)
  draft.state = withPeer(draft.state, { ...peer, pairing: initiation.pairing, inbox })
  handChain(draft, old.id, handover.circle, [...wordsOf(inbox), ...freshPrekeys(draft, old.id)])
  say(draft, { kind: 'named', name: draft.state.circle?.names.get(device.id) ?? '' })
  const others = list.devices.flatMap(({ id }) => (id === device.id || id === old.id ? [] : [id]))
  for (const other of others) {
    const known = draft.state.peers.get(other)
    if (known !== undefined) draft.state = withPeer(draft.state, { ...known, inbox: newInbox(draft) })
  }
  if (others.length > 0) sayReach(draft, handover.circle, others)
  answer(draft, { kind: 'done' })
}

// One after the other, the account's own, and this device in the last of them.
function listsIn(draft: Draft, { entropy, lists }: Handover): readonly PinnedDeviceList[] | undefined {
  const account = accountIdFromKey(accountKeyOf({ entropy }))
  const accepted: PinnedDeviceList[] = []
  for (const signed of lists) {
    const acceptance = acceptDeviceList(accepted.at(-1), signed, account)
    if (acceptance.kind === 'refused') return undefined
    accepted.push(acceptance.pinned)
  }
  return accepted.at(-1)?.devices.some(({ id }) => id === draft.state.self.device.id) === true ? accepted : undefined
}

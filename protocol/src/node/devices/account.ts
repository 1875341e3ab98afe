// The account document between a person's own devices (docs/protocol.md §13.8). Here is what each of them has of it and was told; the document itself is
// the host's.

import { toHex } from '../../bytes/bytes.ts'
import { readFeed } from '../../conversation/feed-view.ts'
import { emptyFeedView } from '../../conversation/state.ts'
import { encode } from '../../bytes/codec.ts'
import { accountPart } from '../../wire/frame.ts'
import { hasRoom, postpone } from '../delivery/deliveries.ts'
import { withConversation } from '../change.ts'
import { refuse } from '../draft.ts'
import { countBytes } from '../incoming/budget.ts'
import { accountOf, authorOf, isRevoked } from '../members.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { AccountPart } from '../../wire/frame.ts'
import type { Draft } from '../draft.ts'
import type { InputOf } from '../input.ts'
import type { Circle, OwnAccount } from './circle-state.ts'

const NOTHING_SAID: OwnAccount = { vector: new Uint8Array([0]), said: undefined, told: undefined }

/** Keeps a part in a row until the host has put all of them into the document. */
export function receiveAccount(draft: Draft, device: DeviceId, part: AccountPart): void {
  if (accountOf(draft.state, device) !== draft.state.self.account || isRevoked(draft.state, device) || draft.state.circle === undefined)
    return refuse(draft, 'account', 'stranger')
  const value = encode(accountPart, part)
  if (!countBytes(draft, device, value.length)) return refuse(draft, 'account', 'too-much')
  const of = toHex(part.of)
  draft.writes.push({ kind: 'put', table: 'state', key: `${accountPartsOf(device, of)}${String(part.part).padStart(2, '0')}`, value })
  draft.effects.push({ kind: 'account', device, of })
}

/** Before the keys of parts in the `state` table: of all devices, of one, of one whole. */
export const accountPartsOf = (device?: DeviceId, of?: string): string =>
  ['account-part', ...[device, of].filter((part) => part !== undefined), ''].join('/')

/**
 * The document is another now. Who changed it tells all; who heard of a change leaves the others to the one that it came from, and tells that one what
 * it has itself.
 */
export function accountChanged(draft: Draft, { mark, heard }: InputOf<'account-changed'>): void {
  const { circle } = draft.state
  if (circle === undefined) return
  let { accounts } = circle
  if (heard !== undefined) {
    const { told, said } = accounts.get(heard.device) ?? NOTHING_SAID
    // Somebody who says the same again, and was told the same, is not told once more: two that never become alike would go on for ever.
    const isNews = heard.mark !== mark && heard.mark !== said
    accounts = accounts.with(heard.device, { vector: heard.vector, said: heard.mark, told: isNews ? undefined : told })
    if (heard.mark === mark && mark !== circle.mark)
      for (const device of others(draft, heard.device))
        accounts = accounts.with(device, { ...(accounts.get(device) ?? NOTHING_SAID), told: mark })
  }
  if (mark !== circle.mark || accounts !== circle.accounts) draft.state = { ...draft.state, circle: { ...circle, mark, accounts } }
}

/** What was read on another own device is not new here, also of what has not come yet. */
export function readElsewhere(draft: Draft, { reads }: InputOf<'read-elsewhere'>): void {
  for (const { conversation: id, feed: name, length } of reads) {
    const conversation = draft.state.conversations.get(id)
    const device = [...(conversation?.log.feeds.keys() ?? [])].find((known) => known.startsWith(name))
    const account = conversation && device && authorOf(draft.state, conversation, device)
    if (conversation === undefined || device === undefined || account === undefined || account === draft.state.self.account) continue
    const { view } = conversation
    const feed = view.feeds.get(device) ?? emptyFeedView(account)
    const read = readFeed(feed, length)
    if (read !== feed)
      draft.state = withConversation(draft.state, { ...conversation, view: { ...view, feeds: view.feeds.with(device, read) } })
  }
}

const others = ({ state }: Draft, from: DeviceId): readonly DeviceId[] =>
  state.self.list.devices.flatMap(({ id }) => (id === state.self.device.id || id === from ? [] : [id]))

/** It went there, by whatever way. */
export function accountTold(draft: Draft, { device, mark, left }: InputOf<'account-told'>): void {
  if (left !== undefined && left.answer.kind !== 'stored') return postpone(draft, { device, grant: left.grant }, left.answer)
  if (left !== undefined) hasRoom(draft, device)
  setTold(draft, device, () => mark)
}

/** What went to it may not have arrived, unless it has said so. */
export const accountUnsure = (draft: Draft, device: DeviceId): void => setTold(draft, device, ({ said }) => said)

function setTold(draft: Draft, device: DeviceId, toldOf: (account: OwnAccount) => string | undefined): void {
  const { circle } = draft.state
  const account = circle?.accounts.get(device) ?? NOTHING_SAID
  const told = toldOf(account)
  if (circle !== undefined && told !== account.told)
    draft.state = { ...draft.state, circle: { ...circle, accounts: circle.accounts.with(device, { ...account, told }) } }
}

/** What another own device is to hear of, and what it has; undefined where it has heard of all. */
export function accountDue(
  circle: Circle | undefined,
  device: DeviceId,
): { readonly mark: string; readonly vector: Uint8Array } | undefined {
  const { vector, told } = circle?.accounts.get(device) ?? NOTHING_SAID
  return circle?.mark === undefined || told === circle.mark ? undefined : { mark: circle.mark, vector }
}

// What shows that somebody has a key that is not theirs: device lists of one account that contradict each other are kept as proof, told on to those
// who know that account as well, and shown until its devices have settled it or the person has (docs/protocol.md §14.3).

import { equalBytes } from '../../bytes/bytes.ts'
import { accountIdFromKey } from '../../identity/account.ts'
import { contradictedBy, settles } from '../../identity/contradiction.ts'
import { parseDeviceList } from '../../identity/device-list.ts'
import { ALARMS_KEPT_MAX, ALARM_TOLD_MAX, ALARMS_TOLD_AT_ONCE_MAX } from '../../limits.ts'
import { handItems } from '../author.ts'
import { withItem, withoutItem } from '../change.ts'
import { leftFor } from '../delivery/reach.ts'
import { refuse } from '../draft.ts'
import { mayJudgeList } from '../incoming/effort.ts'
import { conversationsWith, isRevoked } from '../members.ts'
import { isPaired } from '../rest-looks.ts'
import { isSpoken, ownLength } from '../state.ts'
import { withTerms } from './terms.ts'
import { NO_ALARMS } from './terms-state.ts'
import type { AccountId, DeviceId } from '../../bytes/ids.ts'
import type { PinnedDeviceList } from '../../identity/device-list.ts'
import type { Draft } from '../draft.ts'
import type { InputOf } from '../input.ts'
import type { Conversation } from '../state.ts'
import type { Alarms, Split } from './terms-state.ts'

const withAlarms = (draft: Draft, change: (alarms: Alarms) => Partial<Alarms>): void =>
  withTerms(draft, ({ alarms = NO_ALARMS }) => ({ alarms: { ...alarms, ...change(alarms) } }))

/** Another list of an account came than the one that is known. */
export function compareLists(draft: Draft, known: PinnedDeviceList, signed: Uint8Array): void {
  if (equalBytes(known.signed, signed) || parseDeviceList(signed)?.serial !== known.serial) return
  const account = contradictedBy(known.signed, signed)
  if (account !== undefined) keepSplit(draft, account, [known.signed, signed])
}

/** Somebody hands on two lists of an account that is not theirs. They prove themselves, and count where that account is known here. */
export function takeToldLists(draft: Draft, device: DeviceId, lists: readonly Uint8Array[]): void {
  const [one, other] = lists
  if (!mayJudgeList(draft, device)) return refuse(draft, 'told lists', 'too-many')
  const account = one && other && contradictedBy(one, other)
  if (account === undefined || one === undefined || other === undefined) return refuse(draft, 'told lists', 'no contradiction')
  if (knownList(draft, account) === undefined) return refuse(draft, 'told lists', 'unknown account')
  keepSplit(draft, account, [one, other])
}

/** True for lists of another account than that of whoever hands them over. */
export function areOfOther(lists: readonly Uint8Array[], account: AccountId): boolean {
  const [first] = lists
  const said = lists.length === 2 && first !== undefined ? parseDeviceList(first) : undefined
  return said !== undefined && accountIdFromKey(said.accountKey) !== account
}

// One of each account. Another one counts once the first was seen to, so that nobody is told of the same over and over.
function keepSplit(draft: Draft, account: AccountId, lists: readonly [Uint8Array, Uint8Array]): void {
  const { splits } = draft.state.terms.alarms ?? NO_ALARMS
  const known = splits.get(account)
  const list = knownList(draft, account)
  if (list !== undefined && settles(list, lists)) return
  if (known !== undefined && (!known.isSeen || lists.every((signed) => known.lists.some((other) => equalBytes(signed, other))))) return
  const split: Split = { lists, since: draft.env.now, isSeen: false, untold: hearers(draft, account) }
  const instead = known === undefined && splits.size >= ALARMS_KEPT_MAX ? leastOf(draft, account) : 'none'
  if (instead === undefined) return
  withAlarms(draft, () => ({ splits: withItem(instead === 'none' ? splits : withoutItem(splits, instead), account, split) }))
}

// What was seen to makes room, and for the person's own account and those they write to, what is about others does.
function leastOf({ state }: Draft, account: AccountId): AccountId | undefined {
  const splits = [...(state.terms.alarms?.splits ?? [])]
  const near = new Set([state.self.account, ...[...state.peers.looks()].map((peer) => peer.account)])
  const [seen] = splits.filter(([, { isSeen }]) => isSeen)
  const [far] = near.has(account) ? splits.filter(([other]) => !near.has(other)) : []
  return (seen ?? far)?.[0]
}

/** An account has a new list: where that says all of what was contradicted, its own devices have found to each other. */
export function settleSplit(draft: Draft, list: PinnedDeviceList): void {
  const { splits } = draft.state.terms.alarms ?? NO_ALARMS
  const split = splits.get(list.account)
  if (split !== undefined && settles(list, split.lists)) withAlarms(draft, () => ({ splits: withoutItem(splits, list.account) }))
}

const knownList = ({ state }: Draft, account: AccountId): PinnedDeviceList | undefined => {
  if (account === state.self.account) return state.self.list
  const look = [...state.peers.looks()].find((peer) => peer.account === account)
  if (look !== undefined) return state.peers.get(look.device.id)?.list
  return [...state.conversations.awake.values()].flatMap(({ group }) => group?.people.get(account) ?? [])[0]
}

// Its own devices first, then this person's others, then members of groups that it is in. Of the own account nobody is told: from its own devices others
// would take either list for the newer one that it is.
function hearers({ state }: Draft, account: AccountId): readonly DeviceId[] {
  if (account === state.self.account) return []
  const paired = [...state.peers.looks()].filter((peer) => isPaired(peer) && !isRevoked(state, peer.device.id))
  const theirs = paired.filter((peer) => peer.account === account)
  const own = paired.filter((peer) => peer.account === state.self.account)
  const common = [...state.conversations.awake.values()].flatMap(({ group }) =>
    group?.people.has(account) === true ? [...group.devices.keys()] : [],
  )
  return [...new Set([...[...theirs, ...own].map(({ device }) => device.id), ...common])]
    .filter((device) => device !== state.self.device.id)
    .slice(0, ALARM_TOLD_MAX)
}

/** A few of those who are to hear of it do, over the sessions that there are. Called about once a second while there are any. */
export function tellSplits(draft: Draft): void {
  let left = ALARMS_TOLD_AT_ONCE_MAX
  for (const [account, split] of draft.state.terms.alarms?.splits ?? []) {
    const now = split.untold.slice(0, left)
    left -= now.length
    if (now.length === 0) continue
    for (const device of now) {
      const place = conversationsWith(draft.state, device).find((chat) => isSpoken(chat) && ownLength(draft.state, chat) > 0)
      if (place !== undefined) tell(draft, device, place, split)
    }
    const rest = { ...split, untold: split.untold.slice(now.length) }
    withAlarms(draft, ({ splits }) => ({ splits: withItem(splits, account, rest) }))
  }
}

function tell(draft: Draft, device: DeviceId, place: Conversation, { lists }: Split): void {
  const until = ownLength(draft.state, place)
  const from = Math.max(1, Math.min(until, leftFor(place, draft.state.self.device.id, device))) - 1
  handItems(draft, device, { conversation: place.id, from, until, items: [{ kind: 'lists', lists }] })
}

/** The person has seen to it. `alarm`: an account, or a device in a conversation whose feed is forked. */
export function dismissAlarm(draft: Draft, { alarm }: InputOf<'dismiss-alarm'>): void {
  withAlarms(draft, ({ splits, seen }) => {
    const split = splits.get(alarm as AccountId)
    if (split !== undefined) return { splits: withItem(splits, alarm as AccountId, { ...split, isSeen: true }) }
    return seen.includes(alarm) ? {} : { seen: [...seen, alarm].slice(-ALARMS_KEPT_MAX) }
  })
  draft.effects.push({ kind: 'answer', answer: { kind: 'done' } })
}

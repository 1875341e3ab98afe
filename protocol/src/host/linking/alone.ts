// What would be lost with an own device, as far as this one can know: each says what it has of a chat when a direct link to it begins, and nothing is known
// of one that is not there. Asked before a device is removed, or everything here is erased.

import { lengthOf } from '../../log/log.ts'
import { isOwnOther } from '../../node/members.ts'
import { isSpoken } from '../../node/state.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { Alone, Commands } from '../../engine.ts'
import type { FeedRange } from '../../log/lookups.ts'
import type { Conversation, NodeState } from '../../node/state.ts'
import type { Loop } from '../loop.ts'

export const createAlone =
  ({ loop }: { readonly loop: Pick<Loop, 'state'> }): Commands['readAlone'] =>
  ({ device }) =>
    Promise.resolve(aloneOn(loop.state(), device))

const aloneOn = (state: NodeState, device: DeviceId | undefined): Alone =>
  device === undefined || device === state.self.device.id ? here(state) : there(state, device)

/** What another own device has and this one has not. Of one that is not there nothing is known but that entries are missing. */
function there(state: NodeState, device: DeviceId): Alone {
  const said = state.net.links.get(device)?.said
  const counts = chatsOf(state).map(({ id, log, missing }) =>
    [...(said?.get(id) ?? missing?.upTo ?? [])].reduce((sum, [feed, length]) => sum + Math.max(0, length - lengthOf(log, feed)), 0),
  )
  const isKnown = said !== undefined && chatsOf(state).every(({ id, log }) => !log.feeds.has(device) || said.has(id))
  return { ...summed(counts), isKnown, others: othersOf(state).length }
}

/** What is here and on no other own device that is there. Of those that are not, nobody knows; where there is none at all, it is all that is here. */
function here(state: NodeState): Alone {
  const others = othersOf(state)
  const links = others.flatMap((device) => state.net.links.get(device) ?? [])
  const counts = chatsOf(state).map(({ id, log }) => {
    if (others.length === 0) return [...log.feeds.keys()].reduce((sum, feed) => sum + lengthOf(log, feed), 0)
    const lacking = links.flatMap(({ owed, served }) => (owed.has(id) ? [lengthOfAll(served.get(id)?.lacking ?? [])] : []))
    return lacking.length === 0 ? 0 : Math.min(...lacking)
  })
  const isKnown = others.length === 0 || links.some(({ owed }) => chatsOf(state).every(({ id }) => owed.has(id)))
  return { ...summed(counts), isKnown, others: others.length }
}

const chatsOf = ({ conversations, circle }: NodeState): readonly Conversation[] =>
  [...conversations.awake.values()].filter((chat) => isSpoken(chat) && chat.id !== circle?.conversation)

const othersOf = (state: NodeState): readonly DeviceId[] =>
  state.self.list.devices.flatMap(({ id }) => (id !== state.self.device.id && isOwnOther(state, id) ? [id] : []))

const lengthOfAll = (ranges: readonly FeedRange[]): number => ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0)

const summed = (counts: readonly number[]): Pick<Alone, 'entries' | 'chats'> => ({
  entries: counts.reduce((sum, count) => sum + count, 0),
  chats: counts.filter((count) => count > 0).length,
})

// Whom the newest messages of a chat are shown before the rest of it (docs/protocol.md §13.9): an own device that lacks much, once on each link, or once in
// its mailbox. Nothing of it is stored: whoever was not shown them gets them in their turn.

import { NEWEST_LACKING_MIN } from '../../limits.ts'
import { withItem, withLink, withNet } from '../change.ts'
import { isOwnOther } from '../members.ts'
import { ownLength } from '../state.ts'
import { deliveryTo, leftFor } from './reach.ts'
import { directLinkTo } from './link.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { FeedRange } from '../../log/lookups.ts'
import type { Draft } from '../draft.ts'
import type { InputOf, Source } from '../input.ts'
import type { DirectLink } from '../net.ts'
import type { Conversation, NodeState } from '../state.ts'

const NONE: NonNullable<DirectLink['newest']> = new Map()

type Lacking = { readonly device: DeviceId; readonly id: ConversationId; readonly source: Source; readonly ranges: readonly FeedRange[] }

/** An own device says on a link how much it lacks. */
export function noteNewest(draft: Draft, { device, id, source, ranges }: Lacking): void {
  const link = draft.state.net.links.get(device)
  if (source.kind !== 'link' || link === undefined || link.newest?.has(id) === true || !isMuch(ranges)) return
  if (id !== draft.state.circle?.conversation)
    draft.state = withLink(draft.state, device, { ...link, newest: withItem(link.newest ?? NONE, id, 'due') })
}

const isMuch = (ranges: readonly FeedRange[]): boolean => ranges.reduce((sum, { from, to }) => sum + 1 + to - from, 0) >= NEWEST_LACKING_MIN

/** True when an own device that is not connected lacks much, and its mailbox has not got the newest yet. */
export const isNewestDue = (state: NodeState, conversation: Conversation, device: DeviceId): boolean =>
  isOwnOther(state, device) &&
  conversation.id !== state.circle?.conversation &&
  isMuch([...deliveryTo(conversation, device).owed, ownLeft(state, conversation, device)]) &&
  !state.net.newest.has(`${conversation.id}/${device}`)

const ownLeft = (state: NodeState, conversation: Conversation, device: DeviceId): FeedRange => {
  const self = state.self.device.id
  return { device: self, from: leftFor(conversation, self, device), to: ownLength(state, conversation) - 1 }
}

export function newestTold(draft: Draft, { device, conversation: id, link: serial }: InputOf<'newest-told'>): void {
  const link = serial === undefined ? undefined : directLinkTo(draft, device, serial)
  if (link !== undefined) draft.state = withLink(draft.state, device, { ...link, newest: withItem(link.newest ?? NONE, id, 'told') })
  if (serial === undefined) draft.state = withNet(draft.state, { newest: new Set([...draft.state.net.newest, `${id}/${device}`]) })
}

// The door of a group (docs/protocol.md §12): a member whom this device has not met leaves its first word there.

import { withPeer } from '../change.ts'
import { refuse } from '../draft.ts'
import { acceptItems } from '../incoming/items.ts'
import { foundGroup } from './entry.ts'
import { meetAll } from './meet.ts'
import { addPerson, isJoined, settle } from './settle.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { SessionPayload } from '../../session/payload.ts'
import type { Draft } from '../draft.ts'
import type { Peer } from '../state.ts'

type Opened = { readonly peer: Peer; readonly items: SessionPayload }

/** `open`: opens the word as one of `stranger`, whose device list is genuine. False for somebody who may turn out to be a member. */
export function receiveKnock(
  draft: Draft,
  id: ConversationId,
  { stranger, open }: { readonly stranger: Peer; readonly open: () => Opened | undefined },
): boolean {
  const { group } = foundGroup(draft, id)
  if (!isJoined(draft, group) || !group.membership.members.has(stranger.account)) {
    refuse(draft, 'envelope', 'no-member')
    return false
  }
  const opened = open()
  if (opened === undefined) return true
  draft.state = withPeer(draft.state, opened.peer)
  addPerson(draft, id, stranger.list)
  acceptItems(draft, stranger.device.id, opened.items)
  settle(draft, id)
  meetAll(draft, id)
  return true
}

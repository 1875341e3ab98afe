// The door of a group (docs/protocol.md §12): a member whom this device has not met leaves its first word there.

import { LINK_HOSTS_MAX } from '../../limits.ts'
import { withPeer } from '../change.ts'
import { refuse } from '../draft.ts'
import { acceptItems } from '../incoming/items.ts'
import { foundGroup } from './entry.ts'
import { meetAll } from './meet.ts'
import { addPerson, isJoined, settle, withGroup } from './settle.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { SessionPayload } from '../../session/payload.ts'
import type { Draft } from '../draft.ts'
import type { Peer } from '../state.ts'

type Opened = { readonly peer: Peer; readonly items: SessionPayload }

/** `open`: opens the word as one of `stranger`, whose device list is genuine. */
type Knock = { readonly stranger: Peer; readonly open: () => Opened | undefined }

/** False for somebody who may turn out to be a member. */
export function receiveKnock(draft: Draft, id: ConversationId, { stranger, open }: Knock): boolean {
  const { group } = foundGroup(draft, id)
  if (group.asked !== undefined && !isJoined(draft, group)) return receiveHost(draft, id, { stranger, open })
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

/** The answer to a request to be let in: whoever has it is heard, and what they hand over shows whether they are a member. */
function receiveHost(draft: Draft, id: ConversationId, { stranger, open }: Knock): boolean {
  const before = draft.state
  const opened = open()
  if (opened === undefined) return true
  const device = stranger.device.id
  const isWelcome = opened.items.some((item) => item.kind === 'welcome' && item.conversation === id)
  const { group } = foundGroup(draft, id)
  const { asked } = group
  if (!isWelcome || asked === undefined || asked.since === 0 || group.devices.size >= LINK_HOSTS_MAX) {
    draft.state = before
    refuse(draft, 'envelope', 'not-asked')
    return true
  }
  draft.state = withPeer(draft.state, opened.peer)
  withGroup(draft, id, { ...group, asked: { ...asked, host: asked.host ?? device } })
  acceptItems(draft, device, opened.items)
  return true
}

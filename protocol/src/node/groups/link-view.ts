// What screens are shown of a group's link: to its members the link itself, to whoever has opened it how far the request has come.

import { createGroupLink } from '../../invite/group-link.ts'
import { useOf } from '../../membership/state.ts'
import { toHex } from '../../bytes/bytes.ts'
import { cleanName } from '../../conversation/text.ts'
import { aheadOf } from '../clocks.ts'
import { isRemoved } from './asked.ts'
import { grantOfDesk } from './desks.ts'
import type { GroupLinkView, JoiningView } from '../../views.ts'
import type { LinkSurroundings } from '../part.ts'
import type { Conversation, NodeState } from '../state.ts'

/** The first link that is open, for members. */
export function groupLinkOf(
  state: NodeState,
  { id, founder, group }: Conversation,
  { now, origin, title }: LinkSurroundings,
): GroupLinkView | undefined {
  const [desk] = group?.desks ?? []
  const grant = group && desk && grantOfDesk(group, desk.link)
  if (group === undefined || desk === undefined || grant === undefined) return undefined
  const { relay, secret, uses } = grant
  const { membership } = group
  const url = relay.url === origin.replace(/^http/, 'ws') ? '' : relay.url
  const text = createGroupLink({
    origin,
    relay: { key: relay.key, url },
    conversation: id,
    founder,
    secret,
    expires: Math.floor(grant.expires / 1_000),
    members: membership.members.size,
    title: cleanName(title ?? ''),
  })
  const used = useOf(membership, desk.link).letIns.filter((letIn) => membership.entries.get(letIn)?.isAccepted === true).length
  const expires = grant.expires - aheadOf(state, relay)
  return { link: desk.link, text, expires, uses, used, isOver: now >= expires || used >= uses }
}

/** Undefined for a group in which nobody has asked to be let in. */
export function joiningOf(state: NodeState, conversation: Conversation, now: number): JoiningView | undefined {
  const asked = conversation.group?.asked
  if (asked === undefined) return undefined
  if (isRemoved(state, conversation)) return { members: asked.members, state: 'removed' }
  const { grant, members, since, left, expires } = asked
  const relay = toHex(grant.relay.key)
  const isGone =
    state.net.relays.get(relay)?.refused.has(grant.mailbox) === true && state.net.relays.get(relay)?.bound.has(grant.mailbox) !== true
  if (since === 0) return { members, state: now >= expires - aheadOf(state, relay) ? 'over' : 'looked' }
  if (isGone) return { members, state: 'gone' }
  if (now >= expires - aheadOf(state, relay)) return { members, state: 'over' }
  return { members, state: left === undefined ? 'saved' : 'sent' }
}

// The mailboxes that the links of a group lead to: each member's devices open them (docs/protocol.md §12.6).

import { deskOf } from '../../group/link.ts'
import { LINKS_HEARD_MAX } from '../../limits.ts'
import { withConversation, withNet } from '../change.ts'
import { bothOf } from '../mailboxes/both.ts'
import { isSameKey } from '../mailboxes/own.ts'
import { closeMailbox } from '../terms/terms.ts'
import { foundGroup } from './entry.ts'
import type { ConversationId, EntryId, MailboxId } from '../../bytes/ids.ts'
import type { LinkGrant } from '../../membership/types.ts'
import type { Draft } from '../draft.ts'
import type { Inbox } from '../mailboxes/inbox.ts'
import type { Desk, Group } from './group.ts'

/** What opened a link. */
export function grantOfDesk({ membership }: Group, link: EntryId): LinkGrant | undefined {
  const act = membership.entries.get(link)?.entry.act
  return act?.kind === 'open-link' ? act : undefined
}

/** Whoever may open and close links. */
export function mayOpen({ state }: Draft, { membership }: Group): boolean {
  const role = membership.members.get(state.self.account)
  return role === 'owner' || role === 'admin'
}

const isMember = ({ state }: Draft, { membership }: Group): boolean => membership.members.has(state.self.account)

const mailboxesAt = (desks: Group['desks']): readonly MailboxId[] => desks.flatMap(bothOf).map(({ keys }) => keys.mailbox)

/** Where a link leads: to one mailbox, which may lie at a second relay too. */
export const placesOf = (grant: LinkGrant): Inbox => ({
  keys: deskOf(grant),
  registered: false,
  second: grant.second && !isSameKey(grant.second, grant.relay) ? { relay: grant.second, registered: false } : undefined,
})

/** Listens at the links that are open, and nowhere else. Whoever may close one has its relay let go of what led to it. */
export function followLinks(draft: Draft, id: ConversationId): void {
  const { group } = foundGroup(draft, id)
  const links = isMember(draft, group) ? [...group.membership.links.keys()].toSorted().slice(0, LINKS_HEARD_MAX) : []
  if (links.length === group.desks.length && links.every((link, at) => group.desks[at]?.link === link)) return
  const desks = links.flatMap((link): readonly Desk[] => {
    const known = group.desks.find((desk) => desk.link === link)
    const grant = grantOfDesk(group, link)
    return known !== undefined ? [known] : grant === undefined ? [] : [{ link, ...placesOf(grant) }]
  })
  if (mayOpen(draft, group)) for (const desk of group.desks) if (!group.membership.links.has(desk.link)) closeMailbox(draft, desk)
  draft.state = withConversation(draft.state, { ...foundGroup(draft, id), group: { ...group, desks } })
  const gone = isMember(draft, group) ? [] : mailboxesAt(group.desks)
  const [heard, before] = [mailboxesAt(desks), draft.state.net.left]
  const left = new Set([...before, ...gone].filter((mailbox) => !heard.includes(mailbox)))
  if (left.size !== draft.state.net.left.size) draft.state = withNet(draft.state, { left })
}

/** Somebody who listened at the links is no member any more, and a relay brings what comes to whoever opened a mailbox last. */
export function listenAnew(draft: Draft, { desks }: Group): void {
  const mailboxes = new Set(mailboxesAt(desks))
  const relays = [...draft.state.net.relays].map(([relay, session]) => {
    const opened = new Set([...session.opened].filter((mailbox) => !mailboxes.has(mailbox)))
    return [relay, opened.size === session.opened.size ? session : { ...session, opened }] as const
  })
  if (mailboxes.size > 0) draft.state = withNet(draft.state, { relays: new Map(relays) })
}

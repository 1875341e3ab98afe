// The links of a group on the members' side (docs/protocol.md §12.6): whoever may opens and closes them, and the first member's device that hears a request
// lets its account in. Where they listen is in desks.ts.

import { equalBytes } from '../../bytes/bytes.ts'
import { encode } from '../../bytes/codec.ts'
import { toUnixMs } from '../../bytes/ids.ts'
import { parseCard } from '../../group/card.ts'
import { createLinkGrant, isLinkProof } from '../../group/link.ts'
import { GROUP_LINK_MS_MAX, MEMBERS_MAX } from '../../limits.ts'
import { act as actCodec } from '../../membership/act.ts'
import { LINK_USES_MAX } from '../../membership/limits.ts'
import { useOf } from '../../membership/state.ts'
import { write } from '../author.ts'
import { aheadOf } from '../clocks.ts'
import { createDraft, refuse } from '../draft.ts'
import { sendAgain } from '../delivery/reach.ts'
import { mayCost } from '../incoming/effort.ts'
import { bothOf } from '../mailboxes/both.ts'
import { invitedThrough } from '../mailboxes/inboxes.ts'
import { secondBeside } from '../mailboxes/own.ts'
import { grantOfDesk, mayOpen } from './desks.ts'
import { foundGroup } from './entry.ts'
import { meetAll, oweAll } from './meet.ts'
import { addPerson, isJoined, settle, withGroup } from './settle.ts'
import type { ConversationId, DeviceId, EntryId } from '../../bytes/ids.ts'
import type { Card } from '../../group/card.ts'
import type { Act, LinkGrant } from '../../membership/types.ts'
import type { Frame } from '../../wire/frame.ts'
import type { Draft } from '../draft.ts'
import type { GroupLinkAct, Source } from '../input.ts'
import type { Inbox } from '../mailboxes/inbox.ts'
import type { Group } from './group.ts'

const actOf = (act: Act) => ({ kind: 'act', act: encode(actCodec, act) }) as const

/** Why a link was not opened or closed; undefined where it was. */
type Refused = 'not-allowed' | 'no-relay-yet' | undefined

export function openLink(draft: Draft, { conversation: id, uses, ms }: Extract<GroupLinkAct, { kind: 'open' }>): Refused {
  const { group } = foundGroup(draft, id)
  const { home } = draft.state
  if (!mayOpen(draft, group)) return 'not-allowed'
  if (home === undefined) return 'no-relay-yet'
  // One at a time: where there is one already, that is it. As clocks have no authority, one whose time is over is closed by whoever needs its place.
  for (const link of group.membership.links.keys()) {
    if (!isLinkOver(draft, group, link)) return undefined
    closeLink(draft, { kind: 'close', conversation: id, link })
  }
  const expires = toUnixMs(draft.env.now + aheadOf(draft.state, home) + Math.min(ms, GROUP_LINK_MS_MAX))
  const second = secondBeside(draft.state, home)?.relay
  const grant = createLinkGrant(draft.env.random, { relay: home, second, expires, uses: Math.min(Math.max(1, uses), LINK_USES_MAX) })
  write(draft, id, actOf({ kind: 'open-link', ...grant }))
  settle(draft, id)
  return undefined
}

export function closeLink(draft: Draft, { conversation: id, link }: Extract<GroupLinkAct, { kind: 'close' }>): Refused {
  const { group } = foundGroup(draft, id)
  if (!mayOpen(draft, group)) return 'not-allowed'
  if (!group.membership.links.has(link)) return undefined
  write(draft, id, actOf({ kind: 'close-link', link }))
  settle(draft, id)
  return undefined
}

function isLinkOver({ state, env }: Draft, group: Group, link: EntryId): boolean {
  const grant = grantOfDesk(group, link)
  return grant === undefined || env.now + aheadOf(state, grant.relay) >= grant.expires
}

type Asking = Extract<Frame, { kind: 'let-me-in' }>

/** Somebody asks to be let in by a link. What is refused is let go of: whoever asks does so again. */
export function receiveAsk(draft: Draft, source: Source, asking: Asking): void {
  const conversation = source.kind === 'mailbox' ? invitedThrough(draft.state, source.mailbox) : undefined
  const isThere = ({ keys }: Inbox): boolean => source.kind === 'mailbox' && keys.mailbox === source.mailbox
  const desk = conversation?.group?.desks.find((each) => bothOf(each).some(isThere))
  if (source.kind !== 'mailbox' || conversation?.group === undefined || desk === undefined || asking.conversation !== conversation.id)
    return refuse(draft, 'asking', 'no-link')
  const { id, group } = conversation
  const grant = grantOfDesk(group, desk.link)
  if (grant === undefined || !isJoined(draft, group) || !group.membership.links.has(desk.link)) return refuse(draft, 'asking', 'closed')
  if (isLinkOver(draft, group, desk.link)) {
    closeLink(draft, { kind: 'close', conversation: id, link: desk.link })
    return refuse(draft, 'asking', 'expired')
  }
  if (!mayCost(draft, source)) return refuse(draft, 'asking', 'too-many')
  const card = parseCard(asking.card, id)
  const account = card?.list.account
  if (card === undefined || account === undefined || !isLinkProof(grant, { conversation: id, account, proof: asking.proof }))
    return refuse(draft, 'asking', 'not-genuine')
  const refusal = letIn(draft, id, { card, link: desk.link, grant, proof: asking.proof })
  if (refusal !== undefined) refuse(draft, 'asking', refusal)
}

type Guest = { readonly card: Card; readonly link: EntryId; readonly grant: LinkGrant; readonly proof: Uint8Array }
type NotLetIn = 'replayed' | 'used-up' | 'full' | 'removed' | 'unheard' | undefined

function letIn(draft: Draft, id: ConversationId, { card, link, grant, proof }: Guest): NotLetIn {
  const { group } = foundGroup(draft, id)
  const { list } = card
  const { account } = list
  const isMember = group.membership.members.has(account)
  // A card is shown once: whoever left is not brought back by what they asked before. Who is in and asks still has not heard so.
  const issued = group.cards.get(card.device.id)?.issued ?? -1
  if (issued > card.issued || (issued === card.issued && !isMember)) return 'replayed'
  if (isImpostor(group, card)) return 'unheard'
  if (issued === card.issued) return sayAgain(draft, id, card.device.id)
  if (!isMember) {
    if (useOf(group.membership, link).letIns.length >= grant.uses) return 'used-up'
    if (group.membership.members.size >= MEMBERS_MAX) return 'full'
    const attempt = createDraft(draft.state, draft.env)
    write(attempt, id, actOf({ kind: 'let-in', link, account, deviceList: list.hash, proof }))
    // Whoever was removed comes back by no link: nothing of this is written.
    if (!foundGroup(attempt, id).group.membership.members.has(account)) return 'removed'
    draft.state = attempt.state
    draft.writes.push(...attempt.writes)
    draft.effects.push(...attempt.effects)
  }
  meetGuest(draft, id, card)
  return undefined
}

function sayAgain(draft: Draft, id: ConversationId, device: DeviceId): undefined {
  if (!foundGroup(draft, id).group.met.has(device)) return
  oweAll(draft, id, device)
  sendAgain(draft, device, id)
}

// Of an account that is known here the list that is known says which devices are its own; a later one comes over a session.
function isImpostor({ people, authors }: Group, { device, list }: Card): boolean {
  const known = people.get(list.account)
  const owner = authors.get(device.id)
  return (known !== undefined && !equalBytes(known.hash, list.hash)) || (owner !== undefined && owner !== list.account)
}

function meetGuest(draft: Draft, id: ConversationId, card: Card): void {
  const device = card.device.id
  const wasMet = foundGroup(draft, id).group.met.has(device)
  addPerson(draft, id, card.list)
  const { group } = foundGroup(draft, id)
  withGroup(draft, id, { ...group, authors: group.authors.with(device, card.list.account), cards: group.cards.with(device, card) })
  settle(draft, id)
  meetAll(draft, id)
  // Whom another member let in hears from here what that one may not have got to say.
  if (!wasMet && foundGroup(draft, id).group.met.has(device)) oweAll(draft, id, device)
}

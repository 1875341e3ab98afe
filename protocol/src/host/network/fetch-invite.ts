// Opening a link: reach the relay that it names, or another one of the page at which its packet may lie as well, fetch and open the packet, and keep what it
// says. Nobody else needs to be online.

import { equalBytes, toHex } from '../../bytes/bytes.ts'
import { openInviteEnd } from '../../invite/end.ts'
import { parseGroupLink } from '../../invite/group-link.ts'
import { openPacket } from '../../invite/packet.ts'
import { isExpiredLink, parseInviteLink, relayOfLink } from '../../invite/link.ts'
import { packetRecordId, secondLinkOf } from '../../invite/secrets.ts'
import { LINK_RELAYS_MAX, SILENT_MS } from '../../limits.ts'
import { claimantOf, claimRequest } from '../../node/invites/claim.ts'
import { aheadOf } from '../../node/clocks.ts'
import { isSameKey } from '../../node/mailboxes/own.ts'
import { mayComeFrom } from '../../node/rest-looks.ts'
import { askRelay } from './ask-relay.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { InviteRefusal, OpenedInvite } from '../../engine.ts'
import type { GroupLink } from '../../invite/group-link.ts'
import type { Link } from '../../invite/link.ts'
import type { LinkSecrets } from '../../invite/secrets.ts'
import type { Clock, Network, Timer } from '../../ports.ts'
import type { RelayAddress } from '../../wire/capability.ts'
import type { RelayAnswer } from '../../wire/relay.ts'
import type { Loop } from '../loop.ts'

export type FetchParts = {
  readonly network: Network
  readonly clock: Clock
  readonly timer: Timer
  readonly origin: string
  /** Those that the page names; rejects while nobody knows. */
  readonly relays: () => Promise<readonly RelayAddress[]>
  readonly loop: Loop
  readonly aliasOf: (conversation: ConversationId) => string
}

export async function fetchInvite(parts: FetchParts, text: string): Promise<OpenedInvite> {
  const group = parseGroupLink(text)
  if (group !== undefined) return lookAt(parts, group)
  const parsing = parseInviteLink(text)
  if (parsing.kind === 'refused') return refused('malformed')
  return fetchLink(parts, parsing.link)
}

/** What the link of a group says needs nobody to say it again. */
async function lookAt(parts: FetchParts, link: GroupLink): Promise<OpenedInvite> {
  const { loop, origin, aliasOf } = parts
  const relay = relayOfLink(link, origin)
  const look = (others: readonly RelayAddress[]) => loop.ask({ kind: 'group-link', act: { kind: 'look', link, relay, others } })
  const outcome = await look([])
  // Which relays there are besides may take a while to be known, and is needed only once somebody asks to be let in.
  if (outcome.kind === 'opened')
    void othersThan(parts, relay).then(async (others) => {
      if (others.length > 0 && loop.state().conversations.has(link.conversation)) await look(others)
    })
  if (outcome.kind === 'opened') return { ...outcome, alias: aliasOf(outcome.conversation) }
  return refused(outcome.kind === 'refused' && outcome.reason === 'expired' ? 'expired' : 'unreachable')
}

/** Of a link in parts, as a request brings it. */
export async function fetchLink(parts: FetchParts, link: Link): Promise<OpenedInvite> {
  if (link.account === parts.loop.state().self.account) return refused('own')
  const known = await conversationOf(parts, link)
  if (known !== undefined) return known
  const relay = relayOfLink(link, parts.origin)
  const first = visit(parts, { relay, link, secrets: link })
  const early = await Promise.race([first, silence(parts)])
  // A relay that is there gets the time that it takes.
  const found = early ?? (isThere(parts, relay) ? await first : undefined)
  if (found !== undefined && isSettled(found)) return found
  const others = (await othersThan(parts, relay)).map((other) => visit(parts, { relay: other, link, secrets: secondLinkOf(link, other) }))
  return (await firstSettled([first, ...others])) ?? first
}

/** True where somebody who has the link has said so: what a relay says by itself, others may know better. */
const isSettled = (found: OpenedInvite): boolean => found.kind === 'opened' || !BY_A_RELAY.includes(found.reason)

const BY_A_RELAY: readonly InviteRefusal[] = ['unreachable', 'expired', 'not-authentic']

async function firstSettled(asked: readonly Promise<OpenedInvite>[]): Promise<OpenedInvite | undefined> {
  const settled = asked.map(async (one) => {
    const found = await one
    if (!isSettled(found)) throw new Unsettled()
    return found
  })
  return Promise.any(settled).catch((error: unknown) => {
    // Each has said that it does not know; what else went wrong is not for here.
    if (error instanceof AggregateError && error.errors.every((one) => one instanceof Unsettled)) return undefined
    throw error
  })
}

class Unsettled extends Error {
  override readonly name = 'Unsettled'
}

const silence = ({ timer }: FetchParts): Promise<undefined> => new Promise((resolve) => void timer(SILENT_MS, () => resolve(undefined)))

const isThere = ({ loop }: FetchParts, { key }: RelayAddress): boolean => loop.state().net.relays.get(toHex(key))?.challenge !== undefined

/** The other relays of the page; none where nobody knows them. */
async function othersThan({ relays }: FetchParts, relay: RelayAddress): Promise<readonly RelayAddress[]> {
  const listed = await relays().catch(() => [])
  return listed.filter((other) => !isSameKey(other, relay)).slice(0, LINK_RELAYS_MAX)
}

/** `secrets`: of the packet as it lies at that relay. */
type Search = { readonly relay: RelayAddress; readonly link: Link; readonly secrets: LinkSecrets }

async function visit(parts: FetchParts, search: Search): Promise<OpenedInvite> {
  const { relay } = search
  parts.loop.push({ kind: 'visit', relay })
  try {
    return await look(parts, search)
  } finally {
    parts.loop.push({ kind: 'leave', relay })
  }
}

async function look(parts: FetchParts, { relay, link, secrets }: Search): Promise<OpenedInvite> {
  const answer = await readPacket(parts, relay, secrets)
  // A packet that is over leaves its maker's word until the link expires; one that the relay never got may still come.
  if (answer?.kind === 'ended') return refused(openInviteEnd(secrets, answer.word) ?? 'not-authentic')
  if (answer?.kind === 'claimed')
    return refused(claimantOf(parts.loop.state().self, secrets.token, answer) === 'other' ? 'claimed' : 'not-authentic')
  if (answer?.kind !== 'record') return refused(isGone(parts, { relay, link, answer }) ? 'expired' : 'unreachable')
  const opening = openPacket({ ...link, ...secrets }, answer.blob)
  if (opening.kind === 'refused') return refused('not-authentic')
  const outcome = await parts.loop.ask({ kind: 'open-invite', link, relay, packet: opening.packet, inviter: opening.inviter })
  if (outcome.kind === 'opened') return { ...outcome, alias: parts.aliasOf(outcome.conversation) }
  const reason = outcome.kind === 'refused' ? REASONS.find((known) => known === outcome.reason) : undefined
  return refused(reason ?? 'not-authentic')
}

const REASONS = ['used', 'unreachable', 'blocked'] as const

const refused = (reason: InviteRefusal): OpenedInvite => ({ kind: 'refused', reason })

/** A link that was opened here before leads back to its conversation, whatever became of the packet. */
async function conversationOf({ loop, aliasOf }: FetchParts, { token }: Link): Promise<OpenedInvite | undefined> {
  for (const chat of loop.state().conversations.looks()) {
    if (!mayComeFrom(chat, token)) continue
    const { id } = chat
    await loop.ask({ kind: 'wake', conversation: id })
    const known = loop.state().conversations.awake.get(id)?.invitation
    if (known !== undefined && equalBytes(known.token, token)) return { kind: 'opened', conversation: id, alias: aliasOf(id) }
  }
  return undefined
}

type FetchAnswer = { readonly relay: RelayAddress; readonly link: Link; readonly answer: RelayAnswer | undefined }

// Whether a link is over is judged by the relay's clock: those of the two people may be wrong.
const isGone = ({ loop, clock }: FetchParts, { relay, link, answer }: FetchAnswer): boolean =>
  answer?.kind === 'refused' && answer.reason === 'unknown' && isExpiredLink(link, clock() + aheadOf(loop.state(), relay))

// Reading claims nothing: previews and scanners open links too. What this device has claimed before, it reads by its claim.
async function readPacket(parts: FetchParts, relay: RelayAddress, { token }: LinkSecrets): Promise<RelayAnswer | undefined> {
  const record = packetRecordId(token)
  const answer = await askRelay(parts, relay, () => ({ kind: 'get-record', record }))
  const { self } = parts.loop.state()
  if (answer?.kind !== 'claimed' || claimantOf(self, token, answer) !== 'self') return answer
  return askRelay(parts, relay, (challenge) => claimRequest(self, token, { relay: toHex(relay.key), challenge }))
}

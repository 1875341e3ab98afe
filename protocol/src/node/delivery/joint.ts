// Joint deposits: own entries of a conversation go to many devices at one relay as one blob (docs/protocol.md §7.1, docs/decisions/0040). Whose
// delivery is joint counts with the conversation's cursor there, so a message writes a row for nobody but those whom it did not reach.

import { ONE_BY_ONE_MAILBOXES_MAX } from '../../limits.ts'
import { refuse } from '../draft.ts'
import { ownLength } from '../state.ts'
import { setJoint } from './join.ts'
import { hasRoom, postpone } from './deliveries.ts'
import { isTrusted } from './link.ts'
import { leftFor, setApart } from './reach.ts'
import { leaveUpTo } from './unsent.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { Draft } from '../draft.ts'
import type { Duty } from '../duty.ts'
import type { InputOf, JointPlace } from '../input.ts'
import type { Conversation, Moment, NodeState, RelaySession } from '../state.ts'

/** What the joint of a conversation are to be given: at each relay one blob, or one for each where they are few. */
export function jointDuties(state: NodeState, id: ConversationId, at: Moment): readonly Duty[] {
  const conversation = state.conversations.awake.get(id)
  if (conversation?.phase !== 'open') return []
  const length = ownLength(state, conversation)
  return [...conversation.joint].flatMap(([relay, entries]): readonly Duty[] => {
    const session = state.net.relays.get(relay)
    if (entries >= length || session === undefined) return []
    const lacking = lackingAt({ state, conversation, relay, session, at }, length)
    const rangeFrom = (left: number) => ({ device: state.self.device.id, from: left, to: length - 1 })
    const there = { relay, conversation: id, aim: `${length} ${lacking.length}` }
    if (lacking.length > ONE_BY_ONE_MAILBOXES_MAX) {
      const range = rangeFrom(Math.min(...lacking.map(({ left }) => left)))
      return [{ kind: 'deposit-joint', key: `deposit/${id}/${relay}`, ...there, range, devices: lacking.map(({ device }) => device) }]
    }
    return lacking.map(({ device, left }) => {
      const key = `deposit/${device}/${id}/own`
      return { kind: 'deposit', key, ...there, device, ranges: [rangeFrom(left)], receipt: undefined }
    })
  })
}

type JointRoute = {
  readonly state: NodeState
  readonly conversation: Conversation
  readonly relay: string
  readonly session: RelaySession
  readonly at: Moment
}
/** `left`: how many own entries this device was left, or has. */
type Lacking = { readonly device: DeviceId; readonly left: number }

// Whom the first `length` own entries can be left for now. Direct links carry what they carry.
function lackingAt({ state, conversation, relay, session, at }: JointRoute, length: number): readonly Lacking[] {
  const self = state.self.device.id
  return [...conversation.delivery].flatMap(([device, { joint }]) => {
    const outbox = state.peers.get(device)?.outbox
    if (joint !== relay || outbox === undefined || !session.bound.has(outbox.mailbox)) return []
    if (isTrusted(state.net.links.get(device), conversation.id, at)) return []
    const left = leftFor(conversation, self, device)
    return left < length ? [{ device, left }] : []
  })
}

/** What came of a joint deposit, mailbox by mailbox. Whom it did not reach gets deposits of its own, and nobody is given anything twice. */
export function depositedJointly(draft: Draft, { conversation: id, relay, upTo, places }: InputOf<'deposited-joint'>): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined) return
  const stored = new Set(places.flatMap((place) => (place.answer.kind === 'stored' && isCurrent(draft, place) ? [place.device] : [])))
  if (stored.size === 0 && places.every(({ answer }) => isForAll(answer))) return refuse(draft, 'deposit', 'for many')
  for (const place of places) if (place.answer.kind !== 'stored') setApart(draft, id, place.device)
  if (stored.size > 0) {
    for (const [device, { joint, atRelay }] of conversation.delivery)
      if (joint === relay && atRelay < upTo && !stored.has(device)) setApart(draft, id, device)
    setJoint(draft, id, relay, Math.max(conversation.joint.get(relay) ?? 0, upTo))
    leaveUpTo(draft, id, upTo)
  }
  for (const { device, grant, answer } of places)
    if (answer.kind === 'stored') hasRoom(draft, device)
    else if (isCurrent(draft, { device, grant })) postpone(draft, { device, grant }, answer)
}

const isCurrent = ({ state }: Draft, { device, grant }: Pick<JointPlace, 'device' | 'grant'>): boolean =>
  state.peers.get(device)?.outbox?.mailbox === grant.mailbox

// About the relay or this connection, and not about one of the mailboxes: the whole is tried again.
const isForAll = (answer: JointPlace['answer']): boolean =>
  answer.kind === 'unproven' || (answer.kind === 'refused' && ['busy', 'disk', 'too-many'].includes(answer.reason))

// Joint deposits: own entries of a conversation go to many devices at one relay as one blob (docs/protocol.md §7.1, docs/decisions/0040). Whose
// delivery is joint counts with the conversation's cursor there, so a message writes a row for nobody but those whom it did not reach.

import { ONE_BY_ONE_MAILBOXES_MAX } from '../../limits.ts'
import { isForAll } from '../../mailbox/deposit-answer.ts'
import { refuse } from '../draft.ts'
import { isHeldBack } from '../members.ts'
import { hasPassed } from '../moment.ts'
import { ownLength } from '../state.ts'
import { partlyAt, setJoint, setPartly } from './join.ts'
import { hasRoom, postpone } from './deliveries.ts'
import { isTrusted } from './link.ts'
import { leftWith, setApart } from './reach.ts'
import { leaveUpTo } from './unsent.ts'
import { jointGatherDuties, withJointBlob } from './waiting.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { Draft } from '../draft.ts'
import type { Duty } from '../duty.ts'
import type { InputOf, JointPlace } from '../input.ts'
import type { Conversation, NodeState } from '../state.ts'
import type { Moment } from '../moment.ts'
import type { PartlyLeft, RelaySession } from '../net.ts'

/** What the joint of a conversation are to be given: at each relay one blob, or one for each where they are few. */
export function jointDuties(state: NodeState, id: ConversationId, at: Moment): readonly Duty[] {
  const conversation = state.conversations.awake.get(id)
  // Nothing goes to many before all of them can open it.
  if (conversation?.handing !== undefined) return [{ kind: 'hand-on', key: `hand-on/${id}`, conversation: id }]
  if (conversation?.phase !== 'open') return []
  const length = ownLength(state, conversation)
  return [...conversation.joint].flatMap(([relay, { entries }]): readonly Duty[] => {
    const session = state.net.relays.get(relay)
    if (session === undefined) return []
    if (entries >= length) return jointGatherDuties(state, conversation, relay)
    const partly = partlyAt(state, conversation, relay)
    const { lacking, to } = lackingUpTo({ state, conversation, relay, session, partly, at }, length)
    const rangeFrom = (left: number) => ({ device: state.self.device.id, from: left, to: to - 1 })
    const there = { relay, conversation: id }
    // Of whom some have it already, the relay has seen that they are many.
    if (lacking.length > ONE_BY_ONE_MAILBOXES_MAX || (partly !== undefined && lacking.length > 0)) {
      const range = rangeFrom(Math.min(...lacking.map(({ left }) => left)))
      const aim = `${range.from} ${to} ${lacking.length}`
      return [{ kind: 'deposit-joint', key: `deposit/${id}/${relay}`, aim, ...there, range, devices: lacking.map(({ device }) => device) }]
    }
    return lacking.map(({ device, left }) => {
      const key = `deposit/${device}/${id}/own`
      return { kind: 'deposit', key, aim: `${left} ${to}`, ...there, device, ranges: [rangeFrom(left)], receipt: undefined }
    })
  })
}

type JointRoute = {
  readonly state: NodeState
  readonly conversation: Conversation
  readonly relay: string
  readonly session: RelaySession
  readonly partly: PartlyLeft | undefined
  readonly at: Moment
}
/** `left`: how many own entries this device was left, or has. */
type Lacking = { readonly device: DeviceId; readonly left: number }

/** Who is to be given what, of the first `length` own entries: what some have got goes to the others first, and no further, so that it is the same blob. */
function lackingUpTo(route: JointRoute, length: number): { readonly lacking: readonly Lacking[]; readonly to: number } {
  const { partly } = route
  const others = partly === undefined ? [] : lackingAt(route, partly.upTo)
  return partly !== undefined && others.length > 0
    ? { lacking: others, to: partly.upTo }
    : { lacking: lackingAt(route, length), to: length }
}

// Whom the first `length` own entries can be left for now. Direct links carry what they carry.
function lackingAt({ state, conversation, relay, session, partly, at }: JointRoute, length: number): readonly Lacking[] {
  const self = state.self.device.id
  const lacking: Lacking[] = []
  conversation.delivery.forEach((to, device) => {
    if (to.joint !== relay) return
    const left = Math.max(leftWith(conversation, self, to), partly?.devices.has(device) === true ? partly.upTo : 0)
    if (left >= length) return
    const peer = state.peers.get(device)
    if (peer?.outbox === undefined || !session.bound.has(peer.outbox.mailbox) || isHeldBack(state, peer, at)) return
    const wait = state.net.full.get(device)
    if (isTrusted(state.net.links.get(device), conversation.id, at) || (wait !== undefined && !hasPassed(wait, at))) return
    lacking.push({ device, left })
  })
  return lacking
}

/**
 * What came of a joint deposit, mailbox by mailbox. Whose mailbox refused gets deposits of its own; whom the relay had no time or room for now is
 * given the same blob once more, and nobody else is.
 */
export function depositedJointly(draft: Draft, { conversation: id, relay, upTo, places, left }: InputOf<'deposited-joint'>): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined) return
  const current = places.filter((place) => isCurrent(draft, place))
  const stored: DeviceId[] = []
  for (const { device, answer } of current) if (answer.kind === 'stored') stored.push(device)
  for (const { device, answer } of places) if (answer.kind !== 'stored' && !isForAll(answer)) setApart(draft, id, device)
  for (const { device, grant, answer } of current)
    if (answer.kind === 'stored') hasRoom(draft, device)
    else if (!isForAll(answer)) postpone(draft, { device, grant }, answer)
  const before = partlyAt(draft.state, conversation, relay)
  const devices = new Set([...(before !== undefined && before.upTo >= upTo ? before.devices : []), ...stored])
  if (devices.size > 0) leaveUpTo(draft, id, upTo)
  if (current.some(({ answer }) => isForAll(answer))) {
    refuse(draft, 'deposit', 'for many')
    if (devices.size > 0) setPartly(draft, { id, relay }, { upTo, devices })
  } else if (devices.size > 0) leftForAll(draft, { id, relay, left }, { upTo, devices })
}

/** So many own entries lie in the mailboxes of these; who is not among them goes on alone. */
function leftForAll(
  draft: Draft,
  { id, relay, left }: Pick<InputOf<'deposited-joint'>, 'relay' | 'left'> & { readonly id: ConversationId },
  { upTo, devices }: PartlyLeft,
): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined) return
  conversation.delivery.forEach(({ joint, atRelay }, device) => {
    if (joint === relay && atRelay < upTo && !devices.has(device)) setApart(draft, id, device)
  })
  const entries = Math.max(conversation.joint.get(relay)?.entries ?? 0, upTo)
  setJoint(draft, { id, relay }, { entries, waiting: withJointBlob(draft.state, conversation, { relay, left }) })
  setPartly(draft, { id, relay }, undefined)
}

const isCurrent = ({ state }: Draft, { device, grant }: Pick<JointPlace, 'device' | 'grant'>): boolean =>
  state.peers.get(device)?.outbox?.mailbox === grant.mailbox

// A key for healing that came with a chain is answered at once, whether or not this device has something to say: until then whoever has copied either
// side reads what the session hands over (docs/protocol.md §4.7, docs/decisions/0070).

import { HEALING_AMONG_MANY_MS } from '../../limits.ts'
import { isEmptyAnswer } from '../../session/healed.ts'
import { healingOf } from '../../session/healing.ts'
import { unanswered } from '../../session/opening.ts'
import { withPeer } from '../change.ts'
import { found, refuse } from '../draft.ts'
import { mayAnswerKey } from '../incoming/effort.ts'
import { isPartner } from '../members.ts'
import { isSpoken, ownLength } from '../state.ts'
import { hasMany } from './blob-keys.ts'
import { handNow } from './restore.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { SessionPayload } from '../../session/payload.ts'
import type { Draft } from '../draft.ts'

/** `items`: what came with the key. The answer goes the way of the conversation that it was about. */
export function answerKey(draft: Draft, device: DeviceId, items: SessionPayload): void {
  const peer = draft.state.peers.get(device)
  const session = peer?.pairing && unanswered(peer.pairing)
  const id = items.find((item) => item.kind === 'chain')?.conversation
  if (session === undefined || id === undefined || !draft.state.conversations.has(id)) return
  const conversation = found(draft, id)
  if (!isSpoken(conversation) || !isPartner(draft.state, conversation, device) || ownLength(draft.state, conversation) === 0) return
  // There each of a thousand devices would answer each of those that write.
  if (hasMany(conversation) && Math.abs(draft.env.now - healingOf(session).healed) < HEALING_AMONG_MANY_MS) return
  if (!mayAnswerKey(draft, device)) return refuse(draft, 'healing', 'too-many')
  forgetAnswers(draft, device)
  handNow(draft, device, id, [])
}

// Their turn has come, so an earlier answer arrived, or what it said came with another message of its chain.
function forgetAnswers(draft: Draft, device: DeviceId): void {
  const peer = draft.state.peers.get(device)
  const left = peer?.envelopes.filter(({ envelope }) => !isEmptyAnswer(envelope))
  if (peer && left && left.length < peer.envelopes.length) draft.state = withPeer(draft.state, { ...peer, envelopes: left })
}

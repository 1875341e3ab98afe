// Revoking an own device, and what others make of it (docs/protocol.md §13.7).

import { withPeer } from '../change.ts'
import { refuse } from '../draft.ts'
import { lengthOf } from '../../log/log.ts'
import { write } from '../author.ts'
import { authorOf, isRevoked } from '../members.ts'
import { isSpoken } from '../state.ts'
import { listWithout, takeOwnList } from './own-list.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { Content } from '../../wire/content.ts'
import type { Answer, Draft } from '../draft.ts'
import type { InputOf } from '../input.ts'

const answer = (draft: Draft, value: Answer): void => void draft.effects.push({ kind: 'answer', answer: value })

/** It is one of the own devices no more. In each conversation stands how much of what it wrote there counts. */
export function revokeDevice(draft: Draft, { device }: InputOf<'revoke-device'>): void {
  const { self } = draft.state
  if (device === self.device.id || !self.list.devices.some(({ id }) => id === device))
    return answer(draft, { kind: 'refused', reason: 'unknown' })
  const shared = draft.state.conversations.getAll(draft.state.directory.shared.get(device) ?? [])
  const lengths = shared.filter(isSpoken).map(({ id, log }) => [id, lengthOf(log, device)] as const)
  takeOwnList(draft, listWithout(self, device, draft.env.now))
  for (const [id, length] of lengths) write(draft, id, { kind: 'revoked', device, length })
  answer(draft, { kind: 'done' })
}

/** Counts where it is said by a device of the same account that is none of the revoked ones itself, whether the list that says so has come or not. */
export function takeCut(draft: Draft, id: ConversationId, by: DeviceId, { device, length }: Extract<Content, { kind: 'revoked' }>): void {
  const conversation = draft.state.conversations.get(id)
  const peer = draft.state.peers.get(device)
  if (conversation === undefined || peer === undefined) return
  if (by === device || isRevoked(draft.state, by) || authorOf(draft.state, conversation, by) !== peer.account)
    return refuse(draft, 'cut', 'author')
  const { isRevoked: was = false, cuts = new Map<ConversationId, number>() } = peer.end ?? {}
  if (length <= (cuts.get(id) ?? -1)) return
  draft.state = withPeer(draft.state, { ...peer, end: { isRevoked: was, cuts: new Map(cuts).set(id, length) } })
}

// The circle: a conversation of one person's own devices, which nobody sees (docs/protocol.md §13.4). What they tell each other are its entries, so it is
// kept, ordered, sealed and delivered like anything else.

import { encode } from '../../bytes/codec.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { createConversation } from '../../conversation/state.ts'
import { createChain, keptOf } from '../../group/sender-chain.ts'
import { circleSaid } from '../../linking/said.ts'
import { addFeed, createLog } from '../../log/log.ts'
import { write } from '../author.ts'
import { withConversation } from '../change.ts'
import { tellOwn } from '../faces.ts'
import { createdFirst } from '../invites/pair.ts'
import { NOTHING_YET } from '../state.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { DevicePublic } from '../../identity/device.ts'
import type { CircleSaid } from '../../linking/said.ts'
import type { Draft } from '../draft.ts'
import type { Conversation } from '../state.ts'
import type { Circle } from './circle-state.ts'

/** Nobody has been told of the account document. */
export const NO_ACCOUNT: Pick<Circle, 'mark' | 'accounts'> = { mark: undefined, accounts: IdMap.empty() }

/** The circle, which the first device makes when it is about to get company. */
export function ensureCircle(draft: Draft): Circle {
  if (draft.state.circle !== undefined) return draft.state.circle
  const { self } = draft.state
  const conversation = createdFirst(draft, { phase: 'open', invite: undefined, invitation: undefined, group: undefined })
  const circle = { conversation, lists: [self.list.signed], names: IdMap.empty<DeviceId, string>(), untold: [], removed: [], ...NO_ACCOUNT }
  draft.state = { ...draft.state, circle }
  tellOwn(draft, conversation)
  return circle
}

/** The circle as a new device knows it: who is in it, and nothing that was said. */
export function enterCircle(draft: Draft, id: ConversationId, devices: readonly DevicePublic[]): void {
  const { self } = draft.state
  const chain = createChain(draft.env)
  const log = devices.reduce((known, { id: device, signingKey }) => addFeed(known, { device, signingKey }), createLog(id))
  const conversation: Conversation = {
    ...NOTHING_YET,
    id,
    founder: self.account,
    phase: 'open',
    view: createConversation({ conversation: id, self: self.account, device: self.device.id }),
    log,
    chain,
    chains: IdMap.of([[self.device.id, [keptOf(chain, self.device.id)]]]),
    invite: undefined,
    invitation: undefined,
    group: undefined,
    authored: draft.env.now,
  }
  draft.state = withConversation(draft.state, conversation)
}

/** Says something to the own other devices. */
export function say(draft: Draft, said: CircleSaid): void {
  const { circle } = draft.state
  if (circle !== undefined) write(draft, circle.conversation, { kind: 'circle', said: encode(circleSaid, said) })
}

/** What this device is called from now on. */
export function nameThis(draft: Draft, name: string): void {
  const { id } = draft.state.self.device
  if (draft.state.circle?.names.get(id) === name) return
  nameDevice(draft, id, name)
  say(draft, { kind: 'named', name })
}

export function nameDevice(draft: Draft, device: DeviceId, name: string): void {
  const { circle } = draft.state
  if (circle !== undefined && circle.names.get(device) !== name)
    draft.state = { ...draft.state, circle: { ...circle, names: circle.names.with(device, name) } }
}

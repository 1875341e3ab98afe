import { expect, test } from 'vitest'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { conversationIdOf, deviceIdOf, toUnixMs } from '../../bytes/ids.ts'
import { createDraft } from '../draft.ts'
import { entriesSent } from './link.ts'
import { NO_NET } from '../net.ts'
import type { Draft } from '../draft.ts'

const NOW = toUnixMs(1_800_000_000_000)
const [self, device] = [1, 2].map((fill) => deviceIdOf(new Uint8Array(32).fill(fill))) as [
  ReturnType<typeof deviceIdOf>,
  ReturnType<typeof deviceIdOf>,
]
const conversation = conversationIdOf(new Uint8Array(32).fill(3))

function sent(link: number): Draft {
  const log = { feeds: new Map([[self, { device: self, tips: [{ seq: 4 }] }]]) }
  const state = partialState({
    self: { device: { id: self } },
    conversations: new Map([[conversation, { id: conversation, log, unsent: { texts: 2, since: 0 } }]]),
    net: { ...NO_NET, links: new Map([[device, { serial: 7, sent: new Map(), envelopes: new Set(), unconfirmed: new Map() }]]) },
  })
  const draft = createDraft(state, { now: NOW, random: () => new Uint8Array(0) })
  entriesSent(draft, { kind: 'streamed', device, link, conversation, upTo: 5, envelopes: [], served: [] })
  return draft
}

test('entries that were sent on a link have left, and wait to be confirmed', () => {
  const { state, effects } = sent(7)
  expect(state.net.links.get(device)?.sent.get(conversation)).toBe(5)
  expect(state.net.links.get(device)?.unconfirmed.get(conversation)).toBe(NOW)
  expect(effects).toEqual([{ kind: 'went-out', messages: 2 }])
})

test('entries that were sent on a link that is no more have not left', () => {
  const { state, effects } = sent(6)
  expect(state.net.links.get(device)?.sent.size).toBe(0)
  expect(state.conversations.get(conversation)?.unsent).toBeDefined()
  expect(effects).toEqual([])
})

import { expect, test } from 'vitest'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { toHex } from '../../bytes/bytes.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { conversationIdOf, toUnixMs } from '../../bytes/ids.ts'
import { grantOfLink } from '../../group/link.ts'
import { ASK_RELAY_MS, ASK_RELAY_TIMES_MAX } from '../../limits.ts'
import { secondGrantOf } from '../../mailbox/keys.ts'
import { createDraft } from '../draft.ts'
import { NO_NET } from '../net.ts'
import { askElsewhere } from './asked.ts'
import type { Net } from '../net.ts'
import type { NodeState } from '../state.ts'

const bytes = (value: number, length = 32): Uint8Array => new Uint8Array(length).fill(value)
const [first, second] = [1, 2].map((at) => ({ key: bytes(at), url: `wss://${at}.example` })) as [never, never]
const id = conversationIdOf(bytes(3))
const secret = bytes(4, 16)
const SINCE = 1_000
const own = grantOfLink(secret, first)

const asking = (net: Partial<Net> = {}): NodeState => {
  const asked = { secret, grant: own, relays: [first, second], since: SINCE, expires: Infinity, left: undefined, host: undefined }
  return partialState({
    conversations: [[id, { id, phase: 'open', log: { feeds: IdMap.empty() }, group: { asked, desks: [] } }]],
    net: { ...NO_NET, ...net },
  } as never)
}

const after = (state: NodeState, now: number): NodeState => {
  const draft = createDraft(state, { now: toUnixMs(now), random: (length) => new Uint8Array(length) })
  askElsewhere(draft, id)
  return draft.state
}

const askedIn = (state: NodeState) => state.conversations.get(id)?.group?.asked

test('whoever asks to be let in asks at the next relay when the one before has been silent for a while, and then at the first again', () => {
  const early = after(asking(), SINCE + ASK_RELAY_MS - 1)
  expect(askedIn(early)?.grant).toEqual(own)
  const turned = after(early, SINCE + ASK_RELAY_MS)
  expect(askedIn(turned)?.grant).toEqual(secondGrantOf(own, second))
  expect(askedIn(after(turned, SINCE + 2 * ASK_RELAY_MS))?.grant).toEqual(own)
})

test('it asks less and less often, up to a limit', () => {
  let state = asking()
  const turns: number[] = []
  for (let now = SINCE; now < SINCE + 6 * 3_600_000; now += ASK_RELAY_MS) {
    const next = after(state, now)
    if (askedIn(next)?.grant !== askedIn(state)?.grant) turns.push(now)
    state = next
  }
  const pauses = turns.slice(1).map((at, index) => at - (turns[index] ?? 0))
  expect(Math.max(...pauses)).toBe(ASK_RELAY_MS * 2 ** ASK_RELAY_TIMES_MAX)
  expect(pauses.at(-1)).toBe(Math.max(...pauses))
})

test.each([
  { bound: new Set([own.mailbox]), refused: new Map(), isTurned: false },
  { bound: new Set<never>(), refused: new Map(), isTurned: false },
  { bound: new Set<never>(), refused: new Map([[own.mailbox, { since: 0, ms: 5_000 }]]), isTurned: true },
])('a relay that is there is left only where it does not know the mailbox (%o)', ({ isTurned, ...session }) => {
  const relays = new Map([[toHex(bytes(1)), session]]) as unknown as Net['relays']
  const state = after(asking({ relays }), SINCE + 100 * ASK_RELAY_MS)
  expect(toHex(askedIn(state)?.grant.relay.key ?? bytes(0))).toBe(toHex(bytes(isTurned ? 2 : 1)))
})

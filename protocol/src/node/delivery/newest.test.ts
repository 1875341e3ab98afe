import { expect, test } from 'vitest'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { conversationIdOf, deviceIdOf, toUnixMs } from '../../bytes/ids.ts'
import { NEWEST_LACKING_MIN } from '../../limits.ts'
import { createDraft } from '../draft.ts'
import { noteNewest } from './newest.ts'

const bytes = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const [id, circle] = [conversationIdOf(bytes(1)), conversationIdOf(bytes(2))]
const [device, one, other] = [deviceIdOf(bytes(3)), deviceIdOf(bytes(4)), deviceIdOf(bytes(5))]

/** What is due on a link to an own device that lacks so many entries of each of two feeds. */
function dueWith(lacking: readonly [number, number], conversation = id) {
  const state = partialState({ circle: { conversation: circle }, net: { links: new Map([[device, { serial: 1 }]]) } } as never)
  const draft = createDraft(state, { now: toUnixMs(1), random: () => new Uint8Array(0) })
  const ranges = [one, other].map((feed, at) => ({ device: feed, from: 10, to: 9 + (lacking[at] ?? 0) }))
  noteNewest(draft, { device, id: conversation, source: { kind: 'link', device, frame: new Uint8Array(0) }, ranges })
  return draft.state.net.links.get(device)?.newest?.get(conversation)
}

test('an own device is shown the newest first where it lacks much, in all feeds together, and never of what own devices say to each other', () => {
  expect(dueWith([NEWEST_LACKING_MIN - 1, 0])).toBeUndefined()
  expect(dueWith([NEWEST_LACKING_MIN, 0])).toBe('due')
  expect(dueWith([NEWEST_LACKING_MIN - 1, 1])).toBe('due')
  expect(dueWith([NEWEST_LACKING_MIN, 0], circle)).toBeUndefined()
})

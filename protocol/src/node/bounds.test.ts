import { expect, test } from 'vitest'
import { partialState } from '../../test/fixtures/node-state.ts'
import { createParty, initiated } from '../../test/vectors/pair-of-devices.ts'
import { IdMap } from '../bytes/id-map.ts'
import { conversationIdOf, entryIdOf } from '../bytes/ids.ts'
import { hash } from '../crypto/hash.ts'
import { BODY_KEYS_MAX, RIDING_ENVELOPES_MAX } from '../limits.ts'
import { bundleOf } from '../session/prekeys.ts'
import { acceptBodyKey } from './incoming/apart.ts'
import { handItems } from './author.ts'
import { createDraft } from './draft.ts'
import type { Draft } from './draft.ts'

const conversation = conversationIdOf(hash(new Uint8Array([1])))
const entryNumber = (at: number) => entryIdOf(hash(new Uint8Array([at & 255, at >> 8])))
const alice = createParty('alice')
const bob = createParty('bob', 1)
const device = bob.end.device.id
const draftOf = (given: Parameters<typeof partialState>[0]): Draft =>
  createDraft(partialState(given), { now: 1_800_000_000_000 as never, random: (length) => new Uint8Array(length).fill(length) })

test('keys of single bodies are kept up to the bound, and of one more the oldest goes', () => {
  const log = { feeds: new Map([[device, {}]]) }
  const draft = draftOf({ conversations: new Map([[conversation, { id: conversation, log, bodyKeys: IdMap.empty() }]]) })
  const keys = () => [...(draft.state.conversations.get(conversation)?.bodyKeys.get(device)?.keys() ?? [])]
  const give = (at: number): void =>
    acceptBodyKey(draft, device, { conversation, entry: entryNumber(at), bodyKey: { key: new Uint8Array(32), nonce: new Uint8Array(12) } })
  for (let at = 0; at < BODY_KEYS_MAX; at++) give(at)
  expect(keys()).toHaveLength(BODY_KEYS_MAX)
  give(BODY_KEYS_MAX)
  expect(keys()).toHaveLength(BODY_KEYS_MAX)
  expect(keys()).not.toContain(entryNumber(0))
  expect(keys()).toContain(entryNumber(1))
})

test('envelopes that ride with older entries are kept up to the bound, and of one more the oldest goes; others stay', () => {
  const { pairing } = initiated(alice, bob, bundleOf(bob.prekeys, { oneTime: undefined }))
  const draft = draftOf({ peers: new Map([[device, { device: { id: device }, pairing, bundle: undefined, envelopes: [] }]]) })
  const envelopes = () => draft.state.peers.get(device)?.envelopes ?? []
  handItems(draft, device, { conversation, from: 7, items: [] })
  for (let at = 0; at < RIDING_ENVELOPES_MAX + 1; at++) handItems(draft, device, { conversation, from: at, until: 100, items: [] })
  expect(envelopes()).toHaveLength(1 + RIDING_ENVELOPES_MAX)
  expect(envelopes().map(({ from }) => from)).toEqual([7, ...Array.from({ length: RIDING_ENVELOPES_MAX }, (_, at) => at + 1)])
})

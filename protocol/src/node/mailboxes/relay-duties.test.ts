import { describe, expect, test } from 'vitest'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { deviceIdOf, mailboxIdOf } from '../../bytes/ids.ts'
import { PROOFS_PER_REQUEST_MAX } from '../../limits.ts'
import { REFUSED_RETRY_MS, refusedAgain, relayDuties } from './relay-duties.ts'
import { momentAt } from '../moment.ts'
import { NO_NET } from '../net.ts'
import type { MailboxId } from '../../bytes/ids.ts'
import type { RelayRequest } from '../../wire/relay.ts'
import type { NodeState } from '../state.ts'
import type { Wait } from '../moment.ts'
import type { RelaySession } from '../net.ts'

const key = new Uint8Array(32).fill(3)
const relay = '03'.repeat(32)
const address = { key, url: 'ws://127.0.0.1:1' }
const bytes = (at: number): Uint8Array => Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? at : 0))
const mailboxes = (count: number): readonly MailboxId[] => Array.from({ length: count }, (_, at) => mailboxIdOf(bytes(at)))

/** A device with so many contacts, whose mailboxes lie at one relay, and what is left to be done on its stream. */
function stateOf(contacts: number, session: Partial<RelaySession>): NodeState {
  const peers = mailboxes(contacts).map((mailbox, at) => {
    const seeds = { readSeed: bytes(1), sendSeed: bytes(2), sealKey: bytes(3) }
    const outbox = { relay: address, mailbox, sendSeed: bytes(2), sealKey: bytes(3) }
    return [
      deviceIdOf(bytes(at)),
      { device: { id: deviceIdOf(bytes(at)) }, inbox: { keys: { relay: address, mailbox, ...seeds }, registered: true }, outbox },
    ] as const
  })
  const current = { serial: 1, challenge: bytes(9), opened: new Set(), bound: new Set(), refused: new Map(), ...session }
  return partialState({
    peers,
    conversations: new Map(),
    net: { ...NO_NET, relays: new Map([[relay, current]]) },
  })
}

const asked = (state: NodeState, now = 0): readonly RelayRequest[] =>
  relayDuties(state, relay, momentAt(now)).flatMap((duty) => (duty.kind === 'request' ? [duty.request()] : []))
const proven = (requests: readonly RelayRequest[], kind: 'open-mailboxes' | 'bind-mailboxes'): readonly MailboxId[] =>
  requests.flatMap((request) => (request.kind === kind ? request.proofs.map(({ mailbox }) => mailbox) : []))

describe.each([
  { kind: 'open-mailboxes', done: 'opened' },
  { kind: 'bind-mailboxes', done: 'bound' },
] as const)('$kind', ({ kind, done }) => {
  test('proves as many mailboxes at once as the bound says, and the rest next', () => {
    const all = mailboxes(PROOFS_PER_REQUEST_MAX + 1)
    expect(proven(asked(stateOf(PROOFS_PER_REQUEST_MAX, {})), kind)).toEqual(all.slice(0, -1))
    expect(proven(asked(stateOf(PROOFS_PER_REQUEST_MAX + 1, {})), kind)).toEqual(all.slice(0, -1))
    expect(proven(asked(stateOf(PROOFS_PER_REQUEST_MAX + 1, { [done]: new Set(all.slice(0, -1)) })), kind)).toEqual(all.slice(-1))
  })
})

test('before the relay has greeted, nothing is asked but that', () => {
  expect(asked(stateOf(2, { challenge: undefined })).map(({ kind }) => kind)).toEqual(['hello'])
})

test('a mailbox that is refused again and again is asked for less and less often, and never after more than five minutes', () => {
  const waits = Array.from({ length: 9 }).reduce<readonly Wait[]>((all) => [...all, refusedAgain(all.at(-1), 0)], [])
  expect(waits.map(({ ms }) => ms / REFUSED_RETRY_MS)).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60])
})

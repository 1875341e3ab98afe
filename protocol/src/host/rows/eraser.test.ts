import { expect, test } from 'vitest'
import { conversationIdOf, toUnixMs } from '../../bytes/ids.ts'
import { DROPPED, setDraft, setFlag } from '../../documents/account.ts'
import { openDocument } from '../../documents/document.ts'
import { createEraser } from './eraser.ts'
import { INVITE_MS_MAX } from '../../limits.ts'
import { NO_REMOVALS } from '../../node/state.ts'
import { RestMap } from '../../node/rest-map.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { NodeInput } from '../../node/input.ts'
import type { Conversation, NodeState } from '../../node/state.ts'

const NOW = 1_800_000_000_000
const idOf = (byte: number): ConversationId => conversationIdOf(new Uint8Array(32).fill(byte))
const invite = (changes: object) => ({ status: 'open', created: NOW - INVITE_MS_MAX + 1, isUntouched: false, ...changes })

function tidied(conversations: readonly (readonly [ConversationId, object])[], change: (account: ReturnType<typeof openDocument>) => void) {
  const account = openDocument('account', { client: 7, updates: [] })
  change(account)
  const pushed: NodeInput[] = []
  const state = {
    conversations: RestMap.of(
      'chats',
      conversations.map(([id, fields]) => [id, { id, ...fields } as Conversation]),
    ),
    removals: NO_REMOVALS,
  }
  const eraser = createEraser({
    store: { read: () => Promise.resolve([]) },
    documents: {
      account: () => account,
      saveAccount: () => Promise.resolve(true),
      tidyAccount: () => Promise.resolve(),
      forget: () => Promise.resolve(),
    },
    forgetFiles: () => Promise.resolve([]),
    loop: {
      state: () => state as unknown as NodeState,
      ask: () => Promise.resolve({ kind: 'done' }),
      push: (input) => void pushed.push(input),
    },
    clock: () => toUnixMs(NOW),
    later: () => import('../later.ts'),
    log: () => {},
  })
  void eraser.tidy()
  return pushed.map((input) => (input.kind === 'remove' ? [input.conversation, input.when] : input.kind))
}

test('what nobody misses goes when nobody can come any more, unless something is half written in it', () => {
  const spent = invite({ isUntouched: true, created: NOW - INVITE_MS_MAX })
  const gone = tidied(
    [
      [idOf(1), { phase: 'inviting', invite: spent }],
      [idOf(2), { phase: 'inviting', invite: invite({ isUntouched: true }) }],
      [idOf(3), { phase: 'inviting', invite: { ...spent, isUntouched: false } }],
      [idOf(4), { phase: 'inviting', invite: spent }],
      [idOf(5), { phase: 'inviting', invite: invite({ isUntouched: true, status: 'revoked' }) }],
      [idOf(6), { phase: 'open', invite: spent }],
    ],
    (account) => setDraft(account, idOf(4), { text: 'half', ref: 'r' }),
  )
  expect(gone).toEqual([
    [idOf(1), 'unanswered'],
    [idOf(5), 'unanswered'],
  ])
})

test('what an older version took off the list goes for good, unless somebody came after all', () => {
  const gone = tidied(
    [
      [idOf(1), { phase: 'inviting', invite: invite({ status: 'revoked' }) }],
      [idOf(2), { phase: 'open', invite: invite({ status: 'used' }) }],
    ],
    (account) => [idOf(1), idOf(2)].forEach((id) => setFlag(account, id, DROPPED, 'on')),
  )
  expect(gone).toEqual([[idOf(1), 'unanswered']])
})

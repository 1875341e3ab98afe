// Which tokens open an invite, and when.

import { expect, test } from 'vitest'
import { INVITE_MS_MAX } from '../../limits.ts'
import { createInviteSecret, inviteSecretsOf } from '../../invite/secrets.ts'
import { isInvitedBy } from './pair.ts'
import type { Conversation, OwnInvite } from '../state.ts'

const NOW = 1_800_000_000_000
const secret = createInviteSecret((length) => new Uint8Array(length).fill(1))
const { token } = inviteSecretsOf(secret)
const open = { secret, created: NOW, expires: 0, status: 'open' } as OwnInvite
const isIn = (invite: OwnInvite | undefined, shown = token, now = NOW): boolean => isInvitedBy({ invite } as Conversation, shown, now)

test('an open invite is opened by its own token, all of it, until 14 days have gone by on the own clock', () => {
  expect(isIn(open)).toBe(true)
  expect(isIn(open, token, NOW + INVITE_MS_MAX - 1)).toBe(true)
  expect(isIn(open, token, NOW + INVITE_MS_MAX)).toBe(false)
  expect(isIn(open, token.subarray(1))).toBe(false)
  expect(isIn(open, new Uint8Array(0))).toBe(false)
  for (const at of token.keys())
    expect(
      isIn(
        open,
        token.map((byte, other) => (other === at ? byte ^ 1 : byte)),
      ),
    ).toBe(false)
})

test('an invite that was used or taken back is opened by nothing, and so is a conversation without one', () => {
  for (const status of ['used', 'revoked'] as const) expect(isIn({ ...open, status } as unknown as OwnInvite)).toBe(false)
  expect(isIn(undefined)).toBe(false)
})

// What an older version wrote of an invite.

import { expect, test } from 'vitest'
import { signedEndsOf } from '../../node/invites/invite-end.ts'
import { inviteOf } from './arrival.ts'
import type { InviteRow } from './arrival.ts'

const secret = new Uint8Array(32).fill(7)
const relay = { key: new Uint8Array(32), url: '' }

/** As it was written while an invite that was over kept its secret. */
const kept = (changes: Partial<InviteRow>): InviteRow =>
  ({
    ...{ secret, relay, created: 1, expires: 2, inbox: {}, bundle: undefined, handouts: [], serial: 3, upTo: 0, isFull: false },
    ...{ ends: undefined, proof: undefined, guest: undefined, admitted: undefined, ended: false, isUntouched: false },
    ...changes,
  }) as unknown as InviteRow

test('an invite that was over and had kept its secret loses it, with what is still to be said to the relay in its place', () => {
  for (const status of ['used', 'revoked'] as const) {
    const invite = inviteOf(kept({ status }))
    expect(invite).toMatchObject({ status, serial: 3, packet: undefined, ends: signedEndsOf({ status: 'open', secret }) })
    expect(invite).not.toHaveProperty('secret')
  }
})

test('nothing is left to say where the relay had marked the record as ended', () => {
  expect(inviteOf(kept({ status: 'used', ended: true }))).toMatchObject({ status: 'used', ends: undefined, admitted: undefined })
})

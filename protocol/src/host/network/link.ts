// The link to an own invite, while it has its secrets.

import { createInviteLink } from '../../invite/link.ts'
import { inviteSecretsOf } from '../../invite/secrets.ts'
import type { AccountId } from '../../bytes/ids.ts'
import type { OwnInvite } from '../../node/state.ts'

/** The relay's address is left out where it is the page's own: the link becomes a smaller QR code. */
export function inviteLinkOf(account: AccountId, invite: OwnInvite, origin: string): string | undefined {
  if (invite.status !== 'open') return undefined
  const { token, key } = inviteSecretsOf(invite.secret)
  const url = invite.relay.url === origin.replace(/^http/, 'ws') ? '' : invite.relay.url
  return createInviteLink({
    origin,
    relay: { key: invite.relay.key, url },
    account,
    token,
    key,
    expires: Math.floor(invite.expires / 1_000),
  })
}

// A mailbox of this device, and where else it may lie.

import type { MailboxKeys } from '../../mailbox/keys.ts'
import type { RelayAddress } from '../../wire/capability.ts'

/**
 * A mailbox of this device. `registered`: the relay has answered that it exists. `second`: what a contact's device leaves may lie at this relay as well,
 * in the mailbox whose keys follow from these.
 */
export type Inbox = { readonly keys: MailboxKeys; readonly registered: boolean; readonly second?: SecondPlace | undefined }

export type SecondPlace = { readonly relay: RelayAddress; readonly registered: boolean }

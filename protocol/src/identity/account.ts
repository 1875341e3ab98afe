// A person: the account key signs device lists and nothing else (docs/protocol.md §2.1).

import { accountIdOf } from '../bytes/ids.ts'
import { labelHash } from '../crypto/hash.ts'
import { derive } from '../crypto/kdf.ts'
import { sign, signingKeyOf } from '../crypto/sign.ts'
import type { AccountId } from '../bytes/ids.ts'
import type { Random } from '../crypto/random.ts'

/** What a recovery phrase of 24 words encodes: 32 bytes. The key is derived, so that other keys can be later. */
export type AccountSecret = { readonly entropy: Uint8Array }

export const createAccount = (random: Random): AccountSecret => ({ entropy: random(32) })

/** The public Ed25519 key of the account (AIK). */
export const accountKeyOf = (secret: AccountSecret): Uint8Array => signingKeyOf(accountSeedOf(secret))

export const accountIdFromKey = (accountKey: Uint8Array): AccountId => accountIdOf(labelHash('kith/1/account', accountKey))

/** Only for device lists: see `signDeviceList`. */
export const signAsAccount = (secret: AccountSecret, statement: Uint8Array): Uint8Array => sign(accountSeedOf(secret), statement)

const accountSeedOf = (secret: AccountSecret): Uint8Array => derive(secret.entropy, new Uint8Array(0), 'kith/1/account-key', 32)

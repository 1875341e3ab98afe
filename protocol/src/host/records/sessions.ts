// Sessions, prekeys and chains as they lie in rows.

import { bytes, fixed, list, optional, struct, text, u32, u48 } from '../../bytes/codec.ts'
import { chainId, deviceId } from '../../bytes/ids.ts'
import { KEM_CIPHERTEXT_BYTES, KEM_PUBLIC_BYTES } from '../../crypto/kem.ts'
import { OLD_RATCHET_CHAINS_MAX, SESSIONS_PER_PAIR_MAX, SKIPPED_KEYS_PER_CHAIN_MAX } from '../../limits.ts'
import { INITIAL_BYTES_MAX, INITIALS_REMEMBERED_MAX, ONE_TIME_PREKEYS_HELD_MAX } from '../../session/limits.ts'
import { row, secret } from './row.ts'
import type { Codec } from '../../bytes/codec.ts'
import type { OwnChain, ReceivedChain } from '../../group/sender-chain.ts'
import type { Healing } from '../../session/healing-state.ts'
import type { Pairing, Session } from '../../session/pairing-state.ts'
import type { HeldOneTime, HeldReusable, PrekeyStore } from '../../session/prekeys.ts'
import type { Ratchet, ReceivingChain } from '../../session/ratchet-state.ts'

const stepKeys = list(struct({ step: u32, key: secret }), SKIPPED_KEYS_PER_CHAIN_MAX)

const receivingChain: Codec<ReceivingChain> = struct({
  ratchetKey: secret,
  key: optional(secret),
  next: u32,
  headerKey: secret,
  skipped: stepKeys,
})

export const ratchet: Codec<Ratchet> = struct({
  root: secret,
  ours: optional(struct({ secret, publicKey: secret })),
  theirs: optional(secret),
  sending: optional(struct({ key: secret, next: u32, headerKey: secret })),
  previous: u32,
  receiving: list(receivingChain, OLD_RATCHET_CHAINS_MAX + 1),
  nextSendingHeader: secret,
  nextReceivingHeader: secret,
})

const healing: Codec<Healing> = struct({
  healed: u48,
  offers: u32,
  seed: optional(secret),
  theirs: optional(struct({ number: u32, key: fixed(KEM_PUBLIC_BYTES) })),
  answered: u32,
  answer: optional(struct({ number: u32, ciphertext: fixed(KEM_CIPHERTEXT_BYTES) })),
})

/** `part`: the healing of a session, as rows of a version have it. */
export const pairingWith = (part: Codec<Healing | undefined>): Codec<Pairing> =>
  struct({
    sessions: list(
      struct<Session>({
        id: text(64),
        generation: u32,
        created: u48,
        associated: secret,
        initial: optional(bytes(INITIAL_BYTES_MAX)),
        messages: u32,
        ratchet,
        healing: part,
      }),
      SESSIONS_PER_PAIR_MAX,
    ),
  })

export const pairing: Codec<Pairing> = pairingWith(optional(healing))

const reusable: Codec<HeldReusable> = struct({
  id: u32,
  created: u48,
  made: optional(u48),
  seed: fixed(32),
  signature: fixed(64),
  seen: list(struct({ peer: deviceId, initial: secret }), INITIALS_REMEMBERED_MAX),
})

const oneTime: Codec<HeldOneTime> = struct({
  id: u32,
  seed: fixed(32),
  signature: fixed(64),
  with: optional(u32),
  to: optional(deviceId),
})

export const prekeysRow: Codec<PrekeyStore> = row(
  1,
  struct({
    signingKey: fixed(32),
    agreementKey: fixed(32),
    nextId: u32,
    reusable: list(reusable, 255),
    oneTime: list(oneTime, ONE_TIME_PREKEYS_HELD_MAX),
  }),
)

export const ownChain: Codec<OwnChain> = struct({ chain: chainId, step: u32, key: fixed(32), created: u48 })

export const receivedChain: Codec<ReceivedChain> = struct({
  owner: deviceId,
  chain: chainId,
  start: u32,
  step: u32,
  key: fixed(32),
  skipped: stepKeys,
})

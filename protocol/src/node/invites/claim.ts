// An invite's record is for one reader from the moment on at which a person was seen at the link (docs/protocol.md §3.5): how a device
// claims it, and what it makes of another's claim.

import { equalBytes, fromHex } from '../../bytes/bytes.ts'
import { sign, signingKeyOf } from '../../crypto/sign.ts'
import { claimProof, claimSeed, packetRecordId } from '../../invite/secrets.ts'
import { recordClaimStatement } from '../../wire/relay-proof.ts'
import type { RelayAnswerOf, RelayRequestOf } from '../../wire/relay.ts'
import type { Self } from '../state.ts'

type ClaimPlace = { readonly relay: string; readonly challenge: Uint8Array }

export function claimRequest({ device }: Self, token: Uint8Array, { relay, challenge }: ClaimPlace): RelayRequestOf<'claim-record'> {
  const seed = claimSeed(device.signSeed, token)
  const claimant = signingKeyOf(seed)
  const record = packetRecordId(token)
  const proof = claimProof(token, claimant)
  const signature = sign(seed, recordClaimStatement(fromHex(relay), challenge, { record, proof }))
  return { kind: 'claim-record', record, claimant, proof, signature }
}

/** Whose claim it is; undefined when nobody who has the link has made it. */
export function claimantOf(
  { device }: Self,
  token: Uint8Array,
  { claimant, proof }: RelayAnswerOf<'claimed'>,
): 'self' | 'other' | undefined {
  if (!equalBytes(proof, claimProof(token, claimant))) return undefined
  return equalBytes(claimant, signingKeyOf(claimSeed(device.signSeed, token))) ? 'self' : 'other'
}

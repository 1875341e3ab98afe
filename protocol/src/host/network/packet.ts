// The invite packet, built from what is stored: everything that an invitee needs while nobody is online (docs/protocol.md §3.3).

import { inviteSecretsOf, packetRecordId, secondSecretsOf } from '../../invite/secrets.ts'
import { sealPacket } from '../../invite/packet.ts'
import { sign, signingKeyOf } from '../../crypto/sign.ts'
import { CHAINS_PER_DEVICE_MAX, PACKET_ENTRIES_BYTES_MAX, RUN_ENTRIES_MAX } from '../../limits.ts'
import { grantOf } from '../../mailbox/keys.ts'
import { toHex } from '../../bytes/bytes.ts'
import { aheadOf, inviteExpiry } from '../../node/clocks.ts'
import { recordPutStatement } from '../../wire/relay-proof.ts'
import { ownLengthIn, readRun } from '../rows/runs.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { NodeState } from '../../node/state.ts'
import type { Random, Store } from '../../ports.ts'
import type { RelayRequestOf } from '../../wire/relay.ts'

type BuiltPacket = {
  readonly request: RelayRequestOf<'put-record'>
  /** How many own entries the packet stands for, from the first on. */
  readonly upTo: number
}

/** The request that puts the packet at one of its relays, with the first `upTo` own entries. What does not fit follows once somebody has joined. */
export async function buildPacket(
  { store, state, random }: { readonly store: Pick<Store, 'read'>; readonly state: () => NodeState; readonly random: Random },
  { conversation: id, upTo, relay }: { readonly conversation: ConversationId; readonly upTo: number; readonly relay: string },
): Promise<BuiltPacket> {
  const { self, conversations } = state()
  const invite = conversations.awake.get(id)?.invite
  if (invite?.status !== 'open') throw new RangeError('nobody was invited to this conversation')
  // Of more chains than a packet may carry, the entries follow once somebody has joined.
  const last = Math.min(upTo, invite.handouts[CHAINS_PER_DEVICE_MAX]?.from ?? Infinity) - 1
  const run = await readRun(
    { store, state },
    {
      conversation: id,
      ranges: [{ device: self.device.id, from: 0, to: last }],
      bytesMax: PACKET_ENTRIES_BYTES_MAX,
      entriesMax: RUN_ENTRIES_MAX,
      envelopes: [],
    },
  )
  const copy = invite.copy !== undefined && toHex(invite.copy.relay.key) === relay ? invite.copy : undefined
  const secrets = inviteSecretsOf(invite.secret)
  const { token, key, ownerSeed } = copy === undefined ? secrets : secondSecretsOf(secrets, copy.relay)
  const packet = {
    deviceList: self.list.signed,
    bundle: invite.bundle,
    name: self.name ?? '',
    grant: grantOf(invite.inbox.keys),
    conversation: id,
    chains: invite.handouts.slice(0, CHAINS_PER_DEVICE_MAX).map(({ handout }) => handout),
    entries: run.parts.filter((part) => 'header' in part),
    created: invite.created,
    second: invite.copy?.relay,
  }
  const blob = sealPacket(packet, key, token, random)
  const record = packetRecordId(token)
  const serial = (copy ?? invite).serial + 1
  // Each relay lets go of it by its own clock.
  const expires = copy === undefined ? invite.expires : inviteExpiry(invite.created, aheadOf(state(), relay))
  const signature = sign(ownerSeed, recordPutStatement(record, serial, expires, blob))
  return {
    request: { kind: 'put-record', record, owner: signingKeyOf(ownerSeed), serial, expires, blob, signature },
    upTo: ownLengthIn(run, self.device.id),
  }
}

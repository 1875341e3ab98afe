// The invite packet, built from what is stored: everything that an invitee needs while nobody is online (docs/protocol.md §3.3).

import { inviteSecretsOf, packetRecordId } from '../../invite/secrets.ts'
import { sealPacket } from '../../invite/packet.ts'
import { sign, signingKeyOf } from '../../crypto/sign.ts'
import { CHAINS_PER_DEVICE_MAX, PACKET_ENTRIES_BYTES_MAX, RUN_ENTRIES_MAX } from '../../limits.ts'
import { grantOf } from '../../mailbox/keys.ts'
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

/** The request that puts the packet, with the first `upTo` own entries. What does not fit follows once somebody has joined. */
export async function buildPacket(
  { store, state, random }: { readonly store: Pick<Store, 'read'>; readonly state: () => NodeState; readonly random: Random },
  { conversation: id, upTo }: { readonly conversation: ConversationId; readonly upTo: number },
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
  const { token, key, ownerSeed } = inviteSecretsOf(invite.secret)
  const packet = {
    deviceList: self.list.signed,
    bundle: invite.bundle,
    name: self.name ?? '',
    grant: grantOf(invite.inbox.keys),
    conversation: id,
    chains: invite.handouts.slice(0, CHAINS_PER_DEVICE_MAX).map(({ handout }) => handout),
    entries: run.parts.filter((part) => 'header' in part),
    created: invite.created,
  }
  const blob = sealPacket(packet, key, token, random)
  const record = packetRecordId(token)
  const serial = invite.serial + 1
  const { expires } = invite
  const signature = sign(ownerSeed, recordPutStatement(record, serial, expires, blob))
  return {
    request: { kind: 'put-record', record, owner: signingKeyOf(ownerSeed), serial, expires, blob, signature },
    upTo: ownLengthIn(run, self.device.id),
  }
}

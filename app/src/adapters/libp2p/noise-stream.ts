// Noise inside the sync stream (docs/protocol.md §6): libp2p's WebRTC rests on fingerprints that came over the signalling path, so two
// devices prove their keys to each other once more, end to end, before any byte of the application.

import { noise } from '@chainsafe/libp2p-noise'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { concatBytes, fromHex } from '@kith/protocol'
import type { ComponentLogger, Ed25519PrivateKey, MessageStream, PeerId, Upgrader } from '@libp2p/interface'
import type { DeviceId } from '@kith/protocol'

/** The other side could not prove that it is the expected device in this pair of devices. */
export class HandshakeError extends Error {
  override readonly name = 'HandshakeError'
  readonly code = 'handshake'
}

export type NoiseOptions = {
  readonly stream: MessageStream
  readonly privateKey: Ed25519PrivateKey
  readonly logger: ComponentLogger
  readonly remotePeer: PeerId
  readonly prologue: Uint8Array
  /** Whoever opened the stream speaks first. */
  readonly side: 'opener' | 'answerer'
  readonly signal: AbortSignal
}

/** The encrypted stream. Rejects with {@link HandshakeError}, and has reset the stream then. */
export async function openNoise(options: NoiseOptions): Promise<MessageStream> {
  const { stream, remotePeer } = options
  try {
    const encrypter = noise({ prologueBytes: options.prologue })({
      privateKey: options.privateKey,
      peerId: peerIdFromPrivateKey(options.privateKey),
      logger: options.logger,
      // Asked for early muxer negotiation only, which is switched off below.
      upgrader: { getStreamMuxers: () => new Map() } as unknown as Upgrader,
    })
    const wishes = { remotePeer, signal: options.signal, skipStreamMuxerNegotiation: true }
    const secured =
      options.side === 'opener' ? await encrypter.secureOutbound(stream, wishes) : await encrypter.secureInbound(stream, wishes)
    // The encrypter compares as well; a library that stopped doing so must not open this door.
    if (!secured.remotePeer.equals(remotePeer)) throw new HandshakeError('another device answered')
    return secured.connection
  } catch (cause) {
    const error = new HandshakeError('the handshake inside the direct stream failed', { cause })
    stream.abort(error)
    throw error
  }
}

/** Both device ids, the smaller one first: a handshake of one pair is worthless in another. */
export function prologueOf(one: DeviceId, other: DeviceId): Uint8Array {
  return one < other ? concatBytes(fromHex(one), fromHex(other)) : concatBytes(fromHex(other), fromHex(one))
}

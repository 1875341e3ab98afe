// What the relay answers devices that ask who it is (libp2p's identify): the same for all, made once. libp2p would read its own entry, sign its
// addresses and encode all of it anew for each of them, which was a tenth of what a newcomer costs.

import { publicKeyToProtobuf } from '@libp2p/crypto/keys'
import { concatBytes } from '@kith/protocol'
import { STREAM_CLOSE_MS } from '../limits.ts'
import type { Libp2p, PublicKey, Stream } from '@libp2p/interface'

export const IDENTIFY_PROTOCOL = '/ipfs/id/1.0.0'
const PROTOCOL_VERSION = 'ipfs/0.1.0'
const AGENT = 'kith-relay'
/** Numbers of the fields (libp2p's specification, identify/README.md). */
const FIELD = { publicKey: 1, listenAddress: 2, protocol: 3, protocolVersion: 5, agent: 6 }

export async function answerWhoItIs(node: Libp2p, publicKey: PublicKey): Promise<void> {
  let answer: Uint8Array | undefined
  const handle = async (stream: Stream): Promise<void> => {
    answer ??= answerOf(node, publicKey)
    stream.send(answer)
    await stream.close({ signal: AbortSignal.timeout(STREAM_CLOSE_MS) }).catch(() => stream.abort(new Error('the stream is over')))
  }
  await node.handle(IDENTIFY_PROTOCOL, handle, { maxInboundStreams: 1, runOnLimitedConnection: true })
}

/** Once it listens, with its length in front. */
function answerOf(node: Libp2p, publicKey: PublicKey): Uint8Array {
  const text = new TextEncoder()
  const message = concatBytes(
    field(FIELD.publicKey, publicKeyToProtobuf(publicKey)),
    ...node.getMultiaddrs().map((address) => field(FIELD.listenAddress, address.decapsulate('/p2p').bytes)),
    ...node.getProtocols().map((protocol) => field(FIELD.protocol, text.encode(protocol))),
    field(FIELD.protocolVersion, text.encode(PROTOCOL_VERSION)),
    field(FIELD.agent, text.encode(AGENT)),
  )
  return concatBytes(numberOf(message.length), message)
}

/** Bytes, as protobuf writes them. */
const field = (number: number, bytes: Uint8Array): Uint8Array => concatBytes(numberOf(number * 8 + 2), numberOf(bytes.length), bytes)

function numberOf(value: number): Uint8Array {
  return value < 128 ? Uint8Array.of(value) : concatBytes(Uint8Array.of((value % 128) + 128), numberOf(Math.floor(value / 128)))
}

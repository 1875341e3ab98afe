// Streams for files beside the sync stream of a link (docs/protocol.md §6.6): one for each direction, opened when there is something to say, with Noise
// and a credit window of its own. So no message waits behind a file.

import { concatBytes, FILE_PROTOCOL, NetworkError, utf8ToBytes } from '@kith/protocol'
import { DirectLink } from './direct-link.ts'
import { isDirect } from './direct-dial.ts'
import { HANDSHAKE_MS_MAX } from './limits.ts'
import { openNoise, prologueOf } from './noise-stream.ts'
import type { Connection, MessageStream, Stream } from '@libp2p/interface'
import type { DeviceId } from '@kith/protocol'
import type { KithNode } from './node.ts'
import type { PeerLinks } from './peer-links.ts'

export type FileStreamsParts = {
  readonly self: DeviceId
  readonly node: KithNode
  /** Of the remote end of a connection, if it is an allowed device. */
  readonly linksOf: (connection: Connection) => PeerLinks | undefined
  readonly heard: (device: DeviceId, frame: Uint8Array) => void
}

export type FileStreams = {
  /** Resolves when the frame is within the credit window. Rejects with {@link NetworkError} where there is no link, or the stream ends. */
  readonly send: (links: PeerLinks, frame: Uint8Array) => Promise<void>
}

type Outgoing = { readonly connection: Connection; readonly link: Promise<DirectLink> }

export async function openFileStreams(parts: FileStreamsParts): Promise<FileStreams> {
  const { self, node, linksOf, heard } = parts
  const outgoing = new Map<DeviceId, Outgoing>()
  const incoming = new Map<DeviceId, DirectLink>()

  const secured = (stream: Stream, links: PeerLinks, side: 'opener' | 'answerer'): Promise<MessageStream> =>
    openNoise({
      stream,
      privateKey: node.privateKey,
      logger: node.libp2p.logger,
      remotePeer: links.peerId,
      // A sync stream cannot be passed off as one for files.
      prologue: concatBytes(prologueOf(self, links.device), utf8ToBytes('files')),
      side,
      signal: AbortSignal.timeout(HANDSHAKE_MS_MAX),
    })

  function startLink(stream: MessageStream, links: PeerLinks, opener: 'self' | 'remote', ended: () => void): DirectLink {
    const listener = { answered: () => undefined, frame: (frame: Uint8Array) => heard(links.device, frame), ended }
    const link = new DirectLink({ stream, opener, answers: 'at-once', listener })
    link.start()
    link.open()
    return link
  }

  async function open(links: PeerLinks, connection: Connection): Promise<DirectLink> {
    const stream = await connection.newStream(FILE_PROTOCOL, { signal: AbortSignal.timeout(HANDSHAKE_MS_MAX) })
    return startLink(await secured(stream, links, 'opener'), links, 'self', () => drop(links.device, connection))
  }

  function drop(device: DeviceId, connection: Connection): void {
    if (outgoing.get(device)?.connection === connection) outgoing.delete(device)
  }

  function linkTo(links: PeerLinks, connection: Connection): Promise<DirectLink> {
    const known = outgoing.get(links.device)
    if (known?.connection === connection) return known.link
    void known?.link.then((old) => old.close()).catch(() => undefined)
    const link = open(links, connection)
    outgoing.set(links.device, { connection, link })
    link.catch(() => drop(links.device, connection))
    return link
  }

  /** Of one device the newest counts. Never rejects. */
  async function accept(stream: Stream, connection: Connection): Promise<void> {
    const links = linksOf(connection)
    if (links?.activeConnection?.id !== connection.id || !isDirect(connection))
      return stream.abort(new Error('not a device that is linked'))
    try {
      const link = startLink(await secured(stream, links, 'answerer'), links, 'remote', () => {
        if (incoming.get(links.device) === link) incoming.delete(links.device)
      })
      incoming.get(links.device)?.close()
      incoming.set(links.device, link)
    } catch {
      // The handshake has reset the stream.
    }
  }

  await node.libp2p.handle(FILE_PROTOCOL, (stream, connection) => void accept(stream, connection), {
    maxInboundStreams: 2,
    maxOutboundStreams: 2,
  })
  return {
    async send(links, frame) {
      const connection = links.activeConnection
      if (connection === undefined) throw new NetworkError('disconnected', 'no direct link to this device')
      const link = await linkTo(links, connection).catch((cause: unknown) => {
        throw new NetworkError('disconnected', 'no stream for files to this device', { cause })
      })
      await link.send(frame)
    },
  }
}

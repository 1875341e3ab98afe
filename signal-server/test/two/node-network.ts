// The network of an engine that runs in Node: streams to real relays, which come back by themselves, and no direct links.

import { toHex } from '@kith/protocol'
import { NetworkError } from '../../../protocol/src/ports.ts'
import { connectSilently } from '../relay-client.ts'
import type { Network, NetworkEvent } from '../../../protocol/src/ports.ts'
import type { RelayAddress } from '../../../protocol/src/wire/capability.ts'

type Client = Awaited<ReturnType<typeof connectSilently>>
type Wanted = { readonly relay: RelayAddress; isOver: boolean; client: Client | undefined }

const RETRY_MS = 300

export type NodeNetwork = Network & { readonly close: () => Promise<void> }

export function createNodeNetwork(): NodeNetwork {
  const wanted = new Map<string, Wanted>()
  let listener: (event: NetworkEvent) => void = () => {}

  async function keepUp(one: Wanted): Promise<void> {
    const key = toHex(one.relay.key)
    for (; !one.isOver; await new Promise((resolve) => setTimeout(resolve, RETRY_MS))) {
      const client = await connectSilently({ key: one.relay.key, port: Number(new URL(one.relay.url).port) }).catch(() => undefined)
      if (client === undefined) continue
      one.client = client
      listener({ kind: 'relay-up', relay: key })
      void hear(key, client)
      await client.ended
      one.client = undefined
      listener({ kind: 'relay-down', relay: key })
      await client.close()
    }
  }

  async function hear(relay: string, client: Client): Promise<void> {
    for (;;) {
      const blobs = await client.nextBlobs()
      listener({ kind: 'blobs', relay, blobs })
    }
  }

  async function drop(one: Wanted): Promise<void> {
    one.isOver = true
    await one.client?.close()
  }

  return {
    setRelays(relays) {
      const keys = new Set(relays.map(({ key }) => toHex(key)))
      for (const [key, one] of wanted) {
        if (keys.has(key)) continue
        wanted.delete(key)
        void drop(one)
      }
      for (const relay of relays) {
        const key = toHex(relay.key)
        if (wanted.has(key)) continue
        const one: Wanted = { relay, isOver: false, client: undefined }
        wanted.set(key, one)
        void keepUp(one)
      }
    },
    async request(relay, request) {
      const client = wanted.get(relay)?.client
      if (client === undefined) throw new NetworkError('disconnected', 'no stream to the relay')
      try {
        return await client.ask(request)
      } catch (cause) {
        throw new NetworkError('disconnected', `the stream broke: ${String(cause)}`)
      }
    },
    setPeers: () => {},
    dial: () => {},
    send: () => Promise.reject(new NetworkError('disconnected', 'no direct links here')),
    retry: () => {},
    listen: (given) => {
      listener = given
    },
    close: async () => {
      await Promise.all([...wanted.values()].map(drop))
    },
  }
}

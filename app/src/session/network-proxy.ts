// The Network port in the worker: workers have no RTCPeerConnection, so every call goes through a port to the page that has.

import { NetworkError } from '@kith/protocol'
import { ownBytes } from './network-messages.ts'
import type { DeviceId, Network, NetworkEvent, RelayAnswer } from '@kith/protocol'
import type { FromNetwork, NetworkIdentity, ToNetwork } from './network-messages.ts'

export type NetworkProxyOptions = {
  readonly port: MessagePort
  readonly identity: NetworkIdentity
  /** The page hears nothing before: what is on the disk comes first. */
  readonly mayOpen: Promise<void>
}

type PendingRequest = { readonly resolve: (answer: RelayAnswer | undefined) => void; readonly reject: (error: NetworkError) => void }
type PostedMessage = { readonly message: ToNetwork; readonly transfer: Transferable[] }

export function createNetworkProxy({ port, identity, mayOpen }: NetworkProxyOptions): Network {
  const pending = new Map<number, PendingRequest>()
  const unheard: NetworkEvent[] = []
  let listener: ((event: NetworkEvent) => void) | undefined
  let heldBack: PostedMessage[] | undefined = []
  let nextId = 1

  function post(message: ToNetwork, transfer: Transferable[] = []): void {
    if (heldBack === undefined) port.postMessage(message, transfer)
    else heldBack.push({ message, transfer })
  }

  function ask(makeMessage: (id: number) => PostedMessage): Promise<RelayAnswer | undefined> {
    const id = nextId++
    const { message, transfer } = makeMessage(id)
    return new Promise((resolve, reject) => {
      pending.set(id, { resolve, reject })
      post(message, transfer)
    })
  }

  async function send(kind: 'send' | 'send-file', device: DeviceId, frame: Uint8Array): Promise<void> {
    const bytes = ownBytes(frame)
    await ask((id) => ({ message: { kind, id, device, frame: bytes }, transfer: [bytes.buffer] }))
  }

  function hear(message: FromNetwork): void {
    if (message.kind === 'event') {
      if (listener === undefined) unheard.push(message.event)
      else listener(message.event)
      return
    }
    const waiting = pending.get(message.id)
    pending.delete(message.id)
    if (message.kind === 'done') waiting?.resolve(message.answer)
    else waiting?.reject(new NetworkError(message.code, message.message))
  }

  port.onmessage = ({ data }: MessageEvent<FromNetwork>) => hear(data)
  void mayOpen.then(() => {
    const waiting = heldBack ?? []
    heldBack = undefined
    post({ kind: 'open', identity })
    for (const { message, transfer } of waiting) post(message, transfer)
  })

  return {
    setRelays: (relays) => post({ kind: 'set-relays', relays }),
    setPeers: (peers) => post({ kind: 'set-peers', peers }),
    dial: (device) => post({ kind: 'dial', device }),
    retry: () => post({ kind: 'retry' }),
    async request(relay, request) {
      const answer = await ask((id) => ({ message: { kind: 'request', id, relay, request }, transfer: [] }))
      if (answer === undefined) throw new Error('a request was answered as if it were a frame')
      return answer
    },
    send: (device, frame) => send('send', device, frame),
    sendFile: (device, frame) => send('send-file', device, frame),
    listen(next) {
      listener = next
      for (const event of unheard.splice(0)) next(event)
    },
  }
}

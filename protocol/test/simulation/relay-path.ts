// The relay of a simulated world, and the streams to it: delays, breaks and, on request, misbehaviour. Behind it is the real core over
// storage in memory.

import { equalBytes, toHex } from '../../src/bytes/bytes.ts'
import { NetworkError } from '../../src/ports.ts'
import { toRelayKey } from '../../../signal-server/src/key.ts'
import { createMemoryStorage, createRelay } from '../../../signal-server/src/relay/index.ts'
import type { DeviceId, MailboxId } from '../../src/bytes/ids.ts'
import type { NetworkEvent } from '../../src/ports.ts'
import type { RelayAddress } from '../../src/wire/capability.ts'
import type { RelayAnswer, RelayMessage, RelayRequest } from '../../src/wire/relay.ts'
import type { Relay } from '../../../signal-server/src/relay/index.ts'
import { createLedger } from './ledger.ts'
import { verify } from './native-crypto.ts'
import type { Ledger } from './ledger.ts'
import type { Scheduler } from './scheduler.ts'
import type { Seeded } from './seeded.ts'

/** How long after its moment something goes out, ms. */
const RELEASE_MS = 1_000

export type RelayFaults = {
  /** Probability that a stream breaks with a request under way. */
  readonly breaks: number
  /** Probability that a push arrives twice, that it is held back behind later ones, and that it never arrives on this stream. */
  readonly duplicates: number
  readonly reorders: number
  readonly drops: number
  /** Probability that a request is refused as `busy` or, a deposit, as `full`; and that one of many mailboxes of a deposit is `full`. */
  readonly refusals: number
}

export const NO_RELAY_FAULTS: RelayFaults = { breaks: 0, duplicates: 0, reorders: 0, drops: 0, refusals: 0 }

/** One end of streams to the relay. */
export type RelayClient = {
  readonly device: DeviceId
  /** Relays that it is to be connected with; none while it is not attached or offline. */
  readonly wanted: () => readonly RelayAddress[]
  readonly emit: (event: NetworkEvent) => void
}

export type Push = { readonly device: DeviceId; readonly mailbox: MailboxId; readonly blob: Uint8Array }

export type RelayPath = {
  /** Where it is and which key it proves now. */
  readonly address: () => RelayAddress
  faults: RelayFaults
  /** What reaches the owner instead of a push, in order. */
  tamper: ((push: Push) => readonly Push[]) | undefined
  /** What is answered instead of asking the relay. */
  refuse: ((request: RelayRequest) => RelayAnswer | undefined) | undefined
  /** Called before it begins with a request. */
  serves: (() => void) | undefined
  /** By how much its clock is ahead, ms: what it holds back goes out early. */
  ahead: number
  /** What it holds back and is due goes out. It looks by itself when something is. */
  readonly release: () => Promise<void>
  /** What it really stores. */
  readonly ledger: Ledger
  /** What is heard instead of the relay's answer. */
  forge: ((asked: RelayRequest, answer: RelayAnswer) => RelayAnswer) | undefined
  /** The relay's own signature, for one that lies. */
  readonly sign: (statement: Uint8Array) => Uint8Array
  readonly connect: (client: RelayClient) => void
  readonly disconnect: (client: RelayClient) => void
  readonly isConnected: (client: RelayClient) => boolean
  request: (client: RelayClient, asked: RelayRequest) => Promise<RelayAnswer>
  /** The process dies and comes back after `ms`, with what it had stored, with an empty disk, or with another key as well. */
  readonly restart: (ms: number, disk: 'kept' | 'lost' | 'lost with its key') => void
  /** The process dies for good, and its disk with it. */
  readonly perish: () => void
}

type Stream = {
  readonly relay: string
  isOpen: boolean
  readonly pending: Map<number, Pending>
  readonly link: ReturnType<Relay['connect']>
  lastId: number
  due: number
}
type Pending = { readonly resolve: (answer: RelayAnswer) => void; readonly reject: (error: NetworkError) => void }

export function createRelayPath(
  scheduler: Scheduler,
  luck: Seeded,
  { clients, url }: { readonly clients: () => Iterable<RelayClient>; readonly url: string },
): RelayPath {
  let { publicKey: key, sign } = toRelayKey(luck.bytes(32))
  const streams = new Map<RelayClient, Stream>()
  const ledger = createLedger(() => ({ key, url }))
  let storage = ledger.watch(createMemoryStorage())
  let relay: Relay | undefined
  const boot = (): Relay =>
    createRelay({ storage, clock: () => scheduler.now() + self.ahead, random: luck.bytes, key, sign, verify, report: () => {} })

  function connect(client: RelayClient): void {
    if (streams.has(client) || relay === undefined) return
    for (const other of client.wanted())
      if (other.url === url && !equalBytes(other.key, key)) client.emit({ kind: 'relay-replaced', relay: toHex(other.key), url })
    // It is found by its key, wherever it is looked for.
    if (!client.wanted().some((wanted) => equalBytes(wanted.key, key))) return
    const stream: Stream = {
      relay: toHex(key),
      isOpen: true,
      pending: new Map(),
      link: relay.connect((message) => hear(client, stream, message)),
      lastId: 0,
      due: 0,
    }
    streams.set(client, stream)
    client.emit({ kind: 'relay-up', relay: stream.relay })
  }

  function disconnect(client: RelayClient): void {
    const stream = streams.get(client)
    if (stream === undefined) return
    streams.delete(client)
    stream.isOpen = false
    stream.link.close()
    for (const { reject } of stream.pending.values()) reject(new NetworkError('disconnected', 'the stream broke'))
    client.emit({ kind: 'relay-down', relay: stream.relay })
    scheduler.after(luck.whole(200, 3_000), () => connect(client))
  }

  // Bytes of one stream arrive in order; what was under way when it broke never does.
  function inOrder(stream: Stream, event: () => void): void {
    stream.due = Math.max(stream.due + 1, scheduler.now() + luck.whole(1, 80))
    scheduler.after(stream.due - scheduler.now(), () => {
      if (stream.isOpen) event()
    })
  }

  function hear(client: RelayClient, stream: Stream, message: RelayMessage): void {
    if (message.kind === 'answer') {
      return inOrder(stream, () => {
        stream.pending.get(message.id)?.resolve(message.answer)
        stream.pending.delete(message.id)
      })
    }
    const { device } = client
    const pushes = message.blobs.flatMap(({ mailbox, blob }) => {
      const pushed = { device, mailbox, blob }
      return self.tamper === undefined ? [pushed] : self.tamper(pushed)
    })
    const deliver = (blobs: readonly Push[]): void => client.emit({ kind: 'blobs', relay: stream.relay, blobs })
    push(stream, pushes, deliver)
  }

  // What meets no fault arrives as the relay sent it: together.
  function push(stream: Stream, blobs: readonly Push[], deliver: (blobs: readonly Push[]) => void): void {
    const { drops, reorders, duplicates } = self.faults
    const soon: Push[] = []
    const later = (ms: number, blob: Push): void => void scheduler.after(ms, () => stream.isOpen && deliver([blob]))
    for (const blob of blobs) {
      if (luck.chance(drops)) continue
      if (luck.chance(reorders)) later(luck.whole(100, 2_000), blob)
      else soon.push(blob)
      if (luck.chance(duplicates)) later(luck.whole(1, 4_000), blob)
    }
    if (soon.length > 0) inOrder(stream, () => deliver(soon))
  }

  function request(client: RelayClient, asked: RelayRequest): Promise<RelayAnswer> {
    const stream = streams.get(client)
    if (stream === undefined) return Promise.reject(new NetworkError('disconnected', 'no stream to the relay'))
    const refusal = self.refuse?.(asked) ?? (luck.chance(self.faults.refusals) ? refusalOf(asked) : undefined)
    return new Promise((resolve, reject) => {
      const id = (stream.lastId += 1)
      const partly = refusePartly(asked)
      stream.pending.set(id, {
        resolve: (answer) => resolve(self.forge?.(asked, partly.answered(answer)) ?? partly.answered(answer)),
        reject,
      })
      if (luck.chance(self.faults.breaks)) scheduler.after(luck.whole(1, 160), () => streams.get(client) === stream && disconnect(client))
      inOrder(stream, () => {
        self.serves?.()
        if (asked.kind === 'hold') scheduler.after(Math.max(0, asked.at - scheduler.now()) + RELEASE_MS, () => void self.release())
        if (refusal === undefined) void stream.link.receive({ id, request: partly.asked })
        else hear(client, stream, { kind: 'answer', id, answer: refusal })
      })
    })
  }

  /** Some of many mailboxes have no room: the relay is not asked about those, and its signature speaks of the others. */
  function refusePartly(asked: RelayRequest): { readonly asked: RelayRequest; readonly answered: (answer: RelayAnswer) => RelayAnswer } {
    const isAsked = (mailboxes: readonly MailboxId[]): readonly boolean[] =>
      mailboxes.map(() => mailboxes.length === 1 || self.faults.refusals === 0 || !luck.chance(self.faults.refusals))
    if (asked.kind !== 'deposit') return { asked, answered: (answer) => answer }
    const kept = asked.deposits.map(({ mailboxes }) => isAsked(mailboxes))
    const deposits = asked.deposits.map(({ mailboxes, blob }, at) => ({
      mailboxes: mailboxes.filter((_, index) => kept[at]?.[index]),
      blob,
    }))
    const full = { kind: 'refused', reason: 'full', retryMs: 0 } as const
    return {
      asked: { ...asked, deposits },
      answered: (answer) => {
        if (answer.kind !== 'deposited') return answer
        const verdicts = kept.map((each, at) => {
          const left = [...(answer.verdicts[at] ?? [])]
          return each.map((isKept) => (isKept ? left.shift() : undefined) ?? full)
        })
        return { ...answer, verdicts }
      },
    }
  }

  const refusalOf = (asked: RelayRequest): RelayAnswer =>
    asked.kind === 'deposit' && luck.chance(0.5)
      ? { kind: 'refused', reason: 'full', retryMs: 0 }
      : { kind: 'refused', reason: 'busy', retryMs: luck.whole(0, 5_000) }

  function restart(ms: number, disk: 'kept' | 'lost' | 'lost with its key'): void {
    relay = undefined
    for (const client of clients()) disconnect(client)
    if (disk === 'lost with its key') ({ publicKey: key, sign } = toRelayKey(luck.bytes(32)))
    if (disk !== 'kept') {
      ledger.lose()
      storage = ledger.watch(createMemoryStorage())
    }
    scheduler.after(ms, () => {
      relay ??= boot()
      void self.release()
      for (const client of clients()) scheduler.after(luck.whole(1, 500), () => connect(client))
    })
  }

  function perish(): void {
    relay = undefined
    ledger.lose()
    for (const client of clients()) disconnect(client)
  }

  const self: RelayPath = {
    perish,
    address: () => ({ key, url }),
    ledger,
    faults: NO_RELAY_FAULTS,
    ahead: 0,
    release: async () => relay?.release(),
    tamper: undefined,
    refuse: undefined,
    forge: undefined,
    serves: undefined,
    sign: (statement) => sign(statement),
    connect,
    disconnect,
    isConnected: (client) => streams.has(client),
    request,
    restart,
  }
  relay = boot()
  return self
}

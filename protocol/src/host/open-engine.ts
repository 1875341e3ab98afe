// The composition of a running engine: the node's loop, its errands, its documents and its watchers over the ports that the outside
// supplies. Bytes arrive in an adapter → the loop steps them → stores → only then sends and shows.

import { createCommands } from './commands.ts'
import { openDocuments } from './documents.ts'
import { createErrands } from './errands.ts'
import { createHolds } from './holds.ts'
import { createIntake } from './intake.ts'
import { createLoop } from './loop.ts'
import { createPresence } from './presence.ts'
import { loadOrCreate } from './records.ts'
import { createReachability } from './reachability.ts'
import { createSettings } from './settings.ts'
import { createWatchers } from './watchers.ts'
import { draftOf, petnameOf } from '../documents/account.ts'
import type { DeviceId } from '../bytes/ids.ts'
import type { Engine } from '../engine.ts'
import type { Effect } from '../node/draft.ts'
import type { Clock, DocumentStore, Network, NetworkEvent, Random, Store, Timer } from '../ports.ts'
import type { RelayAddress } from '../wire/capability.ts'
import type { Surroundings } from './views.ts'

export type EngineParts = {
  readonly store: Store
  readonly documents: DocumentStore
  /** Called once, after everything local is at hand. */
  readonly network: (identity: { readonly signSeed: Uint8Array; readonly device: DeviceId }) => Network
  readonly clock: Clock
  readonly random: Random
  readonly timer: Timer
  /** Home relays of this page; rejects while unreachable, and is called again later. */
  readonly relays: () => Promise<readonly RelayAddress[]>
  /** Where invite links point, e.g. `https://chat.example.org`. */
  readonly origin: string
  /** What an operator or developer may want to know; never content, never secrets. */
  readonly log?: (line: string) => void
  /** The store failed and the engine has stopped: open a new one. */
  readonly failed?: (error: unknown) => void
}

export type RunningEngine = Engine & { close(): Promise<void> }

const TICK_MS = 1_000
/** Views depend on the clock too: sentences about waiting appear without any input. */
const TICKS_PER_REFRESH = 15

export async function openEngine(parts: EngineParts): Promise<RunningEngine> {
  const env = () => ({ now: parts.clock(), random: parts.random })
  const log = parts.log ?? (() => {})
  const initial = await loadOrCreate(parts.store, env())
  const documents = await openDocuments({ store: parts.store, documents: parts.documents, device: initial.self.device.id })
  const network = parts.network({ signSeed: initial.self.device.signSeed, device: initial.self.device.id })

  const loop = createLoop(initial, {
    store: parts.store,
    env,
    committed: ({ before, after, effects }) => {
      for (const effect of effects) perform(effect)
      holds.follow(before, after)
      reachability.follow(after)
      errands.run()
      if (before !== after) watchers.refreshAll()
      report(effects)
    },
    failed: (error) => {
      close()
      parts.failed?.(error)
    },
    faulty: (error, input) => log(`a step failed on ${input.kind}: ${String(error)}`),
  })
  const presence = createPresence({ clock: parts.clock, state: loop.state, changed: () => watchers.refreshAll() })
  const settings = createSettings(documents)
  const holds = createHolds({
    acknowledge: ({ relay, mailbox, blob }) => void network.request(relay, { kind: 'acknowledge', mailbox, blobs: [blob] }).catch(() => undefined),
    readAgain: ({ blob: { relay, mailbox }, sealed }) => intake.blob({ relay, mailbox, blob: sealed }),
  })
  const reachability = createReachability(network)
  const intake = createIntake({ state: loop.state, push: loop.push, log })
  const errands = createErrands({
    ...parts,
    network,
    state: loop.state,
    push: loop.push,
    faulty: (error, duty) => log(`${duty.kind} failed: ${String(error)}`),
  })
  const watchers = createWatchers({
    store: parts.store,
    state: loop.state,
    around: surroundings,
    app: () => presence.appView(settings.read()),
    titleOf: documents.titleOf,
    faulty: (error) => log(`a view failed: ${String(error)}`),
  })

  function surroundings(): Surroundings {
    return {
      now: parts.clock(),
      origin: parts.origin,
      network: presence.network(),
      petnameOf: (account) => petnameOf(documents.account, account),
      draftOf: (conversation) => draftOf(documents.account, conversation),
    }
  }

  function perform(effect: Effect): void {
    switch (effect.kind) {
      case 'acknowledge':
        return holds.acknowledge(effect)
      case 'hold':
        return holds.hold(effect)
      case 'document':
        documents.apply(effect).then(watchers.refreshAll, (error: unknown) => log(`a document update waits: ${String(error)}`))
        return
      case 'went-out':
        return presence.wentOut(effect.messages)
      case 'refused':
      case 'answer':
        return
    }
  }

  // Whoever sends a thousand wrong things gets one line.
  function report(effects: readonly Effect[]): void {
    const counts = new Map<string, number>()
    for (const effect of effects) {
      if (effect.kind !== 'refused') continue
      const line = `refused: ${effect.what}, ${effect.reason}`
      counts.set(line, (counts.get(line) ?? 0) + 1)
    }
    for (const [line, count] of counts) log(count === 1 ? line : `${line} (${count} times)`)
  }

  function hear(event: NetworkEvent): void {
    presence.hear(event)
    switch (event.kind) {
      case 'relay-up':
      case 'relay-down':
      case 'peer-up':
      case 'peer-down':
        return loop.push(event)
      case 'blob':
        return intake.blob(event)
      case 'frame':
        return intake.frame(event)
      case 'network':
        if (event.state === 'online') retry()
    }
  }

  function retry(): void {
    errands.hurry()
    network.retry()
    findHome()
    errands.run()
  }

  let isSearching = false
  function findHome(): void {
    if (isSearching) return
    isSearching = true
    parts
      .relays()
      .then(
        ([home]) => {
          if (home !== undefined && !isSameRelay(home, loop.state().home)) loop.push({ kind: 'home', relay: home })
        },
        (error: unknown) => log(`the list of relays is out of reach: ${String(error)}`),
      )
      .finally(() => {
        isSearching = false
      })
  }

  let ticks = 0
  let cancelTick = (): void => {}
  function tick(): void {
    ticks += 1
    loop.push({ kind: 'tick' })
    if (loop.state().home === undefined) findHome()
    errands.run()
    reachability.dial(loop.state())
    if (ticks % TICKS_PER_REFRESH === 0) watchers.refreshAll()
    cancelTick = parts.timer(TICK_MS, tick)
  }

  function close(): void {
    cancelTick()
    loop.stop()
  }

  network.listen(hear)
  reachability.follow(initial)
  findHome()
  cancelTick = parts.timer(TICK_MS, tick)
  return {
    ...createCommands({ ...parts, network, loop, documents, settings, refresh: watchers.refreshAll, retry }),
    watchApp: watchers.watchApp,
    watchConversations: watchers.watchConversations,
    watchConversation: watchers.watchConversation,
    close: () => {
      close()
      return Promise.resolve()
    },
  }
}

const isSameRelay = (a: RelayAddress, b: RelayAddress | undefined): boolean =>
  b !== undefined && a.url === b.url && a.key.length === b.key.length && a.key.every((byte, index) => byte === b.key[index])


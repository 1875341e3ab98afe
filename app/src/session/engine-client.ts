// A page's end of the channel: an Engine like any other, whose engine may move to another tab at any time. What waits is repeated to the
// next engine, with the same ref, so it acts once; nothing is given up in silence.

import { CHANNEL_VERSION, clientChannelName, clientLockName, ENGINE_CHANNEL, parseAnnouncement, parseToClient } from './channel.ts'
import { CALL_ENGINE_MS, ENGINE_CALLS_MAX } from './limits.ts'
import { toEngine } from './remote-engine.ts'
import { EngineError } from './status.ts'
import type { Engine } from '@kith/protocol'
import type { CommandName, ToClient, ToEngine, WatchName } from './channel.ts'
import type { EngineFailure, EngineStatus } from './status.ts'

export type RemoteEngine = Engine & {
  /** Calls `show` at once and after every change; returns a function that stops. */
  watchStatus(show: (status: EngineStatus) => void): () => void
  /** Ends this page's part: the engine forgets its watches, and what waits is refused. */
  close(): void
}

type Command = {
  readonly name: CommandName
  readonly argument: unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (error: EngineError) => void
}
type Watch = { readonly name: WatchName; readonly query: unknown; readonly show: (view: unknown) => void }

export function createEngineClient(): RemoteEngine {
  const id = crypto.randomUUID()
  const calls = new BroadcastChannel(ENGINE_CHANNEL)
  const answers = new BroadcastChannel(clientChannelName(id))
  const commands = new Map<number, Command>()
  const watches = new Map<number, Watch>()
  const status = createStatus()
  let nextId = 1
  /** The engine that has heard of everything above. */
  let engine: string | undefined
  /** Calls without an answer. Counted instead of timed, since a page that slept has not been waiting. */
  let unanswered = 0

  const say = (message: ToEngine) => calls.postMessage(message)

  function sayCommand(number: number, { name, argument }: Command): void {
    if (engine !== undefined) say({ kind: 'command', client: id, engine, id: number, name, argument })
  }

  function sayWatch(number: number, { name, query }: Watch): void {
    if (engine !== undefined) say({ kind: 'watch', client: id, engine, id: number, name, query })
  }

  function ask(name: CommandName, argument: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const current = status.get()
      if (current.kind === 'failed' && current.code !== 'unresponsive') return reject(refusalOf(current.code))
      if (commands.size === 0) unanswered = 0
      const command = { name, argument, resolve, reject }
      const number = nextId++
      commands.set(number, command)
      sayCommand(number, command)
    })
  }

  function watch(name: WatchName, query: unknown, show: (view: unknown) => void): () => void {
    const number = nextId++
    const one = { name, query, show }
    watches.set(number, one)
    sayWatch(number, one)
    return () => {
      if (watches.delete(number) && engine !== undefined) say({ kind: 'unwatch', client: id, engine, id: number })
    }
  }

  function meet(next: string): void {
    status.set({ kind: 'ready' })
    if (next === engine) return
    engine = next
    for (const [number, one] of watches) sayWatch(number, one)
    for (const [number, one] of commands) sayCommand(number, one)
  }

  function giveUp(code: EngineFailure): void {
    status.set({ kind: 'failed', code })
    for (const { reject } of commands.values()) reject(refusalOf(code))
    commands.clear()
  }

  function hear(message: ToClient): void {
    if ((message.kind === 'up' || message.kind === 'opening') && message.version !== CHANNEL_VERSION) {
      // A newer engine means that this page is old. An older one cannot be understood, and its page is about to reload.
      return message.version > CHANNEL_VERSION ? giveUp('outdated') : undefined
    }
    unanswered = 0
    switch (message.kind) {
      case 'up':
        return meet(message.engine)
      case 'opening':
        return undefined
      case 'failed':
        return giveUp(message.code)
      case 'wipe':
      case 'wiped':
        return giveUp('wiped')
      case 'answer':
        commands.get(message.id)?.resolve(message.value)
        commands.delete(message.id)
        return undefined
      case 'refusal':
        commands.get(message.id)?.reject(new EngineError(message.code, message.message))
        commands.delete(message.id)
        return undefined
      case 'view':
        return watches.get(message.id)?.show(message.view)
    }
  }

  // Only while something waits: a page at rest makes no noise.
  function callEngine(): void {
    if (status.get().kind === 'ready' && commands.size === 0) return
    if (unanswered >= ENGINE_CALLS_MAX && !isFailedOtherwise()) {
      unanswered = 0
      giveUp('unresponsive')
    }
    unanswered += 1
    say({ kind: 'hello', client: id })
  }

  function isFailedOtherwise(): boolean {
    const current = status.get()
    return current.kind === 'failed' && current.code !== 'unresponsive'
  }

  answers.onmessage = ({ data }: MessageEvent<unknown>) => {
    const message = parseToClient(data)
    if (message !== undefined) hear(message)
  }
  calls.onmessage = ({ data }: MessageEvent<unknown>) => {
    const message = parseAnnouncement(data)
    if (message !== undefined) hear(message)
  }
  const lock = holdLock(clientLockName(id), () => say({ kind: 'hello', client: id }))
  const caller = setInterval(callEngine, CALL_ENGINE_MS)

  return {
    ...toEngine(ask, watch),
    watchStatus: status.watch,
    close() {
      clearInterval(caller)
      lock.release()
      for (const { reject } of commands.values()) reject(refusalOf('unresponsive'))
      commands.clear()
      watches.clear()
      calls.close()
      answers.close()
    },
  }
}

function createStatus() {
  let status: EngineStatus = { kind: 'starting' }
  const watchers = new Set<(status: EngineStatus) => void>()
  return {
    get: () => status,
    set(next: EngineStatus) {
      const isSame = next.kind === status.kind && (next.kind !== 'failed' || status.kind !== 'failed' || next.code === status.code)
      status = next
      if (!isSame) for (const show of watchers) show(next)
    },
    watch(show: (status: EngineStatus) => void): () => void {
      watchers.add(show)
      show(status)
      return () => void watchers.delete(show)
    },
  }
}

/** `onHeld` is called once the lock is held: only then may the engine hear of this page, or it would count as gone. */
function holdLock(name: string, onHeld: () => void): { release(): void } {
  const ended = new AbortController()
  let release: () => void = () => ended.abort()
  void navigator.locks
    .request(name, { signal: ended.signal }, () => {
      const held = new Promise<void>((resolve) => (release = resolve))
      onHeld()
      return held
    })
    .catch((error: unknown) => {
      if (!ended.signal.aborted) throw error
    })
  return { release: () => release() }
}

const refusalOf = (code: EngineFailure) => new EngineError(code, `there is no engine: ${code}`)

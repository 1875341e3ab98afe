// A page's end of the channel: an Engine like any other, whose engine may move to another tab at any time. What waits is repeated to the
// next engine, with the same ref, so it acts once; nothing is given up in silence.

import { CHANNEL_VERSION, clientChannelName, clientLockName, ENGINE_CHANNEL, parseAnnouncement, parseToClient } from './channel.ts'
import { CALL_ENGINE_MS, ENGINE_CALLS_MAX } from './limits.ts'
import { holdLock } from './locks.ts'
import { createPendingCalls, refusalOf } from './pending-calls.ts'
import { toEngine } from './remote-engine.ts'
import { EngineError } from './status.ts'
import type { Engine } from '@kith/protocol'
import type { CommandName, ToClient, ToEngine } from './channel.ts'
import type { EngineFailure, EngineStatus } from './status.ts'

export type RemoteEngine = Engine & {
  /** Calls `show` at once and after every change; returns a function that stops. */
  watchStatus(show: (status: EngineStatus) => void): () => void
  /** Ends this page's part: the engine forgets its watches, and what waits is refused. */
  close(): void
}

export type EngineClientEnd = RemoteEngine & {
  /** For a page that is put away: to the engine it is gone, and what it wants is kept until it takes part again. */
  letGo(): void
  takePart(): void
}

export function createEngineClient(): EngineClientEnd {
  const id = crypto.randomUUID()
  const calls = new BroadcastChannel(ENGINE_CHANNEL)
  const answers = new BroadcastChannel(clientChannelName(id))
  const say = (message: ToEngine) => calls.postMessage(message)
  const pending = createPendingCalls(id, say)
  const status = createStatus()
  /** Calls without an answer. Counted instead of timed, since a page that slept has not been waiting. */
  let unanswered = 0

  function ask(name: CommandName, argument: unknown): Promise<unknown> {
    const failure = status.lasting()
    if (failure !== undefined) return Promise.reject(refusalOf(failure))
    if (pending.waiting() === 0) unanswered = 0
    return pending.ask(name, argument)
  }

  function giveUp(code: EngineFailure): void {
    status.set({ kind: 'failed', code })
    pending.giveUp(code)
  }

  function hear(message: ToClient): void {
    if ((message.kind === 'up' || message.kind === 'opening') && message.version !== CHANNEL_VERSION) {
      // A newer engine means that this page is old. An older one cannot be understood, and its page is about to reload.
      return message.version > CHANNEL_VERSION ? giveUp('outdated') : undefined
    }
    unanswered = 0
    switch (message.kind) {
      case 'up':
        status.set({ kind: 'ready' })
        return pending.meet(message.engine)
      case 'opening':
        return undefined
      case 'failed':
        return giveUp(message.code)
      case 'wipe':
      case 'wiped':
        return giveUp('wiped')
      case 'answer':
        return pending.answer(message.id, message.value)
      case 'refusal':
        return pending.refuse(message.id, new EngineError(message.code, message.message))
      case 'views':
        return message.views.forEach(({ id: watch, view }) => pending.show(watch, view))
    }
  }

  // Only while something waits: a page at rest makes no noise.
  function callEngine(): void {
    if (status.get().kind === 'ready' && pending.waiting() === 0) return
    if (unanswered >= ENGINE_CALLS_MAX && status.lasting() === undefined) {
      unanswered = 0
      giveUp('unresponsive')
    }
    unanswered += 1
    say({ kind: 'hello', client: id })
  }

  listen(answers, parseToClient, hear)
  listen(calls, parseAnnouncement, hear)
  // The engine may hear of this page only once the lock is held, or the page would count as gone.
  const presence = createPresence(
    id,
    () => say({ kind: 'hello', client: id }),
    () => giveUp('storage-unavailable'),
  )
  const caller = setInterval(callEngine, CALL_ENGINE_MS)

  return {
    ...toEngine(ask, pending.watch),
    watchStatus: status.watch,
    letGo: presence.end,
    takePart() {
      // Whatever was said meanwhile was not heard.
      pending.forgetEngine()
      unanswered = 0
      presence.begin()
    },
    close() {
      clearInterval(caller)
      presence.end()
      pending.giveUp('unresponsive')
      calls.close()
      answers.close()
    },
  }
}

function listen<T>(channel: BroadcastChannel, parse: (data: unknown) => T | undefined, hear: (message: T) => void): void {
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    const message = parse(data)
    if (message !== undefined) hear(message)
  }
}

/** A page counts while it holds a lock of its own: it begins to at once. */
function createPresence(client: string, onHeld: () => void, onRefused: () => void) {
  const hold = () => holdLock(clientLockName(client), onHeld, onRefused)
  let lock = hold()
  return { begin: () => void (lock = hold()), end: () => lock.release() }
}

function createStatus() {
  let status: EngineStatus = { kind: 'starting' }
  const watchers = new Set<(status: EngineStatus) => void>()
  return {
    get: () => status,
    /** The failure that makes asking pointless; of silence it is not known whether it lasts. */
    lasting: () => (status.kind === 'failed' && status.code !== 'unresponsive' ? status.code : undefined),
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

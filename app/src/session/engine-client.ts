// A page's end of its line to the engine: an Engine like any other, whose engine may move to another tab at any time. What waits is repeated to
// the next engine, with the same ref, so it acts once; nothing is given up in silence.

import { CHANNEL_VERSION, clientLockName, ENGINE_CHANNEL, parseAnnouncement } from './channel.ts'
import { createClientLine } from './client-line.ts'
import { CALL_ENGINE_MS, ENGINE_CALLS_MAX } from './limits.ts'
import { holdLock } from './locks.ts'
import { createPendingCalls, refusalOf } from './pending-calls.ts'
import { toEngine } from './remote-engine.ts'
import { createStatus, EngineError } from './status.ts'
import type { CommandName, Engine } from '@kith/protocol'
import type { Announcement, Call, ToClient } from './channel.ts'
import type { HandOver } from './line.ts'
import type { EngineFailure, EngineStatus } from './status.ts'

export type RemoteEngine = Engine & {
  /** Calls `show` at once and after every change; returns a function that stops. */
  watchStatus(show: (status: EngineStatus) => void): () => void
  /** Ends this page's part: the engine forgets its watches, and what waits is refused. */
  close(): void
}

/** `handOver`: without it, or where it fails, the line is one that clones. */
export function createEngineClient(handOver: HandOver = () => false): RemoteEngine {
  const id = crypto.randomUUID()
  const calls = new BroadcastChannel(ENGINE_CHANNEL)
  const say = (call: Call) => calls.postMessage(call)
  const hello = () => say({ kind: 'hello', client: id })
  const pending = createPendingCalls()
  const status = createStatus()
  const line = createClientLine({ client: id, handOver, call: say, hear: hearLine })
  /** Calls without an answer. Counted instead of timed, since a page that slept has not been waiting. */
  let unanswered = 0

  function ask(name: CommandName, input: unknown): Promise<unknown> {
    const failure = status.lasting()
    if (failure !== undefined) return Promise.reject(refusalOf(failure))
    if (pending.waiting() === 0) unanswered = 0
    return pending.ask(name, input)
  }

  function giveUp(code: EngineFailure): void {
    status.set({ kind: 'failed', code })
    pending.giveUp(code)
  }

  function hearLine(message: ToClient): void {
    unanswered = 0
    switch (message.kind) {
      case 'joined':
        status.set({ kind: 'ready' })
        return pending.meet(line.say())
      case 'answer':
        return pending.answer(message.id, message.value)
      case 'refusal':
        return pending.refuse(message.id, new EngineError(message.code, message.message))
      case 'views':
        return message.views.forEach(pending.show)
    }
  }

  function hear(message: Announcement): void {
    const newer = 'version' in message ? message.version - CHANNEL_VERSION : 0
    // A newer engine means that this page is old. An older one cannot be understood, and its page is about to reload.
    if (newer !== 0) return newer > 0 ? giveUp('outdated') : undefined
    switch (message.kind) {
      case 'up':
        return line.join(message.engine, message.at)
      case 'opening':
        return void (unanswered = 0)
      case 'failed':
        return giveUp(message.code)
      case 'wipe':
      case 'wiped':
        return giveUp('wiped')
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
    // A line on which nothing is heard may be one that leads nowhere any more.
    if (unanswered > 1) pending.meet(line.leave())
    const ask = line.say()
    if (ask === undefined) hello()
    else ask({ kind: 'hello' })
  }

  calls.onmessage = ({ data }: MessageEvent<unknown>) => {
    const message = parseAnnouncement(data)
    if (message !== undefined) hear(message)
  }
  // The engine may hear of this page only once the lock is held, or the page would count as gone.
  const lock = holdLock(clientLockName(id), hello, () => giveUp('storage-unavailable'))
  const caller = setInterval(callEngine, CALL_ENGINE_MS)

  return {
    ...toEngine(ask, pending.watch),
    watchStatus: status.watch,
    close() {
      clearInterval(caller)
      lock.release()
      pending.giveUp('unresponsive')
      line.leave()
      calls.close()
    },
  }
}

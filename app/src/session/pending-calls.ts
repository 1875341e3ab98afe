// What a page wants of the engine and has not got yet, or goes on wanting: told on each new line once, so that nothing is lost when the
// engine moves.

import { changed } from './changes.ts'
import { EngineError } from './status.ts'
import type { CommandName, ConversationWindow } from '@kith/protocol'
import type { ShownChange, ToEngine, WatchName } from './channel.ts'
import type { RemoteWatch } from './remote-engine.ts'
import type { EngineFailure } from './status.ts'

type Command = {
  readonly name: CommandName
  readonly input: unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (error: EngineError) => void
}
type Watch = { readonly name: WatchName; query: unknown; view: unknown; readonly show: (view: unknown) => void }

export type PendingCalls = {
  ask(name: CommandName, input: unknown): Promise<unknown>
  watch(name: WatchName, query: unknown, show: (view: unknown) => void): RemoteWatch
  /** From now on this is how the engine is told, and it is told everything, once for each way. Undefined: there is none. */
  meet(say: ((message: ToEngine) => void) | undefined): void
  answer(id: number, value: unknown): void
  refuse(id: number, error: EngineError): void
  show(shown: ShownChange): void
  /** Commands that have no answer. */
  waiting(): number
  /** Refuses all commands; watches stay. */
  giveUp(code: EngineFailure): void
}

export function createPendingCalls(): PendingCalls {
  const commands = new Map<number, Command>()
  const watches = new Map<number, Watch>()
  let nextId = 1
  let say: ((message: ToEngine) => void) | undefined

  const sayCommand = (id: number, { name, input }: Command): void => say?.({ kind: 'command', id, name, input })
  const sayWatch = (id: number, { name, query }: Watch): void => say?.({ kind: 'watch', id, name, query })

  return {
    ask: (name, input) =>
      new Promise((resolve, reject) => {
        const id = nextId++
        const command = { name, input, resolve, reject }
        commands.set(id, command)
        sayCommand(id, command)
      }),
    watch(name, query, show) {
      const id = nextId++
      const one = { name, query, view: undefined, show }
      watches.set(id, one)
      sayWatch(id, one)
      return {
        move(window: ConversationWindow) {
          one.query = { ...(one.query as object), ...window }
          if (watches.has(id)) say?.({ kind: 'move', id, window })
        },
        stop() {
          if (watches.delete(id)) say?.({ kind: 'unwatch', id })
        },
      }
    },
    meet(next) {
      if (next === say) return
      say = next
      for (const [id, one] of watches) sayWatch(id, one)
      for (const [id, one] of commands) sayCommand(id, one)
    },
    answer(id, value) {
      commands.get(id)?.resolve(value)
      commands.delete(id)
    },
    refuse(id, error) {
      commands.get(id)?.reject(error)
      commands.delete(id)
    },
    show({ id, change }) {
      const watch = watches.get(id)
      if (watch === undefined) return
      watch.view = changed(watch.view, change)
      watch.show(watch.view)
    },
    waiting: () => commands.size,
    giveUp(code) {
      for (const { reject } of commands.values()) reject(refusalOf(code))
      commands.clear()
    },
  }
}

export const refusalOf = (code: EngineFailure): EngineError => new EngineError(code, `there is no engine: ${code}`)

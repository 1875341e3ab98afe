// What a page wants of the engine and has not got yet, or goes on wanting: told to each engine once, so that nothing is lost when it moves.

import { EngineError } from './status.ts'
import type { CommandName, ToEngine, WatchName } from './channel.ts'
import type { EngineFailure } from './status.ts'

type Command = {
  readonly name: CommandName
  readonly argument: unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (error: EngineError) => void
}
type Watch = { readonly name: WatchName; readonly query: unknown; readonly show: (view: unknown) => void }

export type PendingCalls = {
  ask(name: CommandName, argument: unknown): Promise<unknown>
  watch(name: WatchName, query: unknown, show: (view: unknown) => void): () => void
  /** From now on this engine is meant. A new one is told everything. */
  meet(engine: string): void
  /** The next engine that is met is told everything, whichever it is. */
  forgetEngine(): void
  answer(id: number, value: unknown): void
  refuse(id: number, error: EngineError): void
  show(id: number, view: unknown): void
  /** Commands that have no answer. */
  waiting(): number
  /** Refuses all commands; watches stay. */
  giveUp(code: EngineFailure): void
}

export function createPendingCalls(client: string, say: (message: ToEngine) => void): PendingCalls {
  const commands = new Map<number, Command>()
  const watches = new Map<number, Watch>()
  let nextId = 1
  /** The engine that has heard of everything above. */
  let engine: string | undefined

  function sayCommand(id: number, { name, argument }: Command): void {
    if (engine !== undefined) say({ kind: 'command', client, engine, id, name, argument })
  }

  function sayWatch(id: number, { name, query }: Watch): void {
    if (engine !== undefined) say({ kind: 'watch', client, engine, id, name, query })
  }

  return {
    ask: (name, argument) =>
      new Promise((resolve, reject) => {
        const id = nextId++
        const command = { name, argument, resolve, reject }
        commands.set(id, command)
        sayCommand(id, command)
      }),
    watch(name, query, show) {
      const id = nextId++
      const one = { name, query, show }
      watches.set(id, one)
      sayWatch(id, one)
      return () => {
        if (watches.delete(id) && engine !== undefined) say({ kind: 'unwatch', client, engine, id })
      }
    },
    meet(next) {
      if (next === engine) return
      engine = next
      for (const [id, one] of watches) sayWatch(id, one)
      for (const [id, one] of commands) sayCommand(id, one)
    },
    forgetEngine() {
      engine = undefined
    },
    answer(id, value) {
      commands.get(id)?.resolve(value)
      commands.delete(id)
    },
    refuse(id, error) {
      commands.get(id)?.reject(error)
      commands.delete(id)
    },
    show: (id, view) => watches.get(id)?.show(view),
    waiting: () => commands.size,
    giveUp(code) {
      for (const { reject } of commands.values()) reject(refusalOf(code))
      commands.clear()
    },
  }
}

export const refusalOf = (code: EngineFailure): EngineError => new EngineError(code, `there is no engine: ${code}`)

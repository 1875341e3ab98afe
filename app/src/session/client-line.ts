// A page's line to the engine, as long as there is one: a port that was handed over or, where that is not possible, a channel of its own name.

import { parseToClient } from './channel.ts'
import { HAND_OVER_MS_MAX } from './limits.ts'
import { namedLine } from './line.ts'
import type { Call, Join, ToClient, ToEngine } from './channel.ts'
import type { HandOver, Line } from './line.ts'

type Say = (message: ToEngine) => void

export type ClientLine = {
  /** Opens a line to this engine, unless there is one. `at`: where its page is. */
  join(engine: string, at: string | undefined): void
  /** Afterwards there is no way to say anything. */
  leave(): undefined
  /** The same function as long as it is the same line; undefined before the engine has answered. */
  readonly say: () => Say | undefined
}

export type ClientLineParts = {
  readonly client: string
  readonly handOver: HandOver
  readonly call: (call: Call) => void
  readonly hear: (message: ToClient) => void
}

type OpenLine = {
  readonly line: Line
  readonly engine: string
  readonly say: Say
  isJoined: boolean
  patience?: ReturnType<typeof setTimeout>
}

export function createClientLine({ client, handOver, call, hear }: ClientLineParts): ClientLine {
  let attempts = 0
  let open: OpenLine | undefined

  const nextJoin = (engine: string): Join => ({ client, engine, attempt: (attempts += 1) })

  function leave(): undefined {
    clearTimeout(open?.patience)
    open?.line.close()
    open = undefined
  }

  function use(line: Line, engine: string): OpenLine {
    leave()
    const used: OpenLine = { line, engine, say: (message) => line.postMessage(message), isJoined: false }
    open = used
    line.onmessage = ({ data }) => {
      const message = parseToClient(data)
      if (message === undefined || open !== used) return
      if (message.kind === 'joined') clearTimeout(used.patience)
      used.isJoined ||= message.kind === 'joined'
      hear(message)
    }
    return used
  }

  function joinByName(engine: string): void {
    const join = nextJoin(engine)
    use(namedLine(join), engine)
    call({ kind: 'line', join })
  }

  return {
    join(engine, at) {
      if (open?.engine === engine) return
      const { port1, port2 } = new MessageChannel()
      const used = use(port1, engine)
      if (!handOver(nextJoin(engine), port2, at)) joinByName(engine)
      else used.patience = setTimeout(() => joinByName(engine), HAND_OVER_MS_MAX)
    },
    leave,
    say: () => (open?.isJoined === true ? open.say : undefined),
  }
}

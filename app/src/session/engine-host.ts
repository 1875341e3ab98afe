// The engine's end of all lines: runs in the worker, takes the commands of all pages and shows each what it watches.

import { COMMANDS, StoreError } from '@kith/protocol'
import { CHANNEL_VERSION, ENGINE_CHANNEL, parseCall, parseToEngine } from './channel.ts'
import { createHostClients } from './host-clients.ts'
import { buffersIn, namedLine } from './line.ts'
import { createViewPush } from './view-push.ts'
import type { CommandName, Engine } from '@kith/protocol'
import type { Announcement, Join, ToEngine, WatchName } from './channel.ts'
import type { HostClient, HostWatch } from './host-clients.ts'
import type { Line } from './line.ts'
import type { EngineFailure } from './status.ts'

export type EngineHostOptions = {
  /** Called once for each kind, when the first view of it is on its way to a page. */
  readonly onFirstView?: (of: WatchName) => void
}

export type EngineHost = {
  /** From now on pages may join. Before, callers learn that the engine is opening. */
  serve(engine: Engine): void
  /** A page's line has been handed over. */
  join(join: Join, line: Line): void
  /** Where the service worker finds the page that owns this engine. */
  setAddress(at: string): void
  /** Says nothing more. With `code`, commands under way are refused with it; without, pages repeat them to the next engine. */
  stop(code?: EngineFailure): void
}

type CommandMessage = Extract<ToEngine, { kind: 'command' }>
type WatchMessage = Extract<ToEngine, { kind: 'watch' }>

export function createEngineHost({ onFirstView = () => undefined }: EngineHostOptions = {}): EngineHost {
  const id = crypto.randomUUID()
  const channel = new BroadcastChannel(ENGINE_CHANNEL)
  const clients = createHostClients()
  let running: Engine | undefined
  let at: string | undefined
  const seen = new Set<WatchName>()

  function announce(): void {
    const message: Announcement = { kind: running === undefined ? 'opening' : 'up', version: CHANNEL_VERSION, engine: id, at }
    channel.postMessage(message)
  }

  function join(asked: Join, open: () => Line): void {
    const engine = running
    if (engine === undefined || asked.engine !== id) return
    const client = clients.join(asked, open)
    if (client === undefined) return
    client.line.onmessage = ({ data }) => {
      const message = parseToEngine(data, COMMANDS)
      if (message !== undefined) take(engine, client, message)
    }
    client.tell({ kind: 'joined' })
  }

  function take(engine: Engine, client: HostClient, message: ToEngine): void {
    switch (message.kind) {
      case 'hello':
        return client.tell({ kind: 'joined' })
      case 'command':
        return void answer(engine, client, message)
      case 'watch':
        return watch(engine, client, message)
      case 'move':
        return client.watches.get(message.id)?.move?.(message.window)
      case 'unwatch':
        client.watches.get(message.id)?.stop()
        client.watches.delete(message.id)
    }
  }

  function watch(engine: Engine, client: HostClient, message: WatchMessage): void {
    client.watches.get(message.id)?.stop()
    const push = createViewPush((change) => {
      client.show({ id: message.id, change })
      if (!seen.has(message.name)) onFirstView(message.name)
      seen.add(message.name)
    })
    const watching = startWatching(engine, message, push.show)
    client.watches.set(message.id, {
      move(window) {
        push.hurry()
        watching.move?.(window)
      },
      stop() {
        watching.stop()
        push.stop()
      },
    })
  }

  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    const call = parseCall(data)
    if (call?.kind === 'hello') announce()
    else if (call?.kind === 'line') join(call.join, () => namedLine(call.join))
  }
  announce()

  return {
    serve(engine) {
      running = engine
      announce()
    },
    join: (asked, line) => join(asked, () => line),
    setAddress(address) {
      at = address
    },
    stop(code) {
      channel.onmessage = null
      if (code !== undefined) for (const client of clients.all()) refuseAll(client, code)
      clients.forgetAll()
      channel.close()
    },
  }
}

/** What a command gave the network to send leaves first, as before views: the page is busy with whatever an answer has it draw. */
const sent = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

async function answer(engine: Engine, client: HostClient, { id, name, input }: CommandMessage): Promise<void> {
  client.commands.add(id)
  try {
    const value = await run(engine, name, input)
    await sent()
    client.tell({ kind: 'answer', id, value }, buffersIn(value))
  } catch (error) {
    const isFull = error instanceof StoreError && error.code === 'quota'
    client.tell({ kind: 'refusal', id, code: isFull ? 'storage-full' : 'failed', message: String(error) })
  }
  client.commands.delete(id)
}

// The page's types made the input; what the name means has been checked.
function run(engine: Engine, name: CommandName, input: unknown): Promise<unknown> {
  return engine[name](input as never)
}

function startWatching(engine: Engine, { name, query }: WatchMessage, show: (view: unknown) => void): HostWatch {
  switch (name) {
    case 'watchApp':
      return { stop: engine.watchApp(show) }
    case 'watchConversations':
      return { stop: engine.watchConversations(show) }
    case 'watchFiles':
      return { stop: engine.watchFiles(query as Parameters<Engine['watchFiles']>[0], show) }
    case 'watchDevices':
      return { stop: engine.watchDevices(show) }
    case 'watchAlarms':
      return { stop: engine.watchAlarms(query as Parameters<Engine['watchAlarms']>[0], show) }
    case 'watchMembers':
      return { stop: engine.watchMembers(query as Parameters<Engine['watchMembers']>[0], show) }
    case 'watchPresence':
      return { stop: engine.watchPresence(show) }
    case 'watchConversation':
      return engine.watchConversation(query as Parameters<Engine['watchConversation']>[0], show)
  }
}

function refuseAll(client: HostClient, code: EngineFailure): void {
  for (const id of client.commands) client.tell({ kind: 'refusal', id, code, message: 'the engine had to stop' })
}

// The engine's end of the channel: runs in the worker, takes the commands of all pages and shows each what it watches.

import { StoreError } from '@kith/protocol'
import { CHANNEL_VERSION, ENGINE_CHANNEL, parseToEngine } from './channel.ts'
import { createHostClients } from './host-clients.ts'
import { createViewPush } from './view-push.ts'
import type { Engine } from '@kith/protocol'
import type { CommandName, ToEngine } from './channel.ts'
import type { HostClient } from './host-clients.ts'
import type { EngineFailure } from './status.ts'

export type EngineHostOptions = {
  /** Called once, when the first view is on its way to a page. */
  readonly onFirstView?: () => void
}

export type EngineHost = {
  /** From now on commands and watches are taken. Before, callers learn that the engine is opening. */
  serve(engine: Engine): void
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
  let hasShown = false

  const state = () => ({ kind: running === undefined ? 'opening' : 'up', version: CHANNEL_VERSION, engine: id }) as const

  function take(message: ToEngine): void {
    const client = clients.of(message.client)
    if (message.kind === 'hello') return client.tell(state())
    if (running === undefined || message.engine !== id) return
    switch (message.kind) {
      case 'command':
        return void answer(running, client, message)
      case 'watch':
        return watch(running, client, message)
      case 'unwatch':
        client.watches.get(message.id)?.()
        client.watches.delete(message.id)
    }
  }

  function watch(engine: Engine, client: HostClient, message: WatchMessage): void {
    client.watches.get(message.id)?.()
    const push = createViewPush((view) => {
      client.show({ id: message.id, view })
      if (!hasShown) onFirstView()
      hasShown = true
    })
    const stopWatching = startWatching(engine, message, push.show)
    client.watches.set(message.id, () => {
      stopWatching()
      push.stop()
    })
  }

  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    const message = parseToEngine(data)
    if (message !== undefined) take(message)
  }
  channel.postMessage(state())

  return {
    serve(engine) {
      running = engine
      channel.postMessage(state())
    },
    stop(code) {
      channel.onmessage = null
      if (code !== undefined) for (const client of clients.all()) refuseAll(client, code)
      clients.forgetAll()
      channel.close()
    },
  }
}

async function answer(engine: Engine, client: HostClient, { id, name, argument }: CommandMessage): Promise<void> {
  client.commands.add(id)
  try {
    const value = await run(engine, name, argument)
    client.tell({ kind: 'answer', id, value })
  } catch (error) {
    const isFull = error instanceof StoreError && error.code === 'quota'
    client.tell({ kind: 'refusal', id, code: isFull ? 'storage-full' : 'failed', message: String(error) })
  }
  client.commands.delete(id)
}

// The page's types made the argument; what the name means has been checked.
function run(engine: Engine, name: CommandName, argument: unknown): Promise<unknown> {
  return engine[name](argument as never)
}

function startWatching(engine: Engine, { name, query }: WatchMessage, show: (view: unknown) => void): () => void {
  switch (name) {
    case 'watchApp':
      return engine.watchApp(show)
    case 'watchConversations':
      return engine.watchConversations(show)
    case 'watchConversation':
      return engine.watchConversation(query as Parameters<Engine['watchConversation']>[0], show)
  }
}

function refuseAll(client: HostClient, code: EngineFailure): void {
  for (const id of client.commands) client.tell({ kind: 'refusal', id, code, message: 'the engine had to stop' })
}

// The engine's end of the channel: runs in the worker, takes the commands of all pages and shows each what it watches.
// A page that is gone is noticed by its lock, which the browser frees whatever happened to the page.

import { CHANNEL_VERSION, clientChannelName, clientLockName, ENGINE_CHANNEL, parseToEngine } from './channel.ts'
import { createViewPush } from './view-push.ts'
import type { Engine } from '@kith/protocol'
import type { CommandName, ToClient, ToEngine } from './channel.ts'
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

type Client = { readonly channel: BroadcastChannel; readonly watches: Map<number, () => void>; readonly commands: Set<number> }

export function createEngineHost({ onFirstView = () => undefined }: EngineHostOptions = {}): EngineHost {
  const id = crypto.randomUUID()
  const channel = new BroadcastChannel(ENGINE_CHANNEL)
  const clients = new Map<string, Client>()
  let running: Engine | undefined
  let isStopped = false
  let hasShown = false

  const state = () => ({ kind: running === undefined ? 'opening' : 'up', version: CHANNEL_VERSION, engine: id }) as const

  function clientOf(name: string): Client {
    const known = clients.get(name)
    if (known !== undefined) return known
    const client: Client = { channel: new BroadcastChannel(clientChannelName(name)), watches: new Map(), commands: new Set() }
    clients.set(name, client)
    void navigator.locks.request(clientLockName(name), { mode: 'shared' }, () => forget(name))
    return client
  }

  function forget(name: string): void {
    const client = clients.get(name)
    if (client === undefined) return
    clients.delete(name)
    for (const stop of client.watches.values()) stop()
    client.channel.close()
  }

  function tell(client: Client, message: ToClient): void {
    // A stopped engine's answers would be of no engine any more.
    if (!isStopped) client.channel.postMessage(message)
  }

  function take(message: ToEngine): void {
    const client = clientOf(message.client)
    if (message.kind === 'hello') return tell(client, state())
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

  async function answer(engine: Engine, client: Client, command: Extract<ToEngine, { kind: 'command' }>): Promise<void> {
    client.commands.add(command.id)
    try {
      const value = await run(engine, command.name, command.argument)
      tell(client, { kind: 'answer', id: command.id, value })
    } catch (error) {
      tell(client, { kind: 'refusal', id: command.id, code: 'failed', message: String(error) })
    }
    client.commands.delete(command.id)
  }

  function watch(engine: Engine, client: Client, { id: number, name, query }: Extract<ToEngine, { kind: 'watch' }>): void {
    client.watches.get(number)?.()
    const push = createViewPush((view) => {
      tell(client, { kind: 'view', id: number, view })
      if (!hasShown) onFirstView()
      hasShown = true
    })
    const stopWatching = startWatching(engine, { name, query, show: push.show })
    client.watches.set(number, () => {
      stopWatching()
      push.stop()
    })
  }

  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    const message = parseToEngine(data)
    if (message !== undefined && !isStopped) take(message)
  }
  channel.postMessage(state())

  return {
    serve(engine) {
      running = engine
      channel.postMessage(state())
    },
    stop(code) {
      if (code !== undefined) {
        for (const client of clients.values()) {
          for (const number of client.commands) tell(client, { kind: 'refusal', id: number, code, message: 'the engine had to stop' })
        }
      }
      isStopped = true
      for (const name of [...clients.keys()]) forget(name)
      channel.close()
    },
  }
}

// The page's types made the argument; what the name means has been checked.
function run(engine: Engine, name: CommandName, argument: unknown): Promise<unknown> {
  return engine[name](argument as never)
}

type WatchOrder = { readonly name: Extract<ToEngine, { kind: 'watch' }>['name']; readonly query: unknown; readonly show: (view: unknown) => void }

function startWatching(engine: Engine, { name, query, show }: WatchOrder): () => void {
  switch (name) {
    case 'watchApp':
      return engine.watchApp(show)
    case 'watchConversations':
      return engine.watchConversations(show)
    case 'watchConversation':
      return engine.watchConversation(query as Parameters<Engine['watchConversation']>[0], show)
  }
}

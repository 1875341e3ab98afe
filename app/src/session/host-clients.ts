// The pages that an engine knows, each with its own channel. A page that is gone is noticed by its lock, which the browser frees whatever
// happened to the page.

import { clientChannelName, clientLockName } from './channel.ts'
import type { ShownView, ToClient } from './channel.ts'

export type HostClient = {
  tell(message: ToClient): void
  /** With all others of this turn, after whatever this turn has to send: sending is short, and the page is busy while it draws. */
  show(view: ShownView): void
  /** What each watch needs to stop, by its id. */
  readonly watches: Map<number, () => void>
  /** Ids of commands without an answer. */
  readonly commands: Set<number>
}

export type HostClients = {
  /** Known from the first call on. */
  of(client: string): HostClient
  all(): Iterable<HostClient>
  forgetAll(): void
}

export function createHostClients(): HostClients {
  const clients = new Map<string, HostClient & { close(): void }>()

  function meet(name: string): HostClient {
    const channel = new BroadcastChannel(clientChannelName(name))
    let isClosed = false
    let shown: ShownView[] = []
    const watches = new Map<number, () => void>()
    const client = {
      watches,
      commands: new Set<number>(),
      tell(message: ToClient) {
        if (!isClosed) channel.postMessage(message)
      },
      show(view: ShownView) {
        if (shown.push(view) > 1) return
        setTimeout(() => {
          client.tell({ kind: 'views', views: shown })
          shown = []
        })
      },
      close() {
        isClosed = true
        for (const stop of watches.values()) stop()
        channel.close()
      },
    }
    clients.set(name, client)
    void navigator.locks.request(clientLockName(name), { mode: 'shared' }, () => forget(name))
    return client
  }

  function forget(name: string): void {
    clients.get(name)?.close()
    clients.delete(name)
  }

  return {
    of: (name) => clients.get(name) ?? meet(name),
    all: () => clients.values(),
    forgetAll: () => [...clients.keys()].forEach(forget),
  }
}

// The pages that an engine knows, each with its own line. A page that is gone is noticed by its lock, which the browser frees whatever
// happened to the page.

import { clientLockName } from './channel.ts'
import type { ConversationWindow } from '@kith/protocol'
import type { Join, ShownChange, ToClient } from './channel.ts'
import type { Line } from './line.ts'

export type HostClient = {
  tell(message: ToClient, transfer?: Transferable[]): void
  /** With all others of this turn, after whatever this turn has to send: sending is short, and the page is busy while it draws. */
  show(change: ShownChange): void
  /** What each watch needs to stop or to move, by its id. */
  readonly watches: Map<number, HostWatch>
  /** Ids of commands without an answer. */
  readonly commands: Set<number>
}

export type HostWatch = { readonly stop: () => void; readonly move?: (window: ConversationWindow) => void }

export type HostClients = {
  /** The page's line from now on; undefined when a later one is there already. What was on an earlier one is over. */
  join(join: Join, open: () => Line): (HostClient & { readonly line: Line }) | undefined
  all(): Iterable<HostClient>
  forgetAll(): void
}

type KnownClient = HostClient & { readonly line: Line; readonly attempt: number; close(): void }

export function createHostClients(): HostClients {
  const clients = new Map<string, KnownClient>()
  const awaited = new Set<string>()

  function awaitEnd(name: string): void {
    if (awaited.has(name)) return
    awaited.add(name)
    void navigator.locks.request(clientLockName(name), { mode: 'shared' }, () => {
      awaited.delete(name)
      forget(name)
    })
  }

  function forget(name: string): void {
    clients.get(name)?.close()
    clients.delete(name)
  }

  return {
    join({ client: name, attempt }, open) {
      if ((clients.get(name)?.attempt ?? -1) >= attempt) return undefined
      forget(name)
      const client = createClient(open(), attempt)
      clients.set(name, client)
      awaitEnd(name)
      return client
    },
    all: () => clients.values(),
    forgetAll: () => [...clients.keys()].forEach(forget),
  }
}

function createClient(line: Line, attempt: number): KnownClient {
  let isClosed = false
  let shown: ShownChange[] = []
  const watches = new Map<number, HostWatch>()
  function tell(message: ToClient, transfer: Transferable[] = []): void {
    if (!isClosed) line.postMessage(message, transfer)
  }
  return {
    line,
    attempt,
    watches,
    commands: new Set<number>(),
    tell,
    show(change) {
      if (shown.push(change) > 1) return
      setTimeout(() => {
        tell({ kind: 'views', views: shown })
        shown = []
      })
    },
    close() {
      isClosed = true
      for (const { stop } of watches.values()) stop()
      line.close()
    },
  }
}

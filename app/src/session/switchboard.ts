// The service worker as a switchboard: it hands the port of one page to another, which nothing else in a browser does between tabs everywhere.

import { parseJoin } from './channel.ts'
import type { Join } from './channel.ts'

export type Switchboard = {
  /** Sends a port to the page with this address; false when there is no service worker yet. */
  send(to: string, join: Join, port: MessagePort): boolean
  /** Tells this page's own address, once there is a service worker, and of every port that comes to it. */
  listen(listener: { readonly here: (at: string) => void; readonly joined: (join: Join, port: MessagePort) => void }): () => void
}

export function createSwitchboard(container: ServiceWorkerContainer | undefined = navigator.serviceWorker): Switchboard {
  let worker: ServiceWorker | null = null
  void container?.ready.then(({ active }) => (worker = active))

  return {
    send(to, join, port) {
      const active = container?.controller ?? worker
      active?.postMessage({ kind: 'hand-over', to, join }, [port])
      return active !== null
    },
    listen({ here, joined }) {
      if (container === undefined) return () => undefined
      const hear = ({ data, ports: [port] }: MessageEvent<{ kind?: unknown; at?: unknown; join?: unknown } | null>): void => {
        const join = data?.kind === 'hand-over' ? parseJoin(data.join) : undefined
        if (data?.kind === 'here' && typeof data.at === 'string') here(data.at)
        else if (join !== undefined && port !== undefined) joined(join, port)
      }
      container.addEventListener('message', hear)
      container.startMessages()
      void container.ready.then(({ active }) => active?.postMessage({ kind: 'where' }))
      return () => container.removeEventListener('message', hear)
    },
  }
}

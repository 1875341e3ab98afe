// What the running relay does for its operator: the commands that reach it through its control socket, and the figures behind /metrics.

import { FULLEST_MAILBOXES_MAX, USAGE_MS } from './limits.ts'
import type { MailboxId } from '@kith/protocol'
import type { Blocked } from './blocked.ts'
import type { Config } from './config.ts'
import type { ControlActions, ControlAnswer } from './control/listen.ts'
import type { Health } from './health.ts'
import type { RelayLog } from './log.ts'
import type { Relay, Storage } from './relay/index.ts'
import type { Usage } from './storage/storage.ts'

export type OperatorParts = {
  readonly config: Config
  readonly relay: Relay
  readonly storage: Storage
  readonly health: Health
  readonly blocked: Blocked
  readonly log: RelayLog
  readonly steady: () => number
  readonly url: string
  readonly connections: () => number
  /** Ends the connections of addresses that may not be here any more; how many. */
  readonly dropBlocked: () => Promise<number>
}

const refusal = (message: string): ControlAnswer => ({ ok: false, message })
const said = (value: unknown): ControlAnswer => ({ ok: true, value })

export function createActions(parts: OperatorParts): ControlActions {
  const { config, relay, storage, health, blocked, log, steady } = parts
  const since = steady()
  return {
    async status() {
      const usage = await storage.usage({ fullest: 0 })
      const ailment = await health.ailment()
      return said({
        url: parts.url,
        state: ailment ?? 'ok',
        upSeconds: Math.round((steady() - since) / 1_000),
        connections: parts.connections(),
        connectionsMax: config.connectionsMax,
        storeBytes: usage.bytes,
        storeBytesMax: config.storeBytesMax,
        blobsWaiting: usage.blobs,
        blocked: blocked.entries.length,
      })
    },
    async quota() {
      const { bytes, ...usage } = await storage.usage({ fullest: FULLEST_MAILBOXES_MAX })
      return said({ storeBytes: bytes, storeBytesMax: config.storeBytesMax, addressSharePercent: config.addressSharePercent, ...usage })
    },
    async purge(word) {
      if (!/^[0-9a-f]{64}$/.test(word)) return refusal('name a mailbox, as `kith-relay quota` shows it: 64 hexadecimal digits')
      const blobs = await relay.purge(word as MailboxId)
      if (blobs === undefined) return refusal('there is no such mailbox')
      log.note('purged', { blobs })
      return said({ purged: blobs })
    },
    async block(word) {
      if (word === '') return said({ blocked: blocked.entries })
      if (!blocked.add(word)) return refusal('name an address or a network, such as 203.0.113.7 or 2001:db8::/32')
      log.note('blocked', { entries: blocked.entries.length })
      return said({ blocked: blocked.entries, disconnected: await parts.dropBlocked() })
    },
    async unblock(word) {
      if (!blocked.remove(word)) return refusal('that is not blocked; `kith-relay block` lists what is')
      log.note('unblocked', { entries: blocked.entries.length })
      return said({ blocked: blocked.entries })
    },
  }
}

/** The same figures for a while: counting them looks at every mailbox. */
export function createUsage(storage: Storage, steady: () => number): () => Promise<Usage> {
  let last: { readonly at: number; readonly usage: Promise<Usage> } | undefined
  return () => {
    if (last === undefined || steady() - last.at >= USAGE_MS) {
      const usage = storage.usage({ fullest: 0 })
      last = { at: steady(), usage }
      usage.catch(() => (last = undefined))
    }
    return last.usage
  }
}

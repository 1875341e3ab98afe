// Figures for Prometheus. Loaded only where the operator has set KITH_METRICS_TOKEN. They count, and name nobody: no address, no key, no mailbox.

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { CallReport } from './relay/index.ts'
import type { Refusal } from './reports.ts'
import type { Usage } from './storage/storage.ts'
import type { PushResult } from './web-push/sender.ts'

export type MetricsSources = {
  readonly connections: () => number
  readonly usage: () => Promise<Usage>
  readonly storeBytesMax: number
  readonly ailment: () => Promise<string | undefined>
}
export type Metrics = {
  call(report: CallReport): void
  refused(why: Refusal): void
  push(result: PushResult): void
  /** As text in Prometheus' format. */
  text(sources: MetricsSources): Promise<string>
}

const CALL_SECONDS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10]

export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, prefix: 'kith_' })
  const calls = new Counter({ name: 'kith_calls_total', help: 'Calls of devices', labelNames: ['kind', 'result'], registers })
  const deposits = new Counter({ name: 'kith_deposits_total', help: 'Deposits, each mailbox by itself', labelNames: ['result'], registers })
  const refused = new Counter({ name: 'kith_refused_total', help: 'Addresses told to wait', labelNames: ['why'], registers })
  const pushes = new Counter({ name: 'kith_pushes_total', help: 'Pushes to push services', labelNames: ['result'], registers })
  const seconds = new Histogram({
    name: 'kith_call_seconds',
    help: 'From the call to its answer',
    labelNames: ['kind'],
    buckets: CALL_SECONDS,
    registers,
  })
  const gauge = (name: string, help: string) => new Gauge({ name: `kith_${name}`, help, registers })
  const connections = gauge('connections', 'Devices connected')
  const storeBytes = gauge('store_bytes', 'What the store takes on disk')
  const storeBytesMax = gauge('store_bytes_max', 'What it may take (KITH_STORE_MB)')
  const mailboxes = gauge('mailboxes', 'Mailboxes')
  const waiting = gauge('blobs_waiting', 'Blobs that wait to be fetched, each mailbox by itself')
  const healthy = gauge('healthy', '1 when what devices bring can be kept')

  return {
    call({ kind, result, ms, verdicts }) {
      calls.inc({ kind, result })
      seconds.observe({ kind }, ms / 1_000)
      for (const verdict of verdicts) deposits.inc({ result: verdict })
    },
    refused: (why) => refused.inc({ why }),
    push: (result) => pushes.inc({ result }),
    async text(sources) {
      const usage = await sources.usage()
      connections.set(sources.connections())
      storeBytes.set(usage.bytes)
      storeBytesMax.set(sources.storeBytesMax)
      mailboxes.set(usage.mailboxes)
      waiting.set(usage.blobs)
      healthy.set((await sources.ailment()) === undefined ? 1 : 0)
      return registry.metrics()
    },
  }
}

// Loaded into a relay that is measured (`--import`): how busy its event loop was, and how late it came to what was due, since it was last asked.

import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

const file = process.env['ATTACK_LOOP_FILE']
const RESOLUTION_MS = 2
const NS_PER_MS = 1_000_000

if (isMainThread && file !== undefined) {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delays.enable()
  let since = performance.eventLoopUtilization()
  process.on('SIGUSR2', () => {
    const { utilization } = performance.eventLoopUtilization(since)
    writeFileSync(file, JSON.stringify({ busy: utilization, lateMs: Math.max(0, delays.percentile(99) / NS_PER_MS - RESOLUTION_MS) }))
    since = performance.eventLoopUtilization()
    delays.reset()
  })
}

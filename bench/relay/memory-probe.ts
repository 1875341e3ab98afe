// Loaded into a relay that is measured (`--import`): what it holds when all that nobody needs is gone. The memory that the system counts is more,
// and tells rather when V8 last tidied up.

import { writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const KIB = 1_024
const { gc } = globalThis as { gc?: () => void }
const file = process.env['BENCH_MEMORY_FILE']

if (isMainThread && file !== undefined)
  process.on('SIGUSR2', () => {
    gc?.()
    const { heapUsed, external } = process.memoryUsage()
    writeFileSync(file, String(Math.round((heapUsed + external) / KIB)))
  })

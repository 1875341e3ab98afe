// The worker's entry: the real engine in the worker's composition.

import { openEngine } from '@kith/protocol'
import { runEngineWorker } from './engine-worker.ts'
import type { WorkerScope } from './engine-worker.ts'

runEngineWorker(self as unknown as WorkerScope, openEngine)

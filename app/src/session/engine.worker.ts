// The worker's entry: the real engine in the worker's composition.

import { openEngine } from '@kith/protocol'
import { runEngineWorker } from './engine-worker.ts'
import type { WorkerScope } from './engine-worker.ts'

// The page loads this file too, since its network shares code with the engine.
if (!('document' in self)) runEngineWorker(self as unknown as WorkerScope, openEngine)

// The worker of the session's browser tests.

import { runEngineWorker } from '../engine-worker.ts'
import { openLogEngine } from './log-engine.ts'
import type { WorkerScope } from '../engine-worker.ts'

runEngineWorker(self as unknown as WorkerScope, openLogEngine)

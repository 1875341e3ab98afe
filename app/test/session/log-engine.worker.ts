// The worker of the session's browser tests.

import { runEngineWorker } from '../../src/session/engine-worker.ts'
import { openLogEngine } from './log-engine.ts'
import type { WorkerScope } from '../../src/session/engine-worker.ts'

runEngineWorker(self as unknown as WorkerScope, openLogEngine)

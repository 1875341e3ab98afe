// The engine's worker as public/start.js has begun it, before any of the page was there: taken over by the page that leads, ended by one that does not.

import { EARLY_WORKER_MS_MAX } from './limits.ts'

type Place = { kithEngine?: Worker | undefined }

/** Undefined where none was begun, or the one that was failed; a second call answers undefined. */
export function takeEarlyWorker(place: Place = globalThis as Place): Worker | undefined {
  const worker = place.kithEngine
  place.kithEngine = undefined
  return worker
}

/** One that was not taken over by then ends: another page leads. */
export function endEarlyWorker(place?: Place): void {
  setTimeout(() => takeEarlyWorker(place)?.terminate(), EARLY_WORKER_MS_MAX)
}

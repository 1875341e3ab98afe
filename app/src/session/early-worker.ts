// The engine's worker as public/start.js has begun it, before any of the page was there: taken over by the page that leads, ended by one that does not.

type Place = { kithEngine?: Worker | undefined }

/** Undefined where none was begun, or the one that was failed; a second call answers undefined. */
export function takeEarlyWorker(place: Place = globalThis as Place): Worker | undefined {
  const worker = place.kithEngine
  place.kithEngine = undefined
  return worker
}

// How big the page may be, in bytes after brotli.

/** Scripts and styles until the composer is usable. The engine's worker and the network come after it. */
export const FIRST_LOAD_BYTES_MAX = 90_000
/** Everything that the service worker keeps. */
export const PRECACHE_BYTES_MAX = 450_000

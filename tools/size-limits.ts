// How big the page may be, in bytes after brotli, and of how many packages made. What is counted, and why: docs/decisions/0012.

/** Scripts and styles until the message box accepts text. */
export const FIRST_LOAD_BYTES_MAX = 75_000
/** The same in a language other than English, with the words of the first screens. */
export const FIRST_LOAD_TRANSLATED_BYTES_MAX = 84_000
/** The engine's worker, without which nothing written is kept. It is fetched beside the page. */
export const ENGINE_BYTES_MAX = 110_000
/** Both together: what a first visit loads until a message is kept. */
export const FIRST_MESSAGE_BYTES_MAX = 185_000
/** Everything that the service worker keeps. */
export const PRECACHE_BYTES_MAX = 500_000
/** Runtime packages that the app and the protocol name. */
export const APP_PACKAGES_MAX = 25
/** Runtime packages that the relay names itself. */
export const RELAY_PACKAGES_MAX = 13

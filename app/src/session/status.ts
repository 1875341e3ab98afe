// What a page can say about its engine as a whole.

/**
 * Why there is no engine.
 * - `unsupported`: the browser lacks something, or the page is not served securely.
 * - `storage-unavailable`: the browser denies storage (private mode, site data blocked).
 * - `storage-blocked`: another tab with an older version of the page keeps the database open.
 * - `storage-full`: no space is left for this site. It goes on by itself when there is some.
 * - `storage-failing`: a write failed, and it is not known why.
 * - `storage-corrupt`: what lies on the disk is not what was written.
 * - `storage-lost`: there were chats here, and the browser has none.
 * - `outdated`: another tab or the data is of a newer version; reloading this page helps.
 * - `crashed`: the engine ended several times in a row.
 * - `unresponsive`: no tab answers as the engine's owner.
 * - `wiped`: everything here is being erased.
 */
export const ENGINE_FAILURES = [
  'unsupported',
  'storage-unavailable',
  'storage-blocked',
  'storage-full',
  'storage-failing',
  'storage-corrupt',
  'storage-lost',
  'outdated',
  'crashed',
  'unresponsive',
  'wiped',
] as const
export type EngineFailure = (typeof ENGINE_FAILURES)[number]

/** `ready` from the first answer on; a change of the owning tab does not show. */
export type EngineStatus =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly code: EngineFailure }

/** A command was given up, and whether it took effect is unknown: repeating it with the same ref is safe. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  readonly code: EngineFailure | 'failed'

  constructor(code: EngineError['code'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** Failures that trying again cannot mend. What could not be read is looked at twice. */
export const isLasting = (code: EngineFailure): boolean => !PASSING.has(code)
const PASSING: ReadonlySet<EngineFailure> = new Set(['crashed', 'storage-corrupt', 'storage-full', 'storage-failing', 'unresponsive'])

export const isEngineFailure = (value: unknown): value is EngineFailure => ENGINE_FAILURES.some((code) => code === value)

/** The status of a page's engine, and who watches it. */
export function createStatus() {
  let status: EngineStatus = { kind: 'starting' }
  const watchers = new Set<(status: EngineStatus) => void>()
  return {
    get: () => status,
    /** The failure that makes asking pointless; of silence it is not known whether it lasts. */
    lasting: () => (status.kind === 'failed' && status.code !== 'unresponsive' ? status.code : undefined),
    set(next: EngineStatus) {
      const isSame = next.kind === status.kind && (next.kind !== 'failed' || status.kind !== 'failed' || next.code === status.code)
      status = next
      if (!isSame) for (const show of watchers) show(next)
    },
    watch(show: (status: EngineStatus) => void): () => void {
      watchers.add(show)
      show(status)
      return () => void watchers.delete(show)
    },
  }
}

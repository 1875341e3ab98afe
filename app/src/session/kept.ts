// Small things that a page remembers by itself, beside the engine: nothing that names anybody. A browser may deny even the look at its
// storage; then nothing is remembered, and nothing fails.

export type KeptStorage = Pick<Storage, 'getItem' | 'setItem' | 'clear'>

export const kept = createKept(() => globalThis.localStorage)
export const keptByTab = createKept(() => globalThis.sessionStorage)

export function createKept(area: () => Storage): KeptStorage {
  return {
    getItem: (key) => tryTo(() => area().getItem(key)) ?? null,
    setItem: (key, value) => tryTo(() => area().setItem(key, value)),
    clear: () => tryTo(() => area().clear()),
  }
}

/** That there were chats here: decides what is in front before the disk has answered, and whether an empty disk is a loss. */
const BEGUN = 'kith.begun'
export const hasBegun = (storage: KeptStorage = kept): boolean => storage.getItem(BEGUN) !== null
export const markBegun = (storage: KeptStorage = kept): void => storage.setItem(BEGUN, '1')

function tryTo<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch {
    return undefined // Denied or full: as if nothing had been kept.
  }
}

// A Web Lock held for as long as the holder wants, or lives: the browser frees it whatever happens to the page.

/**
 * `onHeld` is called when it is this one's turn, `onRefused` when the browser gives no locks here. `release` gives up the lock, or the place
 * in the line.
 */
export function holdLock(name: string, onHeld: () => void, onRefused: () => void): { release(): void } {
  const ended = new AbortController()
  let release: () => void = () => ended.abort()
  void navigator.locks
    .request(name, { signal: ended.signal }, () => {
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      onHeld()
      return held
    })
    .catch((error: unknown) => {
      if (ended.signal.aborted) return
      if (!(error instanceof DOMException)) throw error
      onRefused()
    })
  return { release: () => release() }
}

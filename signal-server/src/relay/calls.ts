// The calls of all streams that have no answer yet, so that a relay which is told to stop can answer them first.

export type CallsUnderWay = {
  /** No more are taken. */
  readonly isDraining: boolean
  begin(): void
  end(): void
  /** Takes no more; resolves when none is under way. */
  drain(): Promise<void>
}

export function createCallsUnderWay(): CallsUnderWay {
  const drained = Promise.withResolvers<void>()
  let isDraining = false
  let count = 0
  const look = (): void => {
    if (isDraining && count === 0) drained.resolve()
  }
  return {
    get isDraining() {
      return isDraining
    },
    begin: () => void (count += 1),
    end() {
      count -= 1
      look()
    },
    drain() {
      isDraining = true
      look()
      return drained.promise
    },
  }
}

// At most so many at once; the rest wait in order. Used so that thirty dials do not start in one moment.

export type Turns = {
  /** Runs `work` when it is its turn. Rejects with the signal's reason when that aborts before. */
  readonly take: <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>
}

export function createTurns(atOnceMax: number): Turns {
  let running = 0
  const waiting: (() => void)[] = []
  return {
    take: async (work, signal) => {
      if (running >= atOnceMax) await new Promise<void>((resolve) => waiting.push(resolve))
      else running += 1
      try {
        signal.throwIfAborted()
        return await work()
      } finally {
        const next = waiting.shift()
        if (next === undefined) running -= 1
        else next()
      }
    },
  }
}

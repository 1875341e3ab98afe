// Virtual time. Nothing waits: the next event is run as soon as all that the last one started has come to rest.

export type Scheduler = {
  readonly now: () => number
  /** Runs `event` after `ms`; the result cancels it. Events of one moment run in the order in which they were asked for. */
  readonly after: (ms: number, event: () => void) => () => void
  /** Runs events until `ms` from now. */
  readonly run: (ms: number) => Promise<void>
}

type Event = { readonly at: number; readonly order: number; readonly event: () => void }

export function createScheduler(start: number): Scheduler {
  const events: Event[] = []
  let now = start
  let order = 0

  function after(ms: number, event: () => void): () => void {
    const entry = { at: now + Math.max(0, ms), order: order++, event }
    let low = 0
    for (let high = events.length; low < high;) {
      const middle = (low + high) >> 1
      const other = events[middle] as Event
      if (other.at > entry.at) high = middle
      else low = middle + 1
    }
    events.splice(low, 0, entry)
    return () => {
      const at = events.indexOf(entry)
      if (at >= 0) events.splice(at, 1)
    }
  }

  async function run(ms: number): Promise<void> {
    const until = now + ms
    await rest()
    while (events[0] !== undefined && events[0].at <= until) {
      const { at, event } = events.shift() as Event
      now = at
      event()
      await rest()
    }
    now = until
  }

  return { now: () => now, after, run }
}

/** Time passes, `stepMs` at a time, until `promise` settles; false when it does not within `patienceMs`. A rejection is the caller's to look at. */
export async function passUntilSettled(
  scheduler: Scheduler,
  promise: Promise<unknown>,
  { patienceMs, stepMs = 5 }: { readonly patienceMs: number; readonly stepMs?: number },
): Promise<boolean> {
  let isSettled = false
  const settle = (): void => {
    isSettled = true
  }
  promise.then(settle, settle)
  for (const until = scheduler.now() + patienceMs; !isSettled && scheduler.now() < until;) await scheduler.run(stepMs)
  return isSettled
}

// Promises of the engine settle in microtasks; a macrotask comes after all of them.
const rest = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

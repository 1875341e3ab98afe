// CPU of one engine among several that run in this process, in simulated time: what follows an event belongs to whomever it was for, until the next one.

import type { Network } from '../protocol/src/ports.ts'
import type { SimulatedNetwork } from '../protocol/test/simulation/network.ts'
import type { Scheduler } from '../protocol/test/simulation/scheduler.ts'

export type Meter = {
  /** For everybody whose CPU is to be told apart. */
  readonly of: (name: string, parts: MeteredParts) => MeteredParts
  /** So far, ms. */
  readonly cpuMs: (name: string) => number
}

type MeteredParts = { readonly scheduler: Scheduler; readonly network: SimulatedNetwork }

export function createMeter(): Meter {
  const spent = new Map<string, number>()
  let running: string | undefined
  let since = process.cpuUsage()

  function turnTo(name: string | undefined): void {
    const { user, system } = process.cpuUsage(since)
    if (running !== undefined) spent.set(running, (spent.get(running) ?? 0) + (user + system) / 1_000)
    running = name
    since = process.cpuUsage()
  }

  return {
    of: (name, { scheduler, network }) => ({
      scheduler: {
        ...scheduler,
        after: (ms, event) =>
          scheduler.after(ms, () => {
            turnTo(name)
            event()
          }),
      },
      network: {
        ...network,
        attach: (device, moment) => {
          const attached = network.attach(device, moment)
          const listen: Network['listen'] = (listener) => {
            attached.listen((event) => {
              turnTo(name)
              listener(event)
            })
          }
          return { ...attached, listen }
        },
      },
    }),
    cpuMs: (name) => {
      turnTo(running)
      return spent.get(name) ?? 0
    },
  }
}

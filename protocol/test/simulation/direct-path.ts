// Direct links of a simulated world: dialled where both ends can reach the relay, in order while they live, and noticed late when they die.

import { NetworkError } from '../../src/ports.ts'
import type { DeviceId } from '../../src/bytes/ids.ts'
import type { NetworkEvent } from '../../src/ports.ts'
import type { Scheduler } from './scheduler.ts'
import type { Seeded } from './seeded.ts'

export type DirectFaults = {
  /** Probability that a dial succeeds. */
  readonly dials: number
  /** Probability that a link dies with a frame under way. */
  readonly linkBreaks: number
  /** Frames vanish while the link stays: a far end that hangs. */
  readonly silence?: 'kept'
}

export const NO_DIRECT_FAULTS: DirectFaults = { dials: 1, linkBreaks: 0 }

/** One end of links. */
export type DirectClient = {
  readonly device: DeviceId
  /** Attached, online, and connected with the relay: signalling works. */
  readonly canMeet: () => boolean
  readonly accepts: (device: DeviceId) => boolean
  readonly emit: (event: NetworkEvent) => void
}

export type DirectPath = {
  faults: DirectFaults
  readonly dial: (client: DirectClient, other: DirectClient) => void
  send: (client: DirectClient, device: DeviceId, frame: Uint8Array, kind?: 'frame' | 'file-frame') => Promise<void>
  /** The links of one end die, or those of all. Their far ends notice later; `renew`: only once there is a new link. */
  readonly cut: (client?: DirectClient, how?: 'renew') => void
  /** Links to whom one end accepts no more. */
  readonly cutUnwanted: (client: DirectClient) => void
  readonly forgetPace: (client: DirectClient) => void
}

type Link = { isOpen: boolean; readonly ends: readonly [DirectClient, DirectClient]; due: number }

export function createDirectPath(scheduler: Scheduler, luck: Seeded): DirectPath {
  const links = new Set<Link>()
  const paced = new Map<DirectClient, Set<DeviceId>>()
  const linkOf = (client: DirectClient, device: DeviceId): Link | undefined =>
    [...links].find(({ ends: [a, b] }) => (a === client && b.device === device) || (b === client && a.device === device))

  function dial(client: DirectClient, other: DirectClient): void {
    const pace = paced.get(client) ?? new Set()
    paced.set(client, pace)
    if (pace.has(other.device) || linkOf(client, other.device) !== undefined || !client.accepts(other.device)) return
    pace.add(other.device)
    scheduler.after(luck.whole(50, 400), () => {
      const canMeet = client.canMeet() && other.canMeet() && other.accepts(client.device)
      if (canMeet && linkOf(client, other.device) === undefined && luck.chance(self.faults.dials)) link(client, other)
      scheduler.after(luck.whole(1_000, 5_000), () => pace.delete(other.device))
    })
  }

  function link(a: DirectClient, b: DirectClient): void {
    const made: Link = { isOpen: true, ends: [a, b], due: 0 }
    links.add(made)
    a.emit({ kind: 'peer-up', device: b.device })
    scheduler.after(luck.whole(0, 60), () => made.isOpen && b.emit({ kind: 'peer-up', device: a.device }))
  }

  function cutOne(made: Link, how?: 'renew'): void {
    made.isOpen = false
    links.delete(made)
    const [a, b] = made.ends
    if (how === 'renew') return link(b, a)
    a.emit({ kind: 'peer-down', device: b.device })
    // The far end notices a dead peer only when its heartbeat stays away.
    scheduler.after(luck.whole(0, 3_000), () => linkOf(b, a.device) === undefined && b.emit({ kind: 'peer-down', device: a.device }))
  }

  function send(client: DirectClient, device: DeviceId, frame: Uint8Array, kind: 'frame' | 'file-frame' = 'frame'): Promise<void> {
    const made = linkOf(client, device)
    const other = made?.ends.find((end) => end !== client)
    if (made === undefined || other === undefined) return Promise.reject(new NetworkError('disconnected', 'no link'))
    if (luck.chance(self.faults.linkBreaks)) scheduler.after(luck.whole(1, 100), () => made.isOpen && cutOne(made))
    if (self.faults.silence === 'kept') return Promise.resolve()
    made.due = Math.max(made.due + 1, scheduler.now() + luck.whole(1, 80))
    scheduler.after(made.due - scheduler.now(), () => made.isOpen && other.emit({ kind, device: client.device, frame }))
    return Promise.resolve()
  }

  const self: DirectPath = {
    faults: NO_DIRECT_FAULTS,
    dial,
    send,
    cut: (client, how) => {
      for (const made of [...links]) if (client === undefined || made.ends.includes(client)) cutOne(made, how)
    },
    cutUnwanted: (client) => {
      const isWanted = ({ ends }: Link): boolean => ends.every(({ device }) => device === client.device || client.accepts(device))
      for (const made of [...links]) if (made.ends.includes(client) && !isWanted(made)) cutOne(made)
    },
    forgetPace: (client) => void paced.delete(client),
  }
  return self
}

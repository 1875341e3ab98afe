// Looking up a handle at the home relay, and leaving a first word for whoever has it.

import { toHex } from '../../bytes/bytes.ts'
import { judgeHandleClaim } from '../../handle/claim.ts'
import { handleKey } from '../../handle/handle.ts'
import { sealHello } from '../../handle/hello.ts'
import { doWork, workHourAt, workStatement } from '../../handle/work.ts'
import { RELAY_WAIT_MS_MAX } from '../../limits.ts'
import { refusalIn } from './claiming.ts'
import type { HandleRefusal } from '../../answers.ts'
import type { HandleDesk, JudgedClaim } from '../../handle/claim.ts'
import type { Clock, Network, Random, Timer } from '../../ports.ts'
import type { RelayAddress } from '../../wire/capability.ts'
import type { RelayAnswer, RelayRequest } from '../../wire/relay.ts'
import type { Loop } from '../loop.ts'

export type FindingParts = {
  readonly loop: Loop
  readonly network: Pick<Network, 'request'>
  readonly clock: Clock
  readonly random: Random
  readonly timer: Timer
}
type UsedClaim = JudgedClaim & { readonly desk: HandleDesk }

/** As short as timers go, ms. */
const PAUSE_MS = 1
const POLL_MS = 150

export function createFinding({ loop, network, clock, random, timer }: FindingParts) {
  const pause = (ms: number) => new Promise<void>((resolve) => void timer(ms, resolve))
  const ask = async (home: RelayAddress | undefined, request: RelayRequest): Promise<RelayAnswer | undefined> =>
    home && network.request(toHex(home.key), request).catch(() => undefined)
  /** The home relay, which may only just be connecting. */
  const ready = async (): Promise<RelayAddress | undefined> => {
    const deadline = clock() + RELAY_WAIT_MS_MAX
    for (;;) {
      const { home, net } = loop.state()
      if (home !== undefined && net.relays.get(toHex(home.key))?.challenge !== undefined) return home
      if (clock() >= deadline) return undefined
      await pause(POLL_MS)
    }
  }

  // A relay is believed in nothing but that this is what it has: whose the handle is shows in the claim.
  async function lookUp(handle: string, home: RelayAddress | undefined): Promise<UsedClaim | HandleRefusal> {
    const answer = await ask(home, { kind: 'find-handle', handle, isBeginning: false })
    if (answer?.kind !== 'handle' || home === undefined) return refusalIn(answer)
    const judged = judgeHandleClaim(answer.claim, home.key)
    if (judged.kind === 'refused') return 'not-genuine'
    const { claim } = judged
    const isAsked = handleKey(claim.handle) === handleKey(handle)
    return isAsked && claim.desk !== undefined ? { ...claim, desk: claim.desk } : 'not-genuine'
  }

  async function leave(claim: UsedClaim, home: RelayAddress, said: Parameters<typeof sealHello>[1]): Promise<HandleRefusal | undefined> {
    const { self, net } = loop.state()
    const { handle, desk: place, list } = claim
    const blob = sealHello({ account: list.account, desk: place }, said, { signSeed: self.device.signSeed, random })
    if (blob === undefined) return 'not-genuine'
    const hour = workHourAt(clock() + (net.relays.get(toHex(home.key))?.ahead ?? 0))
    const nonce = await doWork(workStatement({ relayKey: home.key, mailbox: place.mailbox, hour, blob }), () => pause(PAUSE_MS))
    const answer = await ask(home, { kind: 'leave-hello', handle, hour, nonce, blob })
    return answer?.kind === 'done' ? undefined : refusalIn(answer)
  }

  return { ask, ready, lookUp, leave }
}

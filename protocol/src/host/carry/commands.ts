// Commands about carry files: making one and opening one, a part at a time, so that neither side holds all of it (docs/decisions/0065).

import { concatBytes, toHex } from '../../bytes/bytes.ts'
import { CARRIES_AT_ONCE_MAX, CARRY_PART_BYTES } from '../../limits.ts'
import { carriedTo, carryParts } from './making.ts'
import { createOpening } from './opening.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { Commands } from '../../engine.ts'
import type { Clock, Random, Store, Timer } from '../../ports.ts'
import type { Loop } from '../loop.ts'
import type { Opening } from './opening.ts'

type Parts = {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly timer: Timer
  readonly loop: Loop
  readonly aliasOf: (conversation: ConversationId) => string
}

/** As short as timers go, ms. */
const PAUSE_MS = 1
const NAME_BYTES = 16

export function createCarryCommands(parts: Parts): Pick<Commands, 'makeCarry' | 'readCarry' | 'openCarry'> {
  const { loop, timer, random, aliasOf } = parts
  const state = loop.state
  const wake = (conversation: ConversationId) => loop.ask({ kind: 'wake', conversation })
  const pause = () => new Promise<void>((resolve) => timer(PAUSE_MS, resolve))
  const making = new Map<string, AsyncGenerator<Uint8Array, void>>()
  const opening = new Map<string, Opening>()

  return {
    async makeCarry({ conversation, account, since }) {
      if (!state().conversations.has(conversation)) return { kind: 'refused', reason: 'unknown-conversation' }
      await wake(conversation)
      const devices = carriedTo(state(), conversation, account)
      if (devices.length === 0) return { kind: 'refused', reason: 'not-met' }
      const carry = toHex(random(NAME_BYTES))
      keep(making, carry, carryParts({ ...parts, state, wake }, { conversation, devices, since }))
      return { kind: 'ready', carry, devices: devices.length }
    },
    async readCarry({ carry }) {
      const file = making.get(carry)
      if (file === undefined) return { kind: 'refused', reason: 'gone' }
      const some: Uint8Array[] = []
      for (let bytes = 0; bytes < CARRY_PART_BYTES;) {
        const { value, done } = await file.next()
        if (done === true) {
          making.delete(carry)
          return { kind: 'bytes', bytes: concatBytes(...some), isLast: true }
        }
        some.push(value)
        bytes += value.length
        await pause()
      }
      return { kind: 'bytes', bytes: concatBytes(...some), isLast: false }
    },
    async openCarry({ carry, at, bytes, isLast }) {
      const begun = at === 0 ? createOpening({ loop, timer, wake, pause }) : opening.get(carry)
      if (begun?.at() !== at) return { kind: 'refused', reason: 'gone', entries: 0, isWaiting: false, chat: undefined }
      keep(opening, carry, begun)
      const outcome = await begun.take(bytes, isLast)
      if (outcome.kind === 'more') return outcome
      opening.delete(carry)
      const { conversation, ...brought } = outcome
      return { ...brought, chat: conversation && { conversation, alias: aliasOf(conversation) } }
    },
  }
}

function keep<T>(open: Map<string, T>, name: string, value: T): void {
  open.delete(name)
  open.set(name, value)
  for (const first of [...open.keys()].slice(0, -CARRIES_AT_ONCE_MAX)) open.delete(first)
}

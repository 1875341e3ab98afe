// What an engine does beyond keeping and showing: whom it reaches, what it has verified ahead, and which chats it lets rest. It comes after the first
// view (see later.ts).

import { createReachability } from './network/reachability.ts'
import { createRestClerk } from './rest-clerk.ts'
import { createVerifyAhead } from './verify-ahead.ts'
import type { ConversationId } from '../bytes/ids.ts'
import type { PlatformVerify } from '../crypto/platform-verify.ts'
import type { NodeState } from '../node/state.ts'
import type { Clock, Network } from '../ports.ts'
import type { Loop } from './loop.ts'
import type { VerifyAhead } from './verify-ahead.ts'

export type Outside = {
  readonly ahead: VerifyAhead | undefined
  /** To be told of every commit since it was made, in order. */
  readonly follow: (before: NodeState, after: NodeState) => void
  /** Call about once a second. */
  readonly tick: () => void
}

type OutsideParts = {
  readonly network: Network
  readonly clock: Clock
  readonly loop: Loop
  readonly restMs?: number | undefined
  /** Whether somebody looks at a chat. */
  readonly isOpen: (conversation: ConversationId) => boolean
  /** Left out: signatures are verified in their steps alone. */
  readonly platform: PlatformVerify | undefined
}

export function createOutside({ network, clock, loop, restMs, isOpen, platform }: OutsideParts): Outside {
  const initial = loop.state()
  const reachability = createReachability(network, { clock, initial })
  const clerk = createRestClerk({ initial, state: loop.state, push: loop.push, clock, restMs, isOpen })
  return {
    ahead: platform && createVerifyAhead(platform),
    follow(before, after) {
      reachability.follow(before, after)
      clerk.follow(before, after)
    },
    tick() {
      clerk.tick()
      reachability.dial(loop.state())
    },
  }
}

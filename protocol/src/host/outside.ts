// What an engine does beyond keeping and showing: whom it reaches, what it carries out for them, what it has verified ahead, and which chats it lets
// rest. It comes after the first view (see later.ts).

import { createAccountSync } from './documents/account-sync.ts'
import { createReturns } from './commands/chat-flags.ts'
import { createDutyBook } from './duty-book.ts'
import { createDesk } from './handle/desk.ts'
import { createErrands } from './errands.ts'
import { createPresence } from './presence/presence.ts'
import { createPushKeeper } from './network/push-keeper.ts'
import { createReachability } from './network/reachability.ts'
import { createRestClerk } from './rest-clerk.ts'
import { createScheduledClerk } from './scheduled/clerk.ts'
import { createVerifyAhead } from './verify-ahead.ts'
import { readAgain } from './rows/read-again.ts'
import { petnameOf } from '../documents/account.ts'
import type { ConversationId } from '../bytes/ids.ts'
import type { PlatformVerify } from '../crypto/platform-verify.ts'
import type { Duty } from '../node/duty.ts'
import type { NodeState } from '../node/state.ts'
import type { Clock, Network, Random, Store, StoreWrite, Timer } from '../ports.ts'
import type { Settings } from '../views.ts'
import type { ReturnsParts } from './commands/chat-flags.ts'
import type { AccountDocument } from './documents/account-document.ts'
import { createNewestClerk } from './rows/newest-clerk.ts'
import type { Presence } from './presence/presence.ts'
import type { Desk } from './handle/desk.ts'
import type { AccountSync } from './documents/account-sync.ts'
import type { Loop } from './loop.ts'
import type { VerifyAhead } from './verify-ahead.ts'

/** As short as timers go, ms. */
const PAUSE_MS = 1

export type Outside = {
  readonly ahead: VerifyAhead | undefined
  readonly accounts: Pick<AccountSync, 'saved' | 'takeIn'>
  readonly presence: Presence
  readonly desk: Desk
  /** To be told of every commit since it was made, in order. */
  readonly follow: (before: NodeState, after: NodeState, writes: readonly StoreWrite[]) => void
  /** Call about once a second. */
  readonly tick: () => void
  /** Starts what is due. Call after every commit too. */
  readonly run: () => void
  /** The network may be another: nothing waits any longer. */
  readonly hurry: () => void
}

type OutsideParts = {
  /** As the loop's commits leave it. */
  readonly store: Pick<Store, 'read'>
  /** As it is. */
  readonly rows: Store
  readonly network: Network
  readonly clock: Clock
  readonly random: Random
  readonly timer: Timer
  readonly log: (line: string) => void
  readonly loop: Loop
  readonly documents: ReturnsParts['documents'] & AccountDocument
  readonly restMs?: number | undefined
  readonly settings: { readonly read: () => Settings }
  readonly watchers: {
    /** Whether somebody looks at a chat. */
    readonly isOpen: (conversation: ConversationId) => boolean
    /** What the account document says may be another, nobody knows where. */
    readonly changed: () => void
    /** What is watched beside the messages may be another. */
    readonly refresh: () => void
  }
  /** Left out: signatures are verified in their steps alone. */
  readonly platform: PlatformVerify | undefined
}

export function createOutside(parts: OutsideParts): Outside {
  const { network, clock, timer, loop, restMs, watchers, platform, log } = parts
  const initial = loop.state()
  const duties = createDutyBook(initial)
  const faulty = (error: unknown, duty: Duty): void => log(`${duty.kind} failed: ${String(error)}`)
  const pause = () => new Promise<void>((resolve) => timer(PAUSE_MS, resolve))
  const errands = createErrands({ ...parts, ...loop, account: parts.documents.account, pause, due: duties.due, faulty })
  const reachability = createReachability(network, { clock, initial })
  const clerk = createRestClerk({ initial, state: loop.state, push: loop.push, clock, restMs, isOpen: watchers.isOpen })
  const keepPush = createPushKeeper(parts)
  const desk = createDesk(parts)
  const returns = createReturns({ ...parts, initial, state: loop.state })
  const accounts = createAccountSync({ ...parts, ...loop, store: parts.rows, changed: watchers.changed })
  const presence = createPresence({
    ...parts,
    ...loop,
    settings: parts.settings.read,
    petnameOf: (account) => petnameOf(parts.documents.account(), account),
    changed: watchers.refresh,
  })
  const newest = createNewestClerk({ ...parts, store: parts.rows })
  const scheduled = createScheduledClerk({ ...parts, store: parts.rows })
  errands.run()
  void readAgain({ ...parts, store: parts.rows })
  return {
    ahead: platform && createVerifyAhead(platform),
    accounts,
    presence,
    desk,
    follow(before, after, writes) {
      for (const one of [duties, reachability, clerk, returns, accounts, presence]) one.follow(before, after)
      scheduled.follow(writes)
    },
    tick() {
      errands.run()
      keepPush(loop.state())
      desk.tick()
      clerk.tick()
      accounts.tick()
      newest.tick()
      scheduled.tick()
      presence.tick()
      reachability.dial(loop.state())
    },
    run: errands.run,
    hurry() {
      errands.hurry()
      errands.run()
    },
  }
}

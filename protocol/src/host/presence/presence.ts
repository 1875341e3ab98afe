// Who is here and who writes, told over direct connections alone and kept nowhere but for the last time that somebody was here. What a page says holds
// for a while, so that one that went away without a word is not here for ever (docs/protocol.md §6.3).

import { encode } from '../../bytes/codec.ts'
import { nameOf } from '../../conversation/view.ts'
import { HERE_MS, PRESENCE_PER_MINUTE_MAX, TYPING_MS } from '../../limits.ts'
import { isContact } from '../../node/groups/contacts.ts'
import { isPartner } from '../../node/members.ts'
import { frame as frameCodec } from '../../wire/frame.ts'
import { writeSeen } from './seen-rows.ts'
import type { AccountId, ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { CommandInput } from '../../engine.ts'
import type { NodeState } from '../../node/state.ts'
import type { Clock, Network, Store } from '../../ports.ts'
import type { PresenceView, Settings } from '../../views.ts'
import type { Frame } from '../../wire/frame.ts'

type Told = Pick<Extract<Frame, { kind: 'presence' }>, 'here' | 'typing'>
type Heard = Told & { readonly at: number }

const MINUTE_MS = 60_000
/** Whoever writes on is told of it before the others stop believing it. */
const TYPING_AGAIN_MS = (TYPING_MS * 2) / 3
const NOTHING: Told = { here: undefined, typing: undefined }

export type PresenceParts = {
  readonly rows: Store
  readonly network: Pick<Network, 'send'>
  readonly clock: Clock
  readonly state: () => NodeState
  readonly settings: () => Pick<Settings, 'presence' | 'typing'>
  readonly petnameOf: (account: AccountId) => string | undefined
  /** What is shown may be another. */
  readonly changed: () => void
  readonly log: (line: string) => void
}

export type Presence = {
  readonly hear: (device: DeviceId, told: Told) => void
  readonly follow: (before: NodeState, after: NodeState) => void
  /** Call about once a second. */
  readonly tick: () => void
  /** What the page says of the person before it. */
  readonly tell: (own: CommandInput<'tellPresence'>) => void
  readonly view: () => PresenceView
}

export function createPresence(parts: PresenceParts): Presence {
  const { rows, network, clock, state, settings, changed, log } = parts
  /** By device that is linked. */
  const heard = new Map<DeviceId, Heard>()
  const told = new Map<DeviceId, Heard>()
  const rate = createRate(clock)
  const own: { hereAt: number; typing: ConversationId | undefined; typedAt: number } = { hereAt: -Infinity, typing: undefined, typedAt: 0 }

  /** What a linked device is to know now. */
  function dueFor(device: DeviceId): Told {
    const [now, { peers, conversations, self }] = [clock(), state()]
    const peer = peers.awake.get(device)
    if (peer === undefined || peer.account === self.account) return NOTHING
    const { presence, typing } = settings()
    const chat = typing && own.typing !== undefined && now < own.typedAt + TYPING_MS ? conversations.awake.get(own.typing) : undefined
    return {
      here: presence && isContact(state(), peer) ? now < own.hereAt + HERE_MS : undefined,
      typing: chat !== undefined && isPartner(state(), chat, device) ? chat.id : undefined,
    }
  }

  function tellAll(): void {
    for (const device of state().net.links.keys()) {
      const [due, before] = [dueFor(device), told.get(device) ?? { ...NOTHING, at: 0 }]
      const isAgain = due.typing !== undefined && clock() >= before.at + TYPING_AGAIN_MS
      const isSame = due.here === before.here && due.typing === before.typing
      // Who was not said to be here is not believed to be.
      const isNothing = !told.has(device) && due.here !== true && due.typing === undefined
      if (isNothing || (isSame && !isAgain)) continue
      told.set(device, { ...due, at: clock() })
      // Without a link nobody is told, and a new one begins with nothing told.
      network.send(device, encode(frameCodec, { kind: 'presence', ...due })).catch(() => told.delete(device))
    }
  }

  function keep(account: AccountId, at: number | undefined): void {
    writeSeen(rows, account, at).catch((error: unknown) => log(`when somebody was here is not kept: ${String(error)}`))
  }

  const accountOf = (device: DeviceId): AccountId | undefined => state().peers.awake.get(device)?.account

  /** The link is gone, or says something else. */
  function leave(device: DeviceId): void {
    const account = accountOf(device)
    if (heard.get(device)?.here === true && account !== undefined) keep(account, clock())
  }

  return {
    hear(device, { here, typing }) {
      const account = accountOf(device)
      if (account === undefined || account === state().self.account || !rate(device)) return
      if (here !== true) leave(device)
      if (here === undefined && heard.get(device)?.here !== undefined) keep(account, undefined)
      heard.set(device, { here, typing, at: clock() })
      changed()
    },
    follow(before, after) {
      if (before.net.links === after.net.links) return
      const isGone = (device: DeviceId): boolean => {
        const [was, is] = [before.net.links.get(device), after.net.links.get(device)]
        return is === undefined || (was !== undefined && was.serial !== is.serial)
      }
      for (const device of heard.keys()) {
        if (!isGone(device)) continue
        leave(device)
        heard.delete(device)
        changed()
      }
      for (const device of told.keys()) if (isGone(device)) told.delete(device)
      tellAll()
    },
    tick() {
      tellAll()
      for (const [device, one] of heard) {
        if (one.typing === undefined || clock() < one.at + TYPING_MS) continue
        heard.set(device, { ...one, typing: undefined })
        changed()
      }
    },
    tell({ isHere, typing }) {
      own.hereAt = isHere ? clock() : -Infinity
      own.typing = typing
      own.typedAt = clock()
      tellAll()
    },
    view: () => viewOf(heard, parts),
  }
}

function viewOf(heard: ReadonlyMap<DeviceId, Heard>, { state, settings, petnameOf }: PresenceParts): PresenceView {
  const { conversations, peers } = state()
  const shown = settings()
  const here = new Set<AccountId>()
  const typing = new Map<string, PresenceView['typing'][number]>()
  for (const [device, told] of heard) {
    const peer = peers.awake.get(device)
    if (peer === undefined) continue
    if (shown.presence && told.here === true && isContact(state(), peer)) here.add(peer.account)
    const chat = shown.typing && told.typing !== undefined ? conversations.awake.get(told.typing) : undefined
    if (chat === undefined || !isPartner(state(), chat, device)) continue
    const { account } = peer
    typing.set(`${chat.id} ${account}`, { conversation: chat.id, account, name: petnameOf(account) ?? nameOf(chat.view, account) })
  }
  return { here: [...here], typing: [...typing.values()] }
}

/** Whoever says more in a minute is not listened to until it is over. */
function createRate(clock: Clock): (device: DeviceId) => boolean {
  const counts = new Map<DeviceId, number>()
  let since = clock()
  return (device) => {
    if (clock() >= since + MINUTE_MS) {
      counts.clear()
      since = clock()
    }
    const count = (counts.get(device) ?? 0) + 1
    counts.set(device, count)
    return count <= PRESENCE_PER_MINUTE_MAX
  }
}

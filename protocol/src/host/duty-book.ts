// The duties of a node, kept up: after a commit only those are worked out again that what changed has a say in, and with time only those that waited
// for it. So what is due costs as much as what happens, however many chats are at rest.

import { admittedOf } from '../conversation/state.ts'
import { jointDuties } from '../node/delivery/joint.ts'
import { deliveryDuties, inviteDutiesIn, linkDuties } from '../node/duties.ts'
import { mailboxesOf } from '../node/mailboxes/inboxes.ts'
import { relayDuties } from '../node/mailboxes/relay-duties.ts'
import { removalDuties } from '../node/removing.ts'
import { momentAt } from '../node/moment.ts'
import type { ConversationId, DeviceId, MailboxId } from '../bytes/ids.ts'
import type { Duty } from '../node/duty.ts'
import type { Conversation, NodeState } from '../node/state.ts'
import type { Moment } from '../node/moment.ts'
import type { RelaySession } from '../node/net.ts'

export type DutyBook = {
  /** To be told of every commit, in order. */
  readonly follow: (before: NodeState, after: NodeState) => void
  /** What ought to be under way now: what follows from the last state, as simulated lives check each time. */
  readonly due: (now: number) => readonly Duty[]
}

export function createDutyBook(initial: NodeState): DutyBook {
  let state = initial
  let last = -Infinity
  const sections = createSections(() => state)

  function follow(before: NodeState, after: NodeState): void {
    state = after
    // What is told of reading.
    if (before.self !== after.self) sections.staleAll()
    if (before.circle !== after.circle && after.circle !== undefined)
      for (const device of after.self.list.devices) sections.staleIn(after.circle.conversation, device.id)
    const isClosing = before.terms.closing !== after.terms.closing
    if (followRecords(before, after) || isClosing) for (const relay of after.net.relays.keys()) sections.relays.stale(relay)
    followNet(before, after)
  }

  /** True when mailboxes may have to be created, opened or bound. */
  function followRecords(before: NodeState, after: NodeState): boolean {
    let isMoved = before.directory !== after.directory
    for (const id of after.conversations.changedSince(before.conversations)) {
      followChat(before.conversations.awake.get(id), after.conversations.awake.get(id), id)
      isMoved ||= !isSame(mailboxesOf(before, id), mailboxesOf(after, id))
    }
    for (const device of after.peers.changedSince(before.peers)) sections.staleWith(device)
    return isMoved
  }

  /** What happened with one device concerns that device; what happened with the conversation, all. */
  function followChat(before: Conversation | undefined, after: Conversation | undefined, id: ConversationId): void {
    if (before === undefined || after === undefined || isOtherForAll(before, after)) {
      for (const device of before?.log.feeds.keys() ?? []) sections.staleIn(id, device)
      return sections.staleChat(id)
    }
    const self = state.self.device.id
    sections.staleTogether(id)
    if (before.log.feeds.get(self) !== after.log.feeds.get(self)) sections.staleApart(after)
    for (const device of after.log.feeds.changedSince(before.log.feeds)) sections.staleIn(id, device)
    for (const device of after.view.feeds.changedSince(before.view.feeds)) sections.staleIn(id, device)
    for (const device of after.delivery.changedSince(before.delivery)) sections.staleIn(id, device)
    // What people say of own entries the own other devices are told.
    if (after.delivery !== before.delivery)
      for (const device of state.self.list.devices)
        if (device.id !== self && after.log.feeds.has(device.id)) sections.staleIn(id, device.id)
  }

  function followNet({ net: before }: NodeState, { net: after, directory }: NodeState): void {
    if (before === after) return
    for (const relay of differing(before.relays, after.relays)) followRelay(relay, before.relays.get(relay), after.relays.get(relay))
    for (const device of differing(before.links, after.links)) sections.staleWith(device)
    for (const device of differing(before.full, after.full)) sections.staleWith(device)
    for (const { id, device } of differingIn(before.newest, after.newest).map(placeOf)) sections.staleIn(id, device)
    for (const place of differing(before.partly, after.partly)) sections.staleTogether(placeOf(place).id)

    function followRelay(relay: string, was: RelaySession | undefined, is: RelaySession | undefined): void {
      sections.relays.stale(relay)
      if (was?.challenge !== is?.challenge) for (const id of state.conversations.awake.keys()) sections.staleChat(id)
      for (const mailbox of differingIn(was?.bound, is?.bound)) staleAt(mailbox)
      for (const id of differing(was?.checks, is?.checks)) sections.staleChat(id)
    }

    function staleAt(mailbox: MailboxId): void {
      for (const device of directory.outboxes.get(mailbox) ?? []) sections.staleWith(device)
      for (const id of directory.answers.get(mailbox) ?? []) sections.staleChat(id)
    }
  }

  sections.staleAll()
  return {
    follow,
    due(now) {
      // A clock that was put back: what waited may be over, and what was over may wait.
      if (now < last) sections.staleAll()
      last = now
      return [...removalDuties(state, now), ...sections.due(now)]
    },
  }
}

/** Duties by what they belong to, and which of them are to be worked out again. */
function createSections(state: () => NodeState) {
  const relays = createSection((relay: string, at) => relayDuties(state(), relay, at))
  const invites = createSection((id: ConversationId, at) => inviteDutiesIn(state(), id, at))
  const deliveries = createSection((place: string, at) => deliveryDuties(state(), placeOf(place), at))
  const joint = createSection((id: ConversationId, at) => jointDuties(state(), id, at))
  const links = createSection((device: DeviceId, at) => linkDuties(state(), device, at))

  function staleAll(): void {
    for (const relay of state().net.relays.keys()) relays.stale(relay)
    for (const id of state().conversations.awake.keys()) staleChat(id)
    for (const device of state().net.links.keys()) links.stale(device)
  }

  function staleChat(id: ConversationId): void {
    staleTogether(id)
    for (const device of state().conversations.awake.get(id)?.log.feeds.keys() ?? []) staleIn(id, device)
  }

  function staleTogether(id: ConversationId): void {
    invites.stale(id)
    joint.stale(id)
  }

  /** What is written concerns those who get deposits of their own; the others, who may be many, get it jointly. */
  function staleApart({ id, log, delivery }: Conversation): void {
    for (const device of log.feeds.keys()) {
      const to = delivery.get(device)
      if (to?.joint === undefined || to.owed.length > 0 || state().net.links.has(device)) staleIn(id, device)
    }
  }

  function staleIn(id: ConversationId, device: DeviceId): void {
    deliveries.stale(`${id}/${device}`)
    if (state().net.links.has(device)) links.stale(device)
  }

  function staleWith(device: DeviceId): void {
    links.stale(device)
    for (const id of state().directory.shared.get(device) ?? []) {
      staleTogether(id)
      deliveries.stale(`${id}/${device}`)
    }
  }

  const all = [relays, invites, deliveries, joint, links] as const
  const due = (now: number): readonly Duty[] => all.flatMap((section) => section.due(now))
  return { relays, staleAll, staleChat, staleTogether, staleApart, staleIn, staleWith, due }
}

const placeOf = (place: string): { readonly id: ConversationId; readonly device: DeviceId } => {
  const [id, device] = place.split('/')
  return { id: id as ConversationId, device: device as DeviceId }
}

// Whether anything has changed that has a say in what each device of a conversation is to be given.
const isOtherForAll = (before: Conversation, after: Conversation): boolean =>
  before.phase !== after.phase ||
  before.invitation !== after.invitation ||
  before.missing !== after.missing ||
  before.view.founder !== after.view.founder ||
  admittedOf(before.view) !== admittedOf(after.view) ||
  before.group?.devices !== after.group?.devices ||
  before.group?.farewells !== after.group?.farewells ||
  before.log.feeds.size !== after.log.feeds.size

type Section<K> = { readonly stale: (key: K) => void; readonly due: (now: number) => readonly Duty[] }

/** Duties by what they belong to. What has none takes no room. */
function createSection<K>(evaluate: (key: K, at: Moment) => readonly Duty[]): Section<K> {
  const stale = new Set<K>()
  const duties = new Map<K, readonly Duty[]>()
  /** When duties may become others by themselves, ms, and the earliest of these times. */
  const timed = new Map<K, number>()
  let next = Infinity

  function refresh(key: K, now: number): void {
    const at = momentAt(now)
    const found = evaluate(key, at)
    if (found.length > 0) duties.set(key, found)
    else duties.delete(key)
    if (at.until < Infinity) timed.set(key, at.until)
    else timed.delete(key)
    next = Math.min(next, at.until)
  }

  function passTime(now: number): void {
    if (now < next) return
    for (const [key, until] of timed) if (now >= until) stale.add(key)
  }

  return {
    stale: (key) => void stale.add(key),
    due(now) {
      passTime(now)
      if (stale.size > 0) {
        for (const key of stale) refresh(key, now)
        stale.clear()
        if (now >= next) next = Math.min(Infinity, ...timed.values())
      }
      return [...duties.values()].flat()
    },
  }
}

/** Keys that only one of two maps has, or with another value. For maps that are small, whatever the number of chats. */
function differing<K, V>(before: ReadonlyMap<K, V> = new Map(), after: ReadonlyMap<K, V> = new Map()): readonly K[] {
  if (before === after) return []
  return [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key))
}

function differingIn<T>(before: ReadonlySet<T> = new Set(), after: ReadonlySet<T> = new Set()): readonly T[] {
  if (before === after) return []
  return [...[...before].filter((item) => !after.has(item)), ...[...after].filter((item) => !before.has(item))]
}

const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean => a.length === b.length && a.every((item, at) => item === b[at])

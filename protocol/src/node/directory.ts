// Which own mailbox is for whom, who is written to through which mailbox, and which conversations a device takes part in. Follows from the peers and
// the conversations, and is kept up with each change of one of them, so that nobody has to go through all to find out.

import { IdMap } from '../bytes/id-map.ts'
import type { MailboxId } from '../bytes/ids.ts'
import { bothOf } from './mailboxes/both.ts'
import { devicesIn, isResting, ownMailboxesOf } from './rest-looks.ts'
import type { Conversation, Directory, Peer, RestingChat, RestingContact } from './state.ts'

/** From all of them at once, as a start has them. */
export function directoryOf({
  peers,
  conversations,
}: {
  readonly peers: Iterable<Peer | RestingContact>
  readonly conversations: Iterable<Conversation | RestingChat>
}): Directory {
  const [contacts, chats] = [[...peers], [...conversations]]
  return whenAsked<Directory>({
    inboxes: () => indexed(contacts.flatMap((peer) => mailboxesFor(peer).map((mailbox) => [mailbox, peer.device.id] as const))),
    outboxes: () => indexed(contacts.map((peer) => [peer.outbox?.mailbox, peer.device.id])),
    invites: () => indexed(chats.flatMap((chat) => ownMailboxesOf(chat).map((mailbox) => [mailbox, chat.id] as const))),
    answers: () => indexed(chats.map((chat) => [isResting(chat) ? undefined : answerOf(chat), chat.id])),
    shared: () => indexed(chats.flatMap((chat) => devicesIn(chat).map((device) => [device, chat.id] as const))),
  })
}

/** An object whose parts are made when somebody first asks for them, a copy of it included: nothing that a start shows needs them. */
function whenAsked<T extends object>(parts: { readonly [Part in keyof T]: () => T[Part] }): T {
  const made: Partial<T> = {}
  const names = Object.keys(parts) as (keyof T)[]
  return Object.defineProperties(
    {},
    Object.fromEntries(names.map((name) => [name, { enumerable: true, get: () => (made[name] ??= parts[name]()) }])),
  ) as T
}

function indexed<K extends string, T extends string>(items: readonly (readonly [K | undefined, T])[]): IdMap<K, readonly T[]> {
  const found = new Map<K, T[]>()
  for (const [key, item] of items) {
    if (key === undefined) continue
    const list = found.get(key)
    if (list === undefined) found.set(key, [item])
    else list.push(item)
  }
  return IdMap.of(found)
}

/** The directory after a peer came, changed or went. */
export function followPeer(directory: Directory, before: Peer | undefined, after: Peer | undefined): Directory {
  const isSame = before !== undefined && before.inbox === after?.inbox && before.outbox === after?.outbox
  const device = (after ?? before)?.device.id
  if (isSame || device === undefined) return directory
  return {
    ...directory,
    inboxes: mailboxesAfter(directory.inboxes, device, [mailboxesFor(before), mailboxesFor(after)]),
    outboxes: moved(directory.outboxes, { item: device, from: before?.outbox?.mailbox, to: after?.outbox?.mailbox }),
  }
}

/** The directory after a conversation came, changed or went. */
export function followConversation(directory: Directory, before: Conversation | undefined, after: Conversation | undefined): Directory {
  const item = (after ?? before)?.id
  if (item === undefined) return directory
  const isSamePlaces =
    before?.invite?.inbox === after?.invite?.inbox &&
    before?.group?.door === after?.group?.door &&
    before?.group?.desks === after?.group?.desks
  const invites = isSamePlaces
    ? directory.invites
    : mailboxesAfter(directory.invites, item, [ownMailboxesOf(before), ownMailboxesOf(after)])
  const answers = moved(directory.answers, { item, from: answerOf(before), to: answerOf(after) })
  const shared = sharedAfter(directory.shared, before, after)
  const isSame = invites === directory.invites && answers === directory.answers && shared === directory.shared
  return isSame ? directory : { ...directory, invites, answers, shared }
}

const mailboxesFor = (peer: Pick<Peer, 'inbox'> | undefined): readonly MailboxId[] => bothOf(peer?.inbox).map(({ keys }) => keys.mailbox)

function mailboxesAfter<T extends string>(
  known: IdMap<MailboxId, readonly T[]>,
  item: T,
  [before, after]: readonly [readonly MailboxId[], readonly MailboxId[]],
): IdMap<MailboxId, readonly T[]> {
  let changed = known
  for (const from of before) if (!after.includes(from)) changed = moved(changed, { item, from, to: undefined })
  for (const to of after) if (!before.includes(to)) changed = moved(changed, { item, from: undefined, to })
  return changed
}

const answerOf = (conversation: Conversation | undefined): MailboxId | undefined =>
  conversation?.phase === 'joining' ? conversation.invitation?.grant.mailbox : askedAt(conversation)
const askedAt = (conversation: Conversation | undefined): MailboxId | undefined =>
  (conversation?.group?.asked?.since ?? 0) > 0 ? conversation?.group?.asked?.grant.mailbox : undefined

// Feeds come and stay, so as many as before are the same.
function sharedAfter(shared: Directory['shared'], before: Conversation | undefined, after: Conversation | undefined): Directory['shared'] {
  const [old, now] = [before?.log.feeds, after?.log.feeds]
  if (old === now || (old?.size ?? 0) === (now?.size ?? 0)) return shared
  let changed = shared
  for (const device of old?.keys() ?? [])
    if (now?.has(device) !== true) changed = moved(changed, { item: before?.id, from: device, to: undefined })
  for (const device of now?.keys() ?? [])
    if (old?.has(device) !== true) changed = moved(changed, { item: after?.id, from: undefined, to: device })
  return changed
}

type IndexMove<K, T> = { readonly item: T | undefined; readonly from: K | undefined; readonly to: K | undefined }

function moved<K extends string, T extends string>(
  map: IdMap<K, readonly T[]>,
  { item, from, to }: IndexMove<K, T>,
): IdMap<K, readonly T[]> {
  if (from === to || item === undefined) return map
  const left = from === undefined ? map : without(map, from, item)
  return to === undefined ? left : left.with(to, [...(left.get(to) ?? []), item])
}

function without<K extends string, T extends string>(map: IdMap<K, readonly T[]>, key: K, item: T): IdMap<K, readonly T[]> {
  const rest = (map.get(key) ?? []).filter((other) => other !== item)
  return rest.length === 0 ? map.without(key) : map.with(key, rest)
}

// What must be true of a chat: nothing acknowledged is missing or doubled, all devices see the same, and no tick claims more than is true.

import { devicesIn, sidesOf } from './chats.ts'
import { depositedFor } from '../../src/node/delivery/reach.ts'
import { conversationOn, nodeOn } from './disk.ts'
import { brokenRelations } from './relating.ts'
import { brokenShares, unread } from './shared.ts'
import type { EntryId } from '../../src/bytes/ids.ts'
import type { ConversationView, MessageView } from '../../src/views.ts'
import type { Losses } from './backups.ts'
import type { Chat, Side } from './chats.ts'
import type { Deeds } from './deeds.ts'
import type { Ledger, Standing } from './ledger.ts'
import type { Person } from './person.ts'
import type { Seen } from './shared.ts'

/** Time passes until the promise settles, or for too long. */
export type Waiting = <T>(promise: Promise<T>) => Promise<T | undefined>

export type Around = {
  readonly deeds: ReadonlyMap<Person, Deeds>
  readonly ledger: Ledger
  readonly losses: Losses
  /** How often a disk was replaced by an older one. */
  readonly restores: number
}

/** What is not as it must be once all faults have ended. */
export async function brokenPromises(around: Around, chat: Chat, wait: Waiting): Promise<readonly string[]> {
  const seen: Seen[] = []
  for (const person of devicesIn(chat)) {
    const view = await wait(person.look(chat.id))
    if (view === undefined) return [`a conversation does not open for ${person.name}`]
    seen.push({ person, deeds: deedsOf(around, person), view })
  }
  const wrong = seen.flatMap((one) => [...missingTexts(around, chat, one), ...lateTicks(one)])
  // Titles rest on those before them, which an older disk may lack.
  const isPromised = ({ id, kind }: MessageView): boolean => !around.losses.unreadable.has(id) && (kind === 'text' || around.restores === 0)
  const [first, ...others] = seen as [Seen, ...Seen[]]
  const idsOf = ({ messages }: ConversationView): string => messages.flatMap((message) => (isPromised(message) ? [message.id] : [])).join()
  for (const other of others)
    if (idsOf(first.view) !== idsOf(other.view))
      wrong.push(
        `${first.person.name} and ${other.person.name} see different conversations: ${textsOf(first.view).join()} / ${textsOf(other.view).join()}`,
      )
  for (const { person } of seen)
    if (person.waiting() > 0) wrong.push(`${person.waiting()} messages of ${person.name} were never acknowledged`)
  if (around.restores > 0) return wrong
  const [ours, theirs] = chat.sides.map((side) => seen.filter(({ person }) => side.includes(person))) as [Seen[], Seen[]]
  return [
    ...wrong,
    ...brokenShares(ours, theirs, chat.id),
    ...brokenShares(theirs, ours, chat.id),
    ...others.flatMap((other) => brokenRelations(first.view, other.view)),
  ]
}

function missingTexts({ losses }: Around, chat: Chat, { person: reader, view }: Seen): readonly string[] {
  const texts = textsOf(view)
  return devicesIn(chat).flatMap((person) =>
    [...person.savedIn(chat.id)].flatMap(([text, id]) => {
      const times = texts.filter((other) => other === text).length
      const isPromised = !losses.unreadable.has(id) && !losses.gone.has(id)
      return isPromised && times !== 1 ? [`“${text}” of ${person.name} is there ${times} times for ${reader.name}`] : []
    }),
  )
}

function lateTicks({ person, view }: Seen): readonly string[] {
  const late = ownTexts(person, view).filter(({ state }) => state === 'saved' || state === 'relay')
  return late.length > 0 ? [`${late.length} messages of ${person.name} never got their tick: ${late.map(({ text }) => text).join()}`] : []
}

/** Texts that were written on this very device: of others it says no more than that they have left them. */
const ownTexts = (person: Person, view: ConversationView) =>
  view.messages.flatMap((message) => (message.kind === 'text' && message.mine && person.hasWritten(message.id) ? [message] : []))

/** What is missing once all have looked at everything: each text is known as read where it was written. */
export async function unreadTicks(around: Around, chat: Chat, wait: Waiting): Promise<readonly string[]> {
  if (around.restores > 0) return []
  for (const person of devicesIn(chat)) await wait(deedsOf(around, person).markRead(chat.id))
  const wrong: string[] = []
  for (const person of devicesIn(chat)) {
    const view = await wait(person.look(chat.id))
    if (view === undefined) wrong.push('a conversation does not open')
    else wrong.push(...unread(person, ownTexts(person, view)))
  }
  return wrong
}

/**
 * A tick never claims more than is true at that moment. What is shown as delivered lies on a disk of the other one; what is shown as read was
 * there when they looked; what is shown as left with the relay is stored there for one of their devices, or on its disk, or about to be given or
 * asked for again.
 */
export async function earlyTicks(around: Around, chat: Chat, wait: Waiting): Promise<readonly string[]> {
  const broken: string[] = []
  for (const mine of devicesIn(chat)) {
    if (!mine.isUp()) continue
    const view = await wait(mine.look(chat.id))
    if (view === undefined || !mine.isUp()) continue
    const { theirs } = sidesOf(chat, mine)
    for (const message of ownTexts(mine, view)) {
      const { id, state, text } = message
      if (state === 'read' && around.restores === 0 && !theirs.some((one) => deedsOf(around, one).mayHaveRead(id)))
        broken.push(`“${text}” is shown as read, and ${namesOf(theirs)} has not looked at it`)
      if (state === 'saved' || theirs.some((one) => one.hadOnDisk(id))) continue
      if (state !== 'relay') broken.push(`“${text}” is shown as ${state}, and is not on ${namesOf(theirs)}’s disk`)
      else if (around.restores === 0 && !theirs.some((one) => isWithRelay(around, { chat, mine, theirs: one, entry: id })))
        broken.push(`“${text}” is shown as relay, and the relay has not got it: ${standingOf(around, chat, id)}`)
    }
  }
  return broken
}

/**
 * What an author believes to lie in somebody's mailbox was stored in that mailbox, or is on that device's disk. `isOld`: entries that were there before a
 * device was linked, of which it was given none.
 */
export function earlyDeposits({ ledger, restores }: Around, chat: Chat, isOld: (entry: EntryId) => boolean): readonly string[] {
  if (restores > 0) return []
  const all = devicesIn(chat)
  const keys = { disks: all.map((person) => person.disk()), link: chat.link }
  return all.flatMap((mine) => {
    const node = nodeOn(mine.disk())
    const conversation = node.conversations.get(chat.id)
    const own = [...mine.savedIn(chat.id)].filter(([, id]) => !isOld(id)).map(([text, id]) => ({ text, id, seq: mine.seqOf(id) }))
    return all.flatMap((other) => {
      const mailbox = node.peers.get(other.ownDevice())?.outbox?.mailbox
      if (mailbox === undefined || conversation === undefined) return []
      const left = depositedFor(conversation, other.ownDevice())
      return own
        .filter(({ id, seq }) => seq < left && !other.hadOnDisk(id) && !ledger.hasBeenIn(mailbox, id, keys))
        .map(({ text }) => `“${text}” counts as left for ${other.name}, and was never in that mailbox`)
    })
  })
}

const namesOf = (side: Side): string => side.map(({ name }) => name).join(' or ')

type Claimed = { readonly chat: Chat; readonly mine: Person; readonly theirs: Person; readonly entry: EntryId }

function isWithRelay(around: Around, { chat, mine, theirs, entry }: Claimed): boolean {
  switch (standingOf(around, chat, entry)) {
    case 'held':
    // Nobody can know yet that the relay has lost its disk, or it will be known with the next connection.
    case 'lost':
      return true
    // Whoever lets a blob go without its entries remembers what is missing, and asks.
    case 'let-go':
      return conversationOn(theirs, chat.id)?.missing !== undefined || isDue({ chat, mine, theirs, entry })
    case 'never':
      return false
  }
}

/** Whether an entry has still to be deposited, as far as its author knows. */
function isDue({ chat, mine, theirs, entry }: Claimed): boolean {
  const key = [...(mine.disk().tables.get('entries')?.keys() ?? [])].find((other) => other.endsWith(entry))
  const seq = Number.parseInt(key?.split('/').at(-2) ?? '', 16)
  const delivery = conversationOn(mine, chat.id)?.delivery.get(theirs.ownDevice())
  return (delivery?.atRelay ?? 0) <= seq
}

const standingOf = ({ ledger }: Around, chat: Chat, entry: EntryId): Standing =>
  ledger.standingOf(entry, {
    disks: devicesIn(chat).flatMap((person) => (person.hasDisk() ? [person.disk()] : [])),
    link: chat.link,
  })

function deedsOf({ deeds }: Around, person: Person): Deeds {
  const own = deeds.get(person)
  if (own === undefined) throw new Error(`nobody remembers what ${person.name} did`)
  return own
}

const textsOf = (view: ConversationView): readonly string[] =>
  view.messages.flatMap((message) => (message.kind === 'text' ? [message.text] : []))

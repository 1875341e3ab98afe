// What must be true of a pair: nothing acknowledged is missing or doubled, both see the same, and no tick claims
// more than is true.

import { conversationOn } from './disk.ts'
import { brokenRelations } from './relating.ts'
import { brokenShares, unread } from './shared.ts'
import type { ConversationId, EntryId } from '../../src/bytes/ids.ts'
import type { ConversationView } from '../../src/engine.ts'
import type { Losses } from './backups.ts'
import type { Deeds } from './deeds.ts'
import type { Ledger, Standing } from './ledger.ts'
import type { Person } from './person.ts'
import type { Side } from './shared.ts'

/** Time passes until the promise settles, or for too long. */
export type Waiting = <T>(promise: Promise<T>) => Promise<T | undefined>

export type Pair = {
  readonly alice: Person
  readonly bob: Person
  readonly deeds: ReadonlyMap<Person, Deeds>
  readonly ledger: Ledger
  readonly losses: Losses
  /** How often a disk was replaced by an older one. */
  readonly restores: number
  /** By which they met. */ readonly link: string
}

/** What is not as it must be once all faults have ended. */
export async function brokenPromises(pair: Pair, conversation: ConversationId, wait: Waiting): Promise<readonly string[]> {
  const { alice, bob, losses } = pair
  const [hers, his] = [await wait(alice.look(conversation)), await wait(bob.look(conversation))]
  if (hers === undefined || his === undefined) return ['a conversation does not open']
  const isPromised = (id: EntryId): boolean => !losses.unreadable.has(id)
  const [herIds, hisIds] = [hers, his].map(({ messages }) => messages.flatMap(({ id }) => (isPromised(id) ? [id] : [])).join())
  const wrong = herIds === hisIds ? [] : [`they see different conversations: ${textsOf(hers).join()} / ${textsOf(his).join()}`]
  for (const view of [hers, his]) {
    const texts = textsOf(view)
    for (const person of [alice, bob]) {
      for (const [text, id] of person.saved) {
        if (!isPromised(id) || losses.gone.has(id)) continue
        const times = texts.filter((other) => other === text).length
        if (times !== 1) wrong.push(`“${text}” of ${person.name} is there ${times} times`)
      }
    }
    const late = view.messages.filter(
      (message) => message.kind === 'text' && message.mine && (message.state === 'saved' || message.state === 'relay'),
    )
    if (late.length > 0) wrong.push(`${late.length} messages never got their tick`)
  }
  for (const person of [alice, bob])
    if (person.waiting() > 0) wrong.push(`${person.waiting()} messages of ${person.name} were never acknowledged`)
  if (pair.restores > 0) return wrong
  const [her, him] = [sideOf(pair, alice, hers), sideOf(pair, bob, his)]
  return [...wrong, ...brokenShares(her, him, conversation), ...brokenShares(him, her, conversation), ...brokenRelations(hers, his)]
}

/** What is missing once both have looked at everything: each text is known as read where it was written. */
export async function unreadTicks(pair: Pair, conversation: ConversationId, wait: Waiting): Promise<readonly string[]> {
  const { alice, bob } = pair
  if (pair.restores > 0) return []
  for (const person of [alice, bob]) await wait(pair.deeds.get(person)?.markRead(conversation) ?? Promise.resolve())
  const views = [await wait(alice.look(conversation)), await wait(bob.look(conversation))]
  return [alice, bob].flatMap((person, at) => {
    const view = views[at]
    return view === undefined ? ['a conversation does not open'] : unread(sideOf(pair, person, view))
  })
}

/**
 * A tick never claims more than is true at that moment. What is shown as delivered lies on the other's disk; what is shown as read was
 * there when they looked; what is shown as left with the relay is stored there, or on the other's disk, or about to be given or asked for again.
 */
export async function earlyTicks(pair: Pair, conversation: ConversationId, wait: Waiting): Promise<readonly string[]> {
  const { alice, bob } = pair
  const broken: string[] = []
  for (const [mine, theirs] of [[alice, bob] as const, [bob, alice] as const]) {
    if (!mine.isUp()) continue
    const view = await wait(mine.look(conversation))
    for (const message of view?.messages ?? []) {
      if (message.kind !== 'text' || !message.mine || message.state === 'saved' || theirs.hadOnDisk(message.id)) continue
      if (message.state !== 'relay') broken.push(`“${message.text}” is shown as ${message.state}, and is not on ${theirs.name}’s disk`)
      else if (pair.restores === 0 && !isWithRelay(pair, { mine, theirs, conversation, entry: message.id }))
        broken.push(`“${message.text}” is shown as relay, and the relay has not got it: ${standingOf(pair, message.id)}`)
    }
    for (const message of pair.restores > 0 ? [] : (view?.messages ?? [])) {
      if (message.kind !== 'text' || !message.mine || message.state !== 'read') continue
      if (pair.deeds.get(theirs)?.mayHaveRead(message.id) !== true)
        broken.push(`“${message.text}” is shown as read, and ${theirs.name} has not looked at it`)
    }
  }
  return broken
}

type Claimed = { readonly mine: Person; readonly theirs: Person; readonly conversation: ConversationId; readonly entry: EntryId }

function isWithRelay(pair: Pair, { mine, theirs, conversation, entry }: Claimed): boolean {
  switch (standingOf(pair, entry)) {
    case 'held':
    // Nobody can know yet that the relay has lost its disk, or it will be known with the next connection.
    case 'lost':
      return true
    // Whoever lets a blob go without its entries remembers what is missing, and asks.
    case 'let-go':
      return conversationOn(theirs, conversation)?.missing !== undefined || isDue({ mine, theirs, conversation, entry })
    case 'never':
      return false
  }
}

/** Whether an entry has still to be deposited, as far as its author knows. */
function isDue({ mine, theirs, conversation, entry }: Claimed): boolean {
  const key = [...(mine.disk().tables.get('entries')?.keys() ?? [])].find((other) => other.endsWith(entry))
  const seq = Number.parseInt(key?.split('/').at(-2) ?? '', 16)
  const delivery = conversationOn(mine, conversation)?.delivery.get(theirs.device())
  return (delivery?.deposited ?? -1) < seq
}

const standingOf = ({ alice, bob, ledger, link }: Pair, entry: EntryId): Standing =>
  ledger.standingOf(entry, { disks: [alice, bob].flatMap((person) => (person.hasDisk() ? [person.disk()] : [])), link })

function sideOf({ deeds }: Pair, person: Person, view: ConversationView): Side {
  const own = deeds.get(person)
  if (own === undefined) throw new Error(`nobody remembers what ${person.name} did`)
  return { person, deeds: own, view }
}

const textsOf = (view: ConversationView): readonly string[] =>
  view.messages.flatMap((message) => (message.kind === 'text' ? [message.text] : []))

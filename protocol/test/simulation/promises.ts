// What must be true of a pair: nothing acknowledged is missing or doubled, both see the same, and no tick claims more than is true.

import type { ConversationId, EntryId } from '../../src/bytes/ids.ts'
import type { ConversationView } from '../../src/engine.ts'
import type { Losses } from './backups.ts'
import type { Person } from './person.ts'

/** Time passes until the promise settles, or for too long. */
export type Waiting = <T>(promise: Promise<T>) => Promise<T | undefined>

type Pair = { readonly alice: Person; readonly bob: Person; readonly losses: Losses }

/** What is not as it must be once all faults have ended. */
export async function brokenPromises(
  { alice, bob, losses }: Pair,
  conversation: ConversationId,
  wait: Waiting,
): Promise<readonly string[]> {
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
  return wrong
}

/** A tick never claims more than is true: what is shown as delivered lies on the other's disk at that moment. */
export async function earlyTicks({ alice, bob }: Pair, conversation: ConversationId, wait: Waiting): Promise<readonly string[]> {
  const broken: string[] = []
  for (const [mine, theirs] of [[alice, bob] as const, [bob, alice] as const]) {
    if (!mine.isUp()) continue
    const view = await wait(mine.look(conversation))
    for (const message of view?.messages ?? []) {
      if (message.kind !== 'text' || !message.mine || message.state === 'saved' || message.state === 'relay') continue
      if (!theirs.hadOnDisk(message.id)) broken.push(`“${message.text}” is shown as ${message.state}, and is not on ${theirs.name}’s disk`)
    }
  }
  return broken
}

const textsOf = (view: ConversationView): readonly string[] =>
  view.messages.flatMap((message) => (message.kind === 'text' ? [message.text] : []))

// Chats beside the one that a life is about: made, and removed again in the midst of all troubles. What was removed is gone from the disk in the end.

import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Person } from './person.ts'
import type { Seeded } from './seeded.ts'

export type Removals = {
  /** Somebody makes a chat, or removes one. */
  readonly act: (person: Person) => void
  /** What the disks still say of chats whose removal was answered. */
  readonly left: () => readonly string[]
}

type Made = { readonly person: Person; readonly id: ConversationId; state: 'made' | 'removing' | 'removed' }

export function createRemovals(luck: Seeded): Removals {
  const all: Made[] = []

  function act(person: Person): void {
    if (!person.isUp()) return
    const made = all.find((one) => one.person === person && one.state === 'made')
    if (made !== undefined && luck.chance(0.6)) return remove(made)
    void person
      .engine()
      .createConversation({ text: luck.chance(0.5) ? 'for nobody' : undefined, ref: `${person.name} beside ${all.length}` })
      .then(
        (outcome) => {
          if (outcome.kind === 'created' && all.every(({ id }) => id !== outcome.conversation))
            all.push({ person, id: outcome.conversation, state: 'made' })
        },
        () => undefined, // The engine stopped: whether there is one, nobody was told.
      )
  }

  function remove(made: Made): void {
    made.state = 'removing'
    void made.person
      .engine()
      .removeConversation({ conversation: made.id })
      .then(
        () => (made.state = 'removed'),
        () => (made.state = 'made'),
      )
  }

  return {
    act,
    left: () =>
      all.flatMap(({ person, id, state }) =>
        state === 'removed' && tracesOf(person, id).length > 0
          ? [`${person.name} still has of a removed chat: ${tracesOf(person, id).join()}`]
          : [],
      ),
  }
}

/** What a disk says of a conversation: its rows, its keys and its documents. */
export function tracesOf(person: Person, id: ConversationId): readonly string[] {
  const { tables, shreds } = person.disk()
  const names = [
    ...[...tables].flatMap(([table, rows]) => [...rows.keys()].map((key) => `${table} ${key}`)),
    ...shreds.keys(),
    ...person.documents().keys(),
  ]
  return names.filter((name) => name.includes(id))
}

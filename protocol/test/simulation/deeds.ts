// What somebody did besides writing: names, titles, and what they have looked at. Everything that was acknowledged has to be found again.

import type { ConversationId, EntryId } from '../../src/bytes/ids.ts'
import type { RunningEngine } from '../../src/host/open-engine.ts'
import type { Person } from './person.ts'

export type Deeds = {
  readonly setName: (name: string) => void
  readonly setTitle: (conversation: ConversationId, title: string) => void
  readonly markRead: (conversation: ConversationId) => Promise<void>
  /** Names that may be the own one now: the last that was acknowledged, and whatever was asked since. Undefined: none yet. */
  readonly names: () => readonly (string | undefined)[]
  /** Titles of a conversation that were acknowledged. */
  readonly titlesOf: (conversation: ConversationId) => ReadonlySet<string>
  /** Whether they may have seen an entry: they said so at a time when it was on their disk. */
  readonly mayHaveRead: (entry: EntryId) => boolean
}

export function createDeeds(person: Person): Deeds {
  let names: readonly (string | undefined)[] = [undefined]
  const titles = new Map<ConversationId, Set<string>>()
  const seen = new Set<EntryId>()
  const looking = new Set<RunningEngine>()

  const isRunning = (engine: RunningEngine): boolean => person.isUp() && person.engine() === engine

  /** A command of the engine that runs now; `kept` is called where it was answered before that engine died. */
  async function command(run: (engine: RunningEngine) => Promise<unknown>, kept: () => void): Promise<void> {
    if (!person.isUp()) return
    const engine = person.engine()
    try {
      await run(engine)
      if (isRunning(engine)) kept()
    } catch {
      // The engine stopped: whether it was done, nobody was told.
    }
  }

  function seeAll(): void {
    for (const key of person.disk().tables.get('entries')?.keys() ?? []) seen.add(key.slice(-64) as EntryId)
  }

  return {
    setName: (name) => {
      names = [...names, name]
      // With each name goes another line about them.
      void command(
        (engine) => engine.setFace({ about: name, picture: new Uint8Array(0) }),
        () => {},
      )
      void command(
        (engine) => engine.setName({ name }),
        () => {
          names = names.slice(names.indexOf(name))
        },
      )
    },
    setTitle: (conversation, title) =>
      void command(
        (engine) => engine.setTitle({ conversation, title }),
        () => titles.set(conversation, (titles.get(conversation) ?? new Set()).add(title)),
      ),
    markRead: async (conversation) => {
      if (!person.isUp()) return
      const engine = person.engine()
      looking.add(engine)
      await command(
        () => engine.markRead({ conversation }),
        () => {
          seeAll()
          looking.delete(engine)
        },
      )
    },
    names: () => names,
    titlesOf: (conversation) => titles.get(conversation) ?? new Set(),
    mayHaveRead: (entry) => {
      // Where the answer was not heard, it may have been done all the same.
      if (looking.size > 0) seeAll()
      for (const engine of looking) if (!isRunning(engine)) looking.delete(engine)
      return seen.has(entry)
    },
  }
}

// A living message as a screen is shown it.

import { authorsOf, eventsOf } from '../../documents/living-events.ts'
import { itemsNow, noteNow, pollNow } from '../../documents/living-view.ts'
import { personOf } from '../watch/views.ts'
import type { AccountId } from '../../bytes/ids.ts'
import type { LivingDocument } from '../../documents/living.ts'
import type { Conversation } from '../../node/state.ts'
import type { LivingView } from '../../living-views.ts'
import type { PersonView } from '../../views.ts'

type Around = {
  readonly chat: Conversation
  readonly petnameOf: (account: AccountId) => string | undefined
  readonly without: ReadonlySet<AccountId>
  readonly now: number
}

export function livingViewOf(living: LivingDocument, { chat, petnameOf, without, now }: Around): LivingView {
  const person = (account: AccountId): PersonView => personOf(chat, account, petnameOf)
  const { form, author } = living
  const people = authorsOf(living).map(({ account, changes }) => ({ ...person(account), changes, isOut: without.has(account) }))
  const events = eventsOf(living, without).map(({ account, time, ...event }) => ({
    ...event,
    person: person(account),
    time: Math.min(time, now),
  }))
  const common = { title: form.title, isMine: author === chat.view.self, people, events }
  switch (form.kind) {
    case 'poll': {
      const { votes, closed } = pollNow(living, without)
      const options = form.options.map((text, at) => {
        const voters = [...(votes[at] ?? [])]
        return { text, isMine: voters.includes(chat.view.self), voters: voters.map(person) }
      })
      const all = new Set(votes.flatMap((voters) => [...voters]))
      return { ...common, kind: 'poll', isMultiple: form.isMultiple, isClosed: closed !== undefined, options, voters: all.size }
    }
    case 'checklist':
      return {
        ...common,
        kind: 'checklist',
        items: itemsNow(living, without).map(({ by, ...item }) => ({ ...item, ...(by === undefined ? {} : { by: person(by) }) })),
      }
    case 'note':
      return { ...common, kind: 'note', text: noteNow(living, without) }
  }
}

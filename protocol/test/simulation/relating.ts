// What a pair does to messages: to those of both they react and pin them; notes, which are held to no other promise, are edited and deleted too.

import type { ConversationId } from '../../src/bytes/ids.ts'
import type { ConversationView, MessageView } from '../../src/views.ts'
import type { RunningEngine } from '../../src/host/open-engine.ts'
import type { Person } from './person.ts'
import type { Waiting } from './promises.ts'
import type { Seeded } from './seeded.ts'

const EMOJI = ['👍', '❤️', '🇩🇪'] as const
const NOTE = 'note '

/** Somebody does something to one of the last messages, if they are there. What comes of it nobody waits for. */
export async function relate(
  person: Person,
  conversation: ConversationId,
  { luck, wait }: { readonly luck: Seeded; readonly wait: Waiting },
): Promise<void> {
  const view = person.isUp() ? await wait(person.look(conversation)) : undefined
  const texts = (view?.messages ?? []).flatMap((message) => (message.kind === 'text' ? [message] : [])).slice(-6)
  if (texts.length === 0 || !person.isUp()) return
  const message = one(texts, luck)
  const here = { conversation, message: message.id }
  const isNote = message.mine && message.text.startsWith(NOTE)
  const doings: readonly ((engine: RunningEngine) => Promise<unknown>)[] = [
    (engine) => engine.react({ ...here, emoji: one(EMOJI, luck), isSet: luck.chance(0.7) }),
    (engine) => engine.pin({ ...here, isSet: luck.chance(0.6) }),
    (engine) => (isNote ? engine.edit({ ...here, text: `${NOTE}${luck.whole(0, 1_000)}` }) : Promise.resolve()),
    (engine) => (isNote && luck.chance(0.4) ? engine.deleteMessage(here) : Promise.resolve()),
    (engine) =>
      engine.send({ conversation, text: `${NOTE}of ${person.name}`, ref: `${NOTE}${luck.whole(0, 1_000_000)}`, answers: message.id }),
  ]
  // An engine that dies meanwhile told nobody that it was done.
  void one(doings, luck)(person.engine()).catch(() => undefined)
}

const one = <T>(items: readonly T[], luck: Seeded): T => items[luck.whole(0, items.length - 1)] as T

/** What each sees differently of a message that both have. */
export function brokenRelations(hers: ConversationView, his: ConversationView): readonly string[] {
  const theirs = new Map(his.messages.map((message) => [message.id, plain(message)]))
  return hers.messages.flatMap((message) => {
    const [here, there] = [plain(message), theirs.get(message.id)]
    return there === undefined || here === there ? [] : [`a message is ${here} for her and ${there} for him`]
  })
}

function plain(message: MessageView): string {
  if (message.kind !== 'text') return message.kind
  const { text, isEdited = false, isPinned = false, reactions = [], answers } = message
  return JSON.stringify([text, isEdited, isPinned, reactions.map(({ emoji, count }) => [emoji, count]), answers?.id, answers?.kind])
}

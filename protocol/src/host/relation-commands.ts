// Commands that do something to a message: each looks at its line first, says what the reducer would not take, and writes nothing that is
// so already. What changes between the look and the entry is the reducer's matter.

import { isEmoji } from '../conversation/emoji.ts'
import { lineOf } from '../conversation/lines.ts'
import { isShown } from '../conversation/state.ts'
import { cleanText, isTooLong } from '../conversation/text.ts'
import type { ConversationId, EntryId } from '../bytes/ids.ts'
import type { MessageContent } from '../conversation/timeline-row.ts'
import type { Engine, RelationOutcome } from '../engine.ts'
import type { Store } from '../ports.ts'
import type { RelationContent } from '../wire/content.ts'
import type { Loop } from './loop.ts'

type Parts = { readonly store: Pick<Store, 'get'>; readonly loop: Pick<Loop, 'state' | 'ask'> }
type MessageRef = { readonly conversation: ConversationId; readonly message: EntryId }
type Reason = Extract<RelationOutcome, { kind: 'refused' }>['reason']

/** What is done to a message as it is: the content to write, nothing where it is so already, or why not. */
type ContentRule = (message: MessageContent & { readonly isMine: boolean }) => RelationContent | 'done' | Reason

export type RelationCommands = Pick<Engine, 'react' | 'edit' | 'pin' | 'deleteMessage'> & {
  /** Whether this is a message that can be answered. */
  readonly hasMessage: (named: MessageRef) => Promise<boolean>
}

export function createRelationCommands({ store, loop }: Parts): RelationCommands {
  async function messageOf({ conversation, message }: MessageRef): Promise<Parameters<ContentRule>[0] | undefined> {
    const view = loop.state().conversations.get(conversation)?.view
    const line = view && (await lineOf(store, conversation, message))
    if (view === undefined || line?.content.kind !== 'text' || !isShown(view, line.account)) return undefined
    return { ...line.content, isMine: line.account === view.self }
  }

  async function run(named: MessageRef, doing: ContentRule): Promise<RelationOutcome> {
    if (!loop.state().conversations.has(named.conversation)) return refused('unknown-conversation')
    const message = await messageOf(named)
    const content = message === undefined ? 'unknown-message' : doing(message)
    if (content === 'done') return { kind: 'saved' }
    if (typeof content === 'string') return refused(content)
    const answer = await loop.ask({ kind: 'relate', conversation: named.conversation, content })
    if (answer.kind !== 'refused') return { kind: 'saved' }
    return refused(answer.reason === 'closed' ? 'closed' : 'unknown-conversation')
  }

  return {
    hasMessage: async (named) => (await messageOf(named)) !== undefined,
    react: ({ emoji, isSet, ...named }) =>
      run(named, ({ related }) => {
        if (!isEmoji(emoji)) return 'not-an-emoji'
        const isSetNow = related?.reactions.some((reaction) => reaction.isMine && reaction.emoji === emoji) === true
        return isSetNow === isSet ? 'done' : { kind: 'reaction', target: named.message, emoji, isSet }
      }),
    edit: ({ text, ...named }) =>
      run(named, ({ isMine, text: before }) => {
        const clean = cleanText(text)
        if (!isMine) return 'not-yours'
        if (clean === '') return 'empty'
        if (isTooLong(clean)) return 'too-long'
        return clean === before ? 'done' : { kind: 'edit', target: named.message, text: clean }
      }),
    pin: ({ isSet, ...named }) =>
      run(named, ({ related }) => ((related?.pin?.isSet === true) === isSet ? 'done' : { kind: 'pin', target: named.message, isSet })),
    deleteMessage: (named) => run(named, ({ isMine }) => (isMine ? { kind: 'deletion', target: named.message } : 'not-yours')),
  }
}

const refused = (reason: Reason): RelationOutcome => ({ kind: 'refused', reason })

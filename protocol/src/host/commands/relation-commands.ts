// Commands that do something to a message, or look into it: each looks at its line first, says what the reducer would not take, and writes
// nothing that is so already. What changes between the look and the entry is the reducer's matter.

import { decode, tryDecode } from '../../bytes/codec.ts'
import { isEmoji } from '../../conversation/emoji.ts'
import { lineOf, stanceOf } from '../../conversation/lines.ts'
import { isShownIn } from '../../node/rest-looks.ts'
import { cleanText, isTooLong } from '../../conversation/text.ts'
import { entryKeyOf } from '../../log/lookups.ts'
import { keptKeyOf, storedBody } from '../../node/rows/stored-body.ts'
import { entryOfRow } from '../../node/rows/stored-entry.ts'
import { wordsToWrite } from '../../node/words.ts'
import type { ConversationId, EntryId } from '../../bytes/ids.ts'
import type { MessageContent, TimelineRow } from '../../conversation/timeline-row.ts'
import type { Engine, MessageVersion, RelationOutcome } from '../../engine.ts'
import type { Clock, Store } from '../../ports.ts'
import { content as contentCodec } from '../../wire/content.ts'
import type { RelationContent } from '../../wire/content.ts'
import type { Loop } from '../loop.ts'

type Parts = { readonly store: Pick<Store, 'get'>; readonly loop: Pick<Loop, 'state' | 'ask'>; readonly clock: Clock }
type MessageRef = { readonly conversation: ConversationId; readonly message: EntryId }
type Reason = Extract<RelationOutcome, { kind: 'refused' }>['reason']

/** What is done to a message as it is: the content to write, nothing where it is so already, or why not. */
type ContentRule = (message: MessageContent & { readonly isMine: boolean }) => RelationContent | 'done' | Reason
type Message = TimelineRow & { readonly content: MessageContent }

export type RelationCommands = Pick<Engine, 'react' | 'edit' | 'pin' | 'deleteMessage' | 'forgetMessage' | 'readHistory'> & {
  /** Whether this is a message that can be answered. */
  readonly hasMessage: (named: MessageRef) => Promise<boolean>
}

export function createRelationCommands({ store, loop, clock }: Parts): RelationCommands {
  async function shownLineOf({ conversation, message }: MessageRef): Promise<TimelineRow | undefined> {
    const { conversations, self } = loop.state()
    const chat = conversations.look(conversation)
    const line = chat && (await lineOf(store, conversation, message))
    return chat !== undefined && line !== undefined && isShownIn(chat, self.account, line.account) ? line : undefined
  }

  async function messageOf(named: MessageRef): Promise<Message | undefined> {
    const line = await shownLineOf(named)
    return line?.content.kind === 'text' ? (line as Message) : undefined
  }

  // The words of an edit go when its message would have gone.
  async function timeLeftTo(conversation: ConversationId, message: Message): Promise<number> {
    const row = await store.get('entries', entryKeyOf(conversation, message))
    const { ttl, time } = row === undefined ? { ttl: 0, time: 0 } : entryOfRow(row).header
    return Math.min(ttl, Math.max(1, Math.ceil(ttl - (clock() - time) / 1_000)))
  }

  async function run(named: MessageRef, doing: ContentRule): Promise<RelationOutcome> {
    if (!loop.state().conversations.has(named.conversation)) return refused('unknown-conversation')
    const message = await messageOf(named)
    if (message === undefined) return refused('unknown-message')
    const content = doing({ ...message.content, isMine: message.account === loop.state().self.account })
    if (content === 'done') return { kind: 'saved' }
    if (typeof content === 'string') return refused(content)
    const ttl = content.kind === 'edit' ? await timeLeftTo(named.conversation, message) : undefined
    const answer = await loop.ask({ kind: 'relate', conversation: named.conversation, content, ttl })
    if (answer.kind !== 'refused') return { kind: 'saved' }
    return refused(answer.reason === 'closed' ? 'closed' : 'unknown-conversation')
  }

  async function editAt(conversation: ConversationId, orderKey: string): Promise<MessageVersion | undefined> {
    const row = await store.get('bodies', keptKeyOf(conversation, { kind: 'edit', orderKey }))
    if (row === undefined) return undefined
    const { kept, ...place } = decode(storedBody, row)
    const entry = await store.get('entries', entryKeyOf(conversation, place))
    return entry && toVersion(kept.content, entryOfRow(entry).header.time)
  }

  const toVersion = (said: Uint8Array, time: number): MessageVersion | undefined => {
    const content = tryDecode(contentCodec, said)
    return content !== undefined && 'text' in content ? { text: cleanText(content.text), time: Math.min(time, clock()) } : undefined
  }

  async function readHistory(named: MessageRef): Promise<readonly MessageVersion[]> {
    const message = await messageOf(named)
    if (message === undefined) return []
    const { conversation } = named
    const own = await stanceOf(store, conversation, { target: message.id, account: message.account })
    const edits = await Promise.all((own?.edits ?? []).map((orderKey) => editAt(conversation, orderKey)))
    return [toVersion(message.content.kept.content, message.time), ...edits].filter((version) => version !== undefined)
  }

  async function forgetMessage(named: MessageRef): Promise<RelationOutcome> {
    const line = await shownLineOf(named)
    // What is left of a message that was deleted for everyone goes as well.
    if (line?.content.kind !== 'text' && line?.content.kind !== 'deleted') return refused('unknown-message')
    const { account, id: target, orderKey } = line
    await loop.ask({ kind: 'forget', conversation: named.conversation, account, target, orderKey })
    return { kind: 'saved' }
  }

  return {
    readHistory,
    forgetMessage,
    hasMessage: async (named) => (await messageOf(named)) !== undefined,
    react: ({ emoji, isSet, ...named }) =>
      run(named, ({ related }) => {
        if (!isEmoji(emoji)) return 'not-an-emoji'
        const isSetNow = related?.reactions.some((reaction) => reaction.isMine && reaction.emoji === emoji) === true
        return isSetNow === isSet ? 'done' : { kind: 'reaction', target: named.message, emoji, isSet }
      }),
    edit: ({ text, ...named }) =>
      run(named, ({ isMine, living, text: before, marked = before }) => {
        const clean = wordsToWrite(loop.state().conversations.awake.get(named.conversation), text)
        // It is changed by other means, and by everybody.
        if (living !== undefined) return 'unknown-message'
        if (!isMine) return 'not-yours'
        if (clean === '') return 'empty'
        if (isTooLong(clean)) return 'too-long'
        return clean === marked ? 'done' : { kind: 'edit', target: named.message, text: clean }
      }),
    pin: ({ isSet, ...named }) =>
      run(named, ({ related }) => ((related?.pin?.isSet === true) === isSet ? 'done' : { kind: 'pin', target: named.message, isSet })),
    deleteMessage: (named) => run(named, ({ isMine }) => (isMine ? { kind: 'deletion', target: named.message } : 'not-yours')),
  }
}

const refused = (reason: Reason): RelationOutcome => ({ kind: 'refused', reason })

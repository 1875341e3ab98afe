// Messages that are sent on: their words and files leave as new messages of one's own, sealed anew for those they go to. Nothing in them says where they
// were before.

import { lineOf } from '../../conversation/lines.ts'
import { CHUNKS_READ_MAX } from '../../attachments/limits.ts'
import { CHUNK_BYTES, FORWARDED_MAX, FORWARD_CHATS_MAX } from '../../limits.ts'
import { isShownIn } from '../../node/rest-looks.ts'
import { filedKey } from '../attachments/rows.ts'
import type { ConversationId, EntryId } from '../../bytes/ids.ts'
import type { MessageContent } from '../../conversation/timeline-row.ts'
import type { CommandInput, Commands, ForwardOutcome, NewFile } from '../../engine.ts'
import type { Store } from '../../ports.ts'
import type { Attachment } from '../../wire/attachment.ts'
import type { Loop } from '../loop.ts'

export type ForwardParts = {
  readonly store: Pick<Store, 'get'>
  readonly loop: Pick<Loop, 'state'>
  readonly send: Commands['send']
  readonly files: Pick<Commands, 'sendFiles' | 'readFile'>
}

type Forward = CommandInput<'forward'>
type Reason = Extract<ForwardOutcome, { kind: 'refused' }>['reason']
type Said = { readonly message: EntryId; readonly content: MessageContent }

export function createForward({ store, loop, send, files }: ForwardParts): (input: Forward) => Promise<ForwardOutcome> {
  async function saidIn(conversation: ConversationId, message: EntryId): Promise<Said | undefined> {
    const { conversations, self } = loop.state()
    const chat = conversations.look(conversation)
    const line = chat && (await lineOf(store, conversation, message))
    // What people change together is theirs, and goes on in its chat alone.
    if (chat === undefined || line?.content.kind !== 'text' || line.content.living !== undefined) return undefined
    return isShownIn(chat, self.account, line.account) ? { message, content: line.content } : undefined
  }

  const isHere = async (conversation: ConversationId, { message, content }: Said): Promise<boolean> => {
    const rows = (content.files ?? []).map((_, item) => store.get('state', filedKey({ conversation, message, item })))
    return (await Promise.all(rows)).every((row) => row !== undefined)
  }

  /** Nothing is sent before all of it is known to be here. */
  async function gather({ conversation, messages, to }: Forward): Promise<readonly Said[] | Reason> {
    const { conversations } = loop.state()
    if (messages.length > FORWARDED_MAX || to.length > FORWARD_CHATS_MAX) return 'too-many'
    if ([conversation, ...to].some((chat) => !conversations.has(chat))) return 'unknown-conversation'
    const found = await Promise.all(messages.map((message) => saidIn(conversation, message)))
    const all = found.filter((said) => said !== undefined)
    if (all.length === 0 || all.length < messages.length) return 'unknown-message'
    return (await Promise.all(all.map((said) => isHere(conversation, said)))).every(Boolean) ? all : 'not-here'
  }

  const fileFrom = (conversation: ConversationId, message: EntryId, item: number, attachment: Attachment): NewFile => {
    const { size, name, photo, voice, video } = attachment
    const read = async (from: number, to: number): Promise<ArrayBuffer> => {
      const outcome = await files.readFile({ conversation, message, item, from: from / CHUNK_BYTES, count: CHUNKS_READ_MAX })
      if (outcome.kind !== 'bytes') throw new Error(`a file that is sent on was not read: ${outcome.reason}`)
      // A photo is read whole.
      const { bytes } = outcome
      return (photo === undefined ? bytes.slice(0, to - from) : bytes.slice(from, to)).buffer
    }
    return { source: { size, slice: (from, to) => ({ arrayBuffer: () => read(from, to) }) }, name, photo, voice, video }
  }

  async function sendOn(input: Forward, { message, content }: Said, to: ConversationId): Promise<Reason | undefined> {
    const { conversation } = input
    const ref = `${input.ref}/${to}/${message}`
    const attachments = content.files ?? []
    const outcome =
      attachments.length === 0
        ? await send({ conversation: to, text: content.text, ref })
        : await files.sendFiles({
            conversation: to,
            text: content.text,
            ref,
            files: attachments.map((attachment, item) => fileFrom(conversation, message, item, attachment)),
          })
    return outcome.kind === 'refused' ? outcome.reason : undefined
  }

  return async (input) => {
    const all = await gather(input)
    if (typeof all === 'string') return { kind: 'refused', reason: all, sent: 0 }
    let sent = 0
    for (const to of input.to) {
      for (const said of all) {
        const reason = await sendOn(input, said, to)
        if (reason !== undefined) return { kind: 'refused', reason, sent }
        sent += 1
      }
    }
    return { kind: 'forwarded' }
  }
}

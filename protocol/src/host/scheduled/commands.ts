// Commands about messages with a date: writing one, listing those that wait, and taking one back.

import { decode, tryDecode } from '../../bytes/codec.ts'
import { entryIdOf } from '../../bytes/ids.ts'
import { openScheduled } from '../../conversation/scheduled.ts'
import { isMarked } from '../../conversation/text.ts'
import { wordsOf } from '../../conversation/timeline-row.ts'
import { petnameOf } from '../../documents/account.ts'
import { SCHEDULED_PER_CHAT_MAX } from '../../limits.ts'
import { mentionsIn } from '../../node/groups/mentions.ts'
import { leftIn, leftKey, mineIn, mineKey, mineRows } from '../../node/rows/scheduled-mine.ts'
import { keptKeyOf, storedBody } from '../../node/rows/stored-body.ts'
import { content as contentCodec } from '../../wire/content.ts'
import { recipientsOf } from './holding.ts'
import type { CommandInput, Commands, ScheduledView, ScheduleOutcome } from '../../engine.ts'
import type { ConversationId, EntryId } from '../../bytes/ids.ts'
import type { ScheduledSaid } from '../../conversation/scheduled.ts'
import type { Mine } from '../../node/rows/scheduled-mine.ts'
import type { Clock, Store } from '../../ports.ts'
import type { Once } from '../commands/once.ts'
import type { Documents } from '../documents/documents.ts'
import type { Loop } from '../loop.ts'

type Parts = {
  readonly store: Pick<Store, 'get' | 'read'>
  readonly loop: Pick<Loop, 'state' | 'ask'>
  readonly documents: Pick<Documents, 'account'>
  readonly once: Once['once']
  readonly clock: Clock
}

export function createScheduleCommands({
  store,
  loop,
  documents,
  once,
  clock,
}: Parts): Pick<Commands, 'schedule' | 'readScheduled' | 'unschedule'> {
  async function mineAt(conversation: ConversationId, message: EntryId): Promise<Mine | undefined> {
    const key = mineKey({ conversation, message })
    const value = await store.get('state', key)
    return value && mineIn({ key, value })
  }

  async function write({ conversation, text, due, ref, answers, ttl, instead }: CommandInput<'schedule'>): Promise<ScheduleOutcome> {
    if (!loop.state().conversations.has(conversation)) return refusedAs('unknown-conversation')
    const before = instead === undefined ? undefined : await mineAt(conversation, instead)
    if (instead !== undefined && before === undefined) return refusedAs('unknown-message')
    const waiting = before !== undefined || due === undefined ? [] : await store.read(mineRows(conversation))
    if (waiting.length >= SCHEDULED_PER_CHAT_MAX) return refusedAs('full')
    const act = { kind: 'write', text, answers, ttl, due, ref, instead: before } as const
    const answer = await loop.ask({ kind: 'scheduled', conversation, act })
    if (answer.kind === 'saved') return answer
    return refusedAs(REASONS.find((known) => answer.kind === 'refused' && known === answer.reason) ?? 'unknown-conversation')
  }

  async function viewOf(mine: Mine): Promise<ScheduledView | undefined> {
    const { conversation, message, due, key, orderKey } = mine
    const row = await store.get('bodies', keptKeyOf(conversation, { kind: 'scheduled', orderKey }))
    const content = row && tryDecode(contentCodec, decode(storedBody, row).kept.content)
    if (content?.kind !== 'scheduled' || content.act.kind !== 'sealed') return undefined
    const said = openScheduled({ conversation, device: loop.state().self.device.id, key }, content.act)?.content
    if (said === undefined) return undefined
    const left = new Set(leftIn(await store.get('state', leftKey(mine))).flatMap(({ mailbox, isHeld }) => (isHeld ? [mailbox] : [])))
    const recipients = recipientsOf(loop.state(), conversation, clock())
    const isLeft = recipients.length > 0 && recipients.every(({ grant }) => left.has(grant.mailbox))
    const answers = said.kind === 'reply' ? said.target : undefined
    return { message, due, ...shownIn(conversation, said), answers, left: isLeft }
  }

  /** As the message that it becomes is shown. Whoever writes it anew does not lose whom it mentions. */
  function shownIn(id: ConversationId, said: ScheduledSaid): Pick<ScheduledView, 'text' | 'mentions'> {
    const conversation = loop.state().conversations.awake.get(id)
    if (conversation?.group === undefined || !isMarked(said.text)) return { text: wordsOf(said) }
    return mentionsIn(conversation, said.text, (account) => petnameOf(documents.account(), account))
  }

  return {
    schedule: (input) =>
      once<ScheduleOutcome>(
        { ref: input.ref, command: { kind: 'send', conversation: input.conversation, text: input.text, answers: input.answers } },
        () => write(input),
        (bytes) => ({ kind: 'saved', message: entryIdOf(bytes) }),
      ),

    async readScheduled({ conversation }) {
      const rows = (await store.read(mineRows(conversation))).map(mineIn)
      if (rows.length === 0 || !loop.state().conversations.has(conversation)) return []
      await loop.ask({ kind: 'wake', conversation })
      const views = await Promise.all(rows.map(viewOf))
      return views.filter((view) => view !== undefined).toSorted((a, b) => a.due - b.due)
    },

    async unschedule({ conversation, message }) {
      const mine = await mineAt(conversation, message)
      if (mine === undefined) return refusedAs('unknown-message')
      await loop.ask({ kind: 'scheduled', conversation, act: { kind: 'take-back', mine } })
      return { kind: 'saved' }
    },
  }
}

const REASONS = ['empty', 'too-long', 'closed', 'past', 'too-far'] as const

const refusedAs = <Reason extends string>(reason: Reason): { readonly kind: 'refused'; readonly reason: Reason } => ({
  kind: 'refused',
  reason,
})

// Commands about living messages: making one, changing it, reading it, and leaving out what somebody did to it.

import { utf8ToBytes } from '../../bytes/bytes.ts'
import { cleanText } from '../../conversation/text.ts'
import { livingClientOf } from '../../documents/client.ts'
import { petnameOf } from '../../documents/account.ts'
import { leftOutOf, setLeftOut } from '../../documents/left-out.ts'
import { formOf } from '../../documents/living-form.ts'
import { updateFor } from '../../documents/living-write.ts'
import { entryIdOf } from '../../bytes/ids.ts'
import { LIVING_BYTES_MAX } from '../../limits.ts'
import { createLivingKeeper } from './keeper.ts'
import { livingViewOf } from './view.ts'
import type { Commands, DraftPlace, LivingOutcome, SendOutcome } from '../../engine.ts'
import type { Clock, Store } from '../../ports.ts'
import type { Once } from '../commands/once.ts'
import type { Documents } from '../documents/documents.ts'
import type { Loop } from '../loop.ts'

type Parts = {
  readonly store: Pick<Store, 'get' | 'read'>
  readonly loop: Pick<Loop, 'state' | 'ask'>
  readonly documents: Pick<Documents, 'account'>
  readonly clock: Clock
  readonly once: Once['once']
  readonly log: (line: string) => void
}
type SaveAccount = (change: Parameters<Documents['saveAccount']>[0], of: DraftPlace) => Promise<void>

export function createLivingCommands(
  parts: Parts,
  saveAccount: SaveAccount,
): Pick<Commands, 'makeLiving' | 'changeLiving' | 'readLiving' | 'leaveOut'> {
  const { loop, documents, clock, once } = parts
  const { withLiving } = createLivingKeeper(parts)

  return {
    makeLiving: ({ conversation, form, text: written, ref }) => {
      const text = cleanText(written)
      return once<SendOutcome>(
        { ref, command: { kind: 'send', conversation, text, answers: undefined } },
        async () => {
          const said = formOf({ form, words: text })
          if (said === undefined || said.title === '' || (said.kind === 'poll' && said.options.length < 2)) return refusedAs('empty')
          if (utf8ToBytes(text).length > LIVING_BYTES_MAX) return refusedAs('too-long')
          const answer = await loop.ask({ kind: 'send', conversation, text, ref, form })
          if (answer.kind === 'saved') return answer
          return refusedAs(answer.kind === 'refused' && answer.reason === 'closed' ? 'closed' : 'unknown-conversation')
        },
        (bytes) => ({ kind: 'saved', message: entryIdOf(bytes) }),
      )
    },

    async changeLiving({ act, ...ref }) {
      const { self } = loop.state()
      const actor = { account: self.account, client: livingClientOf(self.device.id, ref.conversation), time: clock() }
      const outcome = await withLiving(ref, async (living): Promise<LivingOutcome> => {
        const update = updateFor(living, act, actor)
        if (update === 'done') return { kind: 'saved' }
        if (typeof update === 'string') return { kind: 'refused', reason: update }
        const answer = await loop.ask({
          kind: 'relate',
          conversation: ref.conversation,
          content: { kind: 'change', target: ref.message, update },
        })
        if (answer.kind !== 'refused') return { kind: 'saved' }
        return { kind: 'refused', reason: answer.reason === 'closed' ? 'closed' : 'unknown-conversation' }
      })
      return outcome ?? { kind: 'refused', reason: 'unknown-message' }
    },

    readLiving: async (ref) => ({
      living: await withLiving(ref, (living, chat) => {
        const account = documents.account()
        const without = leftOutOf(account, ref.conversation, ref.message)
        return livingViewOf(living, { chat, without, now: clock(), petnameOf: (one) => petnameOf(account, one) })
      }),
    }),

    leaveOut: ({ conversation, message, account: person, isOut }) =>
      saveAccount((account) => {
        const people = new Set(leftOutOf(account, conversation, message))
        if (isOut) people.add(person)
        else people.delete(person)
        return loop.state().conversations.has(conversation) ? setLeftOut(account, { conversation, message, people }) : undefined
      }, conversation),
  }
}

const refusedAs = (reason: Extract<SendOutcome, { kind: 'refused' }>['reason']): SendOutcome => ({ kind: 'refused', reason })

// Erases the messages of a chat from this device, as if each of them was deleted here: with its words, its edits, its files and what finds it. The chat
// stays. What comes while this goes on is not part of it.

import { decode } from '../../bytes/codec.ts'
import { timelineRow } from '../../conversation/timeline-row.ts'
import { setDraft } from '../../documents/account.ts'
import { changeDocument } from '../../documents/document.ts'
import { starsOf, takeStar } from '../../documents/stars.ts'
import { ROWS_PER_READ_MAX } from '../../limits.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { TimelineRow } from '../../conversation/timeline-row.ts'
import type { Commands, DraftPlace } from '../../engine.ts'
import type { Store } from '../../ports.ts'
import type { Documents } from '../documents/documents.ts'
import type { Loop } from '../loop.ts'

/** Of a message that was deleted for everyone there is still the line that says so. */
const GOING: ReadonlySet<TimelineRow['content']['kind']> = new Set(['text', 'unreadable', 'deleted'])

type Parts = {
  readonly store: Pick<Store, 'read'>
  readonly loop: Pick<Loop, 'state' | 'ask'>
  readonly documents: Pick<Documents, 'tidyAccount'>
}

export function createHistoryCommands(
  { store, loop, documents }: Parts,
  saveAccount: (change: Parameters<Documents['saveAccount']>[0], of?: DraftPlace) => Promise<void>,
): Pick<Commands, 'clearHistory'> {
  const forgetLines = (conversation: ConversationId, lines: readonly TimelineRow[]): Promise<unknown> =>
    Promise.all(
      lines
        .filter(({ content }) => GOING.has(content.kind))
        .map(({ account, id: target, orderKey }) => loop.ask({ kind: 'forget', conversation, account, target, orderKey })),
    )

  return {
    async clearHistory({ conversation }) {
      if (!loop.state().conversations.has(conversation)) return
      await saveAccount((account) => setDraft(account, conversation, undefined), conversation)
      // Other own devices, which have the same stars, still have the messages.
      if (loop.state().self.list.devices.length === 1)
        await saveAccount(
          (account) =>
            changeDocument(account, () => {
              for (const star of starsOf(account)) if (star.conversation === conversation) takeStar(account, star.message)
            }),
          conversation,
        )
      const all = { table: 'timeline', from: `${conversation}/`, to: `${conversation}/~` } as const
      const [last] = await store.read({ ...all, order: 'descending', limit: 1 })
      for (let from: string = all.from; last !== undefined && from <= last.key;) {
        const rows = await store.read({ ...all, from, to: `${last.key}\0`, limit: ROWS_PER_READ_MAX })
        await forgetLines(
          conversation,
          rows.map(({ value }) => decode(timelineRow, value)),
        )
        const end = rows.at(-1)
        if (end === undefined) break
        from = `${end.key}\0`
      }
      await documents.tidyAccount()
    },
  }
}

// Where one stream's device is to be woken: it holds for the mailboxes that the stream has opened, and for those that it opens later
// (docs/protocol.md §8.5). Nobody registers for a mailbox whose read key they did not prove.

import { DONE, refused } from './ports.ts'
import type { MailboxId, RelayRequestOf } from '@kith/protocol'
import type { Outcome, Ports } from './ports.ts'
import type { PushWindow } from './push.ts'

type Stream = { readonly opened: ReadonlySet<MailboxId>; readonly window: PushWindow; readonly isOwned: (mailbox: MailboxId) => boolean }

export function createRegistrations({ storage, wakeUps }: Ports, { opened, window, isOwned }: Stream) {
  let push: Uint8Array | undefined
  let isWatching = false
  // One look at a time, however much is pushed.
  window.onCalled = () => {
    if (isWatching || push === undefined) return
    isWatching = true
    const before = window.acknowledgements
    wakeUps?.watch(() => {
      isWatching = false
      return window.acknowledgements === before ? window.unread().filter(isOwned) : []
    })
  }
  return {
    key: async (): Promise<Outcome> => (wakeUps ? { answer: { kind: 'push-key', key: wakeUps.publicKey } } : refused('unknown')),
    async register({ subscription }: RelayRequestOf<'register-push'>): Promise<Outcome> {
      const judged = wakeUps?.judge(subscription) ?? 'unknown'
      if (typeof judged === 'string') return refused(judged)
      await storage.setPush({ mailboxes: [...opened], push: judged })
      push = judged
      return DONE
    },
    async forget(): Promise<Outcome> {
      push = undefined
      await storage.setPush({ mailboxes: [...opened], push: undefined })
      return DONE
    },
    async test(): Promise<Outcome> {
      if (push === undefined || !wakeUps) return refused('unknown')
      wakeUps.test(push, [...opened])
      return DONE
    },
    /** The stream has opened these as well. */
    async opened(mailboxes: readonly MailboxId[]): Promise<void> {
      if (push !== undefined && mailboxes.length > 0) await storage.setPush({ mailboxes, push })
    },
  }
}

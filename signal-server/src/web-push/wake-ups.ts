// Which devices are woken, and when: what is stored in mailboxes that nobody listens to is gathered for a moment, then each device whose mailboxes still
// hold something is woken once (docs/protocol.md §8.5).

import { createHash } from 'node:crypto'
import { decode, encode, pushSubscription } from '@kith/protocol'
import { PUSH_GATHER_MS, PUSH_MAILBOXES_MAX, PUSH_UNREAD_MS } from '../limits.ts'
import { testTextFor, textFor } from './text.ts'
import { judgeSubscription } from './subscription.ts'
import type { MailboxId, PushSubscription } from '@kith/protocol'
import type { Storage } from '../storage/storage.ts'
import type { PushPlaces } from './subscription.ts'
import type { Sender } from './sender.ts'

export type WakeUpParts = {
  readonly storage: Pick<Storage, 'pushesOf' | 'setPush'>
  readonly sender: Sender
  /** The VAPID key with which pages subscribe. */
  readonly publicKey: Uint8Array
  readonly places: PushPlaces
  /** Where the page is, e.g. `https://chat.example.org`. */
  readonly pageUrl: string
  readonly later: (ms: number, work: () => void) => void
  readonly report: (error: unknown) => void
}
export type WakeUps = {
  readonly publicKey: Uint8Array
  /** As it is kept, or why not. */
  judge(subscription: PushSubscription): Uint8Array | 'malformed' | 'denied'
  /** Something was stored in these, and nobody here listens to them. */
  stored(mailboxes: readonly MailboxId[]): void
  /** Something was pushed over a connection behind which the device may be asleep: `unread` is asked after a while what it has not acknowledged. */
  watch(unread: () => readonly MailboxId[]): void
  /** One push at once, as far as the device was not woken just now. */
  test(push: Uint8Array, mailboxes: readonly MailboxId[]): void
}

export function createWakeUps({ storage, sender, publicKey, places, pageUrl, later, report }: WakeUpParts): WakeUps {
  const texts = { news: textFor(pageUrl), test: testTextFor(pageUrl) }
  let gathered = new Set<MailboxId>()
  const wake = (push: Uint8Array, mailboxes: readonly MailboxId[], what: 'news' | 'test'): void => {
    const onGone = (): void => void storage.setPush({ mailboxes, push: undefined, was: push }).catch(report)
    const name = `${what} ${createHash('sha256').update(push).digest('base64')}`
    sender.wake({ name, subscription: decode(pushSubscription, push), text: texts[what], onGone })
  }
  const look = async (): Promise<void> => {
    const mailboxes = [...gathered]
    gathered = new Set()
    const pushes = await storage.pushesOf({ mailboxes })
    const devices = new Map<string, { readonly push: Uint8Array; readonly mailboxes: MailboxId[] }>()
    for (const [at, push] of pushes.entries()) {
      if (push === undefined) continue
      const name = Buffer.from(push).toString('base64')
      const device = devices.get(name) ?? { push, mailboxes: [] }
      device.mailboxes.push(mailboxes[at] as MailboxId)
      devices.set(name, device)
    }
    for (const device of devices.values()) wake(device.push, device.mailboxes, 'news')
  }
  const stored = (mailboxes: readonly MailboxId[]): void => {
    const isFirst = gathered.size === 0
    // With more, some devices find what waits when they come.
    for (const mailbox of mailboxes) if (gathered.size < PUSH_MAILBOXES_MAX) gathered.add(mailbox)
    if (isFirst && gathered.size > 0) later(PUSH_GATHER_MS, () => void look().catch(report))
  }
  return {
    publicKey,
    judge: (subscription) => judgeSubscription(subscription, places) ?? encode(pushSubscription, subscription),
    stored,
    watch: (unread) => later(PUSH_UNREAD_MS, () => stored(unread())),
    test: (push, mailboxes) => wake(push, mailboxes, 'test'),
  }
}

// What happens by itself: receipts after each batch of input, and the slow clockwork of prekeys.

import { receiptDue } from '../conversation/view.ts'
import { addOneTime, oneTimeLeft, rotatePrekeys } from '../session/prekeys.ts'
import { write } from './author.ts'
import { isSpoken } from './reach.ts'
import type { Draft } from './draft.ts'
import type { InputOf } from './input.ts'

/** One-time prekeys that are ready to be handed out; making one takes some milliseconds, so few at a time. */
const ONE_TIME_READY = 8
const ONE_TIME_PER_TICK = 2

/** Writes the receipts that are due: one entry per conversation, whatever came in since. Only what has changed can owe one. */
export function settle(draft: Draft, { since }: InputOf<'settle'>): void {
  const { self, conversations } = draft.state
  const reading = self.readReceipts ? 'told' : 'kept'
  const before = since?.self === self ? since.conversations : undefined
  if (before === conversations) return
  for (const conversation of conversations.values()) {
    if (before?.get(conversation.id) === conversation) continue
    const receipt = isSpoken(conversation) ? receiptDue(conversation.view, reading) : undefined
    if (receipt !== undefined) write(draft, conversation.id, receipt)
  }
}

/** Called about once a second while the node runs. */
export function tick(draft: Draft): void {
  const { env, state } = draft
  const { device } = state.self
  let prekeys = rotatePrekeys(state.prekeys, { device, now: env.now, random: env.random })
  const missing = Math.min(ONE_TIME_PER_TICK, ONE_TIME_READY - oneTimeLeft(prekeys))
  if (missing > 0) prekeys = addOneTime(prekeys, { device, random: env.random, count: missing })
  if (prekeys !== state.prekeys) draft.state = { ...state, prekeys }
}

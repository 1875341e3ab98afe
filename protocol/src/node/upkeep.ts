// What happens by itself: receipts after each batch of input, and the slow clockwork of prekeys.

import { receiptDue } from '../conversation/view.ts'
import { addOneTime, datePrekeys, oneTimeLeft, rotatePrekeys } from '../session/prekeys.ts'
import { write } from './author.ts'
import { relayTime } from './clocks.ts'
import { depositPostponed } from './mailboxes.ts'
import { forgetRemovals } from './remove.ts'
import { isSpoken } from './state.ts'
import type { Draft } from './draft.ts'
import type { InputOf } from './input.ts'

/** One-time prekeys that are ready to be handed out. Making one takes some milliseconds, so one at a time; few are needed at once. */
const ONE_TIME_READY = 4

/** Writes the receipts that are due: one entry per conversation, whatever came in since. Only what has changed can owe one. */
export function settle(draft: Draft, { since }: InputOf<'settle'>): void {
  const { self, conversations } = draft.state
  const reading = self.readReceipts ? 'told' : 'kept'
  const changed = since?.self === self ? conversations.changedSince(since.conversations) : [...conversations.keys()]
  for (const id of changed) {
    const conversation = conversations.get(id)
    if (conversation === undefined) continue
    // While own entries are known to be elsewhere, a receipt would take a place that is taken.
    const isWaiting = conversation.missing?.upTo.has(self.device.id) === true
    const receipt = isSpoken(conversation) && !isWaiting ? receiptDue(conversation.view, reading) : undefined
    if (receipt !== undefined) write(draft, conversation.id, receipt)
  }
}

/** Called about once a second while the node runs. */
export function tick(draft: Draft): void {
  const { env, state } = draft
  const { device } = state.self
  let prekeys = rotatePrekeys(state.prekeys, { device, now: env.now, random: env.random })
  const time = relayTime(state, env.now)
  if (time !== undefined) prekeys = datePrekeys(prekeys, { device, ahead: time - env.now })
  if (oneTimeLeft(prekeys) < ONE_TIME_READY) prekeys = addOneTime(prekeys, { device, random: env.random, count: 1 })
  if (prekeys !== state.prekeys) draft.state = { ...state, prekeys }
  depositPostponed(draft)
  forgetRemovals(draft)
}

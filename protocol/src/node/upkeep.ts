// What happens by itself: the slow clockwork of prekeys, and what had to wait.

import { addOneTime, datePrekeys, oneTimeLeft, rotatePrekeys } from '../session/prekeys.ts'
import { LIST_RENEWED_MS } from '../limits.ts'
import { relayTime } from './clocks.ts'
import { forgetRemovals } from './remove.ts'
import { isTakenOut } from './members.ts'
import { laterPart } from './part.ts'
import { isPaired } from './rest-looks.ts'
import { forgetTerms } from './terms/terms.ts'
import type { Draft } from './draft.ts'

/** One-time prekeys that are ready to be handed out. Making one takes some milliseconds, so one at a time; few are needed at once. */
const ONE_TIME_READY = 4

/** Called about once a second while the node runs. */
export function tick(draft: Draft): void {
  if ((draft.state.circle?.untold.length ?? 0) > 0) laterPart().tellLists(draft)
  const splits = [...(draft.state.terms.alarms?.splits.values() ?? [])]
  if (splits.some(({ untold }) => untold.length > 0)) laterPart().tellSplits(draft)
  if (draft.state.self.face?.told !== undefined) laterPart().tellFace(draft)
  if (isListDue(draft)) laterPart().renewList(draft)
  const { env, state } = draft
  const { device } = state.self
  let prekeys = rotatePrekeys(state.prekeys, { device, now: env.now, random: env.random })
  const time = relayTime(state, env.now)
  if (time !== undefined) prekeys = datePrekeys(prekeys, { device, ahead: time - env.now })
  if (oneTimeLeft(prekeys) < ONE_TIME_READY) prekeys = addOneTime(prekeys, { device, random: env.random, count: 1 })
  if (prekeys !== state.prekeys) draft.state = { ...state, prekeys }
  if (state.net.postponed.size > 0) laterPart().depositPostponed(draft)
  if (state.net.relays.size > 0) laterPart().lookAfterRelays(draft)
  forgetRemovals(draft)
  forgetTerms(draft)
}

// Where nobody is to hear of it there is no hurry, and where no relay is, nobody does. A device that was taken out has no say in it.
const isListDue = ({ state, env: { now } }: Draft): boolean =>
  now - state.self.list.issued >= LIST_RENEWED_MS &&
  relayTime(state, now) !== undefined &&
  !isTakenOut(state) &&
  [...state.peers.looks()].some(isPaired)

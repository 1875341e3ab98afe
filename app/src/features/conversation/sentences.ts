// Which sentence a conversation's state deserves. The words themselves are in words.ts.

import type { AppView, ConversationView, WaitReason } from '@kith/protocol'
import { toPersonName } from '../people/index.ts'
import type { Presence } from '../presence/index.ts'
import { toDuration, toMoment, toSince } from '../time/index.ts'
import { fill, words } from '../words.ts'
import type { LineMessage, SystemMessage } from './timeline.ts'

/** A sentence with the name that belongs into it; where nobody has given one, the sentence does without. */
export type Sentence = { readonly text: string; readonly name: string }

/** Where they are comes first: a title is long, and what is cut off at the end is the title. */
export const toSubtitle = (view: ConversationView, now: number, peer?: Presence): Sentence => {
  const { phase } = view.summary
  const name = view.title ?? ''
  if (view.summary.isBlocked === true) return { text: words.list.blocked, name }
  if (phase === 'inviting' && view.summary.asked !== undefined && !isOver(view)) return { text: words.list.notAccepted, name }
  if (phase === 'inviting') return { text: isOver(view) ? words.chat.linkOver : words.chat.nobodyYet, name }
  if (phase === 'joining') return { text: view.isTooLate === true ? words.chat.notDelivered : words.chat.notSeen, name }
  if (phase === 'invited' && view.isTooLate === true)
    return { text: view.lateReason === 'claimed' ? words.chat.openedElsewhere : words.chat.linkOver, name }
  const here = phase === 'invited' || peer === undefined ? undefined : toPresence(peer, now)
  if (name === '') return { text: here ?? words.chat.justTwo, name }
  return { text: here === undefined ? '{name}' : fill(words.chat.hereIn, { here }), name }
}

const toPresence = ({ isHere, seen }: Presence, now: number): string | undefined => {
  if (isHere) return words.chat.here
  return seen === undefined ? undefined : fill(words.chat.lastHere, { time: toMoment(seen, now) })
}

const isOver = ({ invite }: ConversationView): boolean => invite?.state === 'expired' || invite?.state === 'revoked'

/**
 * What the line below a stuck message says. The engine speaks of the oldest one; a later one that has not even left this device waits for
 * more. Without a network it is said at once, everything else after the engine's patience.
 */
export const toWaitReason = (view: ConversationView, app: AppView | undefined): WaitReason | undefined => {
  const unsent = oldestUnsent(view) !== undefined
  if (unsent && app?.network === 'offline') return 'no-network'
  if (view.waiting?.reason !== 'peer-away') return view.waiting?.reason
  // Whoever is connected directly is not away; what they have not confirmed yet is on its way. In a group that is one of several.
  if (view.route === 'direct' && view.summary.kind === 'pair') return undefined
  return unsent && app?.relay?.state === 'away' ? 'relay-away' : 'peer-away'
}

const oldestUnsent = ({ messages }: ConversationView) =>
  messages.find((message) => message.kind === 'text' && message.mine && message.state === 'saved')

/** The line below messages that wait, with the worst first: a link that is over lets nothing through any more. */
export const toWaitLine = (
  view: ConversationView,
  app: AppView | undefined,
  name: string | undefined,
  now: number,
): Sentence | undefined => {
  if (view.isTooLate === true) {
    const sentences = name === undefined ? words.chat.lateNobody : words.chat.late
    return { text: sentences[view.lateReason ?? 'unknown'], name: name ?? '' }
  }
  const reason = toWaitReason(view, app)
  if (reason === undefined) return undefined
  const since = (reason.endsWith('relay-away') ? oldestUnsent(view)?.time : undefined) ?? view.waiting?.since
  return toWaitSentence(reason, since, name, now)
}

export const toWaitSentence = (reason: WaitReason, since: number | undefined, name: string | undefined, now: number): Sentence => {
  const sentence = reason === 'peer-away' && name === undefined ? words.wait['peer-away-nobody'] : words.wait[reason]
  return { text: fill(sentence, { time: since === undefined ? words.time.now : toSince(since, now) }), name: name ?? '' }
}

export const toLineSentence = (message: Exclude<LineMessage, { kind: 'members' }>, peerName: string): Sentence => {
  if (message.kind === 'system') return toSystemSentence(message, peerName)
  const name = message.author === undefined ? peerName : toPersonName(message.author)
  return { text: message.kind === 'deleted' ? words.system.deleted : unreadableWords(message), name }
}

const unreadableWords = ({ why, mine }: Extract<LineMessage, { kind: 'unreadable' }>): string => {
  if (why === 'newer') return words.system.newer
  return mine ? words.system.brokenMine : words.system.broken
}

const toSystemSentence = (message: SystemMessage, peerName: string): Sentence => {
  const { event, mine, name } = message
  switch (event) {
    case 'created':
      return { text: mine ? words.system.created : words.system.createdByThem, name: peerName }
    case 'joined':
      return { text: mine ? words.system.joinedMine : words.system.joined, name: name ?? peerName }
    case 'named':
      return { text: mine ? words.system.namedMine : words.system.named, name: name ?? peerName }
    case 'device-added':
    case 'device-removed':
      return { text: '', name: '' }
    case 'timed':
      return toTimedSentence(message, peerName)
    case 'titled':
      return name === undefined || name === '' ? { text: words.system.untitled, name: '' } : { text: words.system.titled, name }
  }
}

/** Whoever set it: in a group its author, as anywhere else by the name that they have here. */
const toTimedSentence = ({ mine, author, seconds = 0 }: SystemMessage, peerName: string): Sentence => {
  const name = author === undefined ? peerName : toPersonName(author)
  if (seconds === 0) return { text: mine ? words.system.untimedMine : words.system.untimed, name }
  return { text: fill(mine ? words.system.timedMine : words.system.timed, { time: toDuration(seconds) }), name }
}

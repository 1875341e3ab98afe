// The new device of a linking: it answers the code, shows the digits, and takes the account when they were compared on the old one.

import { struct } from '../../bytes/codec.ts'
import { LINK_CODE_MS_MAX } from '../../limits.ts'
import { createAnswer, digitsOf, isCommittedTo, linkAnswer, offerStage, openHandover } from '../../linking/exchange.ts'
import { parseLinkCode } from '../../linking/link-code.ts'
import { hasPassed } from '../../node/moment.ts'
import { isUntouched } from '../../node/remove.ts'
import { openPlace } from './places.ts'
import { LOOK_MS } from './run.ts'
import type { AnswerSecrets, OfferStage } from '../../linking/exchange.ts'
import type { LinkingFailure } from '../../views.ts'
import type { LinkPlace } from './places.ts'
import type { LinkRun } from './run.ts'

export async function runNewEnd(run: LinkRun, text: string, name: string): Promise<LinkingFailure | 'done'> {
  const code = parseLinkCode(text)
  if (code === undefined) return 'malformed'
  run.show({ kind: 'opening' })
  await forgetUntouched(run)
  if (run.loop.state().conversations.size > 0) return 'in-use'
  run.loop.push({ kind: 'visit', relay: code.relay })
  try {
    return await answerTo(run, openPlace(run, code), name)
  } finally {
    run.loop.push({ kind: 'leave', relay: code.relay })
  }
}

// Invites that nobody has seen are not missed.
async function forgetUntouched({ loop }: LinkRun): Promise<void> {
  for (const conversation of [...loop.state().conversations.awake.values()].filter(isUntouched))
    await loop.ask({ kind: 'remove', conversation: conversation.id, when: 'unanswered' })
}

async function answerTo(run: LinkRun, place: LinkPlace, name: string): Promise<LinkingFailure | 'done'> {
  const found = await place.find('offer', offerStage)
  if (found.kind !== 'said') return found.kind === 'silent' ? 'unreachable' : found.kind
  // Another device has answered already.
  if (found.said.kind !== 'committed') return spoil(place)
  const { commitment } = found.said
  const secrets = createAnswer(run.loop.state().self.device, name, run.random)
  const put = await place.put('answer', linkAnswer, secrets.answer)
  if (put !== 'put') return put === 'taken' ? spoil(place) : 'unreachable'
  return untilHanded(run, { place, commitment, secrets })
}

/** Two have the code, and nobody can tell which of them was meant: the old device is told, and takes neither. */
async function spoil(place: LinkPlace): Promise<LinkingFailure> {
  await place.put('spoiled', struct({}), {})
  return 'scanned-twice'
}

type Answered = { readonly place: LinkPlace; readonly commitment: Uint8Array; readonly secrets: AnswerSecrets }
type Revealed = Exclude<OfferStage, { kind: 'committed' }>

async function untilHanded(run: LinkRun, { place, commitment, secrets }: Answered): Promise<LinkingFailure | 'done'> {
  const since = run.clock()
  let shown: Revealed['offer'] | undefined
  for (;;) {
    if (run.isStopped() || hasPassed({ since, ms: LINK_CODE_MS_MAX }, run.clock())) return 'over'
    const found = await place.find('offer', offerStage)
    if (found.kind === 'over' || found.kind === 'not-authentic') return found.kind
    if (found.kind === 'said' && found.said.kind !== 'committed') {
      const { offer } = found.said
      if (!isCommittedTo(commitment, offer)) return 'not-authentic'
      if (shown === undefined) run.show({ kind: 'comparing', side: 'new', digits: digitsOf({ commitment, offer, answer: secrets.answer }) })
      shown = offer
      if (found.said.kind === 'confirmed') return take(run, openHandover({ commitment, offer, ...secrets }, found.said))
    }
    await run.pause(LOOK_MS)
  }
}

async function take(run: LinkRun, handover: Uint8Array | undefined): Promise<LinkingFailure | 'done'> {
  if (handover === undefined) return 'not-authentic'
  run.show({ kind: 'finishing', side: 'new' })
  const outcome = await run.loop.ask({ kind: 'join-account', handover })
  if (outcome.kind === 'done') return 'done'
  return outcome.kind === 'refused' && outcome.reason === 'in-use' ? 'in-use' : 'not-authentic'
}

// The old device of a linking: it shows the code, waits for the answer, shows the digits, and hands the account over when they were compared.

import { LINK_CODE_MS_MAX } from '../../limits.ts'
import { commitmentTo, createOffer, digitsOf, isUsable, linkAnswer, offerStage, sealHandover } from '../../linking/exchange.ts'
import { LINK_SECRET_BYTES, linkCodeText } from '../../linking/link-code.ts'
import { homeNow } from '../../node/mailboxes/own.ts'
import { isPaired } from '../../node/rest-looks.ts'
import { devicePublicFromKeys } from '../../identity/device.ts'
import { hasPassed } from '../../node/moment.ts'
import { openPlace } from './places.ts'
import { LOOK_MS } from './run.ts'
import { struct } from '../../bytes/codec.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { LinkAnswer, OfferSecrets } from '../../linking/exchange.ts'
import type { LinkingFailure } from '../../views.ts'
import type { LinkPlace } from './places.ts'
import type { LinkRun } from './run.ts'

/** There is nothing to say. */
const spoiledMark = struct({})

/** Resolves when it has ended, well or not. */
export async function runOldEnd(run: LinkRun, ownName: string): Promise<LinkingFailure | 'done'> {
  const { self } = run.loop.state()
  const home = homeNow(run.loop.state())
  if (home === undefined) return 'no-relay-yet'
  const code = { relay: home, secret: run.random(LINK_SECRET_BYTES) }
  const since = run.clock()
  const isOver = (): boolean => run.isStopped() || hasPassed({ since, ms: LINK_CODE_MS_MAX }, run.clock())
  const place = openPlace(run, code)
  const secrets = createOffer(self.account, run.random)
  const commitment = commitmentTo(secrets.offer)
  if ((await place.put('offer', offerStage, { kind: 'committed', commitment })) !== 'put') return 'unreachable'
  run.show({ kind: 'showing', code: linkCodeText(code), expires: since + LINK_CODE_MS_MAX })
  try {
    const answer = await untilAnswered(run, place, isOver)
    if (typeof answer === 'string') return answer
    return await compare(run, { place, secrets, commitment, answer, ownName, isOver })
  } finally {
    await place.end('offer')
  }
}

async function untilAnswered(run: LinkRun, place: LinkPlace, isOver: () => boolean): Promise<LinkAnswer | LinkingFailure> {
  for (;;) {
    if (isOver()) return 'over'
    const found = await place.find('answer', linkAnswer)
    if (found.kind === 'said' && isUsable(found.said)) return found.said
    if (found.kind === 'said' || found.kind === 'not-authentic') return 'not-authentic'
    if (await isSpoiled(place)) return 'scanned-twice'
    await run.pause(LOOK_MS)
  }
}

const isSpoiled = async (place: LinkPlace): Promise<boolean> => (await place.find('spoiled', spoiledMark)).kind === 'said'

type Compared = {
  readonly place: LinkPlace
  readonly secrets: OfferSecrets
  readonly commitment: Uint8Array
  readonly answer: LinkAnswer
  readonly ownName: string
  readonly isOver: () => boolean
}

async function compare(run: LinkRun, { place, secrets, commitment, answer, ownName, isOver }: Compared): Promise<LinkingFailure | 'done'> {
  const { offer, secret } = secrets
  if ((await place.put('offer', offerStage, { kind: 'revealed', offer })) !== 'put') return 'unreachable'
  const seen = { commitment, offer, answer }
  run.show({ kind: 'comparing', side: 'old', digits: digitsOf(seen), name: answer.name })
  while (!run.isConfirmed()) {
    if (isOver()) return 'over'
    if (await isSpoiled(place)) return 'scanned-twice'
    await run.pause(LOOK_MS)
  }
  // Of two who have the code, one may have come while the digits were looked at.
  if (await isSpoiled(place)) return 'scanned-twice'
  run.show({ kind: 'finishing', side: 'old' })
  const outcome = await run.loop.ask({ kind: 'link-device', keys: answer.device, name: answer.name, ownName })
  if (outcome.kind !== 'handover') return outcome.kind === 'refused' && outcome.reason === 'too-many' ? 'too-many' : 'not-authentic'
  const stage = sealHandover({ ...seen, secret }, outcome.handover, run.random)
  if (stage === undefined) return 'not-authentic'
  while ((await place.put('offer', offerStage, stage)) !== 'put') if (isOver()) return 'unreachable'
  const { id } = devicePublicFromKeys(answer.device)
  while (!hasComeIn(run, id)) {
    if (isOver()) return 'over'
    await run.pause(LOOK_MS)
  }
  return 'done'
}

function hasComeIn(run: LinkRun, device: DeviceId): boolean {
  const peer = run.loop.state().peers.look(device)
  return peer !== undefined && isPaired(peer)
}

// Commands about handles: one's own, and saying a first word to whoever has another one.

import { isTooLong, cleanText } from '../../conversation/text.ts'
import { toHex, utf8ToBytes } from '../../bytes/bytes.ts'
import { judgeHandleClaim } from '../../handle/claim.ts'
import { handleKey, parseHandle, prefixKey } from '../../handle/handle.ts'
import { sealHello } from '../../handle/hello.ts'
import { doWork, workHourAt, workStatement } from '../../handle/work.ts'
import { HELLO_TEXT_BYTES_MAX, RELAY_WAIT_MS_MAX } from '../../limits.ts'
import { offerOf } from '../../node/terms/requests.ts'
import { refusalIn, refused } from './claiming.ts'
import type { HandleRefusal } from '../../answers.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { Commands } from '../../engine.ts'
import type { HandleDesk, JudgedClaim } from '../../handle/claim.ts'
import type { Clock, Network, Random, Timer } from '../../ports.ts'
import type { RelayAddress } from '../../wire/capability.ts'
import type { RelayAnswer, RelayRequest } from '../../wire/relay.ts'
import type { Loop } from '../loop.ts'
import type { Desk } from './desk.ts'

type Parts = {
  readonly loop: Loop
  readonly network: Pick<Network, 'request'>
  readonly clock: Clock
  readonly random: Random
  readonly timer: Timer
  readonly aliasOf: (conversation: ConversationId) => string
  readonly erase: (conversation: ConversationId) => Promise<void>
  /** Undefined before anybody can be reached. */
  readonly desk: () => Desk | undefined
}
type HandleCommands = Pick<Commands, 'readHandle' | 'setHandle' | 'findHandle' | 'sayHello'>
type UsedClaim = JudgedClaim & { readonly desk: HandleDesk }

/** As short as timers go, ms. */
const PAUSE_MS = 1
const POLL_MS = 150

export function createHandleCommands({ loop, network, clock, random, timer, aliasOf, erase, desk }: Parts): HandleCommands {
  const pause = (ms: number) => new Promise<void>((resolve) => void timer(ms, resolve))
  const ask = async (home: RelayAddress | undefined, request: RelayRequest): Promise<RelayAnswer | undefined> =>
    home && network.request(toHex(home.key), request).catch(() => undefined)
  /** The home relay, which may only just be connecting. */
  const ready = async (): Promise<RelayAddress | undefined> => {
    const deadline = clock() + RELAY_WAIT_MS_MAX
    for (;;) {
      const { home, net } = loop.state()
      if (home !== undefined && net.relays.get(toHex(home.key))?.challenge !== undefined) return home
      if (clock() >= deadline) return undefined
      await pause(POLL_MS)
    }
  }

  // A relay is believed in nothing but that this is what it has: whose the handle is shows in the claim.
  async function lookUp(handle: string, home: RelayAddress | undefined): Promise<UsedClaim | HandleRefusal> {
    const answer = await ask(home, { kind: 'find-handle', handle, isBeginning: false })
    if (answer?.kind !== 'handle' || home === undefined) return refusalIn(answer)
    const judged = judgeHandleClaim(answer.claim, home.key)
    if (judged.kind === 'refused') return 'not-genuine'
    const { claim } = judged
    const isAsked = handleKey(claim.handle) === handleKey(handle)
    return isAsked && claim.desk !== undefined ? { ...claim, desk: claim.desk } : 'not-genuine'
  }

  async function leave(claim: UsedClaim, home: RelayAddress, said: Parameters<typeof sealHello>[1]): Promise<HandleRefusal | undefined> {
    const { self, net } = loop.state()
    const { handle, desk: place, list } = claim
    const blob = sealHello({ account: list.account, desk: place }, said, { signSeed: self.device.signSeed, random })
    if (blob === undefined) return 'not-genuine'
    const hour = workHourAt(clock() + (net.relays.get(toHex(home.key))?.ahead ?? 0))
    const nonce = await doWork(workStatement({ relayKey: home.key, mailbox: place.mailbox, hour, blob }), () => pause(PAUSE_MS))
    const answer = await ask(home, { kind: 'leave-hello', handle, hour, nonce, blob })
    return answer?.kind === 'done' ? undefined : refusalIn(answer)
  }

  return {
    async readHandle() {
      const own = await desk()?.read()
      return own === undefined ? {} : { handle: own.handle, isListed: own.isListed }
    },
    async setHandle({ handle: wanted, isListed }) {
      const here = desk()
      const handle = wanted === undefined ? undefined : parseHandle(wanted)
      if (wanted !== undefined && handle === undefined) return refused('malformed')
      if (here === undefined || (await ready()) === undefined) return refused('relay-away')
      return handle === undefined ? here.giveUp() : here.claim({ handle, isListed })
    },
    async findHandle({ text }) {
      const handle = parseHandle(text)
      const prefix = text.trim().replace(/^@/, '').toLowerCase()
      if (handle === undefined && prefixKey(prefix) === undefined) return refused('malformed')
      const home = await ready()
      const claim = handle === undefined ? 'unknown' : await lookUp(handle, home)
      if (typeof claim !== 'string')
        return claim.list.account === loop.state().self.account ? refused('own') : { kind: 'found', handles: [claim.handle] }
      if (claim !== 'unknown' || prefixKey(prefix) === undefined) return refused(claim)
      const answer = await ask(home, { kind: 'find-handle', handle: prefix, isBeginning: true })
      if (answer?.kind !== 'handles') return refused(refusalIn(answer))
      return answer.handles.length === 0 ? refused('unknown') : { kind: 'found', handles: answer.handles }
    },
    async sayHello({ handle, text }) {
      const clean = cleanText(text)
      if (clean === '') return refused('empty')
      if (isTooLong(clean) || utf8ToBytes(clean).length > HELLO_TEXT_BYTES_MAX) return refused('too-long')
      const { self } = loop.state()
      const home = await ready()
      const claim = await lookUp(handle, home)
      if (typeof claim === 'string' || home === undefined) return refused(typeof claim === 'string' ? claim : 'relay-away')
      const { account } = claim.list
      const asked = await loop.ask({ kind: 'handle', act: { kind: 'ask', account, handle: claim.handle, text: clean } })
      if (asked.kind !== 'created') return refused(asked.kind === 'refused' && asked.reason === 'own' ? 'own' : 'blocked')
      const { conversation } = asked
      const offer = offerOf(loop.state().conversations.awake.get(conversation)?.invite)
      // With whom there is a chat already, nothing is left to ask.
      if (offer !== undefined) {
        const said = { list: self.list.signed, device: self.device.id, name: self.name ?? '', offer, text: clean }
        const reason = await leave(claim, home, said)
        if (reason !== undefined) {
          await loop.ask({ kind: 'remove', conversation, when: 'unanswered' })
          await erase(conversation)
          return refused(reason)
        }
      }
      return { kind: 'created', conversation, alias: aliasOf(conversation) }
    },
  }
}

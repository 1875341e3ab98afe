// Commands about handles: one's own, and saying a first word to whoever has another one.

import { utf8ToBytes } from '../../bytes/bytes.ts'
import { cleanText, isTooLong } from '../../conversation/text.ts'
import { parseHandle, prefixKey } from '../../handle/handle.ts'
import { HELLO_TEXT_BYTES_MAX } from '../../handle/limits.ts'
import { offerOf } from '../../node/terms/requests.ts'
import { refusalIn, refused } from './claiming.ts'
import { createFinding } from './finding.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { Commands } from '../../engine.ts'
import type { Desk } from './desk.ts'
import type { FindingParts } from './finding.ts'

type Parts = FindingParts & {
  readonly aliasOf: (conversation: ConversationId) => string
  readonly erase: (conversation: ConversationId) => Promise<void>
  /** Undefined before anybody can be reached. */
  readonly desk: () => Desk | undefined
}
type HandleCommands = Pick<Commands, 'readHandle' | 'setHandle' | 'findHandle' | 'sayHello'>

export function createHandleCommands({ loop, aliasOf, erase, desk, ...parts }: Parts): HandleCommands {
  const { ask, ready, lookUp, leave } = createFinding({ loop, ...parts })
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
      const { self, terms } = loop.state()
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
        // What waited there before goes on waiting.
        if (reason !== undefined && !terms.asked.has(conversation)) {
          await loop.ask({ kind: 'remove', conversation, when: 'unanswered' })
          await erase(conversation)
        }
        if (reason !== undefined) return refused(reason)
      }
      return { kind: 'created', conversation, alias: aliasOf(conversation) }
    },
  }
}

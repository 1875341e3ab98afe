// Commands about people who are no contacts, or shall be none: asking to talk, requests, blocking (docs/protocol.md §14).

import { isTooLong, cleanName } from '../../conversation/text.ts'
import { nameOf } from '../../conversation/view.ts'
import { blockedIn, petnameOf, setBlocked } from '../../documents/account.ts'
import { BLOCKED_MAX } from '../../limits.ts'
import { isResting } from '../../node/rest-looks.ts'
import { fetchLink } from '../network/fetch-invite.ts'
import type { AccountId, ConversationId } from '../../bytes/ids.ts'
import { conversationIdOf } from '../../bytes/ids.ts'
import type { AskOutcome, Commands } from '../../engine.ts'
import type { NodeState } from '../../node/state.ts'
import type { Documents } from '../documents/documents.ts'
import type { FetchParts } from '../network/fetch-invite.ts'
import type { Once } from './once.ts'

type Parts = FetchParts & { readonly documents: Pick<Documents, 'account'>; readonly once: Once['once'] }
type PeopleCommands = Pick<Commands, 'askToTalk' | 'acceptRequest' | 'ignoreRequest' | 'setBlocked' | 'readBlocked' | 'dismissAlarm'>

const REASONS = ['unknown-conversation', 'no-member', 'not-met', 'blocked', 'empty', 'too-long', 'no-relay-yet'] as const

export function createPeopleCommands(
  parts: Parts,
  saveAccount: (change: Parameters<Documents['saveAccount']>[0]) => Promise<void>,
): PeopleCommands {
  const { loop, documents, once, aliasOf } = parts
  const created = (conversation: ConversationId): AskOutcome => ({ kind: 'created', conversation, alias: aliasOf(conversation) })

  const askToTalk: Commands['askToTalk'] = async ({ conversation: group, account, text, ref }) => {
    if (isTooLong(text)) return { kind: 'refused', reason: 'too-long' }
    return once<AskOutcome>(
      { ref, command: { kind: 'ask-to-talk', group, account, text } },
      async () => {
        const answer = await loop.ask({ kind: 'ask-to-talk', group, account, text, ref })
        if (answer.kind === 'created') return created(answer.conversation)
        const reason = answer.kind === 'refused' ? REASONS.find((known) => known === answer.reason) : undefined
        return { kind: 'refused', reason: reason ?? 'unknown-conversation' }
      },
      (bytes) => created(conversationIdOf(bytes)),
    )
  }

  const acceptRequest: Commands['acceptRequest'] = async ({ account }) => {
    const request = loop.state().terms.requests.get(account)
    if (request === undefined) return { kind: 'refused', reason: 'gone' }
    const opened = await fetchLink(parts, { origin: '', account, ...request.offer })
    if (opened.kind === 'opened') await loop.ask({ kind: 'accept-request', account, conversation: opened.conversation })
    return opened
  }

  return {
    askToTalk,
    acceptRequest,
    ignoreRequest: async ({ account }) => void (await loop.ask({ kind: 'ignore-request', account })),
    dismissAlarm: async ({ alarm }) => void (await loop.ask({ kind: 'dismiss-alarm', alarm })),
    async setBlocked({ account: of, isBlocked }) {
      const name = cleanName(knownName(loop.state(), of) ?? '')
      let isFull = false
      await saveAccount((account) => {
        const before = blockedIn(account)
        isFull = isBlocked && !before.has(of) && before.size >= BLOCKED_MAX
        return isFull || before.has(of) === isBlocked ? undefined : setBlocked(account, of, isBlocked ? name : undefined)
      })
      if (isFull) return { kind: 'refused', reason: 'too-many' }
      await loop.ask({ kind: 'set-blocked', accounts: [...blockedIn(documents.account()).keys()] })
      return { kind: 'saved' }
    },
    readBlocked: () => {
      const account = documents.account()
      return Promise.resolve(
        [...blockedIn(account)].map(([of, name]) => ({ account: of, name: petnameOf(account, of) ?? (name || undefined) })),
      )
    },
  }
}

/** What somebody calls themselves in any chat. */
function knownName({ conversations }: NodeState, account: AccountId): string | undefined {
  for (const chat of conversations.looks()) {
    const name = isResting(chat) ? (chat.other === account ? chat.name : undefined) : nameOf(chat.view, account)
    if (name !== undefined) return name
  }
  return undefined
}

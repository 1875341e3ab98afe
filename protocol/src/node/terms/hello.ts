// First words of people who found a handle (docs/protocol.md §16): they stand among the requests of members of groups, and are answered like those. Whoever
// says one makes an invite for that account alone, as whoever asks in a group does.

import { cleanName, cleanText } from '../../conversation/text.ts'
import { NO_CONVERSATION } from '../../bytes/ids.ts'
import { write } from '../author.ts'
import { inviting, withConversation, withItem } from '../change.ts'
import { found, refuse } from '../draft.ts'
import { createPair } from '../invites/pair.ts'
import { keepRequest, openWith } from './requests.ts'
import { withTerms } from './terms.ts'
import { NO_ALARMS } from './terms-state.ts'
import type { AccountId } from '../../bytes/ids.ts'
import type { Answer, Draft } from '../draft.ts'
import type { HandleAct, InputOf } from '../input.ts'

export function actOnHandle(draft: Draft, { act }: InputOf<'handle'>): void {
  const said = act.kind === 'hello' ? receiveHello(draft, act) : askByHandle(draft, act)
  draft.effects.push({ kind: 'answer', answer: said })
}

// Of one account the last one counts, as its offer ends last. Whoever was ignored is not heard again before that would have been over.
function receiveHello(draft: Draft, { account, name, offer, text }: Extract<HandleAct, { kind: 'hello' }>): Answer {
  const { terms, self } = draft.state
  const before = terms.requests.get(account)
  const reason =
    account === self.account
      ? 'own'
      : terms.blocked.has(account)
        ? 'blocked'
        : openWith(draft.state, account) !== undefined
          ? 'known'
          : before !== undefined && (before.isIgnored || before.offer.expires >= offer.expires)
            ? 'again'
            : undefined
  if (reason !== undefined) refuse(draft, 'hello', reason)
  else if (keepRequest(draft, account, { group: NO_CONVERSATION, offer, text: cleanText(text), at: draft.env.now, isIgnored: false }))
    rememberName(draft, account, cleanName(name))
  return { kind: 'done' }
}

/** The invite that waits for whoever has a handle, or the chat that there is already. */
function askByHandle(draft: Draft, { account, handle, text }: Extract<HandleAct, { kind: 'ask' }>): Answer {
  const { home, terms, self } = draft.state
  if (account === self.account) return { kind: 'refused', reason: 'own' }
  if (terms.blocked.has(account)) return { kind: 'refused', reason: 'blocked' }
  const known = openWith(draft.state, account)
  if (known !== undefined) return { kind: 'created', conversation: known }
  if (home === undefined) return { kind: 'refused', reason: 'relay-away' }
  const pair = createPair(draft, home)
  withTerms(draft, ({ asked }) => ({ asked: withItem(asked, pair, { account, group: NO_CONVERSATION }) }))
  rememberName(draft, account, `@${handle}`)
  write(draft, pair, { kind: 'text', text })
  const { invite } = found(draft, pair)
  if (invite?.status === 'open')
    draft.state = withConversation(draft.state, inviting(found(draft, pair), { ...invite, isUntouched: false }))
  return { kind: 'created', conversation: pair }
}

// Only of those who are asked for, or have been asked.
function rememberName(draft: Draft, account: AccountId, name: string): void {
  withTerms(draft, ({ names, requests, asked, alarms = NO_ALARMS }) => {
    const wanted = new Set([...requests.keys(), ...[...asked.values()].map((one) => one.account)])
    const kept = [...(names ?? [])].filter(([other]) => wanted.has(other))
    return { names: new Map(kept).set(account, name), alarms }
  })
}

// The commands of an engine: each becomes one input of the node, or one change of the account document, and answers when it is durable.

import { conversationIdOf, entryIdOf } from '../bytes/ids.ts'
import { cleanName } from '../conversation/text.ts'
import { draftOf, DROPPED, setDraft, setFlag, setPetname } from '../documents/account.ts'
import { fetchInvite } from './fetch-invite.ts'
import type { DraftPlace, Engine, NewConversation, OpenedInvite, SendOutcome, TitleOutcome } from '../engine.ts'
import type { Answer } from '../node/draft.ts'
import type { Clock, Network, Random, Store, Timer } from '../ports.ts'
import type { Documents } from './documents.ts'
import type { Loop } from './loop.ts'
import type { SettingsStore } from './settings.ts'

export type CommandParts = {
  readonly store: Store
  readonly network: Network
  readonly clock: Clock
  readonly random: Random
  readonly timer: Timer
  readonly origin: string
  readonly loop: Loop
  readonly documents: Documents
  readonly settings: SettingsStore
  readonly refresh: () => void
  readonly retry: () => void
}

type Commands = Omit<Engine, 'watchApp' | 'watchConversations' | 'watchConversation'>

export function createCommands(parts: CommandParts): Commands {
  const { loop, documents } = parts
  const once = createOnce(parts.store)

  async function saveAccount(change: Parameters<Documents['saveAccount']>[0]): Promise<void> {
    if (await documents.saveAccount(change)) parts.refresh()
  }

  async function createConversation({ text, ref }: Parameters<Engine['createConversation']>[0]): Promise<NewConversation> {
    const outcome = await once<NewConversation>(
      ref,
      async () => {
        const { home } = loop.state()
        if (home === undefined) return { kind: 'refused', reason: 'no-relay-yet' }
        const answer = await loop.ask({ kind: 'create', relay: home, text, ref })
        return answer.kind === 'created' ? answer : { kind: 'refused', reason: 'too-long' }
      },
      (bytes) => ({ kind: 'created', conversation: conversationIdOf(bytes) }),
    )
    if (outcome.kind === 'created') await forgetDraft('start', ref)
    return outcome
  }

  async function send({ conversation, text, ref }: Parameters<Engine['send']>[0]): Promise<SendOutcome> {
    const outcome = await once(
      ref,
      async () => toSendOutcome(await loop.ask({ kind: 'send', conversation, text, ref })),
      (bytes): SendOutcome => ({ kind: 'saved', message: entryIdOf(bytes) }),
    )
    if (outcome.kind === 'saved') await forgetDraft(conversation, ref)
    return outcome
  }

  // A draft that was written after this text has another ref and stays.
  async function forgetDraft(conversation: DraftPlace, ref: string): Promise<void> {
    await saveAccount((account) => (draftOf(account, conversation)?.ref === ref ? setDraft(account, conversation, undefined) : undefined))
  }

  async function setTitle({ conversation, title }: Parameters<Engine['setTitle']>[0]): Promise<TitleOutcome> {
    if (!loop.state().conversations.has(conversation)) return { kind: 'refused', reason: 'unknown-conversation' }
    const answer = await documents.changeTitle(conversation, title, (update) => loop.ask({ kind: 'write-document', conversation, update }))
    return answer === undefined ? { kind: 'saved' } : toTitleOutcome(answer)
  }

  return {
    createConversation,
    send,
    setTitle,
    openInvite: ({ link }): Promise<OpenedInvite> => fetchInvite(parts, link),
    claimInvite: async ({ conversation }) => void (await loop.ask({ kind: 'claim-invite', conversation })),
    markRead: async ({ conversation }) => void (await loop.ask({ kind: 'mark-read', conversation })),
    // A draft whose text was sent by a tab that died before it could say so must not come back.
    saveDraft: async ({ conversation, text, ref }) => {
      if (text !== '' && (await parts.store.get('sent', ref)) !== undefined) return
      await saveAccount((account) => setDraft(account, conversation, text === '' ? undefined : { text, ref }))
    },
    revokeInvite: async ({ conversation }) => void (await loop.ask({ kind: 'revoke-invite', conversation })),
    dropInvite: async ({ conversation }) => {
      await loop.ask({ kind: 'revoke-invite', conversation })
      await saveAccount((account) => setFlag(account, conversation, DROPPED, 'on'))
    },
    setName: async ({ name }) => void (await loop.ask({ kind: 'set-name', name })),
    setPetname: ({ account: of, name }) => saveAccount((account) => setPetname(account, of, cleanName(name) || undefined)),
    setSettings: async ({ settings }) => {
      await parts.settings.write(settings)
      if (settings.readReceipts !== undefined) await loop.ask({ kind: 'set-read-receipts', readReceipts: settings.readReceipts })
      parts.refresh()
    },
    retry: () => {
      parts.retry()
      return Promise.resolve()
    },
  }
}

function toSendOutcome(answer: Answer): SendOutcome {
  if (answer.kind === 'saved') return answer
  const reason = answer.kind === 'refused' ? REASONS.find((known) => known === answer.reason) : undefined
  return { kind: 'refused', reason: reason ?? 'unknown-conversation' }
}

function toTitleOutcome(answer: Answer): TitleOutcome {
  if (answer.kind !== 'refused') return { kind: 'saved' }
  return { kind: 'refused', reason: TITLE_REASONS.find((known) => known === answer.reason) ?? 'not-admitted' }
}

const TITLE_REASONS = ['unknown-conversation', 'full'] as const
const REASONS = ['too-long', 'empty', 'unknown-conversation', 'closed'] as const

/** Runs a command unless its ref has acted before; two calls with one ref at the same time are one. */
function createOnce(store: Store) {
  const running = new Map<string, Promise<unknown>>()
  return async <T>(ref: string, run: () => Promise<T>, known: (result: Uint8Array) => T): Promise<T> => {
    const same = running.get(ref)
    if (same !== undefined) return same as Promise<T>
    const result = store.get('sent', ref).then((bytes) => (bytes === undefined ? run() : known(bytes)))
    running.set(ref, result)
    try {
      return await result
    } finally {
      running.delete(ref)
    }
  }
}

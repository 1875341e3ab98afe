// The commands of an engine: each becomes one input of the node, or one change of the account document, and answers when it is durable.

import { equalBytes } from '../bytes/bytes.ts'
import { conversationIdOf, entryIdOf } from '../bytes/ids.ts'
import { cleanName } from '../conversation/text.ts'
import { draftOf, DROPPED, setDraft, setFlag, setPetname } from '../documents/account.ts'
import { createAliases } from './aliases.ts'
import { fetchInvite } from './fetch-invite.ts'
import { digestOf, readSent } from '../node/sent-row.ts'
import type { ConversationId } from '../bytes/ids.ts'
import type { DraftOutcome, DraftPlace, Engine, NewConversation, OpenedInvite, SendOutcome, TitleOutcome } from '../engine.ts'
import type { Answer } from '../node/draft.ts'
import type { RefCommand } from '../node/sent-row.ts'
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
  const aliasOf = createAliases(loop.state().self.device.signSeed)
  const { once, hasActed } = createOnce(parts.store)

  async function saveAccount(change: Parameters<Documents['saveAccount']>[0]): Promise<void> {
    if (await documents.saveAccount(change)) parts.refresh()
  }

  const created = (conversation: ConversationId): NewConversation => ({ kind: 'created', conversation, alias: aliasOf(conversation) })

  async function createConversation({ text, ref }: Parameters<Engine['createConversation']>[0]): Promise<NewConversation> {
    const outcome = await once<NewConversation>(
      { ref, command: { kind: 'create', text } },
      async () => {
        const { home } = loop.state()
        if (home === undefined) return { kind: 'refused', reason: 'no-relay-yet' }
        const answer = await loop.ask({ kind: 'create', relay: home, text, ref })
        return answer.kind === 'created' ? created(answer.conversation) : { kind: 'refused', reason: 'too-long' }
      },
      (bytes) => created(conversationIdOf(bytes)),
    )
    if (outcome.kind === 'created') await forgetDraft('start', { ref, text: text ?? '' })
    return outcome
  }

  async function send({ conversation, text, ref }: Parameters<Engine['send']>[0]): Promise<SendOutcome> {
    const outcome = await once<SendOutcome>(
      { ref, command: { kind: 'send', conversation, text } },
      async () => toSendOutcome(await loop.ask({ kind: 'send', conversation, text, ref })),
      (bytes) => ({ kind: 'saved', message: entryIdOf(bytes) }),
    )
    if (outcome.kind === 'saved') await forgetDraft(conversation, { ref, text })
    return outcome
  }

  // What was written after this text, here or in another tab, stays.
  async function forgetDraft(conversation: DraftPlace, sent: { readonly ref: string; readonly text: string }): Promise<void> {
    await saveAccount((account) => {
      const draft = draftOf(account, conversation)
      return draft?.ref === sent.ref && draft.text.trim() === sent.text.trim() ? setDraft(account, conversation, undefined) : undefined
    })
  }

  // A draft whose text was sent by a tab that died before it could say so must not come back. An emptied field takes away its own draft only.
  async function saveDraft({ conversation, text, ref }: Parameters<Engine['saveDraft']>[0]): Promise<DraftOutcome> {
    if (text !== '' && (await hasActed({ ref, command: commandOf(conversation, text) }))) return { kind: 'sent' }
    await saveAccount((account) => {
      if (text !== '') return setDraft(account, conversation, { text, ref })
      return draftOf(account, conversation)?.ref === ref ? setDraft(account, conversation, undefined) : undefined
    })
    return { kind: 'kept' }
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
    openInvite: ({ link }): Promise<OpenedInvite> => fetchInvite({ ...parts, aliasOf }, link),
    markRead: async ({ conversation }) => void (await loop.ask({ kind: 'mark-read', conversation })),
    saveDraft,
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

type Referred = { readonly ref: string; readonly command: RefCommand }
type RefUsed = { readonly kind: 'refused'; readonly reason: 'ref-used' }

const commandOf = (place: DraftPlace, text: string): RefCommand =>
  place === 'start' ? { kind: 'create', text } : { kind: 'send', conversation: place, text }

/** Makes commands safe to repeat: two with one ref act once if they are the same, at the same time too, and the second is refused if they are not. */
function createOnce(store: Store) {
  const running = new Map<string, Promise<unknown>>()

  async function sentUnder({ ref, command }: Referred): Promise<{ readonly result: Uint8Array; readonly isSame: boolean } | undefined> {
    const row = await store.get('sent', ref)
    if (row === undefined) return undefined
    const { result, digest } = readSent(row)
    return { result, isSame: digest !== undefined && equalBytes(digest, digestOf(command)) }
  }

  async function runOnce<T>(referred: Referred, run: () => Promise<T>, known: (result: Uint8Array) => T): Promise<T | RefUsed> {
    const sent = await sentUnder(referred)
    if (sent === undefined) return run()
    return sent.isSame ? known(sent.result) : { kind: 'refused', reason: 'ref-used' }
  }

  return {
    async once<T>(referred: Referred, run: () => Promise<T>, known: (result: Uint8Array) => T): Promise<T | RefUsed> {
      const { ref } = referred
      // Whatever is under way decides first what the ref stands for.
      const before = running.get(ref) ?? Promise.resolve()
      const result = before.then(() => runOnce(referred, run, known))
      const settled = result.then(
        () => undefined,
        () => undefined,
      )
      running.set(ref, settled)
      try {
        return await result
      } finally {
        if (running.get(ref) === settled) running.delete(ref)
      }
    },
    hasActed: async (referred: Referred): Promise<boolean> => (await sentUnder(referred))?.isSame === true,
  }
}

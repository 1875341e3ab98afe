// The account document: what one person's own devices share (docs/protocol.md §10.2). Read defensively all the same: a newer version
// of Kith on another device may have written values that this one does not know.

import { keysOf, setValue, valueOf } from './document.ts'
import type { AccountId, ConversationId, EntryId } from '../bytes/ids.ts'
import type { DraftPlace } from '../engine.ts'
import type { Document } from './document.ts'

/** What has been typed and not sent. `ref`: the reference that its sending must carry, so that it is sent once. */
export type Draft = { readonly text: string; readonly ref: string }
export type SettingValue = string | number | boolean

export const draftOf = (document: Document, conversation: DraftPlace): Draft | undefined =>
  parseDraft(valueOf(document, 'drafts', conversation))

/** Keeps a draft; undefined forgets it. All setters give the update to store, or undefined when nothing changes. */
export const setDraft = (document: Document, conversation: DraftPlace, draft: Draft | undefined): Uint8Array | undefined =>
  setValue(document, { root: 'drafts', key: conversation, value: draft })

export const petnameOf = (document: Document, account: AccountId): string | undefined =>
  textIn(valueOf(document, 'contacts', account), 'petname')

export const setPetname = (document: Document, account: AccountId, petname: string | undefined): Uint8Array | undefined =>
  setValue(document, { root: 'contacts', key: account, value: petname === undefined ? undefined : { petname } })

export const settingOf = (document: Document, name: string): SettingValue | undefined => parseSetting(valueOf(document, 'settings', name))

export const setSetting = (document: Document, name: string, value: SettingValue | undefined): Uint8Array | undefined =>
  setValue(document, { root: 'settings', key: name, value })

/** The safety number that was compared with somebody, as it was then. */
export function verifiedNumberOf(document: Document, account: AccountId): string | undefined {
  const number = settingOf(document, `verified/${account}`)
  return typeof number === 'string' ? number : undefined
}

export const setVerifiedNumber = (document: Document, account: AccountId, number: string | undefined): Uint8Array | undefined =>
  setSetting(document, `verified/${account}`, number)

const BLOCKED = 'blocked/'

/** Who is blocked, and what they were called when they were. */
export const blockedIn = (document: Document): ReadonlyMap<AccountId, string> =>
  new Map(
    keysOf(document, 'settings').flatMap((key) => {
      const name = key.startsWith(BLOCKED) ? settingOf(document, key) : undefined
      return typeof name === 'string' ? [[key.slice(BLOCKED.length) as AccountId, name] as const] : []
    }),
  )

/** `name`: undefined for nobody who is blocked. */
export const setBlocked = (document: Document, account: AccountId, name: string | undefined): Uint8Array | undefined =>
  setSetting(document, `${BLOCKED}${account}`, name)

/** The flag that older versions gave an own invite which was to go, as long as nobody has come with it. */
export const DROPPED = 'dropped'

/** A flag of a conversation: `pinned`, `unread`. */
export const flagOf = (document: Document, conversation: ConversationId, flag: string): boolean =>
  valueOf(document, 'conversations', `${conversation}/${flag}`) === true

/** The conversations that have any flag. */
export const flaggedIn = (document: Document): ReadonlySet<ConversationId> =>
  new Set(keysOf(document, 'conversations').map((key) => key.split('/', 1)[0] as ConversationId))

export const setFlag = (document: Document, conversation: ConversationId, flag: string, state: 'on' | 'off'): Uint8Array | undefined =>
  setValue(document, { root: 'conversations', key: `${conversation}/${flag}`, value: state === 'on' ? true : undefined })

/** Until when a chat is muted, ms, Infinity for good; 0: it is not. An older version takes one that is muted for a time for one that is not. */
export function mutedUntil(document: Document, conversation: ConversationId): number {
  const value = valueOf(document, 'conversations', `${conversation}/muted`)
  if (value === true) return Infinity
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : 0
}

export const setMutedUntil = (document: Document, conversation: ConversationId, until: number): Uint8Array | undefined =>
  setValue(document, {
    root: 'conversations',
    key: `${conversation}/muted`,
    value: until === 0 ? undefined : until === Infinity ? true : String(until),
  })

/** When the device is to say that somebody has written, where that is not as the settings have it. */
export type Notifying = 'always' | 'mentions'
const NOTIFYING: readonly Notifying[] = ['always', 'mentions']

export function notifyingOf(document: Document, conversation: ConversationId): Notifying | undefined {
  const value = valueOf(document, 'conversations', `${conversation}/notifies`)
  return NOTIFYING.find((known) => known === value)
}

export const setNotifying = (document: Document, conversation: ConversationId, value: Notifying | undefined): Uint8Array | undefined =>
  setValue(document, { root: 'conversations', key: `${conversation}/notifies`, value })

/** Up to which message of others a chat was put away (docs/protocol.md §10.2); undefined: it was not. */
export function archivedAt(document: Document, conversation: ConversationId): string | undefined {
  const place = valueOf(document, 'conversations', `${conversation}/archived`)
  return typeof place === 'string' ? place : undefined
}

export const setArchivedAt = (document: Document, conversation: ConversationId, place: string | undefined): Uint8Array | undefined =>
  setValue(document, { root: 'conversations', key: `${conversation}/archived`, value: place })

export const isStarred = (document: Document, message: EntryId): boolean => valueOf(document, 'stars', message) !== undefined

function textIn(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const text: unknown = Reflect.get(value, name)
  return typeof text === 'string' ? text : undefined
}

function parseDraft(value: unknown): Draft | undefined {
  const text = textIn(value, 'text')
  const ref = textIn(value, 'ref')
  return text === undefined || ref === undefined ? undefined : { text, ref }
}

const parseSetting = (value: unknown): SettingValue | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined

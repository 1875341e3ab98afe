// The account document: what one person's own devices share (docs/protocol.md §10.2). Read defensively all the same: a newer version
// of Kith on another device may have written values that this one does not know.

import { setValue, valueOf, valuesOf } from './document.ts'
import type { AccountId, ConversationId, DeviceId } from '../bytes/ids.ts'
import type { DraftPlace } from '../engine.ts'
import type { Document } from './document.ts'

/** What has been typed and not sent. `ref`: the reference that its sending must carry, so that it is sent once. */
export type Draft = { readonly text: string; readonly ref: string }
export type SettingValue = string | number | boolean

export type AccountView = {
  readonly petnames: ReadonlyMap<AccountId, string>
  readonly drafts: ReadonlyMap<ConversationId, Draft>
  readonly settings: ReadonlyMap<string, SettingValue>
}

export const readAccount = (document: Document): AccountView => ({
  petnames: new Map(valuesOf(document, 'contacts').flatMap(([account, value]) => entryOf(account as AccountId, textIn(value, 'petname')))),
  drafts: new Map(
    valuesOf(document, 'drafts').flatMap(([conversation, value]) => entryOf(conversation as ConversationId, parseDraft(value))),
  ),
  settings: new Map(valuesOf(document, 'settings').flatMap(([key, value]) => entryOf(key, parseSetting(value)))),
})

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

/** How far a feed has been read on any own device; −1 for not at all. */
export const readPositionOf = (document: Document, place: FeedPlace): number => parseSeq(valueOf(document, 'readPositions', keyOf(place)))

/** Moves a read position forward, never back. */
export const setReadPosition = (document: Document, place: FeedPlace, seq: number): Uint8Array | undefined =>
  seq <= readPositionOf(document, place) ? undefined : setValue(document, { root: 'readPositions', key: keyOf(place), value: seq })

/** The flag of an own invite that is not to be listed any more, as long as nobody has come with it. */
export const DROPPED = 'dropped'

/** A flag of a conversation, such as `archived` or `muted`. */
export const flagOf = (document: Document, conversation: ConversationId, flag: string): boolean =>
  valueOf(document, 'conversations', `${conversation}/${flag}`) === true

export const setFlag = (document: Document, conversation: ConversationId, flag: string, state: 'on' | 'off'): Uint8Array | undefined =>
  setValue(document, { root: 'conversations', key: `${conversation}/${flag}`, value: state === 'on' ? true : undefined })

type FeedPlace = { readonly conversation: ConversationId; readonly device: DeviceId }

// Half of each id tells feeds apart well enough, and keeps the key within its bound.
const keyOf = ({ conversation, device }: FeedPlace): string => `${conversation.slice(0, 32)}/${device.slice(0, 32)}`

const entryOf = <K, V>(key: K, value: V | undefined): readonly (readonly [K, V])[] => (value === undefined ? [] : [[key, value]])

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

const parseSeq = (value: unknown): number => (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : -1)

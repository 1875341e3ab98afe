// What is under way with the messages of the open conversation: which one is being answered, and which one is written anew. The timeline and the
// message box share it. The one that is answered is remembered for as long as the page lives, as its draft is.

import { inject, shallowRef, watch } from 'vue'
import type { InjectionKey, ShallowRef } from 'vue'
import type { AccountId, ConversationId, EntryId, MemberView, MessageView } from '@kith/protocol'
import type { TextMessage } from './actions.ts'
import type { Played } from '../played/index.ts'

/** `played`: the text stands for a recording or a video. */
export type Answering = { readonly id: EntryId; readonly mine: boolean; readonly text: string; readonly played?: Played | undefined }

/** A message that is written anew, in the place of the draft, which waits. */
export type Editing = {
  readonly id: EntryId
  readonly before: string
  readonly text: Readonly<ShallowRef<string>>
  /** Why it was not kept, in words. */
  readonly fault: Readonly<ShallowRef<string | undefined>>
  readonly write: (text: string) => void
  readonly complain: () => void
  readonly submit: () => Promise<void>
  readonly cancel: () => void
  /** It is over, and nothing of it is kept. */
  readonly drop: () => void
}

export type Desk = {
  readonly conversation: ConversationId | undefined
  /** What the author of a message is called; in a chat of two, the other person. */
  readonly name: (message?: EntryId) => string
  readonly isGroup: () => boolean
  /** Of a group; and the messages of the chat that are here, oldest first. */
  readonly members: () => readonly MemberView[]
  readonly messages: () => readonly MessageView[]
  /** Whether nothing that is written here reaches anybody any more. */
  readonly isOver: () => boolean
  readonly answering: ShallowRef<Answering | undefined>
  readonly editing: ShallowRef<Editing | undefined>
  /** Messages that are chosen to do something with all of them; undefined while none can be. */
  readonly chosen: ShallowRef<ReadonlyMap<EntryId, TextMessage> | undefined>
  /** Texts of edits that were left before they were kept, for as long as the page lives. */
  readonly unfinished: Map<EntryId, string>
  /** Set as soon as they can be done. */
  readonly verbs: {
    editLast?: () => void
    find?: () => void
    jump?: (message: EntryId, from?: Element) => void
    focusComposer?: () => void
    /** Shows somebody among the members. */
    person?: (account: AccountId) => void
    /** What stands in the message box, or is to, with its mentions. */
    written?: (next?: string) => string
    /** When it is to go out is chosen. */
    plan?: () => void
  }
}

export const deskKey: InjectionKey<Desk> = Symbol('desk')

const remembered = new Map<ConversationId, Answering>()
const unfinished = new Map<EntryId, string>()

type Chat = Pick<Desk, 'name' | 'isGroup' | 'isOver' | 'members' | 'messages'>

const NO_CHAT: Chat = { name: () => '', isGroup: () => false, isOver: () => true, members: () => [], messages: () => [] }

export const createDesk = (conversation?: ConversationId, chat: Chat = NO_CHAT): Desk => {
  const answering = shallowRef(conversation && remembered.get(conversation))
  watch(
    answering,
    (message) => {
      if (conversation === undefined) return
      if (message === undefined) remembered.delete(conversation)
      else remembered.set(conversation, message)
    },
    { flush: 'sync' },
  )
  return { conversation, ...chat, answering, editing: shallowRef(), chosen: shallowRef(), unfinished, verbs: {} }
}

export const useDesk = (): Desk => inject(deskKey, () => createDesk(), true)

// What a screen (or a bot) can ask of a running engine, and what it is shown. The only types that features need from the protocol.
// Values are plain data, so that they cross a channel between threads unchanged.

import type { AccountId, ConversationId, EntryId } from './bytes/ids.ts'
import type { Photo } from './wire/attachment.ts'

export type RouteKind = 'direct' | 'relay' | 'offline'

/**
 * Ticks, weakest first: on this device, durable at the relay (signed), durable and open on a device of theirs (signed), shown to them
 * (signed). `unreadable`: it came to a device of theirs, which could not read it (signed).
 */
export type DeliveryState = 'saved' | 'relay' | 'unreadable' | 'delivered' | 'read'

export type RelayView = {
  readonly url: string
  /** `connecting` until the first attempt has failed, then `away`. */
  readonly state: 'connecting' | 'online' | 'away'
  /** When it entered that state, ms. */
  readonly since: number
}

export type Settings = {
  readonly theme: 'system' | 'light' | 'dark'
  /** Off: this account neither sends nor sees "read". */
  readonly readReceipts: boolean
  readonly enterSends: boolean
}

/** Where something half written belongs: to a conversation, or to the first screen. */
export type DraftPlace = ConversationId | 'start'

export type AppView = {
  readonly account: AccountId
  /** Own display name; undefined until given. */
  readonly name: string | undefined
  readonly relay: RelayView | undefined
  readonly network: 'online' | 'offline'
  readonly settings: Settings
  /** Messages that were written offline and left when the network came back last, for one toast; 0 otherwise. */
  readonly wentOut: number
  /** What is half written on the first screen; starting a conversation with its ref forgets it. */
  readonly startDraft?: { readonly text: string; readonly ref: string } | undefined
}

export type InviteView = {
  /** Undefined where it leads nowhere any more. */
  readonly link: string | undefined
  /** ms. */
  readonly expires: number
  /** `saved`: the packet is not at the relay yet. `waiting`: it is, nobody has answered. */
  readonly state: 'saved' | 'waiting' | 'used' | 'expired' | 'revoked'
}

export type ConversationSummary = {
  readonly id: ConversationId
  /** Stands for the id in addresses: 11 letters that mean nothing on another device. */
  readonly alias: string
  /** Petname, else the name they gave, else undefined (nobody yet, or somebody without a name). */
  readonly name: string | undefined
  /** What its members call the chat; comes a moment later than the rest after a start. */
  readonly title: string | undefined
  /** The other account; undefined while nobody has opened the invite. */
  readonly peer: AccountId | undefined
  /** `inviting`: my link is open. `invited`: I opened a link and have not answered yet. `joining`: answered, they have not seen it. */
  readonly phase: 'inviting' | 'invited' | 'joining' | 'open'
  /** Of an own invite. */
  readonly link: InviteView['state'] | undefined
  readonly last: { readonly text: string; readonly mine: boolean; readonly state: DeliveryState; readonly time: number } | undefined
  readonly unread: number
  readonly draft: string | undefined
  /** For sorting and the row's time, ms. */
  readonly time: number
}

export type MessageView =
  | {
      readonly kind: 'text'
      readonly id: EntryId
      readonly mine: boolean
      readonly text: string
      /** Author's clock, never shown later than now, ms. */
      readonly time: number
      readonly state: DeliveryState
      /** Another entry exists in this place of the author's feed: shown with a mark. */
      readonly conflict: boolean
      /** It came after an own message that stands below it, so that one does not answer it. */
      readonly late?: boolean
      /** The rest is left out where nothing of it is so. */
      readonly isEdited?: boolean
      readonly isPinned?: boolean
      /** The most frequent first. */
      readonly reactions?: readonly ReactionView[]
      readonly answers?: QuoteView
      /** Only with these may the text be empty. */
      readonly files?: readonly AttachmentView[]
    }
  /** A message that its author has deleted for everyone. */
  | { readonly kind: 'deleted'; readonly id: EntryId; readonly mine: boolean; readonly time: number }
  | {
      readonly kind: 'system'
      readonly id: EntryId
      readonly event: 'created' | 'joined' | 'named' | 'titled'
      readonly mine: boolean
      readonly name: string | undefined
      readonly time: number
    }
  /** An entry that is here and cannot be read. `newer`: a newer version can. `broken`: nothing on this device ever will. */
  | {
      readonly kind: 'unreadable'
      readonly id: EntryId
      readonly mine: boolean
      readonly why: 'newer' | 'broken'
      readonly time: number
    }

/** `name`: without a folder; empty for photos only. `size`: bytes. `photo`: it is shown, and was compared with its size before. */
export type AttachmentView = { readonly name: string; readonly size: number; readonly photo?: Photo | undefined }

/** A file from outside, read in parts. A Blob is one. */
export type FileSource = {
  readonly size: number
  readonly slice: (from: number, to: number) => { readonly arrayBuffer: () => Promise<ArrayBuffer> }
}

export type NewFile = { readonly source: FileSource; readonly name: string; readonly photo: Photo | undefined }

/** `item`: which of the message’s files. */
export type FileRef = InChat & { readonly message: EntryId; readonly item: number }

/**
 * A file that is on its way; one that is not among those shown is where it belongs. To here: `offered` until somebody asks for it, `waits` for a
 * device that has it, `comes`, `paused`, or `full`: there is no room. From here: `ready` for a device of theirs, `goes`. `sealing`: of a message that
 * is not sent yet, whose ref is its id.
 */
export type FileState = 'offered' | 'waits' | 'comes' | 'paused' | 'full' | 'ready' | 'goes' | 'sealing'

/** `done`: bytes. */
export type FileView = {
  readonly id: string
  readonly message: string
  readonly item: number
  readonly state: FileState
  readonly done: number
}

/** `too-large`: more than a file, a photo or a message may have. `no-files-here`: this browser keeps none. `not-read`: the source could not be read. */
export type SendFilesOutcome =
  | SendOutcome
  | { readonly kind: 'refused'; readonly reason: 'too-large' | 'bad-name' | 'no-room' | 'no-files-here' | 'not-read' }

/** `not-here`: not all of it. `broken`: it is not what the message says, or not a picture that may be shown. */
export type ReadOutcome =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'refused'; readonly reason: 'unknown' | 'not-here' | 'broken' | 'no-files-here' }

export type ReactionView = { readonly emoji: string; readonly count: number; readonly isMine: boolean }

/** The message that another one answers. `missing`: it is not here, or nothing that can be answered. */
export type QuoteView =
  | { readonly kind: 'text'; readonly id: EntryId; readonly mine: boolean; readonly text: string }
  | { readonly kind: 'deleted' | 'missing'; readonly id: EntryId }

/**
 * Why own messages wait, worst first. `relay-gone`: the relay they would go through has lost its key, so it takes a direct connection or a new
 * link. `their-…`: a relay that is only the contact's; with another key it is made good by them alone, when they are back.
 */
export type WaitReason =
  | 'no-network'
  | 'relay-gone'
  | 'their-relay-gone'
  | 'relay-away'
  | 'their-relay-away'
  | 'relay-full'
  | 'relay-busy'
  | 'peer-away'
  | 'invite-open'

/** Why a link lets nobody in any more, or not from here. `claimed`: it was opened in another browser, and is kept for that one. */
export type LateReason = 'used' | 'revoked' | 'expired' | 'claimed'

export type ConversationView = {
  readonly summary: ConversationSummary
  readonly route: RouteKind
  /** What the other person is called on this device only, and what they call themselves. */
  readonly petname: string | undefined
  readonly ownName: string | undefined
  /** 60 digits that both sides see alike when nobody stands between them; undefined while there is no other account. */
  readonly safetyNumber: string | undefined
  /** This very number was marked as compared and matching. */
  readonly isVerified: boolean
  /** Title from the shared document, if somebody gave one. */
  readonly title: string | undefined
  readonly invite: InviteView | undefined
  /** I opened or answered a link that lets me in no more: what is written here reaches no one. Ends should they let me in after all. */
  readonly isTooLate?: boolean
  /** Set with `isTooLate` where it is known. */
  readonly lateReason?: LateReason | undefined
  /** Where the messages below are from, as it was asked for. */
  readonly anchor: Anchor
  /** Oldest first. */
  readonly messages: readonly MessageView[]
  readonly hasOlder: boolean
  readonly hasNewer: boolean
  /** First message that was unread when the conversation was opened by this watcher, of those that were shown first. */
  readonly unreadFrom: EntryId | undefined
  /** Set when an own message is older than 60 s and has not reached a device of theirs. `since` is that message's time. */
  readonly waiting: { readonly reason: WaitReason; readonly since: number } | undefined
  /** When the other account was last heard of, ms. */
  readonly lastHeard: number | undefined
  /** The draft to restore into the composer, with the ref that its sending must carry. */
  readonly draft: { readonly text: string; readonly ref: string } | undefined
}

/** Plain reasons; the words are the interface's. */
export type InviteRefusal = LateReason | 'malformed' | 'own' | 'unreachable' | 'not-authentic'

export type OpenedInvite =
  | { readonly kind: 'opened'; readonly conversation: ConversationId; readonly alias: string }
  | { readonly kind: 'refused'; readonly reason: InviteRefusal }

export type SendOutcome =
  | { readonly kind: 'saved'; readonly message: EntryId }
  | { readonly kind: 'refused'; readonly reason: 'too-long' | 'empty' | 'unknown-conversation' | 'unknown-message' | 'closed' | 'ref-used' }

export type RelationOutcome =
  | { readonly kind: 'saved' }
  /** `unknown-message`: it is not here, was deleted, or cannot be read. `not-yours`: only its author may. `not-an-emoji`: or more than one. */
  | {
      readonly kind: 'refused'
      readonly reason: 'unknown-conversation' | 'closed' | 'unknown-message' | 'not-yours' | 'not-an-emoji' | 'empty' | 'too-long'
    }

/** `time`: author's clock, never later than now, ms. */
export type MessageVersion = { readonly text: string; readonly time: number }

type OfMessage = { readonly conversation: ConversationId; readonly message: EntryId }

export type TitleOutcome =
  | { readonly kind: 'saved' }
  /** `full`: this device has written as much into the shared document as one may. `not-admitted`: the others would not take it. */
  | { readonly kind: 'refused'; readonly reason: 'unknown-conversation' | 'full' | 'not-admitted' }

export type NewConversation =
  | { readonly kind: 'created'; readonly conversation: ConversationId; readonly alias: string }
  /** This browser has never reached the relay, so there is no address to put into a link yet. */
  | { readonly kind: 'refused'; readonly reason: 'no-relay-yet' | 'too-long' | 'ref-used' }

/** `sent`: this very text went out under this ref already, so it is no draft any more. */
export type DraftOutcome = { readonly kind: 'kept' } | { readonly kind: 'sent' }

/** Messages with a link in them, or that answer another one. */
export type SearchKind = 'link' | 'reply'

/**
 * `text`: every word of it has to be there, the last one as the beginning of a word where no space follows it; may be empty where a filter is given.
 * Accents, case and compatibility forms do not count.
 */
export type SearchQuery = {
  readonly text: string
  readonly conversation?: ConversationId | undefined
  readonly account?: AccountId | undefined
  readonly kind?: SearchKind | undefined
  /** By the place in the conversation, ms: from then on, and before then. */
  readonly since?: number | undefined
  readonly until?: number | undefined
  /** What the answer before said is next. */
  readonly before?: string | undefined
  /** 100 at most. */
  readonly limit: number
}

/** A message that was found: it opens with its id as the anchor of a window. */
export type SearchHit = {
  readonly conversation: ConversationId
  readonly message: EntryId
  readonly account: AccountId
  readonly mine: boolean
  /** Author's clock, never shown later than now, ms. */
  readonly time: number
  /** Where it stands among all messages; greater is newer. */
  readonly orderKey: string
  /** All of it where it is short, else a part with the first place that has what was asked for. */
  readonly text: string
  /** Beginnings and ends of what was asked for in `text`, in UTF-16 letters. */
  readonly marks: readonly (readonly [from: number, to: number])[]
}

export type SearchOutcome =
  /** The newest first. `next`: there may be more, by asking again `before` that. `isWhole`: false while messages of before are still being read in. */
  | { readonly kind: 'found'; readonly hits: readonly SearchHit[]; readonly next: string | undefined; readonly isWhole: boolean }
  /** `nothing-asked`: there is no word in it, and no filter. `unavailable`: the index could not be opened. */
  | { readonly kind: 'refused'; readonly reason: 'nothing-asked' | 'unavailable' }

type Command<Input, Output> = { readonly input?: Input; readonly output?: Output }
const command = <Input, Output>(): Command<Input, Output> => ({})

type InChat = { readonly conversation: ConversationId }

/**
 * The one list of commands, each with what it takes and what it answers: whatever carries them is made from it.
 *
 * Answers come when everything they claim is durable. `ref` makes a command safe to repeat: the same command acts once, and another one
 * under the same ref is refused as `ref-used` and does nothing.
 */
export const COMMANDS = {
  /** Without a text, an own invite that was made before, with nothing written and never shared, serves again. */
  createConversation: command<{ readonly text: string | undefined; readonly ref: string }, NewConversation>(),
  /** Fetches and opens the packet behind a link, and keeps the conversation as `invited`. Opening twice gives the same conversation. */
  openInvite: command<{ readonly link: string }, OpenedInvite>(),
  /** A person is at an invite that was opened here: from now on it is kept for this browser. Doing so again changes nothing. */
  claimInvite: command<InChat, void>(),
  /**
   * `answers`: the message that it replies to. `ttl`: whole seconds after which every device that keeps the rules lets the message go, counted
   * from when it has it; left out for never.
   */
  send: command<
    InChat & { readonly text: string; readonly ref: string; readonly answers?: EntryId | undefined; readonly ttl?: number | undefined },
    SendOutcome
  >(),
  /** Photos and files with what is said about them, sealed and kept before anything is answered. `ref`, `answers` and `ttl` as in `send`. */
  sendFiles: command<
    InChat & {
      readonly files: readonly NewFile[]
      readonly text: string
      readonly ref: string
      readonly answers?: EntryId | undefined
      readonly ttl?: number | undefined
    },
    SendFilesOutcome
  >(),
  /** Of a photo all, of a file `count` chunks from the chunk `from` on, CHUNKS_READ_MAX at most. */
  readFile: command<FileRef & { readonly from: number; readonly count: number }, ReadOutcome>(),
  /** Whether a file is to come here, or goes on coming. */
  fetchFile: command<FileRef & { readonly isWanted: boolean }, void>(),
  /** Sets an emoji on a message, or takes it back. What is so already is not written again, here and in the next two. */
  react: command<OfMessage & { readonly emoji: string; readonly isSet: boolean }, RelationOutcome>(),
  edit: command<OfMessage & { readonly text: string }, RelationOutcome>(),
  pin: command<OfMessage & { readonly isSet: boolean }, RelationOutcome>(),
  /** For everyone whose devices hear of it. Nothing of the message stays here. */
  deleteMessage: command<OfMessage, RelationOutcome>(),
  /** On this device alone, anybody's: the others keep theirs, and an own one that is on its way still arrives. It does not come back. */
  forgetMessage: command<OfMessage, RelationOutcome>(),
  /** What a message said before it said what it says, oldest first: the first text and at most EDITS_KEPT_MAX edits. Empty where it is not here. */
  readHistory: command<OfMessage, readonly MessageVersion[]>(),
  /** In all messages that this device has, without asking anybody else. */
  search: command<SearchQuery, SearchOutcome>(),
  /** Everything shown so far has been seen. */
  markRead: command<InChat, void>(),
  /** An empty text takes away the draft that has this `ref`, and no other. */
  saveDraft: command<{ readonly conversation: DraftPlace; readonly text: string; readonly ref: string }, DraftOutcome>(),
  revokeInvite: command<InChat, void>(),
  /** The link was shown to somebody: from now on the chat is listed, although nothing has been written in it. */
  markShared: command<InChat, void>(),
  /**
   * Takes an open link back and erases all that this device has of a conversation. The others keep what they have, and are not told;
   * what they still write is let go. Removing one that is not there changes nothing.
   */
  removeConversation: command<InChat, void>(),
  setName: command<{ readonly name: string }, void>(),
  setPetname: command<{ readonly account: AccountId; readonly name: string }, void>(),
  /** Marks the present safety number with somebody as compared, or takes that back. A number that changes is marked no more. */
  setVerified: command<{ readonly account: AccountId; readonly isVerified: boolean }, void>(),
  setTitle: command<InChat & { readonly title: string }, TitleOutcome>(),
  setSettings: command<{ readonly settings: Partial<Settings> }, void>(),
  /** Try the relay and the direct paths now. */
  retry: command<void, void>(),
}

export type CommandName = keyof typeof COMMANDS
export type CommandInput<Name extends CommandName> = Exclude<(typeof COMMANDS)[Name]['input'], undefined>
export type CommandOutput<Name extends CommandName> = Exclude<(typeof COMMANDS)[Name]['output'], undefined>
export type Commands = { readonly [Name in CommandName]: (input: CommandInput<Name>) => Promise<CommandOutput<Name>> }

/** Where a window of a conversation lies. `entry`: at that message, or at the end where it is not here. `time`: at the first message from then on, ms. */
export type Anchor =
  | { readonly kind: 'end' }
  | { readonly kind: 'entry'; readonly entry: EntryId }
  | { readonly kind: 'time'; readonly time: number }

/** At most so many messages `before` the anchor, and `after` it with the one that it names: WINDOW_ROWS_MAX in all. */
export type ConversationWindow = { readonly anchor: Anchor; readonly before: number; readonly after: number }

export type ConversationWatch = {
  /** Shows another part of the conversation from now on. */
  readonly move: (window: ConversationWindow) => void
  readonly stop: () => void
}

/**
 * A watch calls `show` at once and after every change that it concerns. What has not changed since is the same object, message by message and
 * chat by chat, so whoever carries views elsewhere carries only what changed.
 */
export interface Engine extends Commands {
  /** Returns a function that stops. */
  watchApp(show: (view: AppView) => void): () => void
  /** All but own invites in which nothing is written and which were not shared yet; the latest first. Returns a function that stops. */
  watchConversations(show: (views: readonly ConversationSummary[]) => void): () => void
  /** The files of a conversation that are on their way. Returns a function that stops. */
  watchFiles(query: InChat, show: (views: readonly FileView[]) => void): () => void
  /** `show(undefined)`: there is no such conversation. */
  watchConversation(query: InChat & ConversationWindow, show: (view: ConversationView | undefined) => void): ConversationWatch
}

// What the commands of a running engine take and answer. Values are plain data, so that they cross a channel between threads unchanged.

import type { AccountId, ConversationId, EntryId } from './bytes/ids.ts'
import type { Photo, Video, Voice } from './wire/attachment.ts'
import type { PictureRefusal, PictureType } from './wire/picture.ts'
import type { LivingView } from './living-views.ts'
import type { AttachmentView, ConversationSummary, LateReason, MentionView } from './views.ts'

/** Of one conversation. */
export type InChat = { readonly conversation: ConversationId }

/** Where something half written belongs: to a conversation, or to the first screen. */
export type DraftPlace = ConversationId | 'start'

/** A file from outside, read in parts. A Blob is one. */
export type FileSource = {
  readonly size: number
  readonly slice: (from: number, to: number) => { readonly arrayBuffer: () => Promise<ArrayBuffer> }
}

export type NewFile = {
  readonly source: FileSource
  readonly name: string
  readonly photo: Photo | undefined
  readonly voice?: Voice | undefined
  readonly video?: Video | undefined
}

/** A voice note that is being recorded, as far as it is kept. `ref`: under which it is sent. */
export type VoiceDraft = Voice & { readonly ref: string; readonly bytes: Uint8Array }

/**
 * `keep`: the next part of what a recorder writes, and what is so of all of it by then; the part 0 takes the place of whatever was there. `drop`: that
 * one, and no other.
 */
export type VoiceAct =
  | { readonly kind: 'read' }
  | { readonly kind: 'keep'; readonly ref: string; readonly part: number; readonly bytes: Uint8Array; readonly voice: Voice }
  | { readonly kind: 'drop'; readonly ref: string }

/** What of a chat is recorded and not sent. */
export type KeptVoice = { readonly draft: VoiceDraft | undefined }

/** A file that is here whole. `time`: that of its message, ms. `isNeeded`: nobody else is known to have it, so it is not removed. */
export type FileHere = AttachmentView & {
  readonly message: EntryId
  readonly item: number
  readonly mine: boolean
  readonly time: number
  readonly isNeeded: boolean
  /** It is no photo that somebody sent, but the picture of the video before it. */
  readonly isPoster?: boolean
}

/** What the files of each chat take on this device, the largest sum first; chats that have none are left out. */
export type ChatsHere = { readonly chats: readonly (InChat & { readonly count: number; readonly bytes: number })[] }

/** The largest first, FILES_LISTED_MAX at most; how many there are, and how much room they take. */
export type FilesHere = { readonly files: readonly FileHere[]; readonly count: number; readonly bytes: number }

/** `item`: which of the message’s files. */
export type FileRef = InChat & { readonly message: EntryId; readonly item: number }

/** `too-large`: more than a file, a photo or a message may have. `no-files-here`: this browser keeps none. `not-read`: the source could not be read. */
export type SendFilesOutcome =
  | SendOutcome
  | { readonly kind: 'refused'; readonly reason: 'too-large' | 'bad-name' | 'no-room' | 'no-files-here' | 'not-read' }

/** `not-here`: not all of the files have come. `too-many`: more messages or chats than go at once. `sent`: how many had gone before. */
export type ForwardOutcome =
  | { readonly kind: 'forwarded' }
  | {
      readonly kind: 'refused'
      readonly reason: Extract<SendFilesOutcome, { kind: 'refused' }>['reason'] | 'not-here' | 'too-many'
      readonly sent: number
    }

/** `not-here`: not all of it. `broken`: it is not what the message says, or not a picture that may be shown. */
export type ReadOutcome =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'refused'; readonly reason: 'unknown' | 'not-here' | 'broken' | 'no-files-here' }

/**
 * `taken`: another account's, or not free yet. `full`: this account has another one, or has given up as many as it may. `not-genuine`: what the relay has is
 * not signed by whose it says it is.
 */
export type HandleRefusal =
  | 'malformed'
  | 'taken'
  | 'full'
  | 'too-many'
  | 'unknown'
  | 'relay-away'
  | 'not-genuine'
  | 'own'
  | 'blocked'
  | 'empty'
  | 'too-long'

type HandleRefused = { readonly kind: 'refused'; readonly reason: HandleRefusal }
export type HandleOutcome = { readonly kind: 'saved' } | HandleRefused
export type OwnHandleRead = { readonly handle?: string; readonly isListed?: boolean }
export type HandlesFound = { readonly kind: 'found'; readonly handles: readonly string[] } | HandleRefused
export type HelloOutcome = { readonly kind: 'created'; readonly conversation: ConversationId; readonly alias: string } | HandleRefused

/** Plain reasons; the words are the interface's. */
export type InviteRefusal = LateReason | 'malformed' | 'own' | 'unreachable' | 'not-authentic' | 'blocked'

export type OpenedInvite =
  | { readonly kind: 'opened'; readonly conversation: ConversationId; readonly alias: string }
  | { readonly kind: 'refused'; readonly reason: InviteRefusal }

export type SendOutcome =
  | { readonly kind: 'saved'; readonly message: EntryId }
  | { readonly kind: 'refused'; readonly reason: 'too-long' | 'empty' | 'unknown-conversation' | 'unknown-message' | 'closed' | 'ref-used' }

/** `past`: the date has come. `too-far`: it is further away than SCHEDULED_MS_MAX. `full`: SCHEDULED_PER_CHAT_MAX wait in this chat. */
export type ScheduleOutcome = SendOutcome | { readonly kind: 'refused'; readonly reason: 'past' | 'too-far' | 'full' }

/** `left`: relays let it go at its date, whether this device is there or not. */
export type ScheduledView = {
  readonly message: EntryId
  readonly due: number
  /** With the names that this person knows; in a group with whom it mentions. */
  readonly text: string
  readonly mentions?: readonly MentionView[]
  readonly answers: EntryId | undefined
  readonly left: boolean
}

export type RelationOutcome =
  | { readonly kind: 'saved' }
  /**
   * `unknown-message`: it is not here, was deleted, or cannot be read. `not-yours`: only its author may. `not-an-emoji`: or more than one.
   * `too-many-stars`: STARS_MAX are set.
   */
  | {
      readonly kind: 'refused'
      readonly reason:
        | 'unknown-conversation'
        | 'closed'
        | 'unknown-message'
        | 'not-yours'
        | 'not-an-emoji'
        | 'empty'
        | 'too-long'
        | 'too-many-stars'
    }

/** By this device's clock, ms; undefined where they never let it be seen, or no more. */
export type SeenRead = { readonly seen: number | undefined }

export type LivingRead = { readonly living: LivingView | undefined }

/** `from`: what the note said when its writer began, which others may have changed meanwhile. */
export type LivingAct =
  | { readonly kind: 'vote'; readonly options: readonly number[] }
  | { readonly kind: 'close' }
  | { readonly kind: 'add'; readonly text: string }
  | { readonly kind: 'tick'; readonly item: string; readonly isDone: boolean }
  | { readonly kind: 'rename'; readonly item: string; readonly text: string }
  | { readonly kind: 'remove'; readonly item: string }
  | { readonly kind: 'write'; readonly from: string; readonly to: string }

/** `over`: the poll is closed. `full`: this device has written as much into it as one may. */
export type LivingOutcome = RelationOutcome | { readonly kind: 'refused'; readonly reason: 'over' | 'full' }

/** `time`: author's clock, never later than now, ms. */
export type MessageVersion = { readonly text: string; readonly time: number }

/** `time`: author's clock, never later than now; `starred`: when the star was set, ms. `text`: its beginning, or the name of its file. */
export type StarredMessage = {
  readonly conversation: ConversationId
  readonly message: EntryId
  readonly mine: boolean
  readonly text: string
  readonly time: number
  readonly starred: number
}

export type OfMessage = { readonly conversation: ConversationId; readonly message: EntryId }

export type TitleOutcome =
  | { readonly kind: 'saved' }
  /** `full`: this device has written as much into the shared document as one may. `not-admitted`: the others would not take it. */
  | { readonly kind: 'refused'; readonly reason: 'unknown-conversation' | 'full' | 'not-admitted' }

export type NewConversation =
  | { readonly kind: 'created'; readonly conversation: ConversationId; readonly alias: string }
  /** This browser has never reached the relay, so there is no address to put into a link yet. */
  | { readonly kind: 'refused'; readonly reason: 'no-relay-yet' | 'too-long' | 'ref-used' }

/** `no-contact`: one of these accounts shares no chat of two with this one. */
export type NewGroup = NewConversation | { readonly kind: 'refused'; readonly reason: 'no-contact' | 'too-many' }

export type GroupOutcome =
  | { readonly kind: 'saved' }
  /** `unknown-conversation`: or no group in which this account is a member. `not-allowed`: it would have no effect. */
  | {
      readonly kind: 'refused'
      readonly reason: 'unknown-conversation' | 'not-allowed' | 'no-contact' | 'no-member' | 'too-many' | 'no-relay-yet'
    }

/**
 * `show`: a code for a new device of this person. `enter`: this is a new device, and somebody has typed or scanned the code of an old one. `confirm`: the
 * digits are the same on both. `name`: what this device is to be called. How it goes on is shown to whoever watches the devices.
 */
export type LinkAct =
  | { readonly kind: 'show'; readonly name: string }
  | { readonly kind: 'enter'; readonly code: string; readonly name: string }
  | { readonly kind: 'confirm' | 'stop' }

/**
 * What would be lost with an own device. `entries`: messages, and what was done to them, in so many `chats`. `isKnown`: false where the devices that this
 * hangs on are not there to be asked: then it may be more. `others`: own devices beside this one.
 */
export type Alone = { readonly entries: number; readonly chats: number; readonly isKnown: boolean; readonly others: number }
export type RevokeOutcome = { readonly kind: 'saved' } | { readonly kind: 'refused'; readonly reason: 'unknown-device' }
/** `no-member`: they are not in this group, or you are not. `not-met`: none of their devices has been heard of yet. */
export type AskOutcome =
  | NewConversation
  | { readonly kind: 'refused'; readonly reason: 'unknown-conversation' | 'no-member' | 'not-met' | 'blocked' | 'empty' }

/** `gone`: there is no such request any more. */
export type AcceptOutcome = OpenedInvite | { readonly kind: 'refused'; readonly reason: 'gone' }

/** `too-many`: BLOCKED_MAX are. */
export type BlockOutcome = { readonly kind: 'saved' } | { readonly kind: 'refused'; readonly reason: 'too-many' }

/** `name`: petname, else what they were called when they were blocked. */
export type BlockedPerson = { readonly account: AccountId; readonly name: string | undefined }

/** `sent`: this very text went out under this ref already, so it is no draft any more. */
export type DraftOutcome = { readonly kind: 'kept' } | { readonly kind: 'sent' }

/** Messages with a link in them, that answer another one, or that have photos and videos, voice notes, or files of any other kind. */
export type SearchKind = 'link' | 'reply' | 'picture' | 'voice' | 'file'

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
  /** All that go with it, where the question was for messages with files of some kind. */
  readonly files?: readonly AttachmentView[]
}

export type SearchOutcome =
  /** The newest first. `next`: there may be more, by asking again `before` that. `isWhole`: false while messages of before are still being read in. */
  | { readonly kind: 'found'; readonly hits: readonly SearchHit[]; readonly next: string | undefined; readonly isWhole: boolean }
  /** `nothing-asked`: there is no word in it, and no filter. `unavailable`: the index could not be opened. */
  | { readonly kind: 'refused'; readonly reason: 'nothing-asked' | 'unavailable' }

/** The beginning of the list, and the chat that was named if it stands further down. `isWhole`: there are no others. */
export type FirstChats = { readonly chats: readonly ConversationSummary[]; readonly isWhole: boolean }

/** `none-here`: the relay wakes nobody. `unknown-service`: it does not know the push service of this browser. */
export type PushRefusal = 'relay-away' | 'none-here' | 'unknown-service'

/** `endpoint`: where this device is woken, as it was said last. `key`: with which a page subscribes at its push service, or why there is none. */
export type PushView = { readonly endpoint: string | undefined; readonly key: Uint8Array | PushRefusal }

export type PushOutcome = { readonly kind: 'saved' } | { readonly kind: 'refused'; readonly reason: PushRefusal }
export type PushTest = { readonly kind: 'sent' } | { readonly kind: 'refused'; readonly reason: PushRefusal }

/** `not-met`: there is no device of theirs in this chat that this one has met. `gone`: of a file that is not being made any more. */
export type CarryMade =
  | { readonly kind: 'ready'; readonly carry: string; readonly devices: number }
  | { readonly kind: 'refused'; readonly reason: 'unknown-conversation' | 'not-met' }
export type CarryRead =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly isLast: boolean }
  | { readonly kind: 'refused'; readonly reason: 'gone' }

/**
 * `not-for-this-device`: also for the one that made it, and where the mailbox that it was sealed for is none any more. `unknown-chat`: it is not here, or whoever made the file has no part in it. `altered`: it is not what was
 * written. `cut-short`: its end is missing. `gone`: it is to be handed over again from its beginning.
 */
export type CarryRefusal = 'no-carry-file' | 'newer' | 'not-for-this-device' | 'unknown-chat' | 'altered' | 'cut-short' | 'no-room' | 'gone'

/** What a file has brought. `entries`: how many are here that were not. `isWaiting`: some of it rests on what is not here. */
export type CarryBrought = {
  readonly chat: { readonly conversation: ConversationId; readonly alias: string } | undefined
  readonly entries: number
  readonly isWaiting: boolean
}
export type CarryOutcome =
  | { readonly kind: 'more' }
  | ({ readonly kind: 'opened' } & CarryBrought)
  /** What was whole before is here all the same. */
  | ({ readonly kind: 'refused'; readonly reason: CarryRefusal } & CarryBrought)

/** What somebody shows of themselves beside their name: a line of ABOUT_LETTERS_MAX at most, and a picture (wire/picture.ts). Empty for none. */
export type Face = { readonly about: string; readonly picture: Uint8Array }
export type FacePlace = { readonly conversation: ConversationId | undefined; readonly account: AccountId }
/** `picture`: left out where there is none. Its type follows from its bytes. */
export type ShownFace = { readonly about: string; readonly picture?: { readonly type: PictureType; readonly bytes: Uint8Array } }
export type FaceOutcome = { readonly kind: 'saved' } | { readonly kind: 'refused'; readonly reason: 'too-long' | PictureRefusal }

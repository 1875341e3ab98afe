// What a screen (or a bot) is shown of a running engine. Values are plain data, so that they cross a channel between threads unchanged.

import type { AccountId, ConversationId, DeviceId, EntryId } from './bytes/ids.ts'
import type { Photo, Video, Voice } from './wire/attachment.ts'

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
  /** `system`: the first that the browser names and that Kith speaks. */
  readonly language: 'system' | 'en' | 'de' | 'es' | 'ar' | 'zh-Hans'
  /** Off: this account neither sends nor sees "read". */
  readonly readReceipts: boolean
  readonly enterSends: boolean
  /** Off: nobody sees whether this person is here, or when they were last, and they see it of nobody. */
  readonly presence: boolean
  /** Off: nobody sees where this person writes, and they see it of nobody. */
  readonly typing: boolean
}

/** Who has Kith before their eyes, as far as there is a direct connection and they let it be seen; and who writes where. `name`: as in {@link PersonView}. */
export type PresenceView = {
  readonly here: readonly AccountId[]
  readonly typing: readonly { readonly conversation: ConversationId; readonly account: AccountId; readonly name: string | undefined }[]
}

/**
 * A member of a group asks to talk, or somebody who found this account's handle: then there is no `conversation`. `name`: petname, else what they call
 * themselves. `group`: what that is called. `at`: when it came, ms.
 */
export type RequestView = {
  readonly account: AccountId
  readonly name: string | undefined
  readonly conversation: ConversationId | undefined
  readonly group: string | undefined
  readonly text: string
  readonly at: number
}

export type AppView = {
  readonly account: AccountId
  /** Own display name; undefined until given. */
  readonly name: string | undefined
  readonly relay: RelayView | undefined
  readonly network: 'online' | 'offline'
  readonly settings: Settings
  /** Messages that were written offline and left when the network came back last, for one toast; 0 otherwise. */
  readonly wentOut: number
  /** How often somebody has come to look otherwise since the start, or this person has; left out before. */
  readonly faces?: number
  /** This device was revoked by another one: it gets nothing new, and nothing that it writes counts. */
  readonly isRevoked?: boolean
  /** Of people who are no contacts, the latest first; left out where there are none. */
  readonly requests?: readonly RequestView[] | undefined
  /** What is half written on the first screen; starting a conversation with its ref forgets it. */
  readonly startDraft?: { readonly text: string; readonly ref: string } | undefined
}

/** One's own devices, this one first; `name`: empty until it was given. `lastSeen`: undefined before anything came from it, ms. */
export type OwnDeviceView = {
  readonly device: DeviceId
  readonly isThis: boolean
  readonly name: string
  readonly added: number
  readonly lastSeen: number | undefined
}

/**
 * `over`: the code has expired, or the other side has stopped. `scanned-twice`: two devices had the code. `in-use`: there are chats here already.
 * `too-many`: no more devices fit into an account.
 */
export type LinkingFailure =
  | 'malformed'
  | 'no-relay-yet'
  | 'unreachable'
  | 'over'
  | 'scanned-twice'
  | 'not-authentic'
  | 'in-use'
  | 'too-many'

/** A linking under way here, or how it ended. `digits`: to be compared with those of the other side. `name`: of the new device, as it says. */
export type LinkingView =
  | { readonly kind: 'showing'; readonly code: string; readonly expires: number }
  | { readonly kind: 'opening' }
  | { readonly kind: 'comparing'; readonly side: 'old' | 'new'; readonly digits: string; readonly name?: string }
  | { readonly kind: 'finishing' | 'done'; readonly side: 'old' | 'new' }
  | { readonly kind: 'failed'; readonly reason: LinkingFailure }

export type DevicesView = { readonly devices: readonly OwnDeviceView[]; readonly linking: LinkingView | undefined }

export type InviteView = {
  /** Undefined where it leads nowhere any more. */
  readonly link: string | undefined
  /** ms. */
  readonly expires: number
  /** `saved`: the packet is not at the relay yet. `waiting`: it is, nobody has answered. */
  readonly state: 'saved' | 'waiting' | 'used' | 'expired' | 'revoked'
}

/** What the person has said about a chat of their list; each is left out where it is not so. */
export type ChatFlags = {
  /** Above the others. */
  readonly isPinned?: boolean
  /** Nothing calls for attention when somebody writes. */
  readonly isMuted?: boolean
  /** With `isMuted`: until then, ms; left out for good. */
  readonly mutedUntil?: number | undefined
  /** When somebody writes and it is not muted; left out: as the settings have it. `mentions`: in a group, only for what is meant for this person. */
  readonly notifies?: 'always' | 'mentions' | undefined
  /** Put away, until somebody else writes in it; where it is muted as well, until it is taken back. */
  readonly isArchived?: boolean
  /** To be looked at again, whatever was read in it; reading what is new takes this back. */
  readonly isMarkedUnread?: boolean
}

/** From the one that may most to the one that may least. */
export type MemberRole = 'owner' | 'admin' | 'member'

/** The link of a group by which anybody who has it may come in. `used`: how many have. `isOver`: its time is. */
export type GroupLinkView = {
  readonly link: EntryId
  readonly text: string
  readonly expires: number
  readonly uses: number
  readonly used: number
  readonly isOver: boolean
}

/**
 * A group whose link was opened here, and in which this account is no member yet. `state`: `looked` before its person asks; `sent` once the request lies
 * at the relay, `saved` while it is only here; `gone`: nothing leads there any more; `over`: the time of the link is;
 * `removed`: this account was, and nobody comes back by a link.
 */
export type JoiningView = {
  readonly members: number
  readonly state: 'looked' | 'saved' | 'sent' | 'gone' | 'over' | 'removed'
}

/** A member of a group. `name`: as in a summary. */
export type MemberView = {
  readonly account: AccountId
  readonly name: string | undefined
  /** What they call themselves, where this person calls them otherwise. */
  readonly ownName?: string | undefined
  readonly role: MemberRole
  readonly mine: boolean
  readonly isBlocked?: boolean
}

/** Somebody whom a line of a group names, who may be no member any more. `isBlocked`: left out where this person is not. */
export type PersonView = {
  readonly account: AccountId
  readonly name: string | undefined
  readonly mine: boolean
  readonly isBlocked?: boolean
}

/**
 * A proof that somebody else may have a key of this person's. `lists`: it signed two lists of their devices that contradict each other. `fork`: a device of
 * theirs has written two different things in one place of this chat. `alarm`: stands for it where it is dismissed.
 */
export type AlarmView = PersonView & { readonly alarm: string; readonly kind: 'lists' | 'fork' }

export type ConversationSummary = ChatFlags & {
  readonly id: ConversationId
  readonly kind: 'pair' | 'group'
  /** Of a group: what this account is there; undefined once it is no member, and always for a pair. */
  readonly role: MemberRole | undefined
  /** Stands for the id in addresses: 11 letters that mean nothing on another device. */
  readonly alias: string
  /** Petname, else the name they gave, else undefined (nobody yet, or somebody without a name). */
  readonly name: string | undefined
  /** What its members call the chat; comes a moment later than the rest after a start. */
  readonly title: string | undefined
  /** The other account; undefined while nobody has opened the invite. */
  readonly peer: AccountId | undefined
  /** An own invite is for this member of a group alone, and has not been answered. `name` is theirs. */
  readonly asked?: AccountId
  /** Of a group that this account is not in yet: how many were in it when its link was shown. */
  readonly joining?: Pick<JoiningView, 'members'>
  /** The other account is blocked: nothing comes and nothing goes. */
  readonly isBlocked?: boolean
  /** `inviting`: my link is open. `invited`: I opened a link and have not answered yet. `joining`: answered, they have not seen it. */
  readonly phase: 'inviting' | 'invited' | 'joining' | 'open'
  /** Of an own invite. */
  readonly link: InviteView['state'] | undefined
  /** `author`: in a group, who wrote it, of others. */
  readonly last:
    | { readonly text: string; readonly mine: boolean; readonly state: DeliveryState; readonly time: number; readonly author?: PersonView }
    | undefined
  /** On a new own device, while there is no `last`: another one has what was written, and it is not here yet. Left out where it is not so. */
  readonly isComing?: boolean
  readonly unread: number
  readonly draft: string | undefined
  /** For sorting and the row's time, ms. */
  readonly time: number
}

/** `start` to `end`: from the @ to the end of the name, UTF-16 units. `mine`: this person is meant. */
export type MentionView = { readonly start: number; readonly end: number; readonly account: AccountId; readonly mine: boolean }

export type MessageView =
  | {
      readonly kind: 'text'
      readonly id: EntryId
      readonly mine: boolean
      readonly text: string
      /** In a group: where the text has an @ and the name of a member, as this person knows it. In order, and apart from each other. */
      readonly mentions?: readonly MentionView[]
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
      /** By this person, for themselves. */
      readonly isStarred?: boolean
      /** The most frequent first. */
      readonly reactions?: readonly ReactionView[]
      readonly answers?: QuoteView
      /** Only with these may the text be empty. */
      readonly files?: readonly AttachmentView[]
      /** It is a poll, a checklist or a note, whose content is read apart, and anew where `changes` is another number. `text` says it in words, behind a sign. */
      readonly living?: { readonly form: number; readonly changes: number }
      /** In a group: who wrote it, of others; of own messages how many members have it on a device, and have read it, out of how many. */
      readonly author?: PersonView
      readonly reached?: { readonly delivered: number; readonly read: number; readonly of: number }
    }
  /** A message that its author has deleted for everyone. */
  | { readonly kind: 'deleted'; readonly id: EntryId; readonly mine: boolean; readonly time: number; readonly author?: PersonView }
  | {
      readonly kind: 'system'
      readonly id: EntryId
      readonly event: 'created' | 'joined' | 'named' | 'titled' | 'timed' | 'device-added' | 'device-removed'
      readonly mine: boolean
      readonly name: string | undefined
      /** Of a timer: how long messages stay, 0 for ever. */
      readonly seconds?: number
      readonly time: number
      readonly author?: PersonView
    }
  /** In a group, `author` did this to the members in `about`. `left`: to none. `role`: given or left to them. */
  | {
      readonly kind: 'members'
      readonly id: EntryId
      readonly event: 'added' | 'removed' | 'left' | 'role' | 'let-in'
      readonly mine: boolean
      readonly author: PersonView
      readonly about: readonly PersonView[]
      readonly role: MemberRole | undefined
      readonly time: number
    }
  /** An entry that is here and cannot be read. `newer`: a newer version can. `broken`: nothing on this device ever will. */
  | {
      readonly kind: 'unreadable'
      readonly id: EntryId
      readonly mine: boolean
      readonly why: 'newer' | 'broken'
      readonly time: number
      readonly author?: PersonView
    }

/**
 * `name`: without a folder; empty only with one of the others. `size`: bytes. `photo`: it is shown, and was compared with its size before. `voice`,
 * `video`: it is played, and begins as such a thing does.
 */
export type AttachmentView = {
  readonly name: string
  readonly size: number
  readonly photo?: Photo | undefined
  readonly voice?: Voice | undefined
  readonly video?: Video | undefined
}

/**
 * A file that is on its way; one that is not among those shown is where it belongs. To here: `offered` until somebody asks for it, `waits` for a
 * device that has it, `comes`, `paused`, `removed` from here by hand, or `full`: there is no room. From here: `ready` for a device of theirs, `leaves` for relays or is `left` there,
 * `goes`. `sealing`: of a message that is not sent yet, whose ref is its id.
 */
export type FileState = 'offered' | 'waits' | 'comes' | 'paused' | 'removed' | 'full' | 'ready' | 'leaves' | 'left' | 'goes' | 'sealing'

/** `done`: bytes. */
export type FileView = {
  readonly id: string
  readonly message: string
  readonly item: number
  readonly state: FileState
  readonly done: number
}

export type ReactionView = { readonly emoji: string; readonly count: number; readonly isMine: boolean }

/** The message that another one answers. `missing`: it is not here, or nothing that can be answered. */
export type QuoteView =
  /** `author`: in a group, who wrote it, of others. */
  | { readonly kind: 'text'; readonly id: EntryId; readonly mine: boolean; readonly text: string; readonly author?: PersonView }
  | { readonly kind: 'deleted' | 'missing'; readonly id: EntryId }

/**
 * Why own messages wait, worst first. `list-old`: nothing new was heard of their devices for so long that nothing goes there before that. `relay-gone`: the relay they would go through has lost its key, so it takes a direct connection or a new
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
  | 'list-old'
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
  /** Seconds after which what is written now goes everywhere, 0 for never. */
  readonly timer: number
  readonly invite: InviteView | undefined
  /** Of a group whose new members see what was written before they came. */
  readonly isHistoryShown?: boolean
  /** Of a group in which this account is a member, while one is open. */
  readonly groupLink?: GroupLinkView
  readonly joining?: JoiningView
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

/** Where a window of a conversation lies. `entry`: at that message, or at the end where it is not here. `time`: at the first message from then on, ms. */
export type Anchor =
  | { readonly kind: 'end' }
  | { readonly kind: 'entry'; readonly entry: EntryId }
  | { readonly kind: 'time'; readonly time: number }

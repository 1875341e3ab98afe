// What a screen (or a bot) can ask of a running engine; what it is shown is in views.ts. The only types that features need from the protocol.
// Values are plain data, so that they cross a channel between threads unchanged.

import type { AccountId, ConversationId, DeviceId, EntryId } from './bytes/ids.ts'
import type { PushSubscription } from './wire/push.ts'
import type {
  AlarmView,
  Anchor,
  AppView,
  ChatFlags,
  ConversationSummary,
  ConversationView,
  DevicesView,
  FileView,
  MemberRole,
  MemberView,
  PresenceView,
  Settings,
} from './views.ts'
import type {
  AcceptOutcome,
  Alone,
  AskOutcome,
  BlockOutcome,
  BlockedPerson,
  CarryMade,
  CarryOutcome,
  CarryRead,
  ChatsHere,
  DraftOutcome,
  DraftPlace,
  Face,
  FaceOutcome,
  HandleOutcome,
  HandlesFound,
  HelloOutcome,
  OwnHandleRead,
  FacePlace,
  FileRef,
  FilesHere,
  ForwardOutcome,
  FirstChats,
  GroupOutcome,
  InChat,
  KeptVoice,
  LinkAct,
  LivingAct,
  LivingOutcome,
  LivingRead,
  MessageVersion,
  NewConversation,
  NewFile,
  NewGroup,
  OfMessage,
  OpenedInvite,
  PushOutcome,
  PushTest,
  PushView,
  ReadOutcome,
  RelationOutcome,
  RevokeOutcome,
  ScheduledView,
  ScheduleOutcome,
  SearchOutcome,
  SearchQuery,
  SeenRead,
  SendFilesOutcome,
  SendOutcome,
  ShownFace,
  StarredMessage,
  TitleOutcome,
  VoiceAct,
} from './answers.ts'

export type * from './answers.ts'

type Command<Input, Output> = { readonly input?: Input; readonly output?: Output }
const command = <Input, Output>(): Command<Input, Output> => ({})

/**
 * The one list of commands, each with what it takes and what it answers: whatever carries them is made from it.
 *
 * Answers come when everything they claim is durable. `ref` makes a command safe to repeat: the same command acts once, and another one
 * under the same ref is refused as `ref-used` and does nothing.
 */
export const COMMANDS = {
  /** What is drawn before all chats are watched: FIRST_CHATS_MAX of them, and the one with this alias. */
  readFirstChats: command<{ readonly alias: string | undefined }, FirstChats>(),
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
  /** Of each chat one, on this device alone. Only who reads it is given it. */
  voiceDraft: command<InChat & { readonly act: VoiceAct }, KeptVoice>(),
  readFilesHere: command<InChat, FilesHere>(),
  readChatsHere: command<void, ChatsHere>(),
  /** The bytes go, and come again only if somebody asks for them. The messages stay. Answers how many went. */
  removeFiles: command<InChat & { readonly files: readonly Pick<FileRef, 'message' | 'item'>[] }, number>(),
  /**
   * Sends messages on as new ones, in this order, to each of `to`: FORWARDED_MAX messages and FORWARD_CHATS_MAX chats at most. Words go as they are now,
   * files where all of them are here.
   */
  forward: command<
    InChat & { readonly messages: readonly EntryId[]; readonly to: readonly ConversationId[]; readonly ref: string },
    ForwardOutcome
  >(),
  /** Sets an emoji on a message, or takes it back. What is so already is not written again, here and in the next two. */
  react: command<OfMessage & { readonly emoji: string; readonly isSet: boolean }, RelationOutcome>(),
  edit: command<OfMessage & { readonly text: string }, RelationOutcome>(),
  pin: command<OfMessage & { readonly isSet: boolean }, RelationOutcome>(),
  /** For everyone whose devices hear of it. Nothing of the message stays here. */
  deleteMessage: command<OfMessage, RelationOutcome>(),
  /**
   * On this device alone, anybody's, and what is left of one that was deleted for everyone: the others keep theirs, and an own one that is on its way
   * still arrives. It does not come back.
   */
  forgetMessage: command<OfMessage, RelationOutcome>(),
  /** For this person alone. A star goes with its message. */
  star: command<OfMessage & { readonly isSet: boolean }, RelationOutcome>(),
  /** Those that are here, the newest star first; `after`: the last that was read. STARS_READ_MAX at most. */
  readStars: command<
    { readonly after?: Pick<StarredMessage, 'message' | 'starred'> | undefined; readonly limit: number },
    { readonly stars: readonly StarredMessage[]; readonly hasMore: boolean }
  >(),
  /**
   * A message that is to be read from `due` on, ms, or at once where that is left out. `instead`: one that waits and is taken back for it, in the same
   * moment. `ref`, `answers` and `ttl` as in `send`; `ttl` counts from when it is shown.
   */
  schedule: command<
    InChat & {
      readonly text: string
      readonly due?: number | undefined
      readonly ref: string
      readonly answers?: EntryId | undefined
      readonly ttl?: number | undefined
      readonly instead?: EntryId | undefined
    },
    ScheduleOutcome
  >(),
  /** Those that wait on this device, the next one first. */
  readScheduled: command<InChat, readonly ScheduledView[]>(),
  /** What is not taken back in time goes. */
  unschedule: command<OfMessage, RelationOutcome>(),
  /** A poll, a checklist or a note, as a message. `text`: its title, and below it its options, items or text. `ref` as in `send`. */
  makeLiving: command<InChat & { readonly form: number; readonly text: string; readonly ref: string }, SendOutcome>(),
  changeLiving: command<OfMessage & { readonly act: LivingAct }, LivingOutcome>(),
  /** `living`: undefined where it is not here, or this version does not know its form. */
  readLiving: command<OfMessage, LivingRead>(),
  /** For this person alone: all that somebody has done to it counts as never done, or counts again. */
  leaveOut: command<OfMessage & { readonly account: AccountId; readonly isOut: boolean }, void>(),
  /** What a message said before it said what it says, oldest first: the first text and at most EDITS_KEPT_MAX edits. Empty where it is not here. */
  readHistory: command<OfMessage, readonly MessageVersion[]>(),
  /** In all messages that this device has, without asking anybody else. */
  search: command<SearchQuery, SearchOutcome>(),
  /** Everything shown so far has been seen. */
  markRead: command<InChat, void>(),
  /** For this person alone; what is left out stays as it is. To pin takes out of the archive, and to archive takes a pin off. */
  setChatFlags: command<InChat & ChatFlags, void>(),
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
  /**
   * What else contacts and members see of this person: a line, and a picture (docs/protocol.md §5.18); each empty for none. Chats hear of it one after the
   * other, also after a restart.
   */
  setFace: command<Face, FaceOutcome>(),
  /** What somebody shows of themselves in a chat; without a chat this person. FACES_READ_MAX at most, in the order of `places`. */
  readFaces: command<{ readonly places: readonly FacePlace[] }, readonly (ShownFace | undefined)[]>(),
  setPetname: command<{ readonly account: AccountId; readonly name: string }, void>(),
  /** Asks a member of a group to talk, with a first message of REQUEST_TEXT_BYTES_MAX at most. Where there is a chat of two already, it is that. */
  askToTalk: command<InChat & { readonly account: AccountId; readonly text: string; readonly ref: string }, AskOutcome>(),
  /** Opens what a request offers, and says to its maker that it was accepted. */
  acceptRequest: command<{ readonly account: AccountId }, AcceptOutcome>(),
  /** Its maker is told nothing. */
  ignoreRequest: command<{ readonly account: AccountId }, void>(),
  /** What this device has claimed, if anything. */
  readHandle: command<void, OwnHandleRead>(),
  /** Claims a handle at the home relay for this account; left out, the one there is is given up. `isListed`: it may be found by its beginning. */
  setHandle: command<{ readonly handle: string | undefined; readonly isListed: boolean }, HandleOutcome>(),
  /** By the whole of it, or by its beginning where its owner allows that. */
  findHandle: command<{ readonly text: string }, HandlesFound>(),
  /** A first word to whoever has a handle, HELLO_TEXT_BYTES_MAX at most. Where there is a chat of two already, it is that. */
  sayHello: command<{ readonly handle: string; readonly text: string }, HelloOutcome>(),
  /** From now on nothing of them arrives in a chat of two, and nothing of this person at them; or that is over. They are told nothing. */
  setBlocked: command<{ readonly account: AccountId; readonly isBlocked: boolean }, BlockOutcome>(),
  readBlocked: command<void, readonly BlockedPerson[]>(),
  /** Erases every message of a chat from this device. The chat stays, and the others keep theirs. */
  clearHistory: command<InChat, void>(),
  /**
   * A file for all devices of somebody in this chat, to be taken there by hand. `since`: what was said from then on, ms, and in any case what they are not known
   * to have; left out for that alone.
   */
  makeCarry: command<InChat & { readonly account: AccountId; readonly since: number | undefined }, CarryMade>(),
  /** The next part of a file that is being made. */
  readCarry: command<{ readonly carry: string }, CarryRead>(),
  /** The next part of a file that somebody opens, CARRY_PART_BYTES_MAX at most. `carry`: a name for it, `at`: how many bytes came before. */
  openCarry: command<{ readonly carry: string; readonly at: number; readonly bytes: Uint8Array; readonly isLast: boolean }, CarryOutcome>(),
  /** Marks the present safety number with somebody as compared, or takes that back. A number that changes is marked no more. */
  setVerified: command<{ readonly account: AccountId; readonly isVerified: boolean }, void>(),
  /** The person has seen to what an alarm says: it is shown no more. */
  dismissAlarm: command<{ readonly alarm: string }, void>(),
  /** One of the own devices is none any more: nobody writes to it, nothing that it writes counts, and it is told. Not this one. */
  revokeDevice: command<{ readonly device: DeviceId }, RevokeOutcome>(),
  /** Before an own device is removed, or everything here is erased: what no other own device has. Of another one, what this one lacks; `device` is left out for this one. */
  readAlone: command<{ readonly device?: DeviceId | undefined }, Alone>(),
  /** Begins a linking, goes on with it, or ends it. */
  linkDevice: command<LinkAct, void>(),
  /** A group with these contacts, ADDED_AT_ONCE_MAX at most. `title`: may be empty. */
  createGroup: command<{ readonly title: string; readonly members: readonly AccountId[]; readonly ref: string }, NewGroup>(),
  addMembers: command<InChat & { readonly members: readonly AccountId[] }, GroupOutcome>(),
  removeMember: command<InChat & { readonly account: AccountId }, GroupOutcome>(),
  /** Also one's own, downwards. */
  setRole: command<InChat & { readonly account: AccountId; readonly role: MemberRole }, GroupOutcome>(),
  /** The chat stays here, and nothing is written in it any more. */
  leaveGroup: command<InChat, GroupOutcome>(),
  /** Whether new members see what is written from now on; off at first. Owners and admins may say so. */
  setGroupHistory: command<InChat & { readonly isShown: boolean }, GroupOutcome>(),
  /** One at a time, for 30 days and 500 people at most. It lets in whoever has it while any member is there. */
  openGroupLink: command<InChat & { readonly uses: number; readonly ms: number }, GroupOutcome>(),
  closeGroupLink: command<InChat & { readonly link: EntryId }, GroupOutcome>(),
  /** Asks to be let into a group whose link was opened here. Doing so again changes nothing. */
  joinGroup: command<InChat, GroupOutcome>(),
  setTitle: command<InChat & { readonly title: string }, TitleOutcome>(),
  /** Has what anybody writes from now on go everywhere after so many whole seconds, TIMER_SECONDS_MAX at most; 0: it stays. */
  setTimer: command<InChat & { readonly seconds: number }, TitleOutcome>(),
  /** What one's contacts may see of this person: said again at least every HERE_MS, and every TYPING_MS while they write. */
  tellPresence: command<{ readonly isHere: boolean; readonly typing: ConversationId | undefined }, void>(),
  /** When somebody was here last. */
  readSeen: command<{ readonly account: AccountId }, SeenRead>(),
  setSettings: command<{ readonly settings: Partial<Settings> }, void>(),
  readPush: command<void, PushView>(),
  /** From now on this device is woken there when something waits and nobody is here, or no more. What is refused is not kept. */
  setPush: command<{ readonly subscription: PushSubscription | undefined }, PushOutcome>(),
  /** Wakes it now, although somebody is here. */
  testPush: command<void, PushTest>(),
  /** Try the relay and the direct paths now. */
  retry: command<void, void>(),
}

export type CommandName = keyof typeof COMMANDS
export type CommandInput<Name extends CommandName> = Exclude<(typeof COMMANDS)[Name]['input'], undefined>
export type CommandOutput<Name extends CommandName> = Exclude<(typeof COMMANDS)[Name]['output'], undefined>
export type Commands = { readonly [Name in CommandName]: (input: CommandInput<Name>) => Promise<CommandOutput<Name>> }

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
  /** The files of a conversation that are on their way, as soon as that is known. Returns a function that stops. */
  watchFiles(query: InChat, show: (views: readonly FileView[]) => void): () => void
  /** One's own devices, and a linking that is under way. Returns a function that stops. */
  watchDevices(show: (view: DevicesView) => void): () => void
  /** Who is here, and who writes. Returns a function that stops. */
  watchPresence(show: (view: PresenceView) => void): () => void
  /** What shows that keys of somebody in a chat, or of this person, are in other hands. Returns a function that stops. */
  watchAlarms(query: InChat, show: (views: readonly AlarmView[]) => void): () => void
  /** Members of a group, whoever may most first; none of a pair. Returns a function that stops. */
  watchMembers(query: InChat, show: (views: readonly MemberView[]) => void): () => void
  /** `show(undefined)`: there is no such conversation. */
  watchConversation(query: InChat & ConversationWindow, show: (view: ConversationView | undefined) => void): ConversationWatch
}

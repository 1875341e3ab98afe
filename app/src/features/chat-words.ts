// What is said in a conversation and about it: its messages, how it is connected, and what waits. A part of words.ts.

import type { Plural } from './plural.ts'

export const stateWords = {
  saved: 'Saved on this device',
  relay: 'Waiting at the relay, sealed',
  unreadable: 'Couldn’t be read on their device',
  delivered: 'Delivered to their device',
  read: 'Read',
} as const

export const routeWords = {
  label: 'How this chat is connected',
  direct: 'Direct',
  relay: 'By relay',
  offline: 'Offline',
} as const

export const chatWords = {
  photo: 'Photo',
  title: 'Chat',
  messages: 'Messages',
  justTwo: 'Just the two of you',
  here: 'Here now',
  hereIn: '{here} · {name}',
  lastHere: 'Last here {time}',
  wasHere: '{name} was last here {time}',
  nobodyYet: 'Link not opened yet',
  nobodyYetTitle: 'Nobody has opened the link yet',
  linkOver: 'The link no longer works',
  openedElsewhere: 'Opened in another browser',
  notDelivered: 'Your answer wasn’t delivered',
  notSeen: 'Answer not seen yet',
  details: 'Details',
  newSince: { one: '{count} new since {time}', other: '{count} new since {time}' } satisfies Plural,
  loading: 'Loading messages',
  drop: 'Remove this chat',
  beginning: 'Start writing. They will see it when they open the link.',
  begun: 'They will see what you wrote when they open the link.',
  backDown: 'Back to the newest message',
  showMore: 'Show more',
  showLess: 'Show less',
  missingTitle: 'This chat isn’t on this device',
  missing: 'It may have been removed here, or the address is incomplete.',
  toList: 'Back to your chats',
  field: 'Message',
  writeTo: 'Write to {name}',
  send: 'Send',
  tooLong: 'This is too long for one message. Nothing is lost: shorten it, or send it in parts.',
  answersGone: 'The message you’re answering is gone, so this wasn’t sent.',
  tooMuch: 'That’s too long to paste at once. Paste it in parts.',
  closed: 'This link no longer works, so nobody would receive this. Start a new chat to carry on.',
  late: {
    used: 'Someone else used this link before you, so this wasn’t delivered. Ask {name} for a new one.',
    revoked: '{name} cancelled this link, so this wasn’t delivered. Ask {name} for a new one.',
    expired: 'This link had expired, so this wasn’t delivered. Ask {name} for a new one.',
    claimed: 'This link has already been opened in another browser. Answer there, or ask {name} for a new one.',
    unknown: 'This link no longer works, so this wasn’t delivered. Ask {name} for a new one.',
  },
  lateNobody: {
    used: 'Someone else used this link before you, so this wasn’t delivered. Ask the person who sent it for a new one.',
    revoked: 'This link was cancelled, so this wasn’t delivered. Ask the person who sent it for a new one.',
    expired: 'This link had expired, so this wasn’t delivered. Ask the person who sent it for a new one.',
    claimed: 'This link has already been opened in another browser. Answer there, or ask the person who sent it for a new one.',
    unknown: 'This link no longer works, so this wasn’t delivered. Ask the person who sent it for a new one.',
  },
  unknown: 'This chat is no longer on this device. Copy your text if you still need it.',
  by: '{name}:',
} as const

export const systemWords = {
  created: 'You started this chat. Only the two of you can read it.',
  createdByThem: '{name} started this chat. Only the two of you can read it.',
  joined: '{name} opened the link and joined.',
  joinedMine: 'You joined this chat.',
  named: 'Their name is now “{name}”.',
  namedMine: 'They now see you as “{name}”.',
  titled: 'The chat is now called “{name}”.',
  untitled: 'The chat’s title was removed.',
  timed: '{name} set new messages to disappear {time} after they arrive.',
  timedMine: 'You set new messages to disappear {time} after they arrive.',
  untimed: '{name} turned off disappearing messages.',
  untimedMine: 'You turned off disappearing messages.',
  deleted: 'Message deleted',
  newer: 'This message needs a newer version of Kith. Reload to get it.',
  broken: '{name} wrote something that couldn’t be read on this device. They can see that, and can send it again.',
  brokenMine: 'Another copy of this profile wrote something here that can’t be read.',
} as const

export const waitWords = {
  'no-network': 'Saved here. It will go out when the network is back.',
  'relay-gone': 'The relay has lost its key. This will go out when you’re both online, or start a new chat and send a new link.',
  'their-relay-gone': 'Their relay has lost its key. This will go out when they next open Kith.',
  'relay-away': 'The relay isn’t answering. This has been waiting since {time} and will go out by itself.',
  'their-relay-away': 'Their relay isn’t answering. This has been waiting since {time} and will go out by itself.',
  'relay-full': 'The relay is full. This message is waiting here, and Kith tries again every few minutes.',
  'relay-busy': 'The relay is busy. This message is waiting here, and Kith tries again every few minutes.',
  'list-old': 'None of their devices has been heard of for four months. This will go out when one of them is back.',
  'peer-away': 'Waiting for {name}’s device. It will get this when it’s next online.',
  'peer-away-nobody': 'Waiting for their device. It will get this when it’s next online.',
  'invite-open': 'Waiting for someone to open the link. They will get this when they do.',
} as const

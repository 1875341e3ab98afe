// Every text of the interface, one whole sentence per case, so that a translation replaces this object, and the words of screens that
// are loaded later.
// `{name}`, `{time}`, `{count}` are places; a name is put there by PhraseText (isolated) or by `fill` (attributes).

import { chatWords, routeWords, stateWords, systemWords, waitWords } from './chat-words.ts'
import { failedWords } from './failed-words.ts'
import { createWords } from './language/catalogue.ts'
import { invitedWords, linkWords, refusedWords } from './invite-words.ts'
import { nameWords } from './people-words.ts'
import { formats } from './time/formats.ts'
import type { Forms, Plural } from './plural.ts'

export const fill = (text: string, places: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, key: string) => places[key] ?? whole)

export const countWords = (forms: Forms, count: number): string =>
  fill(forms[formats.value.plural.select(count)] ?? forms.other, { count: formats.value.number.format(count) })

const english = {
  app: 'Kith',
  skip: 'Go to the message box',
  close: 'Close',
  back: 'Back to chats',
  you: 'You',
  somebody: 'Someone',
  newChat: 'New chat',
  group: 'Group',
  addByLink: 'Open a link you were given',
  tryAgain: 'Try again',
  later: 'Later',
  save: 'Save',
  saved: 'Saved',
  opening: 'Opening your chats',
  openingChat: 'Opening this chat',
  unread: { one: '{count} unread', other: '{count} unread' } satisfies Plural,

  start: {
    title: 'Who would you like to talk to?',
    lead: 'Write something, then send them the link. They can read it and answer straight away, with nothing to install and no account.',
    field: 'Your first message',
    private: 'Only you two can read it',
    paste: 'Paste a link you were given, or scan it',
    elsewhere: 'I use Kith elsewhere',
    onDevices: 'Your messages stay on your devices',
    nameLater: 'Add your name later, if you like',
    worksOffline: 'Works offline too',
    noRelay: 'Your first link needs the network once. Your text is safe here, and the chat starts by itself as soon as the relay answers.',
    tooLong: 'This is too long for one message. Shorten it, or send the rest once they’ve answered.',
  },

  list: {
    label: 'Chats',
    pickTitle: 'Choose a chat',
    pick: 'Or start a new one and send someone the link.',
    search: 'Search everything',
    leave: 'Close the search',
    draft: 'Draft',
    nobodyYet: 'Link not opened yet',
    nothingYet: 'Nothing written yet',
    coming: 'Messages are on their way',
    more: 'More about {name}',
    marked: 'Marked as unread',
    notAccepted: 'Not accepted yet',
    blocked: 'Blocked',
    fromBlocked: 'Message from someone you blocked',
  },

  time: {
    today: 'Today',
    yesterday: 'Yesterday',
    now: 'now',
    at: 'at {time}',
    yesterdayAt: 'yesterday at {time}',
    on: 'on {time}',
    sinceAt: '{time}',
    sinceYesterdayAt: 'yesterday {time}',
    sinceOn: '{time}',
  },
  state: stateWords,
  route: routeWords,
  chat: chatWords,
  system: systemWords,
  wait: waitWords,

  banner: {
    offline: 'No network. You can keep writing.',
    relayAway: 'The relay isn’t answering. Direct chats carry on; other messages wait here.',
  },

  toast: {
    wentOut: { one: 'Back online. {count} message went out.', other: 'Back online. {count} messages went out.' } satisfies Plural,
    update: 'A new version is ready. It starts when you next open Kith.',
    updateNow: 'Start it now',
    message: '{name}: {text}',
    open: 'Open',
    unknown: 'That didn’t work, but nothing was lost. Try again, or copy the details for the person who runs your relay.',
    full: 'This device is out of space, so this wasn’t saved. Free up some space, then try again.',
    textOnly: 'To send a file, open a chat and drop it there.',
    copyDetails: 'Copy details',
    region: 'Notices',
  },
  invite: linkWords,
  invited: invitedWords,
  refused: refusedWords,
  name: nameWords,
  settings: {
    title: 'Settings',
    shortProtected: 'Protected here',
    shortUnprotected: 'Not protected here',
    wipeFailed: 'Not everything could be erased, because Kith is open in another tab. Close it and try again.',
  },
  failed: failedWords,
} as const

export type FirstEnglish = typeof english
export const words = createWords('first', english)

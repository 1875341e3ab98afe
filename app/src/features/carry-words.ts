// What is said about carrying a chat by file. Loaded with that, and no part of words.ts.

import { createWords } from './language/catalogue.ts'
import type { Plural } from './plural.ts'

const english = {
  make: 'Carry to a device by file',
  makeNote: 'For devices that are never online together',
  title: 'Carry this chat by file',
  lead: 'Saves what was said here as an encrypted file. Take it there on a USB stick or send it any way you like: only the devices it’s for can open it.',
  who: 'Who it’s for',
  own: 'Your other devices',
  since: 'What goes along',
  spans: {
    lacking: 'What hasn’t arrived yet',
    week: 'Also the last 7 days',
    month: 'Also the last 30 days',
    all: 'The whole chat',
  },
  note: 'Photos and files follow once the devices meet. Whoever finds this file sees how large it is and how many devices it’s for.',
  act: 'Save the file',
  making: 'Preparing, {size}',
  saved: 'Saved as {file}',
  savedNote:
    'On the other device, choose “Open a carry file” in the settings, or drop it on the window. Your messages count as delivered once you hear back: by file, or when you’re both online.',
  done: 'Done',
  refused: {
    'not-met': 'None of their devices has joined this chat yet, so there’s nobody to lock the file for.',
    'unknown-conversation': 'This chat isn’t on this device any more.',
    gone: 'The file didn’t get finished. Save it once more.',
  },
  copy: {
    make: 'Export this chat',
    makeNote: 'A page to read and data, without Kith',
    title: 'Export this chat?',
    lead: 'Saves every message as one file: a page for any browser, and the same as data. Photos and files are named, not included.',
    warning: 'The copy isn’t encrypted: anyone who gets hold of it can read it, and what’s deleted later stays in it.',
    keep: 'Don’t export',
    act: 'Save the copy',
    making: { one: '{count} message', other: '{count} messages' } satisfies Plural,
    saved: 'Saved. Mind where it lies: it isn’t encrypted.',
    changed: 'The chat changed while it was copied. Try again.',
    head: 'Exported from Kith on {time}. This copy isn’t encrypted.',
    edited: 'edited',
    photo: 'Photo',
    notInside: 'Not included in this copy.',
  },
  open: 'Open a carry file',
  openNote: 'Brings in what another device saved for this one',
  opening: 'Opening the file, {percent}',
  here: {
    one: '{count} message or change is new here.',
    other: '{count} messages and changes are new here.',
  } satisfies Plural,
  nothingNew: 'Everything in it was here already.',
  waiting: 'Some of it builds on messages that aren’t here yet. Ask for a file that goes further back.',
  show: 'Show the chat',
  not: {
    'no-carry-file': 'This isn’t a carry file from Kith.',
    newer: 'A newer Kith made this file. Update this page, then open it again.',
    'not-for-this-device': 'This file isn’t for this device: it’s for another one, from somebody you blocked, or too old.',
    'unknown-chat': 'This file is about a chat that isn’t on this device, or comes from somebody you don’t take messages from there.',
    altered: 'This file was damaged or changed on its way. Nothing after that place was taken.',
    'cut-short': 'The end of this file is missing. Copy it once more to get the rest.',
    'no-room': 'This device has no room left. Make some, then open the file again.',
    gone: 'Opening the file was interrupted. Open it once more.',
    'not-read': 'The file couldn’t be read. Perhaps it was moved, or the stick was taken out.',
  },
} as const

export type CarryEnglish = typeof english
export const carryWords = createWords('carry', english)

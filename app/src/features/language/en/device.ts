// English: what is said about one's own devices and linking them. A part of words.ts, fetched with the screens that say it.

import type { LinkingFailure } from '@kith/protocol'
import type { Plural } from '../../plural.ts'

export const device = {
  title: 'Your devices',
  only: 'Your messages live on this device only. If it’s lost, they’re lost with it. Add another device to keep them there too.',
  several: 'Each of your devices keeps its own copy of your chats.',
  add: 'Add a device',
  addNote: 'Your chats on another phone or computer',
  this: 'This device',
  unnamed: 'Unnamed device',
  added: 'Added {time}',
  seen: 'Last seen {time}',

  revoke: 'Remove {name}',
  revoking: {
    title: 'Remove this device?',
    lead: '{name} gets nothing new from then on, and nothing it writes counts. What’s on it already stays there, unless someone erases it.',
    keep: 'Keep it',
    act: 'Remove it',
  },

  alone: {
    chats: { one: '{count} chat', other: '{count} chats' } satisfies Plural,
    there: {
      one: 'It alone has {count} message or change from {chats}: this hasn’t come here yet.',
      other: 'It alone has {count} messages and changes from {chats}: they haven’t come here yet.',
    } satisfies Plural,
    thereAll: 'Everything on it is here as well.',
    thereUnknown: 'It isn’t connected to this device, so Kith can’t tell whether there’s something on it that’s nowhere else.',
    thereWhat: 'Open Kith on it, and wait here until this note is gone.',
    here: {
      one: 'This device alone has {count} message or change from {chats}.',
      other: 'This device alone has {count} messages and changes from {chats}.',
    } satisfies Plural,
    hereAll: 'Everything here is on another of your devices as well.',
    hereUnknown: 'None of your other devices is connected to this one, so Kith can’t tell whether they have everything that’s here.',
    hereWhat: 'Open Kith on another of your devices, and wait here until this note is gone.',
    hereOnly: 'You use Kith on no other device. Add one first if you want to keep them.',
  },

  show: {
    title: 'Add a device',
    preparing: 'Preparing a code',
    lead: 'On the other device, open this page, choose “I use Kith elsewhere”, and scan this code there or paste it.',
    qr: 'QR code for your other device',
    scan: 'Scan this on the other device.',
    code: 'Code for your other device',
    copy: 'Copy the code',
    copied: 'Copied',
    copyFailed: 'The browser didn’t let Kith copy the code. It’s selected: copy it from the field.',
    validity: 'Works once, until {time}',
    secret: 'Only for a device of your own. Never send it to anyone.',
  },

  enter: {
    title: 'Use Kith here too',
    lead: 'On the device where you use Kith, open the settings, go to “Your devices”, and choose “Add a device”. Then scan the code from there, or paste it.',
    field: 'Code from your other device',
    place: 'Kith-…',
    go: 'Continue',
    notACode: 'There’s no code in this. It begins with “Kith-”.',
    opening: 'Looking for your other device',
  },

  compare: {
    title: 'Compare the numbers',
    old: '{name} wants to become one of your devices. Confirm only if it shows this very number.',
    fresh: 'Your other device shows a number too. If it’s this one, confirm it there.',
    digits: 'The number {digits}',
    same: 'They’re the same',
    different: 'They’re different',
    waits: 'Waiting for your other device',
  },

  finishing: { old: 'Handing over your account, sealed for that device alone', new: 'Taking over your account' },
  done: {
    title: 'Linked',
    old: 'The new device is yours now. Your chats are on their way there. Keep Kith open on one of the two until they’ve arrived.',
    new: 'This device is yours now. Your chats are on their way. Keep Kith open on your other device until they’ve arrived.',
    close: 'Done',
  },

  failed: {
    malformed: { title: 'This code is incomplete', text: 'Copy the whole code again.' },
    'no-relay-yet': { title: 'The relay isn’t answering', text: 'Adding a device needs the network. Try again in a moment.' },
    unreachable: {
      title: 'The other device can’t be reached',
      text: 'There’s no network, or the relay isn’t answering. Try again in a moment.',
    },
    over: { title: 'This code no longer works', text: 'Codes work once, and for ten minutes. Get a new one from “Add a device”.' },
    'scanned-twice': {
      title: 'Two devices had this code',
      text: 'So it can’t be told which of them is yours, and neither was added. Get a new code, and let nobody else see it.',
    },
    'not-authentic': {
      title: 'Something was changed on the way',
      text: 'What arrived isn’t what the other device sent, so nothing was handed over. Get a new code.',
    },
    'in-use': {
      title: 'There are chats here already',
      text: 'A device can take over an account only while it’s empty. Use another browser, or erase everything here in the settings first.',
    },
    'too-many': { title: 'There’s no room for another device', text: 'An account can have ten devices.' },
  } satisfies Record<LinkingFailure, { readonly title: string; readonly text: string }>,
} as const

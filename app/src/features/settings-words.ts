// What is said in the settings, and of the keys. Loaded with them, and no part of words.ts but for what the first screens say of them.

import { createWords } from './language/catalogue.ts'

const english = {
  nav: 'Settings',
  you: 'You',
  name: 'Your name',
  nameNote: 'Only the people you talk to can see it',
  noName: 'No name yet',
  look: 'Appearance',
  theme: 'Theme',
  language: 'Language',
  languageOfBrowser: 'As in the browser',
  languageComes: 'Changes as soon as there’s a network.',
  themes: { system: 'System', light: 'Light', dark: 'Dark' },
  others: 'What others see',
  receipts: 'Read receipts',
  receiptsNote: 'Works both ways: with them off, you don’t see other people’s either',
  presence: 'Here and last here',
  presenceNote: 'Works both ways: with it off, you don’t see who’s here either',
  typing: 'Typing',
  typingNote: 'Works both ways: with it off, you don’t see who’s typing either',
  writing: 'Writing',
  enter: 'Enter sends',
  enterNote: 'Shift+Enter starts a new line',
  keeping: 'Storage and safety',
  protectedTitle: 'Protected here',
  protected: 'This browser has promised not to clear Kith’s data.',
  unprotectedTitle: 'Not protected here',
  unprotected:
    'This browser may clear Kith’s data after a while, or when the disk is full. Installing Kith prevents that in most browsers.',
  unsupported: 'This browser makes no promise to keep Kith’s data.',
  protect: 'Protect it',
  protectRefused: 'The browser hasn’t agreed yet. It usually does once Kith has been installed or used a few times.',
  install: 'Install Kith',
  installNote: 'Opens like any other app, even offline',
  installAct: 'Install',
  connection: 'Connection',
  relayNote: 'Helps devices find each other and keeps sealed messages',
  about: 'About',
  aboutTitle: 'Kith',
  aboutText: 'Your key and your messages live in this browser, sealed. There is no account, and nobody else can read them.',
  devices: 'Your devices',
  thirdParty: 'Licences',
  thirdPartyNote: 'Open-source software used in Kith',
  keys: 'Keyboard shortcuts',
  keysNote: 'What each key does',
  leaving: 'Erase',
  wipe: 'Erase everything here',
  wipeNote: 'Your key and all messages on this device',
  wipeTitle: 'Erase everything here?',
  wipeLead: 'Erases your key and every message on this device. They can’t be brought back. The people you talk to keep what they have.',
  wipeKeep: 'Keep everything',
  wipeAct: 'Erase everything',
  wiping: 'Erasing',
} as const

const englishKeys = {
  title: 'Keyboard shortcuts',
  chatMove: 'Previous, next chat',
  unreadMove: 'Previous, next unread chat',
  newChat: 'New chat',
  details: 'Details',
  panes: 'Next, previous pane',
  send: 'Send',
  line: 'New line',
  messages: 'Move through messages',
  message: 'On a message: its menu, reply, react, forward, star, select, where it is, delete',
  editLast: 'In an empty message box: edit your last message',
  close: 'Close, then go to the list',
  list: 'This list',
} as const

export type SettingsEnglish = typeof english
export type KeysEnglish = typeof englishKeys
export const settingsWords = createWords('settings', english)
export const keysWords = createWords('keys', englishKeys)

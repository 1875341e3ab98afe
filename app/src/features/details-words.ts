// What is said in a chat's details. Loaded with them, and no part of words.ts for that.

import { createWords } from './language/catalogue.ts'

const english = {
  title: 'Details',
  close: 'Close details',
  nobody: 'Nobody has joined yet',
  noName: 'They haven’t given a name yet',
  petname: 'Your name for them',
  petnameNote: 'Only you see this.',
  petnameField: 'Name for this person',
  ownName: 'Their own name: {name}',
  chatTitle: 'Chat title',
  chatTitleNote: 'You can both see it.',
  chatTitleField: 'Title',
  titleRefused: {
    full: 'You’ve changed this title as often as you can, so it stays as it was. They can still change it.',
    'not-admitted': 'This title can’t be used, so it stays as it was. Try another one.',
    'unknown-conversation': 'This chat is no longer on this device, so it has no title here.',
  },
  none: 'None',
  find: 'Search in this chat',
  connection: 'Connection',
  invite: 'Invite link',
  notify: 'Notifications',
  notifies: { settings: 'As in the settings', always: 'Always', mentions: 'Only when I’m mentioned', never: 'Never' },
  notes: {
    always: 'With a sound, even if sounds are off in the settings',
    mentions: 'When someone writes {name} or answers you',
    answers: 'When someone answers you',
    never: 'Nothing calls for your attention',
  },
  mute: 'Mute',
  mutes: { hour: 'For an hour', eight: 'For 8 hours', tomorrow: 'Until tomorrow morning' },
  mutedUntil: 'Muted until {time}',
  safety: 'Safety number',
  inviteStates: {
    saved: 'Saved here, not at the relay yet',
    waiting: 'Waiting for someone to open it',
    used: 'Used to join this chat',
    expired: 'Expired',
    revoked: 'You cancelled it',
  },
  verified: 'Compared and matching',
  verify: 'They match',
  unverify: 'Not compared after all',
  verifiedNote: 'You compared this number. If it ever changes, Kith will no longer show it as compared.',
  remove: 'Remove this chat',
  removeNote: 'Erases it from this device',
  safetyNote: 'Compare these 60 digits, for example on the phone. If they match, nobody is in between.',
} as const

export type DetailsEnglish = typeof english
export const detailsWords = createWords('details', english)

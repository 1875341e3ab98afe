// What is said in a chat's details, where names are given, and before a chat is removed. A part of words.ts.

export const nameWords = {
  question: 'What should {name} call you?',
  questionNobody: 'What should they call you?',
  note: 'Only the people you talk to can see it. You can change it at any time.',
  field: 'Your name',
  tooLong: 'This name is too long. Shorten it a little.',
} as const

export const detailsWords = {
  title: 'Details',
  close: 'Close details',
  nobody: 'Nobody has joined yet',
  noName: 'They haven’t given a name yet',
  petname: 'Your name for them',
  petnameNote: 'Only you see this.',
  petnameField: 'Name for this person',
  ownName: 'Their own name: {name}',
  chatTitle: 'Chat title',
  chatTitleNote: 'You both see it.',
  chatTitleField: 'Title',
  titleRefused: {
    full: 'You have changed this title as often as you can, so it stays as it was. They can still change it.',
    'not-admitted': 'This title can’t be used, so it stays as it was. Try another one.',
    'unknown-conversation': 'This chat is no longer on this device, so it has no title here.',
  },
  none: 'None',
  connection: 'Connection',
  invite: 'Invite link',
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

export const removeWords = {
  title: 'Remove this chat?',
  lead: 'Erases the chat with {name} and everything in it from this device. {name} keeps what they have and isn’t told. This can’t be undone.',
  leadNobody: 'Erases this chat and everything in it from this device. A link that is still open is cancelled. This can’t be undone.',
  keep: 'Keep the chat',
  act: 'Remove the chat',
} as const

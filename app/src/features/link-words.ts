// What is said where a link is sent, or given to Kith. Loaded with that, and no part of words.ts.

import { createWords } from './language/catalogue.ts'

const english = {
  title: 'Send them this link',
  lead: 'The first person to open it joins this chat and reads your message. Send it any way you like.',
  leadEmpty: 'The first person to open it joins this chat. Send it any way you like.',
  qr: 'QR code of the invite link',
  camera: 'Together now? Let them scan this.',
  link: 'Invite link',
  share: 'Share',
  copy: 'Copy',
  copyLink: 'Copy link',
  name: 'Your name, so they know who’s writing',
  nameNote: 'Optional. You can change it at any time.',
  copied: 'Copied',
  copyFailed: 'The browser didn’t let Kith copy the link. It’s selected: copy it from the field.',
  shareText: 'Talk with me on Kith',
  validity: 'For one person, until {time}',
  end: 'Cancel the link',
  toChat: 'Open the chat',
  endTitle: 'Cancel the link?',
  endLead: 'Nobody can join with it any more. Anyone who opens it will be told. What you wrote stays here.',
  endKeep: 'Keep the link',
  waiting: 'Your message is waiting at the relay, sealed. You can close Kith now.',
  waitingEmpty: 'The link works, even while Kith is closed.',
  saved: 'Saved here. It will go to the relay when the network is back. Keep Kith open until then.',
  used: 'Someone joined with this link. It can’t be used again.',
  expired: 'This link expired on {time}. Start a new chat to get a new link.',
  revoked: 'You cancelled this link. Start a new chat to get a new link.',
  usedTitle: 'This link was used',
  overTitle: 'This link no longer works',
} as const

const englishPaste = {
  title: 'Open a link you were given',
  lead: 'Paste the link, or the whole message it came in.',
  field: 'Link',
  open: 'Open',
  notALink: 'There’s no Kith link in this. A Kith link contains #i/ and a long code.',
} as const

export type InviteEnglish = typeof english
export type PasteEnglish = typeof englishPaste
export const inviteWords = createWords('invite', english)
export const pasteWords = createWords('paste', englishPaste)

// What is said about links: making one, opening one, and being refused. A part of words.ts.

export const inviteWords = {
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
  show: 'Show the link',
  usedTitle: 'This link was used',
  overTitle: 'This link no longer works',
} as const

export const pasteWords = {
  title: 'Open a link you were given',
  lead: 'Paste the link, or the whole message it came in.',
  field: 'Link',
  open: 'Open',
  notALink: 'There’s no Kith link in this. A Kith link contains #i/ and a long code.',
} as const

export const invitedWords = {
  opening: 'Opening the invitation',
  openingLead: 'Fetching the sealed message from the relay. This takes a moment.',
  openingSlow: 'The relay is slow to answer. Kith keeps trying.',
  title: '{name}’s invitation',
  titleNobody: 'An invitation',
  sub: 'Just you and {name}',
  subNobody: 'Just the two of you',
  hello: '{name} would like to talk with you',
  helloNobody: 'Someone would like to talk with you',
  lead: 'This is a private place for the two of you. Nothing to install, no account. Write, and {name} will get it, even if they are away right now.',
  leadNobody:
    'This is a private place for the two of you. Nothing to install, no account. Write, and they will get it, even if they are away right now.',
  hint: 'You can tell {name} your name after the first message.',
  hintNobody: 'You can tell them your name after the first message.',
} as const

export const refusedWords = {
  leave: 'Continue to Kith',
  malformed: {
    title: 'This link is incomplete',
    text: 'Part of it is missing. Copy the whole link again, or ask for a new one.',
  },
  used: { title: 'This link was already used', text: 'Each link is for one person. Ask for a new one.' },
  revoked: { title: 'This link was cancelled', text: 'The person who made it cancelled it. Ask them for a new one.' },
  expired: { title: 'This link has expired', text: 'Links stop working after a while. Ask for a new one.' },
  claimed: { title: 'This link has already been opened', text: 'It was opened in another browser. Answer there, or ask for a new link.' },
  blocked: { title: 'You blocked this person', text: 'Unblock them in the settings to open their links.' },
  own: { title: 'This is your own link', text: 'Send it to the person you would like to talk to. The chat is in your list.' },
  unreachable: {
    title: 'The invitation can’t be fetched right now',
    text: 'There’s no network, or the relay isn’t answering. The link still works: try again in a moment.',
  },
  'not-authentic': {
    title: 'This invitation was changed on the way',
    text: 'It isn’t what the sender sealed, so Kith won’t open it. Ask for a new link, sent some other way if you can.',
  },
} as const

// What is said about links: opening one, and being refused. A part of words.ts. Making one: link-words.ts.

export const linkWords = {
  show: 'Show the link',
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

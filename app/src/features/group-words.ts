// What is said where groups are made and looked after. Loaded with that, and no part of words.ts.

import { createWords } from './language/catalogue.ts'
import type { Plural } from './plural.ts'

const english = {
  new: 'New group',
  name: 'Name of the group',
  nameNote: 'All members see it, and can change it.',
  none: 'None',
  who: 'Who is in it',
  find: 'Search your contacts',
  nobodyFound: 'None of your contacts is called that.',
  more: 'Search to find the others.',
  noContacts:
    'A group is made of people you already have a chat with. Start a chat with someone first: once they’ve answered, you can add them.',
  noMoreContacts: 'Everyone you have a chat with is in this group already.',
  create: 'Make the group',
  chosen: { one: '{count} chosen', other: '{count} chosen' } satisfies Plural,
  chooseOne: 'Choose at least one person.',
  nameTooLong: 'This name is too long. Shorten it a little.',
  members: { one: '{count} member', other: '{count} members' } satisfies Plural,
  notMember: 'You’re not in this group any more',
  cannotWrite: 'You’re not in this group any more. What you have stays here to read; nothing new comes, and you can’t write.',
  reached: 'Delivered to {delivered} of {of}',
  reachedRead: 'Delivered to {delivered} of {of}, read by {read}',
  lines: {
    created: '{who} made this group.',
    titled: '{who} named the group “{name}”.',
    added: '{who} added {whom}.',
    removed: '{who} removed {whom}.',
    left: '{who} left.',
    owner: '{who} made {whom} an owner.',
    admin: '{who} made {whom} an admin.',
    member: '{who} made {whom} a member without further rights.',
    somebody: 'somebody',
    somebodyFirst: 'Somebody',
  },
  linesMine: {
    created: 'You made this group.',
    titled: 'You named the group “{name}”.',
    added: 'You added {whom}.',
    removed: 'You removed {whom}.',
    left: 'You left.',
    owner: 'You made {whom} an owner.',
    admin: 'You made {whom} an admin.',
    member: 'You made {whom} a member without further rights.',
  },
  linesToMe: {
    added: '{who} added you.',
    removed: '{who} removed you.',
    owner: '{who} made you an owner.',
    admin: '{who} made you an admin.',
    member: '{who} made you a member without further rights.',
  },
  linesToUs: {
    added: '{who} added you and {whom}.',
    removed: '{who} removed you and {whom}.',
    owner: '{who} made you and {whom} owners.',
    admin: '{who} made you and {whom} admins.',
    member: '{who} made you and {whom} members without further rights.',
  },
  people: 'Members',
  add: 'Add people',
  addThem: 'Add them',
  addNote: 'They can read what is written from now on, and nothing from before.',
  owner: 'Owner',
  admin: 'Admin',
  promote: 'Make an admin',
  hand: 'Make an owner',
  demote: 'Take the admin’s rights away',
  remove: 'Remove from the group',
  leave: 'Leave the group',
  leaveNote: 'What you have stays here to read',
  asked: {
    remove: {
      title: 'Remove {name}?',
      lead: 'From now on {name} gets nothing that is written here. What {name} already has stays with them. Everybody sees that you removed them.',
      act: 'Remove from the group',
      keep: 'Keep them in the group',
    },
    hand: {
      title: 'Make {name} an owner?',
      lead: 'An owner can do everything that you can. You can’t take this back.',
      act: 'Make an owner',
      keep: 'Leave it as it is',
    },
    leave: {
      title: 'Leave this group?',
      lead: 'From now on you get nothing that is written here, and you can’t write. What you have stays on this device to read. Everybody sees that you left.',
      leadAlone:
        'Nobody else can add or remove members yet: make somebody an admin first, or nobody ever can. From now on you get nothing that is written here, and you can’t write. What you have stays on this device to read.',
      act: 'Leave the group',
      keep: 'Stay',
    },
  },
  refused: {
    'unknown-conversation': 'You’re not in this group any more, so nothing was changed.',
    'not-allowed': 'You can’t do that in this group any more, so nothing was changed.',
    'no-contact': 'You need a chat with everyone you add. Somebody you chose has none with you, so nothing was changed.',
    'no-member': 'They’re not in this group any more, so nothing was changed.',
    'too-many': 'That’s too many people at once. Add 64 at a time; a group can have 500 members.',
    'no-relay-yet': 'A first group needs the network once. Try again when the relay answers.',
    'too-long': 'This name is too long. Shorten it a little.',
    'ref-used': 'This group was made already. Close this, and look for it in your chats.',
  },
  route: {
    directLong: 'Your device talks directly to at least one member. What the others get goes through the relay, sealed.',
    relayLong: 'Messages go through the relay, sealed. It cannot read them.',
    offlineAway: 'No member can be reached right now. What you write will wait and go out by itself.',
    offlineRelay:
      'The relay isn’t answering, and no member can be reached directly right now. Your network is fine. You can keep writing: everything is saved here and will go out by itself.',
    directOnly: 'Your device talks directly to at least one member. The relay isn’t answering; what the others get waits here.',
    found: {
      'direct-only': 'A direct connection to at least one member works. The relay isn’t answering; Kith keeps trying.',
      direct: 'Everything works: at least one member is connected directly, and the relay is answering.',
      relay: 'The relay is answering. No member can be reached directly right now, so messages go through the relay, sealed.',
      'peer-away': 'Your side works: the relay is answering. The members will get your messages when they’re next online.',
    },
  },
} as const

export type GroupEnglish = typeof english
export const groupWords = createWords('group', english)

// English: what is said where messages are chosen and sent on. Loaded with that, and no part of words.ts.

import type { Plural } from '../../plural.ts'

export const forward = {
  forward: 'Forward',
  select: 'Select',
  title: { one: 'Forward the message', other: 'Forward {count} messages' } satisfies Plural,
  note: 'This goes out in your name. Nobody is told where it came from.',
  find: 'Search your chats',
  who: 'Where it goes',
  none: 'No chat is called that.',
  more: 'Search to find the others.',
  noChats: 'There’s no other chat yet that you could forward this to.',
  chooseOne: 'Choose at least one chat.',
  tooManyChats: 'That’s more than {count} chats at once. Take some out.',
  sending: 'Forwarding…',
  sent: 'Forwarded to {name}',
  sentMany: { one: 'Forwarded to {count} chat', other: 'Forwarded to {count} chats' } satisfies Plural,
  open: 'Open',
  selected: { one: '{count} selected', other: '{count} selected' } satisfies Plural,
  isSelected: 'selected',
  tooMany: 'You can select {count} messages at once.',
  stop: 'Stop selecting',
  copy: 'Copy text',
  delete: {
    here: {
      title: { one: 'Delete this message here?', other: 'Delete {count} messages here?' } satisfies Plural,
      lead: 'This affects this device only. Everyone else keeps what they have. It can’t be undone.',
    },
    everyone: {
      title: { one: 'Delete this message for everyone?', other: 'Delete {count} messages for everyone?' } satisfies Plural,
      lead: 'It’s deleted here, and on each other device when that is next online. What somebody has already read, copied or photographed stays with them. It can’t be undone.',
    },
  },
  shared: {
    title: 'Share in Kith',
    note: 'Choose a chat. Nothing is sent until you press send there.',
    gone: 'What you shared is no longer here. Share it once more.',
    tooMuch: 'That’s more than Kith takes at once. Share less of it.',
    nobody: 'There’s nobody here yet whom you could send this to. Start a chat first, then share it once more.',
    go: 'Go on',
  },
  refused: {
    'not-here': 'A photo or file of it isn’t on this device yet. Fetch it first, then forward it.',
    'unknown-message': 'A message that you chose is no longer here, so nothing more was forwarded.',
    'unknown-conversation': 'That chat is no longer on this device, so nothing more was forwarded.',
    closed: 'Nobody would get it in that chat any more. Nothing more was forwarded.',
    'no-room': 'This device has no room for another copy. Free some space, then try again.',
    other: 'That didn’t work, and nothing is lost. Try again.',
  },
} as const

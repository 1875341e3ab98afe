// English: what is said about how a chat is connected, and about the relay behind it. A part of words.ts, fetched with the screens that say it.

export const route = {
  directLong: 'Your devices talk to each other directly.',
  relayLong: 'Messages go through the relay, sealed. It cannot read them.',
  offlineAway: '{name} can’t be reached right now. What you write will wait and go out by itself.',
  offlineHere:
    'This device has no network. You can keep writing: everything is saved here and will go out by itself when the network is back.',
  offlineRelay:
    'The relay isn’t answering, and {name} can’t be reached directly right now. Your network is fine. You can keep writing: everything is saved here and will go out by itself.',
  connecting: 'Kith is still connecting to the relay. You can keep writing: everything is saved here and will go out by itself.',
  directOnly: 'Your devices talk to each other directly. The relay isn’t answering, and this chat doesn’t need it right now.',
  lastHeard: '{name} was last here {time}.',
  test: 'Test the connection',
  testing: 'Testing the connection',
  found: {
    'no-network': 'This device has no network. Kith will reconnect when it’s back.',
    'relay-away': 'The network is fine, but the relay isn’t answering. Kith keeps trying.',
    'direct-only': 'The direct connection to {name} works. The relay isn’t answering; Kith keeps trying.',
    direct: 'Everything works: {name} is connected directly, and the relay is answering.',
    relay: 'The relay is answering. {name} can’t be reached directly right now, so messages go through the relay, sealed.',
    'peer-away': 'Your side works: the relay is answering. {name} is away, and will get your messages when they’re next online.',
  },

  relay: {
    title: 'Relay',
    named: 'Relay {name}',
    none: 'Not known yet. Kith will ask for it once there’s a network.',
    connecting: 'Connecting since {time}',
    online: 'Connected since {time}',
    away: 'Hasn’t answered since {time}. Kith keeps trying.',
  },
} as const

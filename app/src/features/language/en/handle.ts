// English: what is said about handles. Loaded with that.

export const handle = {
  title: 'Your handle',
  note: 'Lets people on this relay find you',
  lead: 'Anyone on this relay who knows your handle can send you one request. The relay learns that the handle is yours. Requests come to this device only.',
  claim: 'Use this handle',
  listed: 'Found by its beginning',
  listedNote: 'Also lets strangers look through handles',
  free: 'Give it up',
  freeTitle: 'Give up this handle?',
  freeLead: 'Nobody will find you by it any more. For 30 days nobody else can have it, then anyone can. Your chats stay.',
  keep: 'Keep it',
  find: 'Find by handle',
  helloNote: 'They see what you write as a request and decide whether to answer. A handle doesn’t prove who someone is.',
  way: 'Found you by your handle, {time}. Not compared.',
  refused: {
    malformed: 'A handle has 3 to 24 characters: a to z, digits, and single . _ - in between.',
    taken: 'This handle, or one that looks like it, is taken.',
    full: 'You have a handle on another device, or gave up too many lately.',
    'too-many': 'Too often in a short time. Try again in a few minutes.',
    unknown: 'Nobody here is found by that.',
    'relay-away': 'The relay can’t be reached right now. Try again in a moment.',
    'not-genuine': 'The relay’s answer isn’t signed by its owner, so Kith won’t use it.',
  },
} as const

// English: what is said where a proof shows that somebody else may have a person's key. Loaded with that, and no part of words.ts.

export const alarm = {
  what: 'What to do',
  lists: {
    title: 'Two lists of {name}’s devices contradict each other',
    lead: 'Someone else may have {name}’s key, and read what you write here.',
    first: 'Until this is clear, write nothing here that a stranger mustn’t read.',
    second: 'Ask {name}, on the phone or in person, which devices are theirs, and compare the safety number.',
    third:
      'A device that {name} doesn’t know can be removed there. If that can’t be done, block {name} here and meet again with a new link.',
  },
  listsMine: {
    title: 'Two lists of your own devices contradict each other',
    lead: 'Someone else may have your key, and read what is written to you.',
    first: 'Look at your devices in the settings, and remove every one that isn’t yours.',
    second: 'Tell the people you write with, on the phone or in person. They see this too.',
    third: 'If it doesn’t end, meet them again from a new profile: whoever has your key can’t be shut out of this one.',
  },
  fork: {
    title: 'A device of {name}’s tells two different stories',
    lead: 'It was put back from an older copy, or someone else uses a copy of it.',
    first: 'What’s in doubt is marked. Until this is clear, write nothing here that a stranger mustn’t read.',
    second: 'Ask {name}, on the phone or in person, whether they restored a backup or use a copied profile.',
    third: 'If {name} did neither, they remove that device in their settings. If that can’t be done, block {name} here.',
  },
  forkMine: {
    title: 'One of your own devices tells two different stories',
    lead: 'It was put back from an older copy, or someone else uses a copy of it.',
    first: 'If you restored a backup there, or copied a profile, nothing is wrong. Close one of the copies.',
    second: 'If you did neither, remove that device in the settings.',
    third: 'Tell the people you write with. They see this too.',
  },
  proof: 'Kith keeps the proof. Nobody can make one without the key.',
  compare: 'Show the safety number',
  done: 'It’s cleared up: hide this',
  keep: 'Not yet',
} as const

// English: what is said where a code is scanned, and where safety numbers are compared that way. Loaded with that.

export const scan = {
  open: 'Scan a code',
  title: { linking: 'Scan the code', invite: 'Scan an invite', safety: 'Scan their code' },
  lead: {
    linking: 'Point the camera at the code on your other device.',
    invite: 'Point the camera at the code of their invite.',
    safety: 'Point the camera at the code on their screen.',
  },
  asking: 'Waiting for the camera. If your browser asks, allow it.',
  looking: 'Looking for a code',
  nothing: 'No code yet. Bring all of it into the frame, and hold still.',
  reading: 'Looking through the picture',
  failed: {
    'no-code': 'There’s no code in this picture that Kith can read. All of it must be there, and sharp.',
    'no-picture': 'This file can’t be opened as a picture.',
    'no-reader': 'What reads codes couldn’t be loaded. It needs a network the first time.',
  },
  refused: {
    linking: 'This code is for adding a device. Scan it where you choose “I use Kith elsewhere”, and only if it’s on a device of your own.',
    invite: 'This is an invite to a chat. Scan it under “Open a link you were given”.',
    safety: 'This is a safety number. Scan it in the details of the chat with that person.',
    elsewhere: 'This invite is for Kith at {host}. Open it there. Here, nothing was opened.',
    other: 'This isn’t a code from Kith. Nothing was opened.',
  },
  lamp: 'Light',
  picture: 'Choose a picture instead',
  stays: 'Nothing is recorded, and no picture leaves this device.',
  compare: {
    open: 'Compare by scanning',
    title: 'Compare by scanning',
    lead: 'Next to each other? Open this on both devices, then one of you scans the other’s code.',
    qr: 'QR code of your safety number with {name}',
    yours: 'Your code, for {name}',
    scan: 'Scan their code',
    match: { title: 'They match', text: 'Nobody is in between. {name} is marked as compared here.' },
    mismatch: {
      title: 'They don’t match',
      text: 'Either this code belongs to another chat, or someone is in between and can read along.',
      what: 'Ask {name} to open the details of this chat and show the code there. If it still doesn’t match, write nothing here that a stranger mustn’t read.',
    },
    own: 'This code is on a device of your own. Scan the one that {name} shows you.',
    broken: 'Part of this code is missing, or it’s from a newer Kith. Scan it again.',
    again: 'Scan again',
    done: 'Done',
  },
} as const

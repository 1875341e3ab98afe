// Attacks on handles, and on the first words that are left for them.

import type { Attack } from './attack.ts'

const HANDLES = 'signal-server/src/relay/handles.test.ts'
const HELLO = 'protocol/src/handle/hello.test.ts'
const FOUND = 'protocol/test/scenario/handles.test.ts'

export const ON_HANDLES: readonly Attack[] = [
  {
    attack: 'A forged claim of a handle, or one in the name of somebody else',
    tests: [
      [HANDLES, 'gets nowhere with a claim that another device signed, or that was altered'],
      [HANDLES, 'cannot claim one in the name of an account whose device list they have'],
      [HELLO, 'is what it says where a device of the account signed it, and nothing else'],
    ],
  },
  {
    attack: 'An older claim of a handle replayed, or made by a device that was taken out',
    tests: [
      [HANDLES, 'cannot say again what its owner has said before, nor have first words left in a mailbox that is not theirs'],
      [HANDLES, 'cannot keep it with a device that was taken out, once another one has claimed it since'],
      [HANDLES, 'cannot claim one ahead of its time, or from long ago'],
    ],
  },
  {
    attack: 'A handle that looks like somebody else’s, or that was given up a moment ago',
    tests: [[HANDLES, 'is nobody else’s, nor is one that looks like it; given up, it is free after its time']],
  },
  {
    attack: 'Handles harvested',
    tests: [
      [HANDLES, 'finds by the beginning only those who allow it, so many at once, and none by less than four characters'],
      [HANDLES, 'may look only so often: from one stream, and from one address by however many'],
    ],
  },
  {
    attack: 'A first word without work, or with that for another mailbox, hour or blob',
    tests: [
      [HANDLES, 'without work is refused, and so is work that was done for another blob, mailbox, relay or hour'],
      [HANDLES, 'may be worked for in the hour before, not in one that is over or to come'],
    ],
  },
  {
    attack: 'A flood of first words',
    tests: [
      [HANDLES, 'can be left only so often: from one stream, and from one address by however many'],
      [HANDLES, 'has so many bytes, and so many wait; what the owner fetches makes room'],
      [FOUND, 'of many strangers is bounded: so many are kept, and the others are let go'],
    ],
  },
  {
    attack: 'A first word in the name of somebody else, handed on, or replayed',
    tests: [
      [HELLO, 'in the name of somebody else is nothing, whoever has their device list'],
      [HELLO, 'that was said to one cannot be sealed to another: it names whom it is for'],
      [FOUND, 'brings an old first word once more, to no avail: it is older than the one that counts, or there is a chat'],
    ],
  },
  {
    attack: 'A relay that shows another owner of a handle',
    tests: [
      [FOUND, 'cannot put somebody else in the place of a handle’s owner without their signature'],
      [FOUND, 'cannot answer with the handle of somebody else'],
    ],
  },
]

// Attacks on documents: updates that Yjs would take, and that would harm whoever applies them.

import type { Area } from './attack.ts'

const ADMISSION = 'protocol/src/documents/admission.test.ts'
const LIVING = 'protocol/src/documents/living.test.ts'

export const ON_DOCUMENTS: Area = {
  name: 'Documents',
  attacks: [
    {
      attack: 'An update under the client of another',
      tests: [
        [ADMISSION, "is its author's, and no other"],
        [ADMISSION, 'is one: a second client is refused, though the first is right'],
        [LIVING, 'refuses a forged author: an update under the client of another device'],
      ],
    },
    {
      attack: 'Deletions of what is there',
      tests: [
        [ADMISSION, "of known content are admitted, others' too where the document allows it"],
        [LIVING, 'lets nobody write into another one’s vote'],
      ],
    },
    {
      attack: 'Deletions of what is not there, or is yet to come',
      tests: [[ADMISSION, 'of unknown and of future ranges never make later content born deleted']],
    },
    {
      attack: 'Origins elsewhere: in no document, in two places, in another list, in what is no type',
      tests: [
        [ADMISSION, 'that do not exist make an update wait'],
        [ADMISSION, 'in two places at once are refused'],
        [ADMISSION, 'in two lists at once are refused, and in one are admitted'],
        [ADMISSION, 'inside something that is no type are refused'],
      ],
    },
    { attack: 'A struct of garbage 2^50 long', tests: [[ADMISSION, 'that say nothing (GC, skip) are refused, of 2^50 as of one']] },
    { attack: 'Client 0, and client 2^53', tests: [[ADMISSION, 'of 0, of 2^32 and of 2^53 is refused']] },
    { attack: 'Numbers written longer than they are', tests: [[ADMISSION, 'have one form for each number']] },
    {
      attack: 'Nested 20,000 deep',
      tests: [
        [ADMISSION, 'of 20,000 is too long for an update, and what fits into one is refused at once'],
        [ADMISSION, 'of plain values is bounded as well'],
      ],
    },
    { attack: 'A document in the document', tests: [[ADMISSION, 'that are documents in the document are refused']] },
    {
      attack: 'Clocks with gaps, without end',
      tests: [
        [ADMISSION, 'in a flood of gaps never come near the document'],
        [ADMISSION, 'with a gap wait, and with another write of the same are refused'],
      ],
    },
    {
      attack: 'One author fills the document',
      tests: [
        [ADMISSION, 'is that of one author: whoever has used it up takes nothing from others'],
        [LIVING, 'one author has so many values, and the others theirs'],
      ],
    },
    {
      attack: 'Any bytes at all',
      tests: [
        [ADMISSION, 'give a verdict, and what is admitted leaves Yjs with nothing pending'],
        [ADMISSION, 'that promise more than they bring are refused at once'],
      ],
    },
  ],
}

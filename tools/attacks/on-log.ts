// Attacks on the log: entries that are forged, moved, repeated, disputed or held back, and what ends a write halfway.

import type { Area } from './attack.ts'

const ADMIT = 'protocol/src/log/admit.test.ts'
const ENTRY = 'protocol/src/log/entry.test.ts'
const FORK = 'protocol/src/log/fork.test.ts'
const PARKING = 'protocol/src/log/parking.test.ts'
const IN_REVERSE = 'protocol/src/log/parking-in-reverse.test.ts'
const SIGNATURES = 'protocol/test/vectors/signatures.test.ts'
const CRASH = 'protocol/test/scenario/crash.test.ts'
const RESTORE = 'protocol/test/scenario/restore.test.ts'

export const ON_LOG: Area = {
  name: 'Log',
  attacks: [
    {
      attack: 'Entries of one person presented as another’s',
      tests: [
        [ADMIT, "presented as one's own is refused"],
        [ADMIT, 'signed by somebody else is refused'],
        [
          'protocol/test/scenario/strangers.test.ts',
          'entries of one contact that another presents are not taken, in their own conversation or in the other',
        ],
      ],
    },
    {
      attack: 'An entry replayed in another conversation',
      tests: [
        [ADMIT, 'replayed in another conversation is refused'],
        [ADMIT, 'moved to another conversation by its header has no valid signature'],
      ],
    },
    {
      attack: 'An entry replayed ten thousand times',
      tests: [
        [ADMIT, 'ten thousand times over changes nothing'],
        ['protocol/test/scenario/hostile-relay.test.ts', 'one deposit replayed 10,000 times changes nothing'],
      ],
    },
    { attack: 'Any byte of a header flipped', tests: [[ADMIT, 'with any byte flipped is not accepted, and the right one still is']] },
    {
      attack: 'A header in another encoding than the one that there is',
      tests: [
        ['protocol/src/wire/entry.test.ts', 'know one encoding for each value: whatever decodes is what would have been written'],
        [ADMIT, 'with another version, suite or kind is malformed'],
        [ADMIT, 'with seq 0 and a prev, or a later seq and none, is refused'],
      ],
    },
    {
      attack: 'Bytes behind the end, or too few',
      tests: [
        [ADMIT, 'with bytes left over is malformed'],
        [ADMIT, 'cut short is malformed'],
      ],
    },
    { attack: 'A number left out of a feed', tests: [[ADMIT, 'that an author jumps over is never accepted, in one batch or in two']] },
    {
      attack: 'Two entries under one number, shown to different people in both orders',
      tests: [
        [FORK, 'shown in both orders ends in the same state everywhere, and the conflict is known'],
        [FORK, 'of three at one place is the same pair in every order'],
      ],
    },
    {
      attack: 'A proof of such a dispute before either of its branches',
      tests: [
        [FORK, 'is told once, and the proof holds for somebody who has seen neither branch'],
        [FORK, 'has a proof that holds for these two entries alone'],
      ],
    },
    {
      attack: 'A predecessor from the feed of another device',
      tests: [[ADMIT, 'with a prev of another device waits, and is never accepted']],
    },
    { attack: 'Causes in a circle', tests: [[ADMIT, 'on each other cannot be written, and claiming it leads nowhere']] },
    {
      attack: 'A cause in the own feed, the entry itself or a later one included',
      tests: [[ADMIT, 'on the own feed, earlier or later, are refused']],
    },
    { attack: 'Seventeen causes', tests: [[ADMIT, 'of seventeen feeds do not decode']] },
    {
      attack: 'A cause that never comes',
      tests: [
        [ADMIT, 'that never come are not waited for longer than parking allows'],
        [PARKING, 'keeps an entry for seven days, and says which waited longer'],
      ],
    },
    {
      attack: 'Times of 1970, of the year 2100 and of the largest number',
      tests: [
        [ADMIT, '%s are kept within their bounds'],
        [ADMIT, 'in the far future do not let later entries appear before'],
        ['protocol/src/conversation/reduce.test.ts', 'shows no time after 2100'],
      ],
    },
    {
      attack: 'Signatures with a torsioned or small R, or with S beyond the order, on which verifiers differ',
      tests: [
        [SIGNATURES, 'the corpus holds every way in which verifiers are known to differ'],
        [SIGNATURES, 'on an admitted key our verifier and WebCrypto agree: $name'],
        ['protocol/test/vectors/platform-verify.test.ts', 'is taken where it accepts an R of small order, and does not get to see one'],
      ],
    },
    {
      attack: 'Device keys of small order, torsioned or not canonical',
      tests: [
        [SIGNATURES, 'keys of small order, torsioned keys and keys that are not canonical are not admitted'],
        ['protocol/src/identity/device-list.test.ts', 'of small order or torsioned are refused'],
      ],
    },
    {
      attack: 'Entries at the end of a run that no signature covers',
      tests: [
        [ADMIT, 'is not shown until a signature covers it'],
        [ADMIT, 'may be as long as a run and no longer'],
      ],
    },
    {
      attack: 'A batch whose last signature is wrong: nothing of it counts',
      tests: [
        [ADMIT, 'whose last signature is wrong changes nothing, not even for its other feeds'],
        [ADMIT, 'spoilt by one peer is still accepted from another, whoever comes first'],
      ],
    },
    {
      attack: 'A body that hashes otherwise',
      tests: [
        [ADMIT, 'that hashes wrong, or belongs elsewhere, is refused with its entry'],
        [ENTRY, 'that hashes wrong is refused'],
      ],
    },
    { attack: 'A body that is kept back', tests: [[ADMIT, 'that is missing leaves the entry, and fills it when it comes']] },
    {
      attack: 'A body of another entry',
      tests: [[ENTRY, 'that belongs to another entry is refused, even where both have the same key and the hash is made to fit']],
    },
    {
      attack: 'One ciphertext that opens under two keys',
      tests: [['protocol/src/log/two-keys.test.ts', 'opens under both as far as the cipher goes, and under neither as an entry']],
    },
    {
      attack: 'A body of a length that no bucket has',
      tests: [
        [ENTRY, 'whose length is not that of its bucket is refused'],
        [ADMIT, 'with a bucket that does not exist is refused'],
      ],
    },
    {
      attack: 'Fifty thousand entries in reverse',
      tests: [[IN_REVERSE, 'never park more than one peer may, and leave a log that goes on from there']],
    },
    {
      attack: 'What one peer lets wait pushes out what another does',
      tests: [[PARKING, 'of one peer never makes room in that of another']],
    },
    {
      attack: 'Killed between any two writes',
      tests: [
        [CRASH, 'killed at every moment of receiving (%s): each message is there once, and no tick was too early'],
        [CRASH, 'killed at every moment of sending (%s): each message is there once, on both sides'],
        [CRASH, 'the maker of an invite is killed at every moment of letting somebody in'],
      ],
    },
    {
      attack: 'Two tabs that write',
      tests: [
        ['app/src/session/leader.test.ts', 'one leads, and the next takes over when it leaves'],
        ['app/e2e/two-tabs.e2e.ts', 'both tabs show the same, both can send, and closing the one that owned the network changes nothing'],
        ['app/e2e/two-tabs.e2e.ts', 'when the owning tab crashes, the other takes over and nothing is doubled'],
      ],
    },
    {
      attack: 'A profile that was restored from an older copy writes',
      tests: [
        [RESTORE, 'that writes before it hears forks, both see both branches marked, and the talk goes on'],
        [RESTORE, 'gets its own lost entries back and the talk goes on both ways, ticks included'],
      ],
    },
  ],
}

// Attacks on membership: members who remove each other, admins who date back, and entries that deny what they know.

import type { Area, Proof } from './attack.ts'

const ATTACKS = 'protocol/test/membership/attacks.test.ts'
const GROUPS = 'protocol/test/scenario/group-attacks.test.ts'
const HISTORY = 'protocol/test/scenario/group-history.test.ts'
const HISTORIES: Proof = [
  'protocol/test/membership/histories.test.ts',
  'entries in any order, and given twice, make the same group as all of them at once, and as a second evaluator does',
]

export const ON_MEMBERSHIP: Area = {
  name: 'Membership',
  attacks: [
    { attack: 'Two who remove each other', tests: [[ATTACKS, 'mutual removal: the senior one stays, whichever comes first'], HISTORIES] },
    {
      attack: 'Three who remove each other in a circle',
      tests: [[ATTACKS, 'a cycle of three removals: what the most senior one says holds, and what its victim said does not']],
    },
    {
      attack: 'Removed and added again at the same time',
      tests: [[ATTACKS, 'remove against re-add: who did not know of the removal does not undo it, who knew does']],
    },
    {
      attack: 'Removed and promoted at the same time',
      tests: [[ATTACKS, 'remove against promote: a promotion of which the remover did not know falls, unless it is senior to the remover']],
    },
    {
      attack: 'Removed and demoted at the same time',
      tests: [[ATTACKS, 'remove against demote: who is lowered by one and removed by another is out, unless the one knew of the other']],
    },
    {
      attack: 'A removed admin dates an add back',
      tests: [
        [ATTACKS, 'back-dated adds by a removed admin do not count, and those that the remover knew do'],
        [GROUPS, 'what a removed admin dates back does not count, whatever comes first, and neither does what it writes'],
      ],
    },
    {
      attack: 'What was said before somebody came, handed to them by a member who changes it',
      tests: [
        [HISTORY, 'what an author never said, or what belongs elsewhere, has nothing of it shown'],
        [HISTORY, 'what was said before the group showed it has nothing of it shown'],
        [HISTORY, 'what its author has deleted for everyone has it shown for no longer than the deletion takes'],
        [HISTORY, 'its history is for owners and admins to show'],
      ],
    },
    { attack: 'An add by somebody whose promotion is void', tests: [[ATTACKS, 'an add under a void promotion is void']] },
    {
      attack: 'A causal past that leaves out what its author knows',
      tests: [
        [ATTACKS, 'an omitted causal past gains nothing: an admin that hides its own demotion is judged by it'],
        [
          GROUPS,
          'an entry that names other members than follow from its past is refused, whether it leaves out what it knows or makes something up',
        ],
      ],
    },
    {
      attack: 'A member adds itself, or raises itself',
      tests: [
        [ATTACKS, 'a member adds nobody, and not itself'],
        [GROUPS, 'nobody raises themselves, and an admin makes no owners'],
      ],
    },
    {
      attack: 'A forged beginning of the group',
      tests: [
        [ATTACKS, 'a forged create begins nothing'],
        [GROUPS, 'a create entry that is not the one which the group is named by begins nothing'],
      ],
    },
    { attack: 'A second beginning within the group', tests: [[ATTACKS, 'a second create within a group is refused, and changes no role']] },
    {
      attack: 'Another entry under a known id',
      tests: [[ATTACKS, 'a colliding id changes nothing: what came under an id first is what it stands for']],
    },
    { attack: '10,000 acts of one admin', tests: [[ATTACKS, '10,000 acts of one admin, and what it writes beyond counts no more']] },
    {
      attack: 'A link that was closed, or made by somebody who was removed, or by which a removed member comes back',
      tests: [
        [ATTACKS, 'a closed link, a link of somebody who was removed, and one that is none let nobody in'],
        [ATTACKS, 'who was removed does not come back by a link, though whoever lets them in knows of the removal'],
      ],
    },
    {
      attack: 'A junior takes something from a senior',
      tests: [
        [ATTACKS, 'a junior takes nothing from a senior'],
        [
          'protocol/test/membership/histories.test.ts',
          'no junior affects a senior: without all that juniors did, seniors have done the same',
        ],
      ],
    },
  ],
}

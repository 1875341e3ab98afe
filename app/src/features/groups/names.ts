// Several names in one sentence.

import { MEMBERS_NAMED_MAX } from '../limits.ts'
import { directionOf } from '../languages.ts'
import { isolated, toPersonName } from '../people/index.ts'
import { spoken } from '../spoken.ts'
import { formats } from '../time/index.ts'

const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u

/** A name that runs the other way turns no other one around. */
export const apart = (name: string): string => (RIGHT_TO_LEFT.test(name) === (directionOf(spoken.value) === 'rtl') ? name : isolated(name))

/** The others, as many as a line has room for; empty for nobody. */
export const toMemberNames = (members: readonly { readonly name: string | undefined; readonly mine: boolean }[]): string =>
  new Intl.ListFormat(formats.value.dates, { type: 'unit', style: 'short' }).format(
    members
      .filter(({ mine }) => !mine)
      .slice(0, MEMBERS_NAMED_MAX)
      .map((member) => apart(toPersonName(member))),
  )

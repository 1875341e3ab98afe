// Chats of two people in a simulated world, each with one device or several.

import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Person } from './person.ts'

/** Somebody's devices. */
export type Side = readonly Person[]

export type Chat = {
  readonly id: ConversationId
  readonly link: string
  /** The one who made it, and the one who came by the link. */
  sides: readonly [Side, Side]
}

export const devicesIn = ({ sides }: Chat): readonly Person[] => sides.flat()

/** The side that a device belongs to, and the other one. */
export function sidesOf({ sides: [one, other] }: Chat, person: Person): { readonly own: Side; readonly theirs: Side } {
  return one.includes(person) ? { own: one, theirs: other } : { own: other, theirs: one }
}

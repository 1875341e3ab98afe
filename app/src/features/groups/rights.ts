// What can be done to a member as things stand: only that is offered. The engine judges again.

import type { MemberRole, MemberView } from '@kith/protocol'

export type MemberAct = 'promote' | 'hand' | 'demote' | 'remove'

export const canAdd = (role: MemberRole | undefined): boolean => role === 'owner' || role === 'admin'

/** To whoever may less than oneself. */
export const toMemberActs = (mine: MemberRole | undefined, member: Pick<MemberView, 'role' | 'mine'>): readonly MemberAct[] => {
  if (member.mine || !canAdd(mine)) return []
  if (member.role === 'member') return ['promote', 'remove']
  return mine === 'owner' && member.role === 'admin' ? ['hand', 'demote', 'remove'] : []
}

/** Nobody would be left who can add or remove anybody. */
export const isLastInCharge = (members: readonly MemberView[]): boolean =>
  members.length > 1 && members.every(({ mine, role }) => canAdd(role) === mine)

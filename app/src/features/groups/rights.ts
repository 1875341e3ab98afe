// What can be done to a member as things stand: only that is offered. The engine judges again.

import type { MemberRole, MemberView } from '@kith/protocol'

export type MemberAct = 'write' | 'block' | 'unblock' | 'promote' | 'hand' | 'demote' | 'remove'

export const canAdd = (role: MemberRole | undefined): boolean => role === 'owner' || role === 'admin'

/** To whoever may less than oneself. */
const toActsOfAdmins = (mine: MemberRole | undefined, member: Pick<MemberView, 'role'>): readonly MemberAct[] => {
  if (!canAdd(mine)) return []
  if (member.role === 'member') return ['promote', 'remove']
  return mine === 'owner' && member.role === 'admin' ? ['hand', 'demote', 'remove'] : []
}

/** Anybody may write to somebody else, or block them; the rest is a matter of roles. */
export const toMemberActs = (
  mine: MemberRole | undefined,
  member: Pick<MemberView, 'role' | 'mine' | 'isBlocked'>,
): readonly MemberAct[] => {
  if (member.mine) return []
  return [
    ...(member.isBlocked === true ? [] : ['write' as const]),
    ...toActsOfAdmins(mine, member),
    member.isBlocked === true ? 'unblock' : 'block',
  ]
}

/** Nobody would be left who can add or remove anybody. */
export const isLastInCharge = (members: readonly MemberView[]): boolean =>
  members.length > 1 && members.every(({ mine, role }) => canAdd(role) === mine)

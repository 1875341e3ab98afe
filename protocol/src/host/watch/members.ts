// Who is in a group, for whoever looks at the list.

import { nameOf } from '../../conversation/view.ts'
import { isAbove } from '../../membership/grant.ts'
import { personOf } from './views.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { NodeState } from '../../node/state.ts'
import type { MemberView } from '../../views.ts'
import type { Surroundings } from './views.ts'

/** Whoever may most first; nobody where it is no group. */
export function membersOf(state: NodeState, id: ConversationId, petnameOf: Surroundings['petnameOf']): readonly MemberView[] {
  const conversation = state.conversations.awake.get(id)
  const members = conversation?.group?.membership.members
  if (conversation === undefined || members === undefined) return []
  return [...members]
    .map(([account, role]): MemberView => {
      const person = personOf(conversation, account, petnameOf)
      const ownName = nameOf(conversation.view, account)
      return {
        ...person,
        role,
        ...(ownName !== person.name && { ownName }),
        ...(state.terms.blocked.has(account) && { isBlocked: true }),
      }
    })
    .toSorted((a, b) => order(a, b))
}

function order(a: MemberView, b: MemberView): number {
  if (a.role !== b.role) return isAbove(a.role, b.role) ? -1 : 1
  return (a.name ?? '').localeCompare(b.name ?? '') || (a.account < b.account ? -1 : 1)
}

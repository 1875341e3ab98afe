// What shows that keys of somebody are in other hands, for whoever looks at a chat with them (docs/protocol.md §14.3).

import { otherOf } from '../../conversation/state.ts'
import { authorOf, isRevoked } from '../../node/members.ts'
import { personOf } from './views.ts'
import type { AccountId, ConversationId } from '../../bytes/ids.ts'
import type { AlarmView } from '../../views.ts'
import type { Conversation, NodeState } from '../../node/state.ts'
import type { Surroundings } from './views.ts'

/** This person's own first. Whoever looks at a chat with 1,000 devices has these gone through at each change. */
export function alarmsOf(state: NodeState, id: ConversationId, petnameOf: Surroundings['petnameOf']): readonly AlarmView[] {
  const conversation = state.conversations.awake.get(id)
  if (conversation === undefined) return []
  const { splits, seen = [] } = state.terms.alarms ?? {}
  const lists = [...(splits ?? [])].filter(([account, { isSeen }]) => !isSeen && isIn(state, conversation, account))
  const forks = [...conversation.log.feeds].flatMap(([device, { fork }]) => {
    const alarm = `${id}/${device}`
    const account = authorOf(state, conversation, device)
    // An own copy is put right by this device itself; of one that was removed nothing counts any more.
    const isOver = device === state.self.device.id || isRevoked(state, device) || seen.includes(alarm)
    return fork?.proof === undefined || account === undefined || isOver ? [] : [{ alarm, account }]
  })
  const person = (account: AccountId) => personOf(conversation, account, petnameOf)
  return [
    ...lists.map(([account]): AlarmView => ({ ...person(account), kind: 'lists', alarm: account })),
    ...forks.map(({ alarm, account }): AlarmView => ({ ...person(account), kind: 'fork', alarm })),
  ].toSorted((a, b) => Number(b.mine) - Number(a.mine))
}

const isIn = ({ self }: NodeState, { group, view }: Conversation, account: AccountId): boolean =>
  account === self.account || (group === undefined ? otherOf(view) === account : group.membership.members.has(account))

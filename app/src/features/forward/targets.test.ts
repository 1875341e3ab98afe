import { describe, expect, it } from 'vitest'
// oxlint-disable-next-line no-restricted-imports -- A test may compare our bounds with the protocol's.
import { FORWARD_CHATS_MAX, FORWARDED_MAX } from '@kith/protocol'
import type { ConversationId } from '@kith/protocol'
import { CHATS_CHOSEN_MAX, MESSAGES_CHOSEN_MAX } from '../limits.ts'
import { CHAT, summary } from '../testing/index.ts'
import { toTargets } from './targets.ts'

const id = (digit: string) => digit.repeat(64) as ConversationId

describe('where a message can be sent on to', () => {
  it('is every other chat in which somebody hears it, in the order of the list', () => {
    const chats = [
      summary({ id: CHAT }),
      summary({ id: id('1'), name: 'Ben' }),
      summary({ id: id('2'), phase: 'invited' }),
      summary({ id: id('3'), isBlocked: true }),
      summary({ id: id('4'), phase: 'inviting', link: 'revoked' }),
      summary({ id: id('5'), phase: 'inviting', link: 'waiting', name: undefined }),
      summary({ id: id('6'), kind: 'group', title: 'Club', role: 'member' }),
      summary({ id: id('7'), kind: 'group', title: 'Left', role: undefined }),
    ]
    expect(toTargets(chats, CHAT).map(({ key }) => key)).toEqual([id('1'), id('5'), id('6')])
    expect(toTargets(chats, CHAT).at(-1)).toMatchObject({ name: 'Club', face: { account: id('6'), name: 'Club', class: 'g' } })
  })

  it('are as many as the engine sends on', () => {
    expect([CHATS_CHOSEN_MAX, MESSAGES_CHOSEN_MAX]).toEqual([FORWARD_CHATS_MAX, FORWARDED_MAX])
  })
})

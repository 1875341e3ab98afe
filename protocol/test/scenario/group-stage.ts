// Stories of groups: Alice is a contact of Bob and Carol, who do not know each other.

import { nodeOn } from '../simulation/disk.ts'
import { createStage, invite, meet, open, say } from './stage.ts'
import type { AccountId, ConversationId } from '../../src/bytes/ids.ts'
import type { MemberView } from '../../src/views.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

export const accountOf = (person: Person): AccountId => nodeOn(person.disk()).self.account

export async function three(how: 'direct' | 'mailbox' = 'mailbox', seed = 1, also: readonly string[] = []) {
  const stage = createStage(how, seed, also)
  const { alice, bob } = await meet(stage)
  const carol = await stage.enter('carol')
  const { link } = await invite(stage, alice, 'welcome carol')
  const pair = await open(stage, carol, link)
  await say(stage, carol, pair, 'hi')
  await stage.pass(10_000)
  return { stage, alice, bob, carol }
}

export async function group(stage: Stage, maker: Person, members: readonly Person[], title = 'Club'): Promise<ConversationId> {
  const made = await stage.done(maker.engine().createGroup({ title, members: members.map(accountOf), ref: `group ${title}` }))
  if (made.kind !== 'created') throw new Error(`no group: ${made.reason}`)
  return made.conversation
}

export async function members(stage: Stage, person: Person, id: ConversationId): Promise<readonly MemberView[]> {
  let shown: readonly MemberView[] = []
  const stop = person.engine().watchMembers({ conversation: id }, (views) => (shown = views))
  await stage.pass(100)
  stop()
  return shown
}

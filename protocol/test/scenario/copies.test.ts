// A profile that was copied and runs twice: what its copies write is read by the other side, and what no copy can read has a line that
// says so. Once one of them has stopped the other goes on alone.

import { expect, test } from 'vitest'
import { createPerson } from '../simulation/person.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { createStage, meet, MINUTE_MS, messages, revive, say, texts, ticks, view } from './stage.ts'

const ROUNDS = 4

// A copy that hears late uses steps that the other has used already.
test.each([
  { how: 'direct', lost: ['copy 0', 'copy 1'] },
  { how: 'mailbox', lost: [] },
] as const)(
  'copies of a profile are both read, with a mark, and it heals when one stops ($how)',
  { timeout: 60_000 },
  async ({ how, lost }) => {
    const stage = createStage(how)
    const { alice, bob, id } = await meet(stage)
    await stage.pass(10_000)
    const copy = createPerson({
      name: 'copy',
      scheduler: stage.scheduler,
      network: stage.network,
      luck: createSeeded(9),
      image: bob.disk(),
    })
    await revive(stage, copy)
    await stage.pass(10_000)
    const written: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      for (const person of [bob, alice, copy]) {
        written.push(`${person.name} ${round}`)
        await say(stage, person, id, `${person.name} ${round}`)
        await stage.pass(5_000)
      }
    }
    await stage.pass(3 * MINUTE_MS)
    const seen = await messages(stage, alice, id)
    expect(seen.map(({ text }) => text)).toEqual(['welcome', 'hello', ...written.filter((text) => !lost.some((gone) => gone === text))])
    expect(seen.filter(({ conflict }) => conflict)).toHaveLength(2 * ROUNDS - lost.length)

    copy.crash()
    bob.crash()
    await revive(stage, bob)
    for (const [at, person] of [alice, bob, alice, bob].entries()) {
      await say(stage, person, id, `after ${at}`)
      await stage.pass(10_000)
    }
    await stage.pass(3 * MINUTE_MS)
    for (const person of [alice, bob]) {
      expect((await texts(stage, person, id)).slice(-4)).toEqual(['after 0', 'after 1', 'after 2', 'after 3'])
      const { messages: lines, waiting } = await view(stage, person, id)
      const unread = lines.filter(({ kind }) => kind === 'unreadable').length
      expect(unread + (await texts(stage, person, id)).length).toBe(2 + written.length + 4)
      expect(waiting).toBeUndefined()
    }
    expect(await ticks(stage, bob, id)).toMatchObject({ 'after 1': 'delivered', 'after 3': 'delivered' })
  },
)

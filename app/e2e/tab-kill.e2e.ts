// A tab dies in the middle of sending: nothing that had a tick is lost, nothing is doubled, on either side.

import { keepLedger } from './ledger.ts'
import { bothDirect, introduce, twoFriends } from './pair.ts'
import type { Person } from './person.ts'
import { expect, test } from './walk.ts'

const ROUNDS = 5
const BURST = 6

test('a tab that crashes while sending loses and doubles nothing', async ({ world }) => {
  test.setTimeout(180_000)
  const ana = await world.person('Ana')
  const ben = await world.person('Ben')
  const ledger = await keepLedger(ana)
  await introduce({ ana, ben })
  for (let round = 0; round < ROUNDS; round += 1) {
    await sendBurstAndDie(ana, round)
    await ana.open()
    await ana.openConversation()
    await sendWhatTheComposerKept(ana)
    await ana.send(`alive after ${round}`)
    await ben.expectMessage(`alive after ${round}`, 'them', 45_000)
    await expectSameOnBothSides({ ana, ben, acknowledged: ledger.acknowledged })
  }
  expect(ledger.acknowledged.length, 'some of the burst had its tick before the crash').toBeGreaterThan(ROUNDS + 2)
})

test('a browser that is killed outright finds everything again', async ({ world }) => {
  test.setTimeout(150_000)
  let ana = await world.personOnDisk('Ana')
  const ben = await world.person('Ben')
  const ledger = await keepLedger(ana)
  await introduce({ ana, ben })
  for (let index = 0; index < BURST; index += 1) await ana.send(`before the cut ${index}`)
  await expect.poll(() => ledger.acknowledged.filter((text) => text.startsWith('before the cut')).length).toBe(BURST)
  await world.killBrowser(ana)

  ana = await world.personOnDisk('Ana')
  await ana.open()
  await ana.openConversation()
  await sendWhatTheComposerKept(ana)
  await ana.send('after the cut')
  await ben.expectMessage('after the cut', 'them', 45_000)
  await expectSameOnBothSides({ ana, ben, acknowledged: ledger.acknowledged })
})

test('a receiver that crashes while messages arrive ends with each of them once', async ({ world }) => {
  test.setTimeout(120_000)
  const { ana, ben } = await twoFriends(world)
  await bothDirect({ ana, ben })
  const texts = Array.from({ length: 12 }, (_, index) => `incoming ${index}`)
  for (const [index, text] of texts.entries()) {
    await ana.send(text)
    if (index === 5) await ben.crashTab()
  }
  await ben.open()
  await ben.openConversation()
  for (const text of texts) await ben.expectMessage(text, 'them', 45_000)
  for (const text of texts) await ana.expectState(text, 'delivered', 30_000)
  expect(await ben.texts()).toEqual(await ana.texts())
})

/** The crash falls at a different step of the burst in each round, and sometimes between a key press and its tick. */
async function sendBurstAndDie(ana: Person, round: number): Promise<void> {
  for (let index = 0; index < BURST; index += 1) {
    await ana.composer.fill(`round ${round} message ${index}`)
    await ana.composer.press('Enter')
    if (index === round + 1) break
  }
  await ana.crashTab()
}

/** An unsent draft comes back with the reference of its sending: pressing Send again must not double what was saved. */
async function sendWhatTheComposerKept(ana: Person): Promise<void> {
  await expect(ana.composer).toBeVisible()
  if ((await ana.composer.inputValue()) !== '') await ana.page.getByTestId('send').click()
}

async function expectSameOnBothSides({
  ana,
  ben,
  acknowledged,
}: {
  ana: Person
  ben: Person
  acknowledged: readonly string[]
}): Promise<void> {
  await expect.poll(async () => missing(acknowledged, await ana.texts()), { message: 'lost at the sender', timeout: 20_000 }).toEqual([])
  await expect.poll(async () => missing(acknowledged, await ben.texts()), { message: 'lost at the receiver', timeout: 45_000 }).toEqual([])
  for (const person of [ana, ben]) {
    const seen = await person.messages()
    const texts = seen.map(({ text }) => text)
    expect(texts.length, `doubled at ${person.name}: ${texts.join(' | ')}`).toBe(new Set(texts).size)
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length)
  }
  expect((await ana.texts()).toSorted()).toEqual((await ben.texts()).toSorted())
}

function missing(wanted: readonly string[], present: readonly string[]): readonly string[] {
  return wanted.filter((text) => !present.includes(text))
}

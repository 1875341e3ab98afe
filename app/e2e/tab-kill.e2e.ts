// A tab dies in the middle of sending: nothing that had a tick is lost, nothing is doubled, on either side.

import { keepLedger } from './ledger.ts'
import { bothDirect, introduce } from './pair.ts'
import type { Person } from './person.ts'
import { expect, once, test } from './walk.ts'
import type { World } from './world.ts'

const ROUNDS = 5
const BURST = 6

const friends = once(async (world: World) => {
  const ana = await world.personOnDisk('Ana')
  const ledger = await keepLedger(ana)
  return { world, ledger, ...(await introduce({ ana, ben: await world.person('Ben') })) }
})

test('a tab that crashes while sending loses and doubles nothing', async () => {
  test.setTimeout(180_000)
  const { ana, ben, ledger } = friends()
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

test('a receiver that crashes while messages arrive ends with each of them once', async () => {
  test.setTimeout(120_000)
  const { ana, ben } = friends()
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

test('a browser that is killed outright finds everything again', async () => {
  test.setTimeout(150_000)
  const { world, ana: killed, ben, ledger } = friends()
  for (let index = 0; index < BURST; index += 1) await killed.send(`before the cut ${index}`)
  await expect.poll(() => ledger.acknowledged.filter((text) => text.startsWith('before the cut')).length).toBe(BURST)
  await world.killBrowser(killed)

  const ana = await world.personOnDisk('Ana')
  await ana.open()
  await ana.openConversation()
  await sendWhatTheComposerKept(ana)
  await ana.send('after the cut')
  await ben.expectMessage('after the cut', 'them', 45_000)
  await expectSameOnBothSides({ ana, ben, acknowledged: ledger.acknowledged })
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

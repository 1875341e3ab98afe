// Two tabs of one person: one owns the network, both are the same conversation.

import type { Person } from './person.ts'
import { bothDirect, twoFriends } from './pair.ts'
import { expect, once, test } from './walk.ts'
import type { World } from './world.ts'

test.use({ serviceWorkers: 'allow' })

const friends = once(async (world: World) => ({ world, ...(await twoFriends(world)) }))

test('both tabs show the same, both can send, and closing the one that owned the network changes nothing', async () => {
  const { world, ana, ben } = friends()
  const second = await secondTab(world, ana)
  await second.expectMessage('Hello Ana', 'them')

  await ana.send('From the first tab')
  await second.expectMessage('From the first tab', 'me')
  await second.send('From the second tab')
  await ana.expectMessage('From the second tab', 'me')
  await ben.expectMessage('From the second tab', 'them')
  await ben.send('Seen both')
  await ana.expectMessage('Seen both', 'them')
  await second.expectMessage('Seen both', 'them')
  expect(await ana.texts()).toEqual(await second.texts())

  await ana.closeTab()
  await second.send('Only the second is left')
  await ben.expectMessage('Only the second is left', 'them', 30_000)
  await ben.send('Still here')
  await second.expectMessage('Still here', 'them', 30_000)
  await bothDirect({ ana: second, ben })
  expect(await second.texts()).toEqual(await ben.texts())
})

test('when the owning tab crashes, the other takes over and nothing is doubled', async () => {
  const { world, ana, ben } = friends()
  await beginAnew(ana)
  const second = await secondTab(world, ana)
  await second.expectMessage('Hello Ana', 'them')
  for (const index of [0, 1, 2]) {
    await second.composer.fill(`through the owner ${index}`)
    await second.composer.press('Enter')
  }
  await ana.crashTab()
  await second.send('after the crash')
  await ben.expectMessage('after the crash', 'them', 45_000)
  const texts = await second.texts()
  expect(texts.length).toBe(new Set(texts).size)
  for (const index of [0, 1, 2]) expect(texts).toContain(`through the owner ${index}`)
  expect(await ben.texts()).toEqual(texts)
})

test('what two tabs write in one chat is sent or still in its field, whichever sends first', async () => {
  const { world, ana, ben } = friends()
  await beginAnew(ana)
  await ana.composer.fill('See you at 7')
  const second = await secondTab(world, ana)
  await expect(second.composer).toHaveValue('See you at 7')

  await ana.composer.press('Enter')
  await second.composer.fill('See you at 8')
  await second.composer.press('Enter')
  for (const text of ['See you at 7', 'See you at 8']) await ben.expectMessage(text, 'them', 30_000)
  await expect(second.composer).toHaveValue('')

  await ana.composer.fill('On my')
  await expect(second.composer, 'it was stored before it was finished').toHaveValue('On my')
  await ana.composer.pressSequentially(' way')
  await ana.composer.press('Enter')
  await ben.expectMessage('On my way', 'them')
  await expect(second.composer, 'and went with the message').toHaveValue('')

  await ana.composer.fill('A draft of the first tab')
  await expect(second.composer).toHaveValue('A draft of the first tab')
  await second.composer.press('End')
  await second.composer.press('x')
  await second.composer.press('Backspace')
  await expect(ana.composer).toHaveValue('A draft of the first tab')
  await second.closeTab()
  await ana.page.reload()
  await expect(ana.composer).toHaveValue('A draft of the first tab')
})

/** One tab, which therefore owns the network. */
async function beginAnew(person: Person): Promise<void> {
  for (const page of person.context.pages()) await page.close()
  await person.open()
  await person.openConversation()
}

async function secondTab(world: World, person: Person): Promise<Person> {
  const second = world.anotherTab(person)
  await second.open()
  await second.openConversation()
  return second
}

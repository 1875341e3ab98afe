// The first minutes of two, counted in actions, with the inviter away. Somebody who begins alone is in beginning.e2e.ts.

import { expect, test } from './walk.ts'

/** A phone whose keyboard is open. */
const LOW = { width: 390, height: 420 }
const TIMELINE_PX_MIN = 80

test('somebody is invited, answers while the inviter is away, and says what to be called; the link lets in nobody else', async ({
  world,
}) => {
  test.setTimeout(150_000)
  const ana = await world.person('Ana')
  await ana.open()
  ana.startCounting()
  const link = await ana.newChat('Hi, it is Ana from the allotment')
  await ana.share()
  expect(ana.actions, 'write, New chat, Share').toBeLessThanOrEqual(3)
  await ana.expectState('Hi, it is Ana from the allotment', 'relay')
  await ana.closeTab()
  const ben = await world.person('Ben')
  await ben.open(link)
  const name = ben.page.getByLabel(/call you/i)

  await test.step('an invitee reads and answers while the inviter is away', async () => {
    await ben.expectMessage('Hi, it is Ana from the allotment', 'them')
    await expect(ben.composer, 'ready to type').toBeFocused()
    await expect(name).toHaveCount(0)
    ben.startCounting()
    await ben.send('Saturday works')
    expect(ben.actions, 'write, Send').toBe(2)
    await ben.expectMessage('Saturday works', 'me')
    await ben.expectState('Saturday works', 'relay')
    await expect(ben.message('Saturday works'), 'nobody has received it yet').toHaveAttribute('data-state', 'relay')
    expect(await ben.texts()).toEqual(['Hi, it is Ana from the allotment', 'Saturday works'])
  })

  await test.step('the answer is there on return', async () => {
    ana.startCounting()
    await ana.open()
    await expect(ana.page.getByText('Saturday works').first(), 'readable without an action').toBeVisible()
    expect(ana.actions, 'opening the address is all').toBe(1)
    await ana.openConversation()
    await ana.closeSheet()
    await ana.expectMessage('Saturday works', 'them')
    await ana.expectMessage('Hi, it is Ana from the allotment', 'me')
    await ana.expectState('Hi, it is Ana from the allotment', 'read')
    await ben.expectState('Saturday works', 'read')
  })

  await test.step('a long draft leaves room for the timeline, also under the question for a name', async () => {
    const size = ben.page.viewportSize()
    await ben.page.setViewportSize(LOW)
    await expect(ben.page.getByRole('heading', { name: 'What should they call you?' })).toBeVisible()
    await expect(ana.page.getByTestId('display-name'), 'who was asked beside the link is not asked again').toHaveCount(0)
    await ben.composer.fill('one more line\n'.repeat(60))
    const box = await ben.page.getByRole('log').locator('..').boundingBox()
    expect(box?.height ?? 0).toBeGreaterThan(TIMELINE_PX_MIN)
    await ben.composer.fill('')
    if (size !== null) await ben.page.setViewportSize(size)
  })

  await test.step('a name is asked for after the first message, and reaches the other side', async () => {
    await expect(name).toBeVisible()
    await name.fill('Ben of the hill')
    await name.press('Enter')
    await expect(ana.page.getByText('Ben of the hill').first()).toBeVisible({ timeout: 20_000 })
  })

  await test.step('the link works once, and says so to the second visitor', async () => {
    const mallory = await world.person('Mallory')
    await mallory.open(link)
    await expect(mallory.page.getByText(/already used/i)).toBeVisible()
    await expect(mallory.page.getByText('Hi, it is Ana from the allotment')).toHaveCount(0)
  })
})

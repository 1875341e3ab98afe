// Links that several people open, or that are over: one is let in; the others are told, and told what to do.

import { expect, test } from './walk.ts'

const TOLD_MS_MAX = 45_000

test('a link is kept for the browser in which somebody was seen first: who finds it later can neither read nor answer it', async ({
  world,
}) => {
  test.setTimeout(120_000)
  const ana = await world.person('Ana')
  await ana.open()
  const link = await ana.newChat('Whoever comes first')
  await ana.expectState('Whoever comes first', 'relay')
  await ana.closeTab()

  // Both have read it; nobody has touched anything yet.
  const ben = await world.person('Ben')
  const carol = await world.person('Carol')
  for (const guest of [carol, ben]) {
    await guest.open(link)
    await guest.expectMessage('Whoever comes first', 'them')
  }
  await ben.page.mouse.move(200, 200)
  await ben.page.mouse.move(210, 210)
  const elsewhere = /already been opened/i
  await expect(async () => {
    const finder = await world.person('Dora')
    await finder.open(link)
    await expect(finder.page.getByRole('heading', { name: elsewhere })).toBeVisible({ timeout: 8_000 })
    await expect(finder.page.getByText('Whoever comes first')).toHaveCount(0)
  }).toPass({ timeout: TOLD_MS_MAX })

  // Carol is told at the first touch, before anything was written; what is written all the same stays in the box.
  await carol.page.mouse.move(200, 200)
  await carol.page.mouse.move(210, 210)
  await expect(carol.page.getByText(elsewhere)).toBeVisible({ timeout: TOLD_MS_MAX })
  await carol.send('Here is Carol')
  await expect(carol.composer).toHaveValue('Here is Carol')
  await expect(carol.message('Here is Carol')).toHaveCount(0)

  await ben.page.reload()
  await ben.expectMessage('Whoever comes first', 'them')
  await ben.send('Here is Ben')
  await ben.expectState('Here is Ben', 'relay')

  await ana.open()
  await ana.openConversation()
  await ana.expectMessage('Here is Ben', 'them')
  await ben.expectState('Here is Ben', 'delivered')
  await expect(ana.page.getByText('Here is Carol')).toHaveCount(0)
  await expect(ben.page.getByText(elsewhere)).toHaveCount(0)
})

test('whoever answered a link that was taken back is told so, and not that somebody else used it', async ({ world }) => {
  test.setTimeout(120_000)
  const ana = await world.person('Ana')
  await ana.open()
  const link = await ana.newChat('I change my mind')
  await ana.expectState('I change my mind', 'relay')
  const ben = await world.person('Ben')
  await ben.open(link)
  await ben.expectMessage('I change my mind', 'them')

  await ana.page.getByRole('button', { name: 'Cancel the link' }).click()
  await ana.page.getByRole('dialog').getByRole('button', { name: 'Cancel the link' }).click()
  await expect(ana.page.locator('[data-invite-state="revoked"]')).toBeVisible()
  await ben.send('Here I am')
  await expect(ben.page.getByText(/cancelled/i)).toBeVisible({ timeout: TOLD_MS_MAX })
  await expect(ben.page.getByText(/someone else/i)).toHaveCount(0)

  const carol = await world.person('Carol')
  await carol.open(link)
  await expect(carol.page.getByRole('heading', { name: /cancelled/i })).toBeVisible({ timeout: TOLD_MS_MAX })
})

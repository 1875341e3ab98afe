// Two people answer one link while its maker is away. One is let in; the other is told, and told what to do.

import { expect, test } from './walk.ts'

const TOLD_MS_MAX = 45_000

test('of two who answered one link, the second is told that it was not delivered', async ({ world }) => {
  test.setTimeout(120_000)
  const ana = await world.person('Ana')
  await ana.open()
  const link = await ana.newChat('Whoever comes first')
  await ana.expectState('Whoever comes first', 'relay')
  await ana.closeTab()

  const ben = await world.person('Ben')
  const carol = await world.person('Carol')
  for (const guest of [ben, carol]) {
    await guest.open(link)
    await guest.expectMessage('Whoever comes first', 'them')
    await guest.send(`Here is ${guest.name}`)
    await guest.expectState(`Here is ${guest.name}`, 'relay')
  }

  await ana.open()
  await ana.openConversation()
  await ana.expectMessage('Here is Ben', 'them')
  await ben.expectState('Here is Ben', 'delivered')
  await expect(carol.page.getByText(/someone else used this link before you/i)).toBeVisible({ timeout: TOLD_MS_MAX })
  await expect(carol.message('Here is Carol')).toHaveAttribute('data-state', /^(saved|relay)$/)
  await expect(ana.page.getByText('Here is Carol')).toHaveCount(0)
  await expect(ben.page.getByText(/wasn’t delivered/i)).toHaveCount(0)
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

// What a chat says of itself and of who it is with, and that whatever looks like a way leads somewhere.

import { expect, test } from './walk.ts'

test('the safety number reads alike on both sides and on every screen, and once compared it is marked so', async ({
  friends: { ana, ben },
}) => {
  const phone = { width: 390, height: 844 }
  await ben.page.setViewportSize(phone)
  const numbers: string[] = []
  for (const { page } of [ana, ben]) {
    await page.getByRole('heading', { level: 1 }).getByRole('button').click()
    const groups = page.locator('.digits > *')
    await expect(groups).toHaveText(Array.from({ length: 12 }, () => /^\d{5} $/))
    const tops = await groups.evaluateAll((all) => all.map((group) => Math.round(group.getBoundingClientRect().top)))
    expect(new Set(tops).size, 'three lines of four').toBe(3)
    const widths = await groups.evaluateAll((all) => all.map((group) => group.getBoundingClientRect().width))
    expect(Math.max(...widths) - Math.min(...widths), 'digits are equally wide').toBeLessThan(0.5)
    await expect(groups.first()).toHaveCSS('font-size', '20px')
    numbers.push((await groups.allTextContents()).join(''))
  }
  expect(numbers[0]).toBe(numbers[1])

  await ben.page.getByTestId('verify').click()
  await expect(ben.page.getByText('Compared and matching')).toBeVisible()
  await ben.page.reload()
  await expect(ben.page.getByText('Compared and matching')).toBeVisible()
})

test('what looks like a way is one', async ({ friends: { ana } }) => {
  const { page } = ana
  await page.getByRole('button', { name: 'Details' }).first().click()
  const details = page.getByRole('complementary')
  await expect(details.getByRole('button', { name: /Invite link/ }), 'a used link opens nothing').toHaveCount(0)
  await details.getByRole('button', { name: /^Connection/ }).click()
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Test the connection' })).toBeVisible()
  await ana.closeSheet()
  await page.getByRole('button', { name: /protected here/i }).click()
  await expect(page.getByTestId('display-name')).toBeVisible()
})

test('messages of a chat go after the time that one of the two has set, and both are told', async ({ friends: { ana, ben } }) => {
  await ana.page.getByRole('button', { name: 'Details' }).first().click()
  await ana.page.getByTestId('timer').selectOption({ label: '1 week' })
  await expect(ana.page.getByText('You set new messages to disappear 1 week after they arrive.')).toBeVisible()
  await expect(ben.page.getByText('Someone set new messages to disappear 1 week after they arrive.')).toBeVisible()
  await expect(ana.page.getByTestId('timer')).toHaveValue('604800')
  await ben.page.getByRole('button', { name: 'Details' }).first().click()
  await expect(ben.page.getByTestId('timer')).toHaveValue('604800')
  await ben.page.getByTestId('timer').selectOption('0')
  await expect(ben.page.getByText('You turned off disappearing messages.')).toBeVisible()
  await expect(ana.page.getByText('Someone turned off disappearing messages.')).toBeVisible()
  await expect(ana.page.getByTestId('timer')).toHaveValue('0')
})

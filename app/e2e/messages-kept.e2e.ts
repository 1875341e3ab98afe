// What is half done with a message is not lost, what is deleted is quoted nowhere, and a finger does what it means.

import { expect, test } from './walk.ts'

test('a half-written edit is there again, and a reply strip keeps nothing of what was deleted here', async ({ friends: { ana } }) => {
  const { page } = ana
  const ask = async (text: string, hook: string) => {
    await ana.message(text).click({ button: 'right' })
    await page.getByRole('menu').getByTestId(hook).click()
  }
  await ana.send('Seven o’clock')
  await ask('Seven o’clock', 'action-edit')
  await ana.composer.fill('Eight o’cl')
  await ana.composer.press('Escape')
  await expect(ana.composer).toHaveValue('')
  await ask('Seven o’clock', 'action-edit')
  await expect(ana.composer, 'after Escape').toHaveValue('Eight o’cl')
  await ask('Hello Ana', 'action-reply')
  await expect(page.getByTestId('composer-strip')).toHaveAttribute('data-kind', 'reply')
  await expect(ana.composer).toHaveAccessibleDescription(/Hello Ana/)
  await ask('Seven o’clock', 'action-edit')
  await expect(ana.composer, 'after a reply').toHaveValue('Eight o’cl')
  await ana.composer.fill('Eight o’clock')
  await ana.composer.press('Enter')
  await expect(ana.message('Eight o’clock').getByTestId('edited')).toBeVisible()

  await expect(page.getByTestId('composer-strip')).toHaveAttribute('data-kind', 'reply')
  await ask('Hello Ana', 'action-delete')
  await page.getByTestId('confirm').click()
  await expect(ana.message('Hello Ana')).toHaveCount(0)
  await expect(page.getByTestId('composer-strip')).toHaveCount(0)
})

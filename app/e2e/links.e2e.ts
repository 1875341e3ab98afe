// Links as other apps hand them on: whatever they put around an invite link, it opens, and nothing of it stays in the address.

import { expect, test } from './walk.ts'

test('a link opens whatever another app has put before, behind or around it', async ({ world }) => {
  const ana = await world.person('Ana')
  await ana.open()
  const link = await ana.newChat('Hello Ben')
  await ana.expectState('Hello Ben', 'relay')
  const { origin, hash } = new URL(link)
  const token = hash.slice('#i/'.length)

  const ben = await world.person('Ben')
  for (const address of [
    `${origin}/?fbclid=abc#i/${token}`,
    `${origin}/#i/${token}.`,
    `${origin}/#i/${token}?utm_source=x`,
    `${origin}/#i%2F${token}`,
    `${origin}/%23i/${token}`,
    `${origin}/%23i%2F${token}`,
    `${origin}/#i/${token}):~:text=Hello`,
  ]) {
    await ben.open(address)
    await ben.expectMessage('Hello Ben', 'them')
    expect(ben.page.url(), `after ${address}`).not.toContain(token.slice(0, 20))
    await ben.closeTab()
  }
})

test('a link is taken out of a mail that wraps, quotes and signs it', async ({ world }) => {
  const ana = await world.person('Ana')
  await ana.open()
  const link = await ana.newChat('Hello Ben')
  await ana.expectState('Hello Ben', 'relay')

  const ben = await world.person('Ben')
  const page = await ben.open()
  await ben.tap(page.getByRole('button', { name: /paste a link/i }))
  const field = page.getByRole('dialog').getByRole('textbox')
  await field.fill(link.slice(0, -3))
  await field.press('Enter')
  await expect(page.getByRole('alert')).toBeVisible()
  await ben.tap(page.getByRole('alert').getByRole('button'))
  await ben.tap(page.getByRole('button', { name: /paste a link/i }))
  await field.fill(`> Hi Ben,\n> ${(link.match(/.{1,70}/g) ?? []).join('\n> ')}\n>\n> Best, Ana`)
  await field.press('Enter')
  await ben.expectMessage('Hello Ben', 'them')
})

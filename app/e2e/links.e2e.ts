// Links as other apps hand them on: whatever they put around an invite link, it opens, and nothing of it stays in the address.

import { expect, test } from './walk.ts'

test('a link opens in a page that is open, and whatever another app has put before, behind or around it', async ({ world }) => {
  test.setTimeout(120_000)
  const ana = await world.person('Ana')
  await ana.open()
  const link = await ana.newChat('Hello Ben')
  await ana.expectState('Hello Ben', 'relay')
  const { origin, hash } = new URL(link)
  const token = hash.slice('#i/'.length)
  const ben = await world.person('Ben')

  await test.step('a link put into the address of a page that is open is opened by that page', async () => {
    const page = await ben.open()
    await expect(ben.composer).toBeVisible()
    await page.goto(link)
    await ben.expectMessage('Hello Ben', 'them')
    expect(page.url()).not.toContain('#i/')
  })

  for (const address of [
    `${origin}/?fbclid=abc#i/${token}`,
    `${origin}/#i/${token}.`,
    `${origin}/#i/${token}?utm_source=x`,
    `${origin}/#i%2F${token}`,
    `${origin}/%23i/${token}`,
    `${origin}/%23i%2F${token}`,
    `${origin}/#i/${token}):~:text=Hello`,
  ]) {
    await ben.page.goto('about:blank')
    await ben.page.goto(address)
    await ben.expectMessage('Hello Ben', 'them')
    expect(ben.page.url(), `after ${address}`).not.toContain(token.slice(0, 20))
  }

  await test.step('a link is taken out of a mail that wraps, quotes and signs it', async () => {
    await ana.closeSheet()
    const another = await ana.newChat()
    await ana.closeSheet()
    await ana.send('Hello Cleo')
    await ana.expectState('Hello Cleo', 'relay')
    const cleo = await world.person('Cleo')
    const page = await cleo.open()
    await cleo.tap(page.getByRole('button', { name: /paste a link/i }))
    const field = page.getByRole('dialog').getByRole('textbox')
    await field.fill(another.slice(0, -3))
    await field.press('Enter')
    await expect(page.getByRole('alert')).toBeVisible()
    await cleo.tap(page.getByRole('alert').getByRole('button'))
    await cleo.tap(page.getByRole('button', { name: /paste a link/i }))
    await field.fill(`> Hi Cleo,\n> ${(another.match(/.{1,70}/g) ?? []).join('\n> ')}\n>\n> Best, Ana`)
    await field.press('Enter')
    await cleo.expectMessage('Hello Cleo', 'them')
  })
})

// Somebody who begins alone: from the address to a shared link, and back to where they began.

import { expect, test } from './walk.ts'

test('somebody begins alone: three actions lead to a shared link, what was begun is found again, and goes when it is taken back', async ({
  world,
}) => {
  test.setTimeout(150_000)
  const ana = await world.person('Ana')
  let page = await ana.open()

  await test.step('what is half written on the first screen outlives a reload', async () => {
    await expect(ana.composer).toBeFocused()
    await page.keyboard.type('Half a greeting')
    const other = world.anotherTab(ana)
    await other.open()
    await expect(other.composer, 'the draft is stored').toHaveValue('Half a greeting')
    await other.closeTab()
    await page.reload()
    await expect(ana.composer).toHaveValue('Half a greeting')
    await ana.closeTab()
  })

  await test.step('three actions lead from the address to a shared link', async () => {
    ana.startCounting()
    page = await ana.open()
    await expect(ana.composer).toHaveValue('Half a greeting')
    const link = await ana.newChat()
    await ana.share()
    expect(ana.actions, 'open, New chat, Share').toBeLessThanOrEqual(3)
    expect(link).toContain(world.url)
    expect(new URL(link).hash.length, 'the secret part stays behind #').toBeGreaterThan(40)
    expect(new URL(link).search).toBe('')
  })

  await test.step('what was half written is forgotten once it was sent', async () => {
    await ana.closeSheet()
    await ana.expectMessage('Half a greeting', 'me')
    await expect(page).toHaveURL(/\/chat#c-[\w-]{11}$/)
    await page.reload()
    await expect(ana.composer).toHaveValue('')
    await ana.expectMessage('Half a greeting', 'me')
  })

  const address = page.url()
  await test.step('the chat is found again by going back and by the address alone, which names nobody', async () => {
    await page.goto(world.url)
    await ana.expectMessage('Half a greeting', 'me')
    await page.goto(`${world.url}/settings`)
    await page.goBack()
    await ana.expectMessage('Half a greeting', 'me')
    await page.goto(new URL('/chat', world.url).href)
    await ana.expectMessage('Half a greeting', 'me')
    expect(page.url()).toBe(address)
    await page.goto(new URL('/chat#c-AAAAAAAAAAA', world.url).href)
    await expect(page.getByTestId('conversation-item')).toBeVisible()
    await expect(ana.composer).toHaveCount(0)
  })

  await test.step('a chat is said to be opening while nothing is known of it yet', async () => {
    await ana.context.route(/engine\.worker/, () => new Promise(() => undefined))
    const late = await world.anotherTab(ana).open('about:blank')
    await late.setViewportSize({ width: 390, height: 844 })
    await ana.closeTab()
    await late.goto(address)
    await expect(late.getByText('Opening this chat')).toBeVisible({ timeout: 3_000 })
    await ana.context.unroute(/engine\.worker/)
    await late.close()
  })

  await test.step('the link, which nobody used, is taken back, and its chat is removed for good', async () => {
    page = await ana.open(address.replace('/chat#', '/chat/invite#'))
    await page.getByRole('button', { name: 'Cancel the link' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the link' }).click()
    await expect(page.locator('[data-invite-state="revoked"]')).toBeVisible()
    await ana.closeSheet()
    await page.getByRole('main').getByRole('button', { name: 'Remove this chat' }).click()
    await expect(page.getByRole('button', { name: 'Keep the chat' }), 'nothing written is erased unasked').toBeFocused()
    await page.getByTestId('confirm').click()
    for (const when of ['now', 'after a reload']) {
      await expect(page.getByRole('heading', { name: /who would you like to talk to/i }), when).toBeVisible()
      await expect(page.getByTestId('conversation-item')).toHaveCount(0)
      if (when === 'now') await page.reload()
    }
  })
})

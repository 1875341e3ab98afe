// People: somebody from a group asks to talk, is accepted, blocked and let in again; a group folds what somebody blocked writes; a history is erased.

import type { Locator, Page } from '@playwright/test'
import { axeFaults } from '../../audits/axe.ts'
import { acquaint } from './pair.ts'
import type { Person } from './person.ts'
import { picture } from './picture.ts'
import { expectDrawn } from './surface.ts'
import { expect, test } from './walk.ts'
import type { World } from './world.ts'

const row = (page: Page, name: string): Locator =>
  page.getByTestId('conversation-item').filter({ has: page.locator('.nm', { hasText: name }) })
const member = (page: Page, name: string): Locator => page.getByTestId('member').filter({ hasText: name })

async function expectAccessible(page: Page, screen: string): Promise<void> {
  // What a pointer rests on is another screen.
  await page.mouse.move(0, 0)
  for (const scheme of ['light', 'dark'] as const) expect.soft(await axeFaults(page, scheme), `${screen}, ${scheme}`).toEqual([])
  await picture(page, screen)
}

/** Ana has a chat with Ben and one with Cleo, who meet in a group of hers alone. */
async function club(world: World): Promise<Record<'ana' | 'ben' | 'cleo', Person>> {
  const [ana, ben, cleo] = [await world.person('Ana'), await world.person('Ben'), await world.person('Cleo')]
  await acquaint({ ana, ben, cleo }, 'Ben Kramer')
  const { page } = ana
  await page.getByTestId('new-group').click()
  await page.getByTestId('group-title').fill('Chess club')
  for (const name of ['Ben Kramer', 'Cleo']) await page.getByRole('checkbox', { name }).check()
  await page.getByTestId('group-create').click()
  for (const person of [ben, cleo]) await row(person.page, 'Chess club').click()
  for (const person of [ana, ben, cleo]) {
    await person.send(`hello from ${person.name}`)
    for (const other of [ana, ben, cleo]) await other.expectMessage(`hello from ${person.name}`, other === person ? 'me' : 'them')
  }
  return { ana, ben, cleo }
}

test('somebody from a group asks to talk, is accepted, then blocked, then let in again', async ({ world }) => {
  test.setTimeout(240_000)
  const { ben, cleo } = await club(world)

  await test.step('Cleo asks Ben, by key', async () => {
    await cleo.page.getByTestId('members').click()
    await member(cleo.page, 'Ben').getByRole('button').first().press('Enter')
    await cleo.page.getByTestId('member-write').press('Enter')
    await expect(cleo.page.getByTestId('request-text')).toBeFocused()
    await cleo.page.getByTestId('request-send').press('Enter')
    await expect(cleo.page.getByRole('alert').filter({ hasText: 'Write something first' })).toBeVisible()
    await cleo.page.getByTestId('request-text').fill('Is the **Thursday** table still open?')
    await expectAccessible(cleo.page, 'writing a request')
    await cleo.page.getByTestId('request-send').press('Enter')
    await expect(cleo.page.getByTestId('asked')).toContainText('You asked Ben Kramer to talk')
    await expect(row(cleo.page, 'Ben Kramer')).toBeVisible()
    await expectAccessible(cleo.page, 'a request that waits')
  })

  await test.step('Ben sees who it is and from which group, and nothing of his is told', async () => {
    const { page } = ben
    await expect(page.getByTestId('requests')).toHaveAttribute('data-count', '1')
    await expect(page.getByTestId('conversation-item')).toHaveCount(2)
    await page.getByTestId('requests').press('Enter')
    const request = page.getByTestId('request')
    await expect(request).toContainText('Cleo')
    await expect(request).toContainText('Chess club')
    await expect(request.getByTestId('request-words')).toHaveText('Is the **Thursday** table still open?')
    await expect(request.locator('a, img, strong')).toHaveCount(0)
    await expectAccessible(page, 'requests')
    await expectDrawn(page, 'requests')
    await expect(cleo.page.getByTestId('message').last()).toHaveAttribute('data-state', /saved|relay/)
    await expect(cleo.route).not.toHaveAttribute('data-route', 'direct')
  })

  await test.step('he accepts, and they talk', async () => {
    await ben.page.getByTestId('request-accept').click()
    await expect(ben.page.getByRole('dialog')).toHaveCount(0)
    await expect(ben.page.getByTestId('requests')).toHaveCount(0)
    await expect(cleo.page.getByTestId('asked')).toHaveCount(0)
    await ben.send('It is')
    await cleo.expectMessage('It is', 'them')
    await ben.expectState('It is', 'delivered')
    await expect(row(ben.page, 'Cleo')).toBeVisible()
  })

  await test.step('Ben blocks Cleo in the details: nothing of hers arrives', async () => {
    const { page } = ben
    await page.getByRole('button', { name: 'Details', exact: true }).click()
    await expectAccessible(page, 'contact card')
    await page.getByTestId('block').click()
    await expect(page.getByRole('button', { name: 'Don’t block' })).toBeFocused()
    await expectAccessible(page, 'before somebody is blocked')
    await page.getByTestId('confirm').click()
    await expect(ben.composer).toHaveCount(0)
    await expect(page.getByText('You blocked Cleo.')).toBeVisible()
    await expect(page.getByTestId('unblock').first()).toBeVisible()
    await expectAccessible(page, 'a chat with somebody blocked')
    await cleo.send('Are you there?')
    await cleo.expectRoute('relay')
    await cleo.page.waitForTimeout(4_000)
    await expect(cleo.message('Are you there?')).toHaveAttribute('data-state', /saved|relay/)
    await expect(ben.message('Are you there?')).toHaveCount(0)
  })

  await test.step('in the group what she writes is folded', async () => {
    const { page } = ben
    await row(page, 'Chess club').click()
    await row(cleo.page, 'Chess club').click()
    await cleo.send('to everybody')
    await expect(page.getByTestId('blocked-message').last()).toContainText('from someone you blocked')
    await expect(ben.message('to everybody')).toHaveCount(0)
    await expect(row(page, 'Chess club')).toContainText('Message from someone you blocked')
    await expectAccessible(page, 'a group with somebody blocked')
    await page.getByTestId('blocked-message').last().press('Enter')
    await ben.expectMessage('to everybody', 'them')
    await expect(page.getByTestId('blocked-message').last()).toHaveAttribute('aria-expanded', 'true')
  })

  await test.step('she is unblocked in the settings, and what she wrote arrives', async () => {
    const { page } = ben
    await page.getByTestId('settings').first().click()
    await page.getByTestId('blocked-people').click()
    await expect(page.getByTestId('blocked-person')).toContainText('Cleo')
    await expectAccessible(page, 'blocked people')
    await page.getByTestId('blocked-person').getByTestId('unblock').click()
    await expect(page.getByText('You haven’t blocked anyone.')).toBeVisible()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Back to chats' }).click()
    await row(page, 'Cleo').click()
    await ben.expectMessage('Are you there?', 'them', 60_000)
    await cleo.page.bringToFront()
    await row(cleo.page, 'Ben Kramer').click()
    await ben.send('Here again')
    await cleo.expectMessage('Here again', 'them', 60_000)
  })
})

test('a name that resembles a contact’s is warned about, and a request may be ignored or its sender blocked', async ({ world }) => {
  test.setTimeout(240_000)
  const { ana, ben, cleo } = await club(world)

  await test.step('Cleo calls herself what Ana is called, in other letters', async () => {
    const { page } = cleo
    await page.getByTestId('settings').first().click()
    // The second letter is Cyrillic's.
    await page.getByTestId('display-name').fill('Аnа')
    await page.getByTestId('display-name').press('Enter')
    await page.getByRole('button', { name: 'Back to chats' }).click()
    await row(page, 'Chess club').click()
    await ben.page.getByTestId('members').click()
    await expect(member(ben.page, 'Аnа').getByTestId('look-alike')).toContainText('resembles your contact Ana')
    await expectAccessible(ben.page, 'a name that looks alike')
  })

  await test.step('her request carries the warning, and is ignored', async () => {
    await cleo.page.getByTestId('members').click()
    await member(cleo.page, 'Ben').getByRole('button').first().click()
    await cleo.page.getByTestId('member-write').click()
    await cleo.page.getByTestId('request-text').fill('It is me, Ana. Send me the code?')
    await cleo.page.getByTestId('request-send').click()
    await ben.page.getByTestId('requests').click()
    await expect(ben.page.getByTestId('request').getByTestId('look-alike')).toContainText('but it isn’t them')
    await expectAccessible(ben.page, 'a request with a warning')
    await ben.page.getByTestId('request-ignore').click()
    await expect(ben.page.getByTestId('request')).toHaveCount(0)
    await expect(ben.page.getByTestId('requests')).toHaveCount(0)
  })

  await test.step('Cleo asks Ana’s friend no more: Ben blocks her among the members', async () => {
    await member(ben.page, 'Аnа').getByRole('button').first().click()
    await ben.page.getByTestId('block').click()
    await ben.page.getByTestId('confirm').click()
    await expect(member(ben.page, 'Аnа')).toContainText('Blocked')
    await member(ben.page, 'Аnа').getByRole('button').first().click()
    await expect(ben.page.getByTestId('member-write')).toHaveCount(0)
    await ben.page.getByTestId('unblock').click()
    await expect(member(ben.page, 'Аnа')).not.toContainText('Blocked')
  })

  await test.step('a quote says whose words they are, and the list shows them without marks', async () => {
    await ana.send('The **board** is in the _attic_')
    await ben.expectMessage('The **board** is in the _attic_', 'them')
    await expect(row(ben.page, 'Chess club')).toContainText('The board is in the attic')
    await row(cleo.page, 'Chess club').click()
    await cleo.message('hello from Ben').press('Enter')
    await cleo.page.getByTestId('action-reply').click()
    await cleo.send('and hello to you')
    await expect(ana.message('and hello to you').getByTestId('quote').locator('b')).toHaveText('Ben Kramer')
    await expect(ben.message('and hello to you').getByTestId('quote').locator('b')).toHaveText('You')
  })
})

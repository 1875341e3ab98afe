// Three people in one group, of whom two do not know each other: they talk, one is removed, one becomes an admin, and whoever made it leaves.

import type { Locator, Page } from '@playwright/test'
import { axeFaults } from '../../audits/axe.ts'
import { acquaint } from './pair.ts'
import type { Person } from './person.ts'
import { picture } from './picture.ts'
import { expectDrawn } from './surface.ts'
import { expect, test } from './walk.ts'

const row = (page: Page, text: string): Locator => page.getByTestId('conversation-item').filter({ hasText: text })
const member = (page: Page, name: string): Locator => page.getByTestId('member').filter({ hasText: name })

async function expectAccessible(page: Page, screen: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) expect.soft(await axeFaults(page, scheme), `${screen}, ${scheme}`).toEqual([])
}

const openGroup = async ({ page }: Person): Promise<void> => {
  await row(page, 'Allotment').click()
  await expect(page.getByRole('heading', { level: 1, name: 'Allotment' })).toBeVisible()
}

const openMembers = async ({ page }: Person): Promise<void> => {
  await page.getByTestId('members').click()
  await expect(page.getByTestId('member').first()).toBeVisible()
}

test('a group of three talks, loses one, and goes on without whoever made it', async ({ world }) => {
  test.setTimeout(180_000)
  const [ana, ben, cleo] = [await world.person('Ana'), await world.person('Ben'), await world.person('Cleo')]
  const everybody = [ana, ben, cleo]

  await acquaint({ ana, ben, cleo })
  const { page } = ana

  await test.step('Ana makes it by key', async () => {
    await page.getByTestId('new-group').press('Enter')
    const sheet = page.getByRole('dialog')
    await expect(page.getByTestId('group-title')).toBeFocused()
    await page.keyboard.type('Allotment')
    await page.getByTestId('group-create').click()
    await expect(sheet.getByRole('alert')).toContainText('Choose at least one person')
    await page.getByTestId('contact-search').fill('cle')
    await expect(page.getByTestId('contact')).toHaveCount(1)
    await page.getByRole('checkbox', { name: 'Cleo' }).press('Space')
    await page.getByTestId('contact-search').fill('')
    await page.getByRole('checkbox', { name: 'Ben' }).press('Space')
    await expectAccessible(page, 'new group')
    await page.getByTestId('group-create').press('Enter')
    await expect(page.getByRole('heading', { level: 1, name: 'Allotment' })).toBeVisible()
    await expect(page.getByTestId('members')).toContainText('3 members')
  })

  await test.step('all three talk, and see who wrote', async () => {
    for (const person of [ben, cleo]) await openGroup(person)
    for (const person of everybody) {
      await person.send(`hello from ${person.name}`)
      for (const other of everybody) await other.expectMessage(`hello from ${person.name}`, other === person ? 'me' : 'them')
    }
    for (const [person, other] of [
      [ben, 'Cleo'],
      [cleo, 'Ben'],
      [ben, 'Ana'],
    ] as const)
      await expect(person.message(`hello from ${other}`)).toHaveAccessibleName(new RegExp(`^${other}:`))
    await ana.expectState('hello from Ana', 'delivered')
    await expect(ana.message('hello from Ana').getByRole('img', { name: /^Delivered to 2 of 2/ })).toBeVisible()
    await expect(row(page, 'Allotment')).toContainText('Cleo: hello from Cleo')
    await expectAccessible(page, 'group')
  })

  await test.step('Cleo mentions Ben by key: his list says so, and in the chat he is taken to it', async () => {
    await row(ben.page, 'Ana').first().click()
    const { page: cleos } = cleo
    for (const at of [1, 2, 3]) await cleo.send(Array.from({ length: 20 }, (_, line) => `seeds ${at}, ${line}`).join('\n'))
    // What was sent stays in the box until it is kept.
    await expect(cleo.composer).toHaveValue('')
    await cleo.composer.click()
    await cleos.keyboard.type('Water, @b')
    const list = cleos.getByTestId('mention-list')
    await expect(list.getByRole('option')).toHaveText([/Ben$/])
    await expectAccessible(cleos, 'members to mention')
    await picture(cleos, 'members to mention')
    await cleos.keyboard.press('Enter')
    await expect(list).toHaveCount(0)
    await expect(cleo.composer).toHaveValue('Water, @Ben ')
    await cleos.keyboard.type('please')
    await cleos.keyboard.press('Enter')
    const about = row(ben.page, 'Allotment')
    await expect(about.getByTestId('mentioned')).toBeVisible()
    await expect(about).toContainText('Water, @Ben please')
    await picture(ben.page, 'a chat in which one is mentioned')
    await openGroup(ben)
    const chip = ben.page.getByTestId('mention')
    const next = ben.page.getByTestId('mention-next')
    await expect(next).toBeVisible()
    await expectAccessible(ben.page, 'new mention out of view')
    await next.click()
    await expect(chip).toBeInViewport()
    await expect(chip).toHaveAttribute('data-mine', 'true')
    await expect(next).toHaveCount(0)
    await expectAccessible(ben.page, 'mention')
    await picture(ben.page, 'a mention of oneself')
  })

  await test.step('an edit keeps the mention, which leads to the member', async () => {
    const { page: cleos } = cleo
    await cleo.composer.press('ArrowUp')
    await expect(cleo.composer).toHaveValue('Water, @Ben please')
    await cleo.composer.press('End')
    await cleos.keyboard.type(', tonight')
    await cleos.keyboard.press('Enter')
    const chip = ana.message('Water, @Ben please, tonight').getByTestId('mention')
    await expect(chip).toHaveText('@Ben')
    await expect(chip).toHaveAttribute('data-mine', 'false')
    await picture(page, 'a mention of somebody else')
    await chip.press('Enter')
    await expect(page.getByTestId('member-remove')).toBeVisible()
    await expect(member(page, 'Ben').locator('.mem')).toBeFocused()
    await member(page, 'Ben').locator('.mem').click()
    await page.getByTestId('members').click()
  })

  await test.step('Ana removes Cleo, who gets nothing of what is written afterwards', async () => {
    await openMembers(ana)
    await expectAccessible(page, 'members')
    await expectDrawn(page, 'members')
    await member(page, 'Cleo').getByRole('button').click()
    await page.getByTestId('member-remove').click()
    await expectAccessible(page, 'before a member is removed')
    await page.getByTestId('confirm').click()
    await expect(member(page, 'Cleo')).toHaveCount(0)
    await expect(cleo.page.getByText('Ana removed you.')).toBeVisible()
    await expect(cleo.composer).toHaveCount(0)
    await expect(cleo.page.getByText('You’re not in this group any more.')).toBeVisible()
    await expect(ben.page.getByText('Ana removed Cleo.')).toBeVisible()
    await ben.send('only us two')
    await ana.expectMessage('only us two', 'them')
    await ana.send('indeed')
    await ben.expectMessage('indeed', 'them')
  })

  await test.step('Ben becomes an admin, and Ana leaves', async () => {
    await member(page, 'Ben').getByRole('button').click()
    await page.getByTestId('member-promote').click()
    await expect(member(page, 'Ben')).toHaveAttribute('data-role', 'admin')
    await expect(ben.page.getByText('Ana made you an admin.')).toBeVisible()
    await page.getByTestId('group-leave').click()
    await page.getByTestId('confirm').click()
    await expect(ana.composer).toHaveCount(0)
    await expect(ben.page.getByText('Ana left.')).toBeVisible()
    await openMembers(ben)
    await expect(ben.page.getByTestId('member')).toHaveCount(1)
    await expect(ben.page.getByTestId('member-add')).toBeVisible()
  })

  await test.step('Ben has the group show what is written from now on to whoever comes later', async () => {
    const { page } = ben
    const shows = page.getByTestId('group-history')
    await expect(shows).toHaveAttribute('aria-checked', 'false')
    await shows.press('Enter')
    await expect(shows).toHaveAttribute('aria-checked', 'true')
    await expectAccessible(page, 'group that shows its history')
    await picture(page, 'a group that shows its history')
    await ben.send('for whoever comes later')
    await ben.expectMessage('for whoever comes later', 'me')
  })

  await test.step('Ben makes a link, and Dora comes by it while nobody else is there', async () => {
    const { page: bens } = ben
    await bens.getByTestId('group-link').press('Enter')
    await bens.getByTestId('group-link-make').press('Enter')
    const text = bens.getByTestId('group-link-text')
    await expect(text).toHaveValue(/#i\/./)
    await expect(bens.getByTestId('group-link-came')).toContainText('Nobody has joined')
    await expectAccessible(bens, 'link of a group')
    await expectDrawn(bens, 'link of a group')
    const link = await text.inputValue()
    const dora = await world.person('Dora')
    await dora.open(link)
    await expect(dora.page.getByRole('heading', { level: 1, name: 'Allotment' })).toBeVisible()
    await expect(dora.page.getByTestId('join-hello')).toContainText('1 member')
    await expectAccessible(dora.page, 'before joining a group')
    expect(new URL(dora.page.url()).hash).not.toContain('i/')
    await dora.page.getByTestId('group-join').press('Enter')
    await expect(dora.page.getByText('You joined with the group’s link.')).toBeVisible({ timeout: 30_000 })
    await expect(bens.getByTestId('group-link-came')).toContainText('1 person joined')
    await dora.expectMessage('for whoever comes later', 'them')
    expect(await dora.texts()).not.toContain('hello from Ana')
    await ben.closeSheet()
    await dora.send('hello, I am Dora')
    await ben.expectMessage('hello, I am Dora', 'them')
    await cleo.open(link)
    await expect(cleo.page.getByText('You were removed from this group, and no link brings you back.')).toBeVisible()
    await cleo.closeTab()
  })

  await test.step('Ben takes the link back: who opens it then is told', async () => {
    const { page: bens } = ben
    await bens.getByTestId('group-link').click()
    const link = await bens.getByTestId('group-link-text').inputValue()
    await bens.getByTestId('group-link-end').click()
    await bens.getByTestId('confirm').click()
    await expect(bens.getByTestId('group-link-make')).toBeVisible()
    await ben.closeSheet()
    const erin = await world.person('Erin')
    await erin.open(link)
    await erin.page.getByTestId('group-join').click()
    await expect(erin.page.getByText('This link doesn’t work')).toBeVisible({ timeout: 30_000 })
    await expect(ben.page.getByTestId('member')).toHaveCount(2)
  })

  await test.step('nothing of that has come to Cleo', async () => {
    await cleo.open()
    await openGroup(cleo)
    const texts = (await cleo.texts()).filter((text) => !text.startsWith('seeds'))
    expect(texts).toEqual(['hello from Ana', 'hello from Ben', 'hello from Cleo', 'Water, @Ben please, tonight'])
  })
})

// What people do in several scenes.

import { expect, type Page } from '@playwright/test'
import type { Person } from '../../app/e2e/person.ts'
import type { Camera } from './camera.ts'

export const WELCOME = 'Hi, it is Ana from the allotment. I moved our planning here, so it stays between us.'

/** Until a name has come over. */
const NAMED_MS_MAX = 30_000

/** Answers the card that asks for it. */
async function giveName({ page }: Person, name: string): Promise<void> {
  const field = page.getByTestId('display-name')
  await field.fill(name)
  await field.press('Enter')
  await field.waitFor({ state: 'hidden' })
}

/** Answers the line beside an own link. */
export async function signLink({ page }: Person, name: string): Promise<void> {
  const field = page.getByLabel(/so they know who’s writing/)
  await field.fill(name)
  await field.press('Enter')
  await page.getByRole('status').getByText('Saved', { exact: true }).waitFor()
}

/** `link`: the one with which they met. */
type Met = { readonly ana: Person; readonly ben: Person; readonly link: string }

/** Ana and Ben have met and named themselves; both have the conversation open. */
export async function meet(camera: Camera): Promise<Met> {
  const ana = await camera.person('Ana')
  await ana.open()
  const link = await ana.newChat(WELCOME)
  await signLink(ana, 'Ana Novak')
  await ana.closeSheet()
  const ben = await camera.person('Ben')
  await ben.open(link)
  await ben.expectMessage(WELCOME, 'them')
  await ben.send('Saturday works. Morning or evening?')
  await giveName(ben, 'Ben')
  await ana.expectMessage('Saturday works. Morning or evening?', 'them')
  await expect(ana.page.getByRole('heading', { level: 1, name: 'Ben' })).toBeVisible({ timeout: NAMED_MS_MAX })
  return { ana, ben, link }
}

/** From an open conversation or the settings to the list, which is beside them on a desktop. */
export async function toList({ page }: Person): Promise<void> {
  const back = page.getByRole('button', { name: 'Back to chats' })
  if (await back.isVisible()) await back.click()
}

export async function openSettings(person: Person): Promise<void> {
  await toList(person)
  await person.page.getByTestId('settings').filter({ visible: true }).click()
}

/** The address of a chat that this browser does not have. */
export const unknownChat = (home: string): string => `${home}chat#c-${'A'.repeat(11)}`

export const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name })

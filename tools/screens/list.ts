// The list of chats: its menu, what was pinned, muted, archived and marked, its filters, and starred messages.

import type { Locator } from '@playwright/test'
import type { Person } from '../../app/e2e/person.ts'
import { meet, toList } from './people.ts'
import type { Camera } from './camera.ts'

export async function shootList(camera: Camera): Promise<void> {
  const { take } = camera
  const { ana, ben } = await meet(camera)
  const { page } = ana
  await ben.send('I found the seed list, it is in the blue folder.')
  await ana.expectMessage('I found the seed list, it is in the blue folder.', 'them')
  await star(ana, ana.message('I found the seed list, it is in the blue folder.'))
  await ana.send('Gate code 4711, for the summer.')
  await ana.expectState('Gate code 4711, for the summer.', 'delivered')
  await star(ana, ana.message('Gate code 4711, for the summer.'))
  await take(ana, 'message-starred', page.getByTestId('starred'))
  const others = new Map<string, Person>()
  for (const [name, text] of [
    ['Mira Kovač', 'Is this where the seed swap is?'],
    ['Grandpa Jože', 'The tomatoes are in. Come by when you like.'],
    ['Harbour club', 'Board: minutes of Tuesday are at the office, and the keys to the shed as well.'],
  ] as const)
    others.set(name, await letIn(camera, ana, { name, text }))
  const row = (text: string) => page.getByTestId('conversation-item').filter({ hasText: text })
  await toList(ana)

  await ask(camera, ana, row('Ben'))
  await take(ana, 'list-menu', page.getByTestId('chat-menu'))
  await page.getByTestId('conversation-pin').click()
  // It moves to the top, and the others down.
  await row('Ben').getByRole('img', { name: 'Pinned' }).waitFor()
  await choose(camera, ana, row('Harbour'), 'conversation-mute')
  await choose(camera, ana, row('Grandpa'), 'conversation-unread')
  // What is in front is read at once.
  if (!camera.isPhone) await row('Ben').click()
  for (const text of ['The crane comes on Friday.', 'Move the two boats before noon.']) await others.get('Harbour club')?.send(text)
  await row('Move the two boats').waitFor()
  await others.get('Mira Kovač')?.send('And is it on Sunday too?')
  await row('And is it on Sunday').waitFor()
  await take(ana, 'list-flags', page.getByTestId('unread').first())
  await page.locator('[data-filter="unread"]').click()
  await take(ana, 'list-unread', row('And is it on Sunday'))
  await page.locator('[data-filter="archived"]').click()
  await take(ana, 'list-archived-none', page.getByText('Nothing in the archive'))
  await page.locator('[data-filter="all"]').click()
  await choose(camera, ana, row('Grandpa'), 'conversation-archive')
  await take(ana, 'list-archive-undo', page.getByRole('button', { name: 'Undo' }))
  await page.locator('[data-filter="archived"]').click()
  await take(ana, 'list-archived', row('Grandpa'))
  await page.locator('[data-filter="starred"]').click()
  await take(ana, 'list-starred', page.getByTestId('starred-message'))
  await page.emulateMedia({ forcedColors: 'active' })
  await take(ana, 'list-starred-forced', page.getByTestId('starred-message'))
}

async function star({ page }: Person, note: Locator): Promise<void> {
  await note.scrollIntoViewIfNeeded()
  await note.click({ button: 'right', position: { x: 12, y: 12 } })
  await page.getByTestId('action-star').click()
  await note.getByTestId('starred').waitFor()
}

async function letIn(camera: Camera, ana: Person, { name, text }: { readonly name: string; readonly text: string }): Promise<Person> {
  await toList(ana)
  await ana.tap(ana.page.getByTestId('new-chat').filter({ visible: true }))
  const link = await ana.inviteLink()
  await ana.closeSheet()
  const guest = await camera.person(name)
  await guest.open(link)
  await guest.send(text)
  const field = guest.page.getByTestId('display-name')
  await field.fill(name)
  await field.press('Enter')
  await ana.expectMessage(text, 'them')
  await ana.page.getByRole('heading', { level: 1, name }).waitFor()
  return guest
}

/** By hand, as that device does it. */
async function ask({ isPhone }: Camera, { page }: Person, row: Locator): Promise<void> {
  if (isPhone) {
    const box = await row.boundingBox()
    if (box === null) throw new Error('the row is not on the page')
    const devtools = await page.context().newCDPSession(page)
    const touchPoints = [{ x: box.x + 120, y: box.y + box.height / 2 }]
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints })
    await page.getByTestId('chat-menu').waitFor()
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    await devtools.detach()
  } else await row.click({ button: 'right' })
  await page.getByTestId('chat-menu').waitFor()
}

async function choose(camera: Camera, ana: Person, row: Locator, hook: string): Promise<void> {
  await ask(camera, ana, row)
  await ana.page.getByTestId(hook).click()
  await ana.page.getByTestId('chat-menu').waitFor({ state: 'detached' })
}

// What is done with single messages: the menu, the emoji, a reply, an edit, where a message is, and what is left of one that was deleted.

import type { Locator } from '@playwright/test'
import type { Person } from '../../app/e2e/person.ts'
import { meet, toList } from './people.ts'
import type { Camera } from './camera.ts'

const MARKED = [
  'For **Saturday**, as _we_ said:',
  '> compost goes on the two beds by the hedge',
  '- the *big* can',
  '- ~~hose~~ Ben has it',
  '1. water first',
  '2. then `mulch`',
  '```',
  'beds = 2',
  '```',
  'Plan: https://garden.example.org/plan_2026',
].join('\n')

export async function shootMessages(camera: Camera): Promise<void> {
  const { take } = camera
  const { ana, ben } = await meet(camera)
  const { page } = ana
  const menu = page.getByTestId('message-menu')
  await toList(ana)
  await page.getByTestId('conversation-item').first().click()
  await ana.send('Evening is better, the sun is off the beans by six.')
  await ana.send('I bring the watering cna.')
  await ben.expectMessage('I bring the watering cna.', 'them')
  await ben.send(MARKED)
  await ben.send('Good. Then I bring the hose.')
  await ben.send('🍅🌱')
  await ana.expectMessage('🍅🌱', 'them')
  await react(ben, ben.message('Evening is better, the sun is off the beans by six.'), '👍')
  await react(ana, ana.message('Evening is better, the sun is off the beans by six.'), '👍')
  await react(ana, ana.message('Good. Then I bring the hose.'), '❤️')
  await react(ana, ana.message('🍅🌱'), '😂')

  await ask(ana, ana.message('I bring the watering cna.'))
  await take(ana, 'message-menu', menu)
  await menu.getByTestId('action-edit').click()
  await take(ana, 'message-edit', page.getByTestId('composer-strip'))
  await ana.composer.fill('I bring the watering can, the big one.')
  await page.getByTestId('send').click()
  await ask(ana, ana.message('Good. Then I bring the hose.'))
  await menu.getByTestId('action-reply').click()
  await take(ana, 'message-reply', page.getByTestId('composer-strip'))
  await ana.send('The long one?')
  await ask(ana, ana.message('Evening is better, the sun is off the beans by six.'))
  await menu.getByTestId('action-pin').click()
  await ana.expectState('The long one?', 'delivered')
  await take(ana, 'messages', page.getByTestId('pinned'))
  await take(ben, 'messages-theirs', ben.page.getByTestId('pinned'))

  await ask(ana, ana.message('🍅🌱'))
  await menu.getByTestId('action-react').click()
  await take(ana, 'message-emoji', page.getByTestId('emoji-list'))
  await page.getByTestId('emoji-search').fill('wave')
  await take(ana, 'message-emoji-search', page.getByTestId('emoji-list'))
  await page.getByRole('button', { name: 'Close' }).click()
  await ask(ana, ana.message('The long one?'))
  await menu.getByTestId('action-info').click()
  await take(ana, 'message-info', page.getByTestId('where'))
  await page.keyboard.press('Escape')
  await ask(ana, ana.message('The long one?'))
  await menu.getByTestId('action-delete-everyone').click()
  await take(ana, 'message-delete', page.getByTestId('confirm'))
  await page.getByTestId('confirm').click()
  await take(ana, 'message-removed', page.getByTestId('removed'))
}

async function ask({ page }: Person, note: Locator): Promise<void> {
  await note.scrollIntoViewIfNeeded()
  await note.click({ button: 'right', position: { x: 12, y: 12 } })
  await page.getByTestId('message-menu').waitFor()
}

async function react(person: Person, note: Locator, emoji: string): Promise<void> {
  await ask(person, note)
  await person.page.getByTestId('message-menu').locator(`[data-emoji="${emoji}"]`).click()
  await note.locator(`[data-testid="reaction"][data-emoji="${emoji}"]`).waitFor()
}

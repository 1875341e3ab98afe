// Polls, checklists and notes: made, in the timeline, and all of each.

import { meet, toList } from './people.ts'
import type { Person } from '../../app/e2e/person.ts'
import type { Camera } from './camera.ts'

export async function shootLiving(camera: Camera): Promise<void> {
  const { take } = camera
  const { ana, ben } = await meet(camera)
  const { page } = ana
  for (const person of [ana, ben]) {
    await toList(person)
    await person.page.getByTestId('conversation-item').first().click()
  }
  const living = (person: Person, title: string) => person.page.getByTestId('living').filter({ hasText: title })
  const make = async (hook: string, title: string, lines: readonly string[]) => {
    await page.getByTestId('attach').click()
    await page.getByTestId(hook).click()
    await page.getByTestId('living-title').fill(title)
    for (const [at, line] of lines.entries()) await page.getByTestId('living-line').nth(at).fill(line)
  }
  const send = () => page.getByTestId('living-send').click()
  const open = async (person: Person, title: string, name: string) => {
    await living(person, title).getByTestId('living-open').click()
    await person.page.getByTestId('living-changes').locator('summary').click()
    await take(person, name, person.page.getByTestId('living-sheet'))
    await person.page.keyboard.press('Escape')
  }

  await page.getByTestId('attach').click()
  await take(ana, 'living-menu', page.getByTestId('new-poll'))
  await page.keyboard.press('Escape')
  await make('new-poll', 'Where do we meet on Saturday?', ['At the lake', 'On the ridge, if the weather holds', 'At home'])
  await take(ana, 'living-new', page.getByTestId('living-send'))
  await send()
  await page.getByTestId('poll-option').nth(1).click()
  await ben.page.getByTestId('poll-option').nth(1).click()
  await take(ben, 'living-poll', ben.page.locator('[data-testid="poll-option"][data-votes="2"]'))
  await open(ana, 'Where', 'living-poll-sheet')
  await make('new-checklist', 'For the picnic', ['Bread', 'Cheese from the market, the hard one', 'Blanket', 'Lemonade'])
  await send()
  await living(ben, 'picnic').getByRole('checkbox').nth(1).check()
  await take(ana, 'living-checklist', living(ana, 'picnic').locator('[data-done="true"]'))
  await open(ben, 'picnic', 'living-checklist-sheet')
  await make('new-note', 'How to get there', [])
  await page.getByTestId('living-text').fill('Bus 14 to the last stop.\nThen follow the yellow signs for ten minutes.')
  await send()
  await take(ben, 'living-note', living(ben, 'How to get there'))
  await open(ana, 'How to get there', 'living-note-sheet')
  await page.emulateMedia({ forcedColors: 'active' })
  await take(ana, 'living-forced', living(ana, 'picnic'))
}

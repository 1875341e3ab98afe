// The search: over the list, narrowed down, with nothing found, and within a chat.

import { meet, toList } from './people.ts'
import type { Camera } from './camera.ts'

const TEXTS = [
  'The ferry leaves at 7:40, not at 8:10. I looked it up twice.',
  'Does the ferry take bicycles, or only the kayak? We have three and a trailer, and last summer they sent us back because the deck was full of crates.',
  'السفينة ferry تغادر عند التاسعة',
  '明日の船は九時に出ます',
  'Timetable: https://ferry.example.org/summer',
]

export async function shootSearch(camera: Camera): Promise<void> {
  const { take } = camera
  const { ana, ben } = await meet(camera)
  const { page } = ana
  await toList(ana)
  await page.getByTestId('conversation-item').first().click()
  for (const text of TEXTS) await ana.send(text)
  await ben.send('I like that ferry, the one with the small café on the upper deck.')
  await ana.expectMessage('I like that ferry, the one with the small café on the upper deck.', 'them')

  await page.keyboard.press('Control+f')
  await page.getByTestId('find').fill('ferry')
  await take(ana, 'search-in-chat', page.getByTestId('find-count').filter({ hasText: /of/ }))
  await page.getByTestId('find').press('Escape')
  await toList(ana)
  await page.getByTestId('search').focus()
  await take(ana, 'search-empty', page.getByTestId('search-kind'))
  await page.getByTestId('search').fill('ferr')
  await take(ana, 'search', page.getByTestId('search-result'))
  await page.getByTestId('search-kind').selectOption('link')
  await page.getByTestId('search-date').selectOption('own')
  await take(ana, 'search-narrowed', page.getByTestId('search-result'))
  await page.getByTestId('search').fill('zeppelin')
  await take(ana, 'search-nothing', page.getByTestId('search-nothing'))
  await page.getByTestId('search').press('Escape')
  await page.getByTestId('search').fill('bicycles')
  await page.getByTestId('search-result').first().click()
  await take(ana, 'search-opened', ana.message(TEXTS[1] ?? ''))
  await page.emulateMedia({ forcedColors: 'active' })
  if (camera.isPhone) await page.goBack()
  await page.getByTestId('search').fill('ferr')
  await take(ana, 'search-forced', page.getByTestId('search-result'))
}

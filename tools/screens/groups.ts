// A group of three: made, talked in, looked after, and seen by somebody who was removed.

import type { Person } from '../../app/e2e/person.ts'
import { meet, toList } from './people.ts'
import type { Camera } from './camera.ts'

export async function shootGroups(camera: Camera): Promise<void> {
  const { take } = camera
  const { ana, ben } = await meet(camera)
  const cleo = await letIn(camera, ana, 'Cleo Zupan')
  await letIn(camera, ana, 'عمر الحداد')
  const { page } = ana
  await toList(ana)
  await page.getByTestId('new-group').click()
  await page.getByTestId('group-title').fill('Allotment, bed four')
  for (const name of ['Ben', 'Cleo Zupan', 'عمر الحداد']) await page.getByRole('checkbox', { name }).check()
  await take(ana, 'group-new', page.getByText('3 chosen'))
  await page.getByTestId('group-create').click()
  await page.getByText('4 members').waitFor()
  for (const person of [ben, cleo]) {
    await toList(person)
    await person.page.getByTestId('conversation-item').filter({ hasText: 'Allotment' }).click()
  }
  await say(ana, [ben, cleo], 'The beans come out at the end of September. Who is there on Saturday?')
  await say(ben, [ana, cleo], 'I am, from nine.')
  await say(ben, [ana, cleo], 'And I bring the big wheelbarrow, the small one has a flat tyre again.')
  await say(cleo, [ana, ben], 'After lunch only. Leave the nettles to me.')
  await say(ana, [ben, cleo], 'Perfect.')
  await take(ana, 'group', page.getByText('Perfect.').last())
  await page.getByTestId('members').click()
  await page.getByTestId('member').first().waitFor()
  await take(ana, 'group-details', page.getByTestId('member').first())
  const row = page.getByTestId('member').filter({ hasText: 'Cleo' })
  await row.getByRole('button').click()
  await take(ana, 'group-member', page.getByTestId('member-remove'))
  await page.getByTestId('member-add').click()
  await take(ana, 'group-add', page.getByTestId('no-contacts'))
  await ana.closeSheet()
  await page.getByTestId('member-remove').click()
  await take(ana, 'group-remove', page.getByTestId('confirm'))
  await page.getByTestId('confirm').click()
  await row.waitFor({ state: 'detached' })
  await page.getByTestId('group-leave').click()
  await take(ana, 'group-leave', page.getByTestId('confirm'))
  await ana.closeSheet()
  await page.getByTestId('group-link').click()
  await take(ana, 'group-link-none', page.getByTestId('group-link-make'))
  await page.getByTestId('group-link-make').click()
  await take(ana, 'group-link', page.getByTestId('group-link-text'))
  await page.emulateMedia({ forcedColors: 'active' })
  await take(ana, 'group-link-forced', page.getByTestId('group-link-text'))
  await page.emulateMedia({ forcedColors: null })
  const link = await page.getByTestId('group-link-text').inputValue()
  await page.getByTestId('group-link-end').click()
  await take(ana, 'group-link-end', page.getByTestId('confirm'))
  await ana.closeSheet()
  const dora = await camera.person('Dora')
  await dora.open(link)
  await take(dora, 'group-join', dora.page.getByTestId('group-join'))
  await ana.context.setOffline(true)
  await dora.context.setOffline(true)
  await dora.page.getByTestId('group-join').click()
  await take(dora, 'group-joining', dora.page.locator('[data-joining="saved"]'))
  await ana.context.setOffline(false)
  await take(cleo, 'group-removed', cleo.page.getByText('you can’t write'))
  await page.goBack()
  await toList(ana)
  await take(ana, 'group-list', page.getByTestId('conversation-item').first())
}

async function say(from: Person, to: readonly Person[], text: string): Promise<void> {
  await from.send(text)
  for (const person of to) await person.expectMessage(text, 'them')
}

async function letIn(camera: Camera, ana: Person, name: string): Promise<Person> {
  await toList(ana)
  await ana.tap(ana.page.getByTestId('new-chat').filter({ visible: true }))
  const link = await ana.inviteLink()
  await ana.closeSheet()
  const guest = await camera.person(name)
  await guest.open(link)
  await guest.send('Here I am.')
  const field = guest.page.getByTestId('display-name')
  await field.fill(name)
  await field.press('Enter')
  await ana.page.getByRole('heading', { level: 1, name }).waitFor()
  return guest
}

// A conversation with some length, the list beside it, and what can be opened from both.

import type { Person } from '../../app/e2e/person.ts'
import { meet, toList } from './people.ts'
import type { Camera } from './camera.ts'

type Line = readonly ['ana' | 'ben', string]

const LONG = [
  'I wrote down what we said about the beds, so nobody has to remember it:',
  '',
  '1. The beans stay where they are until the end of September. They still carry, and moving the poles now would only break them.',
  '2. The two beds by the hedge get compost in October, and rest until March.',
  '3. Whoever waters leaves the can full. It is the last thing you think of, and the first thing the next one needs.',
  '',
  'The whole plan with the drawing is at https://garden.example.org/plan/2026?bed=4 if you want to look.',
].join('\n')

const BEFORE: readonly Line[] = [
  ['ana', 'Evening is better, the sun is off the beans by six.'],
  ['ana', 'I bring the watering can, the big one.'],
  ['ben', 'And the key?'],
  ['ana', 'With me. I leave it under the blue pot.'],
  ['ben', 'Good. Then I bring the hose.'],
  ['ben', '🍅🌱'],
  ['ana', LONG],
  ['ben', 'شكرا، سأكون هناك في السادسة مساءً مع الخرطوم الجديد.'],
  ['ana', 'Perfect.'],
]
const NEW: readonly Line[] = [
  ['ben', 'One more thing'],
  ['ben', 'Mira asks whether she may have the corner bed next year. She would share the water.'],
]

export async function shootConversation(camera: Camera): Promise<void> {
  const { take } = camera
  const { ana, ben } = await meet(camera)
  const { page } = ana
  await say({ ana, ben }, BEFORE)
  await addOtherChats(camera, ana)
  await toList(ana)
  if (!camera.isPhone) await page.getByTestId('conversation-item').filter({ hasText: 'Draft' }).click()
  await say({ ana: undefined, ben }, NEW)
  await take(ana, 'list', page.getByRole('img', { name: '2 unread' }))
  await page.getByTestId('conversation-item').filter({ hasText: 'Mira asks' }).click()
  await take(ana, 'conversation-unread', page.locator('[data-unread-marker]'))
  await ana.send('Gladly, if she takes the nettles with it.')
  await ana.expectState('Gladly, if she takes the nettles with it.', 'read')
  await take(ana, 'conversation', ana.message('Gladly, if she takes the nettles with it.'))
  await ana.composer.fill('far too long '.repeat(2_000))
  await page.getByTestId('send').click()
  await ana.composer.fill('far too long '.repeat(2_000)) // The fault goes when somebody writes on, so the picture is taken before that.
  await page.getByTestId('send').click()
  await take(ana, 'too-long', page.getByText('This is too long for one message'))
  await ana.composer.fill('')
  await shootAround(camera, ana)
}

async function shootAround({ take }: Camera, ana: Person): Promise<void> {
  const { page } = ana
  await page.getByTestId('message').first().scrollIntoViewIfNeeded()
  await take(ana, 'conversation-top', page.getByText('You started this chat'))
  await ana.route.click()
  await take(ana, 'route-direct', page.getByText('Your devices talk to each other directly.'))
  await ana.closeSheet()
  await page.getByRole('heading', { level: 1 }).getByRole('button').click()
  await take(ana, 'details', page.getByText('Your name for them'))
  await page.goBack()
}

/** Somebody without a name, a link that nobody has opened, and a draft. */
async function addOtherChats(camera: Camera, ana: Person): Promise<void> {
  await toList(ana)
  await ana.tap(ana.page.getByTestId('new-chat').filter({ visible: true }))
  const link = await ana.inviteLink()
  await ana.closeSheet()
  const carol = await camera.person('Carol')
  await carol.open(link)
  await carol.send('Is this where the seed swap is?')
  await ana.expectMessage('Is this where the seed swap is?', 'them')
  await ana.composer.fill('It is. We meet at')
  await toList(ana)
  await ana.tap(ana.page.getByTestId('new-chat').filter({ visible: true }))
  await ana.inviteLink()
  await ana.closeSheet()
}

async function say({ ana, ben }: { readonly ana: Person | undefined; readonly ben: Person }, lines: readonly Line[]): Promise<void> {
  for (const [who, text] of lines) {
    const [from, to] = who === 'ana' ? [ana, ben] : [ben, ana]
    await from?.send(text)
    await from?.expectMessage(text, 'me')
    await to?.expectMessage(text, 'them')
  }
}

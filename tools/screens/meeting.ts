// From the first screen to the first answer, on both sides.

import { heading, signLink, WELCOME } from './people.ts'
import type { Camera } from './camera.ts'

export async function shootMeeting(camera: Camera): Promise<void> {
  const { take } = camera
  const ana = await camera.person('Ana')
  const page = await ana.open()
  await take(ana, 'first-start', heading(page, 'Who would you like to talk to?'))
  await page.getByRole('button', { name: 'Paste a link you were given' }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('see you at eight')
  await page.getByRole('dialog').getByRole('button', { name: 'Open', exact: true }).click()
  await take(ana, 'paste-no-link', page.getByText('There’s no Kith link in this'))
  await ana.closeSheet()
  const link = await ana.newChat(WELCOME)
  await take(ana, 'invite', page.locator('[data-invite-state="waiting"]'))
  await signLink(ana, 'Ana Novak')
  await page.getByRole('button', { name: 'Cancel the link' }).click()
  await take(ana, 'invite-take-back', heading(page, 'Cancel the link?'))
  await page.getByRole('button', { name: 'Keep the link' }).click()
  await ana.closeSheet()
  await take(ana, 'nobody-yet', page.getByText('Nobody has opened the link yet'))
  await shootAnswer(camera, link)
}

async function shootAnswer(camera: Camera, link: string): Promise<void> {
  const ben = await camera.person('Ben')
  const page = await ben.open(link)
  await ben.expectMessage(WELCOME, 'them')
  await camera.take(ben, 'invitee', heading(page, /would like to talk with you/))
  await ben.send('Saturday works. Morning or evening?')
  await camera.take(ben, 'name-card', page.getByText(/What should .* call you/))
}

/** The very first link needs the relay's address once: what is said while it cannot be had. */
export async function shootFirstLinkOffline(camera: Camera): Promise<void> {
  const ana = await camera.person('Ana')
  camera.world.allowNetworkErrors()
  await ana.context.route('**/.well-known/kith/**', (route) => route.abort())
  const page = await ana.open()
  await ana.write('Hello, is this thing on?')
  await page.getByTestId('new-chat').click()
  await camera.take(ana, 'first-start-no-relay', page.getByText('Your first link needs the network once'))
}

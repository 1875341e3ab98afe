// How long a returning device needs until the newest of a thousand messages is on its screen. The feed is a hash chain, so showing the newest
// means that all before it were received, checked and stored.

import { twoFriends } from '../app/e2e/pair.ts'
import type { Person } from '../app/e2e/person.ts'
import type { World } from '../app/e2e/world.ts'

const MESSAGES = 1_000
const SHOWN_MS_MAX = 90_000

export async function measureCatchUp(world: World): Promise<Readonly<Record<string, unknown>>> {
  const { ana, ben } = await twoFriends(world)
  await ben.closeTab()
  const writing = performance.now()
  await writeAll(ana)
  await ana.expectState(textOf(MESSAGES - 1), 'relay', SHOWN_MS_MAX)
  const wroteMs = performance.now() - writing

  const opening = performance.now()
  await ben.open()
  await ben.openConversation()
  await ben.expectMessage(textOf(MESSAGES - 1), 'them', SHOWN_MS_MAX)
  const shownMs = performance.now() - opening
  await ana.expectState(textOf(MESSAGES - 1), 'delivered', SHOWN_MS_MAX)
  const deliveredMs = performance.now() - opening
  return {
    bench: 'catch-up',
    messages: MESSAGES,
    wroteMs: Math.round(wroteMs),
    shownMs: Math.round(shownMs),
    deliveredMs: Math.round(deliveredMs),
  }
}

function textOf(index: number): string {
  return `catch-up ${String(index).padStart(4, '0')}: some words, about as many as people write in one message of a chat, no more than that`
}

/** Through the composer, as a very fast writer would. */
async function writeAll(ana: Person): Promise<void> {
  for (let index = 0; index < MESSAGES; index += 1) {
    await ana.composer.fill(textOf(index))
    await ana.composer.press('Enter')
  }
}

// How long a returning device needs until the newest of many messages is on its screen. The feed is a hash chain, so showing the newest
// means that all before it were received, checked and stored.

import { twoFriends } from '../app/e2e/pair.ts'
import type { Person } from '../app/e2e/person.ts'
import type { World } from '../app/e2e/world.ts'

export const CATCH_UPS = [1_000, 10_000]
/** Until the last one is shown or at the relay: so long, and so long more for each. */
const PATIENCE_MS = 60_000
const PATIENCE_MS_EACH = 30

export async function measureCatchUp(world: World, messages: number): Promise<Readonly<Record<string, unknown>>> {
  const patience = PATIENCE_MS + messages * PATIENCE_MS_EACH
  const last = textOf(messages - 1)
  const { ana, ben } = await twoFriends(world)
  await ben.closeTab()
  const writing = performance.now()
  await writeAll(ana, messages)
  await ana.expectState(last, 'relay', patience)
  const wroteMs = performance.now() - writing

  const opening = performance.now()
  await ben.open()
  await ben.openConversation()
  await ben.expectMessage(last, 'them', patience)
  const shownMs = performance.now() - opening
  await ana.expectState(last, 'delivered', patience)
  const deliveredMs = performance.now() - opening
  return {
    bench: 'catch-up',
    messages,
    wroteMs: Math.round(wroteMs),
    shownMs: Math.round(shownMs),
    deliveredMs: Math.round(deliveredMs),
  }
}

function textOf(index: number): string {
  return `catch-up ${String(index).padStart(5, '0')}: some words, about as many as people write in one message of a chat, no more than that`
}

/** Through the composer, as a very fast writer would. */
async function writeAll(ana: Person, messages: number): Promise<void> {
  for (let index = 0; index < messages; index += 1) {
    await ana.composer.fill(textOf(index))
    await ana.composer.press('Enter')
  }
}

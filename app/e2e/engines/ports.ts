// Two tabs of one engine: what they say to Kith's engine goes over a port of each tab's own, which the service worker hands over.

import { PAGE_FAULT } from '../../../tools/browser-report.ts'
import { expect } from '../walk.ts'
import type { Met, Walk } from './visitor.ts'

/** Ends in a tab that is new: one that another has covered is drawn late, or not at all. */
export async function handPorts({ page, world }: Walk, { ana, ben }: Met): Promise<void> {
  await ana.untilOfflineReady()
  await ben.send('Before there were two tabs')
  // What is said where everybody hears it: who is here, and of a line without a port that it has a name.
  await page.read(`(globalThis.heard = [], globalThis.all = new BroadcastChannel('kith-engine'),
    globalThis.all.onmessage = ({ data }) => globalThis.heard.push(data.kind), true)`)
  const heard = (): Promise<unknown> => page.read('globalThis.heard')

  await page.openTab(world.url)
  await ana.openConversation()
  await ana.expectMessage('Before there were two tabs', 'them')
  await ana.send('Out of the second tab')
  await ben.expectMessage('Out of the second tab', 'them')
  await page.show(0)
  await ana.expectMessage('Out of the second tab', 'me')
  await ben.send('Into both')
  await ana.expectMessage('Into both', 'them')
  await page.show(1)
  await ana.expectMessage('Into both', 'them')
  // Heard last: had the tab asked for a line by name, that would have been heard before.
  await page.read(`(new BroadcastChannel('kith-engine').postMessage({ kind: 'planted' }), true)`)
  await page.show(0)
  await expect.poll(heard).toContain('planted')
  expect(await heard()).toContain('hello')
  expect(await heard()).not.toContain('line')
  expect(await page.problems(), PAGE_FAULT).toEqual([])
  for (const tab of [1, 0]) {
    await page.show(tab)
    await page.leave()
  }
  await page.open(world.url)
  await ana.openConversation()
}

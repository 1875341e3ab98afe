// Two people online: messages travel directly over WebRTC, and the screen says so truthfully.

import { BLOB_BUCKETS, BODY_BUCKETS } from '../../protocol/src/limits.ts'
import { bothDirect, twoFriends } from './pair.ts'
import { picture } from './picture.ts'
import type { IceSummary } from './peer-connections.ts'
import { expect, once, test } from './walk.ts'

const friends = once(twoFriends)

test('two people online talk directly, both ways, until read', async () => {
  const { ana, ben } = friends()
  await bothDirect({ ana, ben })

  await ana.send('Are you there?')
  await ben.expectMessage('Are you there?', 'them')
  await ben.send('Right here')
  await ana.expectMessage('Right here', 'them')
  await ana.expectState('Are you there?', 'read')
  await ben.expectState('Right here', 'read')
  expect(await ana.texts()).toEqual(await ben.texts())

  for (const person of [ana, ben]) {
    const { connections, servers } = await person.ice()
    expect(connections.length, `${person.name} has a connection that is up`).toBeGreaterThan(0)
    for (const { selected } of connections) expect([selected.local, selected.remote]).not.toContain('relay')
    expect(servers, 'no STUN or TURN server was configured').toEqual([])
  }
})

test('each sees whether the other is here and writes, as long as both let it be seen', async () => {
  const { ana, ben } = friends()
  await bothDirect({ ana, ben })
  const line = ana.page.locator('.who p')
  const typing = ana.page.getByTestId('typing')
  await expect(line).toHaveText('Here now')
  await ben.composer.pressSequentially('Half a tho')
  await expect(typing).toHaveText(['typing…', /is typing/])
  await picture(ana.page, 'typing')
  await ben.composer.fill('')
  await expect(typing).toHaveCount(0)

  await ben.page.getByTestId('settings').filter({ visible: true }).click()
  for (const name of ['Here and last here', 'Typing']) await ben.page.getByRole('switch', { name }).click()
  await expect(line, 'whoever does not let it be seen is not seen').not.toHaveText(/here/i)
  await ben.page.goBack()
  await ben.composer.pressSequentially('Unseen')
  await expect(ben.page.locator('.who p'), 'and sees it of nobody').not.toHaveText(/here/i)
  await ana.page.waitForTimeout(1_500)
  await expect(typing).toHaveCount(0)
  await ben.composer.fill('')
  await ben.page.getByTestId('settings').filter({ visible: true }).click()
  for (const name of ['Here and last here', 'Typing']) await ben.page.getByRole('switch', { name }).click()
  await expect(line).toHaveText('Here now')
  await ben.page.goBack()
})

test('the direct path carries the messages, and the relay none of them', async () => {
  const { ana, ben } = friends()
  await bothDirect({ ana, ben })
  const before = await ana.ice()
  const relayedBefore = ana.relayedBytes
  for (const text of ['one', 'two', 'three', 'four']) {
    await ana.send(text)
    await ben.expectMessage(text, 'them')
  }
  expect(bytesSince(before, await ana.ice()), 'bytes over the direct connections').toBeGreaterThan(4 * BODY_BUCKETS[0])
  // A single deposit would be more: it is padded to a bucket.
  expect(ana.relayedBytes - relayedBefore, 'bytes to the relay meanwhile').toBeLessThan(BLOB_BUCKETS[0])
})

test('the route follows when the other person leaves and returns', async () => {
  const { ana, ben } = friends()
  await bothDirect({ ana, ben })
  await ben.closeTab()
  await expect(ana.route).not.toHaveAttribute('data-route', 'direct', { timeout: 20_000 })
  await ana.send('While you were out')
  await ana.expectState('While you were out', 'relay')
  await ben.open()
  await ben.openConversation()
  await ben.expectMessage('While you were out', 'them')
  await bothDirect({ ana, ben })
})

/** Both devices may have dialled at first, and one of the two connections then goes: only what grew counts. */
function bytesSince(before: IceSummary, after: IceSummary): number {
  const sentBefore = new Map(before.connections.map(({ id, bytesSent }) => [id, bytesSent]))
  return after.connections.reduce((total, { id, bytesSent }) => total + Math.max(0, bytesSent - (sentBefore.get(id) ?? 0)), 0)
}

// Two people between whose devices there is no direct way, as behind two strict firewalls: their browsers may use TURN servers alone. A real coturn is what
// connects them, with credentials that the relay gave them.

import type { BrowserContext } from '@playwright/test'
import { startCoturn } from '../../signal-server/test/turn/coturn.ts'
import { bothDirect, introduce } from './pair.ts'
import { expect, OWN_RELAY, test } from './walk.ts'

const SECRET = 'a-turn-secret-of-ours'

test(
  'two devices without a direct way find each other through the TURN server of their relay, and through nothing else',
  { tag: OWN_RELAY },
  async ({ world }) => {
    test.setTimeout(240_000)
    const coturn = await startCoturn({ secret: SECRET, peers: 'near' })
    const [ana, ben] = [await world.person('Ana'), await world.person('Ben')]
    for (const { context } of [ana, ben]) await withoutDirectWay(context)
    await introduce({ ana, ben })
    await test.step('without one they write through the relay', async () => {
      // As long as a dial tries.
      await ana.page.waitForTimeout(13_000)
      for (const person of [ana, ben]) {
        await person.expectRoute('relay')
        expect(await person.ice()).toEqual({ servers: [], connections: [] })
      }
    })

    const urls = [`turn:127.0.0.1:${coturn.port}`, `turn:127.0.0.1:${coturn.port}?transport=tcp`]
    await world.stopRelay()
    await world.startRelay({ settings: { KITH_TURN: urls.join(' '), KITH_TURN_SECRET: SECRET } })
    await bothDirect({ ana, ben })
    await ana.send('Over the TURN server')
    await ben.expectMessage('Over the TURN server', 'them')
    await ana.expectState('Over the TURN server', 'read')
    for (const person of [ana, ben]) {
      const { connections, servers } = await person.ice()
      expect(connections.map(({ selected }) => selected)).toEqual(connections.map(() => ({ local: 'relay', remote: 'relay' })))
      expect(connections.length, `${person.name} has a connection that is up`).toBeGreaterThan(0)
      expect([...new Set(servers)].toSorted()).toEqual(urls.toSorted())
    }

    await test.step('and without the server again as before', async () => {
      await coturn.stop()
      await expect(ana.route).not.toHaveAttribute('data-route', 'direct', { timeout: 40_000 })
      await ana.send('The server is gone')
      await ben.expectMessage('The server is gone', 'them', 40_000)
    })
  },
)

/** Runs in the page before the app: the browser uses no address of its own. */
async function withoutDirectWay(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    window.RTCPeerConnection = new Proxy(window.RTCPeerConnection, {
      construct: (target, [configuration]: [RTCConfiguration?], newTarget) =>
        Reflect.construct(target, [{ ...configuration, iceTransportPolicy: 'relay' }], newTarget) as RTCPeerConnection,
    })
  })
}

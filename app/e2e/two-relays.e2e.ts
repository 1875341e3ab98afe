// Two relays for a conversation, as processes: people meet by a link though the relay that it names is gone, and go on when the one that they then use dies
// with its disk while they write.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from '@kith/protocol'
import { parseInviteLink } from '../../protocol/src/invite/link.ts'
import { startRelay, type StartedRelay } from '../../signal-server/test/start-relay.ts'
import { expect, OWN_RELAY, test } from './walk.ts'
import type { Person } from './person.ts'

const RELAY_LIST = '**/.well-known/kith/relays.json'
const TOKEN = 'walk-walk-walk-walk-walk-walk-walk'
const PATIENCE_MS = 30_000

type Standing = StartedRelay & { readonly folder: string }

async function stand(): Promise<Standing> {
  const folder = mkdtempSync(join(tmpdir(), 'kith-two-'))
  return { ...(await startRelay({ dataDir: folder, env: { KITH_METRICS_TOKEN: TOKEN } })), folder }
}

const addressOf = ({ key, port }: StartedRelay) => ({ key: toHex(key), url: `ws://127.0.0.1:${port}` })

/** A figure of a relay. */
async function figureOf({ url }: StartedRelay, name: RegExp): Promise<number> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })
  const line = (await response.text()).split('\n').find((each) => name.test(each)) ?? ''
  return Number(line.slice(line.lastIndexOf(' ')) || 0)
}

const PACKETS = /^kith_calls_total\{kind="put-record",result="recorded"\} /
const DEVICES = /^kith_connections /

test(
  'two people meet by a link whose relay is gone, and go on when the other one dies with its disk',
  { tag: OWN_RELAY },
  async ({ world }) => {
    test.setTimeout(90_000)
    const relays = [await stand(), await stand()]
    // The page comes from a third process, which no message needs.
    await world.stopRelay()
    await world.startRelay({
      settings: {
        KITH_RELAYS: relays
          .map(addressOf)
          .map(({ key, url }) => `${key}@${url}`)
          .join(' '),
      },
    })
    world.relays = relays.map(({ port }) => `ws://127.0.0.1:${port}`)
    const enter = async (name: string): Promise<Person> => {
      const person = await world.person(name)
      // What goes directly would show nothing of relays.
      await person.context.addInitScript(() => Reflect.deleteProperty(window, 'RTCPeerConnection'))
      await person.context.route(RELAY_LIST, (route) => route.fulfill({ json: { relays: relays.map(addressOf) } }))
      return person
    }
    let again: StartedRelay | undefined
    try {
      const [ana, ben] = [await enter('Ana'), await enter('Ben')]
      await ana.open()
      const link = await ana.newChat('Come in')
      const named = namedBy(link)
      const first = relays.find(({ key }) => toHex(key) === named)
      const other = relays.find((relay) => relay !== first)
      if (first === undefined || other === undefined) throw new Error('a link to no relay')
      for (const relay of relays) await expect.poll(() => figureOf(relay, PACKETS), { timeout: PATIENCE_MS }).toBeGreaterThan(0)

      world.allowNetworkErrors()
      await first.kill()
      await ben.open(link)
      world.allowNetworkErrors()
      await ben.expectMessage('Come in', 'them', PATIENCE_MS)
      await ben.send('Here is Ben')
      await ana.expectMessage('Here is Ben', 'them', PATIENCE_MS)
      await ana.closeSheet()
      await ana.openConversation()
      await ana.send('Welcome')
      await ben.expectMessage('Welcome', 'them', PATIENCE_MS)

      const back = await startRelay({ dataDir: first.folder, port: first.port, env: { KITH_METRICS_TOKEN: TOKEN } })
      again = back
      await expect.poll(() => figureOf(back, DEVICES), { timeout: PATIENCE_MS }).toBe(2)
      for (const text of ['one', 'two']) await ana.send(text)
      await other.kill()
      rmSync(other.folder, { recursive: true, force: true })
      for (const text of ['three', 'four']) await ana.send(text)
      await ben.send('me too')
      for (const text of ['one', 'two', 'three', 'four']) await ben.expectMessage(text, 'them', PATIENCE_MS)
      await ana.expectMessage('me too', 'them', PATIENCE_MS)
      await ana.expectState('four', 'delivered', PATIENCE_MS)
    } finally {
      await again?.kill()
      for (const relay of relays) {
        await relay.kill()
        rmSync(relay.folder, { recursive: true, force: true, maxRetries: 5 })
      }
    }
  },
)

function namedBy(text: string): string {
  const parsing = parseInviteLink(text)
  if (parsing.kind !== 'parsed') throw new Error(parsing.reason)
  return toHex(parsing.link.relay.key)
}

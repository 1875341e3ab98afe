// Clients that were all connected when their relay was killed, and come back as devices do: each after a pause of its own, again and again until it is there. A
// process of its own, told the relay's port and key and how many. Says when all are there, and later how long it took from the end of the first to the last one back.

import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { fromHex } from '@kith/protocol'
import { RELAY_LOST_JITTER_MS, RELAY_RETRY_MS_FIRST } from '../../app/src/adapters/libp2p/limits.ts'
import { createMailboxKit } from '../../signal-server/test/mailbox-keys.ts'
import { createCrowdOfClients } from '../../signal-server/test/relay-client.ts'
import type { MailboxKit } from '../../signal-server/test/mailbox-keys.ts'
import type { RelayClient } from '../../signal-server/test/relay-client.ts'

const AT_ONCE = 16

const [port, key = '', count] = process.argv.slice(2)
const relay = { port: Number(port), key: fromHex(key) }
const crowd = await createCrowdOfClients()
const ends: Promise<void>[] = []
const kits: MailboxKit[] = []

async function open(client: RelayClient, kit: MailboxKit): Promise<void> {
  const answer = await client.ask({ kind: 'open-mailboxes', proofs: [kit.readProof(client.greeting)] })
  if (answer.kind !== 'mailboxes' || answer.accepted.length === 0) throw new Error(`a mailbox was answered with ${answer.kind}`)
}

async function comeBack(kit: MailboxKit): Promise<void> {
  await pause(randomInt(RELAY_LOST_JITTER_MS))
  for (; ; await pause(RELAY_RETRY_MS_FIRST)) {
    const client = await crowd.connect(relay).catch(() => undefined)
    if (client === undefined) continue
    return open(client, kit)
  }
}

async function lane(): Promise<void> {
  while (kits.length < Number(count)) {
    const kit = createMailboxKit()
    kits.push(kit)
    const client = await crowd.connect(relay)
    await client.ask(kit.create)
    await open(client, kit)
    ends.push(client.ended)
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, lane))
process.send?.('here')
await Promise.race(ends)
const since = performance.now()
await Promise.all(kits.map(comeBack))
process.send?.(performance.now() - since)
